import type { Instant } from '../../rules/instant';
import { attributeKeys, dateOrNone, listOrNone, type AttributeValue } from '../shared/search-attributes';
import type { ChargeSnapshot, Invoice } from './messages';

/** What the invoices of one time of a meeting can be found by in the Web UI, as they stand. */
export function invoiceAttributes(
  clinicId: string,
  { invoices }: ChargeSnapshot,
  nextDueAt: Instant | null,
): AttributeValue[] {
  const last = invoices.at(-1);
  return [
    { key: attributeKeys.clinic, value: clinicId },
    { key: attributeKeys.state, value: last?.state ?? null },
    { key: attributeKeys.nextDueAt, value: dateOrNone(nextDueAt) },
    { key: attributeKeys.blockedBy, value: listOrNone(last ? blocks(last) : []) },
  ];
}

function blocks({ state, letThroughAt }: Invoice): string[] {
  switch (state) {
    case 'proposed':
      return letThroughAt === null ? ['approval'] : [];
    case 'handed-over':
    case 'crediting':
      return ['billing'];
    case 'nothing-to-charge':
    case 'withdrawn':
    case 'waived':
    case 'refused':
    case 'issued':
    case 'credited':
      return [];
  }
}
