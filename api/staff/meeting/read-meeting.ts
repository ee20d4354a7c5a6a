import type { Claim } from '../../../records/claims';
import { staffIdsOf } from '../../../records/meetings';
import type { FilledForm, Form } from '../../../records/forms';
import type { LedgerRow } from '../../../records/ledger';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import type { Task } from '../../../records/tasks';
import type { OfferedTimes } from '../../../records/offered-times';
import type { Gates } from '../../../rules/gates';
import type { NoticeKind } from '../../../rules/notices';
import type { Stay } from '../../../rules/presence';
import { invoiceViews } from '../../../use-cases/invoice/view';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { happeningsOf, type TimelineEntry } from '../../../use-cases/meeting/timeline';
import { rememberedRoom, type RememberedRoom } from '../../../use-cases/meeting/remembered-room';
import { refusedTries } from '../../../use-cases/notice/admin-facts';
import { noticesNow } from '../../../use-cases/notice/notices-now';
import type { NoticeProgress, RefusedTry } from '../../../workflows/meeting/messages';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { isOver, takesPart, type Sight } from './sight';

/** All that the meeting's page shows: states and who takes part, but no care content (R8.1). */
export interface MeetingPageView {
  gates: Gates;
  /** The forms that were given for it, and who has filled them in when. */
  forms: { form: Form; filled: Omit<FilledForm, 'answers'> | null }[];
  people: Map<string, Person>;
  staff: Map<string, StaffMember>;
  claims: Claim[];
  /** Of the time that it has now. */
  stays: Stay[];
  /** Who has logged in near the door, by the participant's id. */
  loggedIn: Set<string>;
  notices: NoticeProgress[];
  deliveries: LedgerRow<NoticeKind>[];
  refused: RefusedTry[];
  happenings: TimelineEntry[];
  tasks: Task[];
  invoices: ReturnType<typeof invoiceViews>;
  offered: OfferedTimes | null;
  /** The room that the reader has confirmed today, where this meeting's is still to be confirmed (R4.7). */
  remembered: RememberedRoom | null;
}

/** Reads the page's parts, and logs the people beside the patient whose names stand on it (R8.2). */
export async function readMeeting(
  { records }: Pick<DeskRouteDeps, 'records'>,
  request: Pick<DeskRequest, 'clinic' | 'noteRead' | 'member'>,
  sight: Sight,
): Promise<MeetingPageView> {
  const { meeting, patient, now } = sight;
  const { meetingId, clinicId, participants, course } = meeting;
  const { startVersion } = course.time;
  const others = participants.flatMap(({ personId }) =>
    personId === null || personId === patient.personId ? [] : [personId],
  );
  const [
    gates,
    forms,
    people,
    staff,
    claims,
    stays,
    entries,
    deliveries,
    happenings,
    tasks,
    charges,
    offered,
    remembered,
  ] = await Promise.all([
    gatesOf(records.forms, meeting, patient, now),
    readForms(records, meeting),
    records.people.findAll(clinicId, others),
    staffOf({ records }, meeting),
    records.claims.ofMeeting(meetingId),
    records.evidence.stays(meetingId, startVersion),
    records.evidence.refusedEntries(meetingId),
    records.ledger.ofMeeting(meetingId),
    happeningsOf(records, meeting, now),
    records.tasks.ofMeeting(meetingId),
    records.charges.ofMeeting(meetingId),
    records.offeredTimes.of(meetingId),
    rememberedIn({ records }, request, sight),
    others.length > 0 ? request.noteRead(others) : null,
  ]);
  return {
    gates,
    forms,
    people,
    staff,
    claims,
    stays,
    loggedIn: new Set(
      entries.flatMap(({ participantId, reasons }) => (reasons.includes('logged-in') ? [participantId] : [])),
    ),
    notices: noticesNow(meeting, deliveries),
    deliveries,
    refused: refusedTries(entries),
    happenings,
    tasks,
    invoices: invoiceViews(charges),
    offered,
    remembered,
  };
}

/** The room that the reader, who takes part, has confirmed today; null where there is nothing to confirm. */
export const rememberedIn = async (
  { records }: Pick<DeskRouteDeps, 'records'>,
  { member }: Pick<DeskRequest, 'member'>,
  sight: Pick<Sight, 'meeting' | 'now'>,
): Promise<RememberedRoom | null> =>
  isOver(sight) || sight.meeting.course.clinicReady || !takesPart(sight, member)
    ? null
    : rememberedRoom(records.evidence, member, sight.now);

/** The records of the staff who take part, or have decided something, by the references of the meeting. */
export function staffOf(
  { records }: Pick<DeskRouteDeps, 'records'>,
  meeting: Sight['meeting'],
): Promise<Map<string, StaffMember>> {
  const { clinicId, corrections, bookedBy } = meeting;
  const named = [...staffIdsOf(meeting), ...corrections.map(({ by }) => by)];
  return records.staff.byStaffIds(clinicId, [...new Set([...named, bookedBy])]);
}

async function readForms(
  { forms }: Pick<DeskRouteDeps['records'], 'forms'>,
  { clinicId, meetingId, formIds }: Sight['meeting'],
): Promise<MeetingPageView['forms']> {
  if (formIds.length === 0) return [];
  const [found, filled] = await Promise.all([
    Promise.all(formIds.map((formId) => forms.find(clinicId, formId))),
    forms.filledFor(meetingId),
  ]);
  return found.flatMap((form) =>
    form ? [{ form, filled: filled.find(({ formId }) => formId === form.formId) ?? null }] : [],
  );
}
