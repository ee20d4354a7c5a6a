import { billingCsv, type BillingRow } from '../../integrations/pas/billing-file';
import type { Records } from '../../records';
import { billingFacts } from '../../use-cases/read-models/billing-facts';
import { isBilled, type Charge } from '../../records/charges';
import { patientOf } from '../../use-cases/notice/patient-of';
import { stockholmDay } from '../../rules/calendar/stockholm';
import { toInstant } from '../../rules/instant';

/** More rows than this are asked for in shorter times; none is left out silently. */
const MOST_CHARGES = 5_000;

/**
 * A file of what the clinic's billing was handed on some days (in Stockholm, both included), for clinics
 * without webhooks. The same basis has the same ids, however often the file is fetched (R5.8).
 * @returns also whose data it holds, for the audit log
 */
export async function billingFile(
  records: Records,
  clinicId: string,
  fromDay: string,
  untilDay: string,
): Promise<{ csv: string; patientIds: string[] } | 'too-much'> {
  const from = toInstant(stockholmDay(fromDay).from);
  const until = toInstant(stockholmDay(untilDay).until);
  const charges = await records.charges.billedBetween(clinicId, from, until, MOST_CHARGES + 1);
  if (charges.length > MOST_CHARGES) return 'too-much';
  const rows: BillingRow[] = [];
  for (const charge of charges) rows.push(...(await rowsOf(records, charge, from, until)));
  rows.sort((a, b) => (a.handedOverAt < b.handedOverAt ? -1 : 1));
  return { csv: billingCsv(rows), patientIds: [...new Set(charges.map(({ patientId }) => patientId))] };
}

async function rowsOf(records: Records, charge: Charge, from: string, until: string): Promise<BillingRow[]> {
  const meeting = await records.meetings.get(charge.meetingId);
  const { personal } = await patientOf(records.people, meeting);
  return charge.course.steps
    .filter(({ what, at }) => isBilled(what) && at >= from && at < until)
    .flatMap(({ what, at, invoiceId }): BillingRow[] => {
      const invoice = charge.course.invoices.find((each) => each.invoiceId === invoiceId);
      if (!invoice) return [];
      const { patientId, because, ...facts } = billingFacts(meeting, charge.startVersion, invoice);
      return [
        {
          ...facts,
          type: what === 'crediting' ? 'credit' : 'basis',
          patientNumber: personal.identity?.number ?? null,
          patientBirthDate: personal.birthDate,
          handedOverAt: at,
          becauseRules: because.map(({ rule }) => rule),
        },
      ];
    });
}
