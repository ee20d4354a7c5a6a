import type { Charge } from '../../../records/charges';
import type { Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import type { InvoiceState } from '../../../rules/invoice';
import type { Language } from '../../../rules/notices';
import { invoiceViews } from '../../../use-cases/invoice/view';
import { meetingOf } from '../../../use-cases/read-before';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { stepWord, type Invoice } from './words';

/** What staff can do with an invoice, by the commands of the API. */
export const acts = ['approve', 'waive', 'credit', 'replace', 'objection'] as const;
export type Act = (typeof acts)[number];

/** An invoice with what it is judged by. */
export interface InvoiceView {
  charge: Charge;
  invoice: Invoice;
  meeting: Meeting;
  patient: Person | null;
  /** By their references: those who decided something. */
  staff: Map<string, StaffMember>;
  /** All of the same time of the meeting, oldest first. */
  all: Invoice[];
  /** What can be done with it as it stands; whoever comes second is told by the command. */
  acts: Act[];
}

/** Reads the invoice of a request; null where it has gone since the request was let in. */
export async function readInvoice(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic: { clinicId }, params, read }: DeskRequest,
): Promise<InvoiceView | null> {
  const { invoiceId = '' } = params;
  const charge = await records.charges.findByInvoice(clinicId, invoiceId);
  const meeting = charge && (await meetingOf({ records, readBefore: read }, clinicId, charge.meetingId));
  const all = charge ? invoiceViews([charge]) : [];
  const invoice = all.find((each) => each.invoiceId === invoiceId);
  if (!charge || !meeting || !invoice) return null;
  const names = all.flatMap(({ steps }) => steps.flatMap(({ by }) => by ?? []));
  const [patient, staff] = await Promise.all([
    records.people.find(clinicId, charge.patientId),
    records.staff.byStaffIds(clinicId, [...new Set([...names, meeting.bookedBy])]),
  ]);
  return {
    charge,
    invoice,
    meeting,
    patient,
    staff,
    all,
    // Only the last one of a time can change (R5.8).
    acts: all.at(-1) === invoice ? actsOf(invoice) : [],
  };
}

function actsOf({ state, letThroughAt, amountOre, objected }: Invoice): Act[] {
  // What has no amount is made anew when the table is mended: nobody approves what they have not seen (R5.9).
  const isApproved = letThroughAt === null && amountOre !== null;
  const object: Act[] = objected ? [] : ['objection'];
  const byState: Record<InvoiceState, Act[]> = {
    proposed: [...(isApproved ? (['approve'] as const) : []), 'waive', 'replace', ...object],
    'handed-over': object,
    issued: ['credit', 'replace', ...object],
    refused: ['replace'],
    crediting: [],
    credited: ['replace'],
    waived: ['replace'],
    withdrawn: ['replace'],
    'nothing-to-charge': ['replace'],
  };
  return byState[state];
}

/** Who did something, by name; a person who is no member of staff by their role alone. */
export function nameOfActor(
  by: string | null,
  staff: Map<string, StaffMember>,
  language: Language,
): string | null {
  if (by === null) return null;
  // `patient/<personId>`: no reference of staff looks like that.
  const [role = '', personId] = by.split('/');
  const roles: Record<string, string> = deskWords[language].participants;
  return personId === undefined ? (staff.get(by)?.name ?? by) : (roles[role] ?? null);
}

/** What somebody did with it last, and who: whoever comes second has to know. */
export function lastDone(
  { invoice, staff }: InvoiceView,
  language: Language,
): { text: string; at: string } | null {
  const step = invoice.steps.findLast(({ by }) => by !== null);
  if (!step) return null;
  const by = nameOfActor(step.by, staff, language);
  return { text: [stepWord(step, language), by].filter((each) => each !== null).join(', '), at: step.at };
}
