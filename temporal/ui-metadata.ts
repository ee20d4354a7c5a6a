import { inStockholm } from '../rules/calendar/stockholm';
import { toInstant } from '../rules/instant';
import { utc } from '../workflows/shared/utc';
import { attributeKeys, withValue, type AttributeValue } from '../workflows/shared/search-attributes';
import { TypedSearchAttributes } from '@temporalio/common';
import { caseAttributes } from '../workflows/case/search-attributes';
import type { CaseInput } from '../workflows/case/messages';
import { firstSnapshot as firstCaseSnapshot } from '../workflows/case/snapshot';
import type { InvoiceInput } from '../workflows/invoice/messages';
import type { MeetingInput } from '../workflows/meeting/messages';
import { meetingAttributes } from '../workflows/meeting/search-attributes';
import { firstDueAfter, firstSnapshot } from '../workflows/meeting/snapshot';
import { noTrouble } from '../workflows/shared/deliveries';

/** What the Web UI shows of a workflow from its start on, and what it can be found by. */
interface About {
  /** At most 200 bytes. */
  staticSummary: string;
  /** Markdown. */
  staticDetails: string;
  typedSearchAttributes: TypedSearchAttributes;
}

/** Of a meeting: all of it is true at the booking; how it stands now is told by the workflow itself. */
export function meetingAbout(input: MeetingInput): About {
  const { clinicId, meetingId, bookedAt, planned } = input;
  const { startAt, endAt } = planned.time;
  const first = firstSnapshot(input);
  return {
    staticSummary: `Care meeting booked for ${bothClocks(startAt)}`,
    staticDetails: [
      `A digital care meeting, as it was booked ${bothClocks(bookedAt)}: from ${bothClocks(startAt)} to ${bothClocks(endAt)}.`,
      '',
      `- clinic \`${clinicId}\`, meeting \`${meetingId}\``,
      `- notices planned: ${planned.notices.map(({ kind, dueAt, skip }) => (skip ? `${kind} (not sent: ${skip})` : `${kind} ${bothClocks(dueAt)}`)).join(', ')}`,
      '',
      'How it stands now is told under _Current Details_. More, in plain text: `npm run ops -- explain ' +
        meetingId +
        '`.',
    ].join('\n'),
    typedSearchAttributes: attributes(
      meetingAttributes(clinicId, first, firstDueAfter(bookedAt, first), noTrouble),
    ),
  };
}

/** Of the invoices of one time of a meeting. */
export function invoiceAbout({ clinicId, meetingId, startVersion }: InvoiceInput): About {
  return {
    staticSummary: `Invoices of one care meeting${startVersion > 1 ? `, time ${startVersion}` : ''}`,
    staticDetails: [
      'What one time of a care meeting is charged: proposed, approved or let through, handed to the clinic’s billing, credited, replaced.',
      '',
      `- clinic \`${clinicId}\`, meeting \`${meetingId}\`, time ${startVersion}`,
    ].join('\n'),
    typedSearchAttributes: attributes([{ key: attributeKeys.clinic, value: clinicId }]),
  };
}

/** Of a message case. */
export function caseAbout(input: CaseInput): About {
  const { clinicId, caseId, openedAt, begin } = input;
  return {
    staticSummary: `Message case opened ${bothClocks(openedAt)}`,
    staticDetails: [
      `A message case, opened ${bothClocks(openedAt)}${begin.by === 'patient-side' ? ' by the patient’s side' : ''}.`,
      '',
      `- clinic \`${clinicId}\`, case \`${caseId}\``,
      ...(begin.by === 'patient-side' ? [`- reply due before ${bothClocks(begin.clock.deadlineAt)}`] : []),
      '',
      'How it stands now is told under _Current Details_.',
    ].join('\n'),
    typedSearchAttributes: attributes(caseAttributes(clinicId, firstCaseSnapshot(input), null, noTrouble)),
  };
}

const attributes = (values: AttributeValue[]): TypedSearchAttributes =>
  new TypedSearchAttributes(withValue(values));

/** `2026-11-23 09:00 UTC (10:00 in Stockholm)`: with the day where that is another there. */
function bothClocks(instant: string): string {
  const shown = utc(toInstant(new Date(instant)));
  const there = inStockholm(new Date(instant));
  const isSameDay = shown.startsWith(there.toISODate());
  return `${shown} (${there.toFormat(isSameDay ? 'HH:mm' : 'yyyy-MM-dd HH:mm')} in Stockholm)`;
}
