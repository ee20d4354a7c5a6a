import type { Meeting, Participant } from '../../records/meetings';
import { hearsOfMeeting, wayTo } from '../../rules/calendar/who-hears';
import { toInstant, type Instant } from '../../rules/instant';
import { reviewReach } from '../../use-cases/notice/meeting-reach';
import type { MeetingActivities, NoticeOrder } from '../../workflows/meeting/activities';
import { viewOfHandOver } from './meeting-view';
import { patientOf } from '../../use-cases/notice/patient-of';
import type { LedgerRow } from '../../records/ledger';
import { deliveryOf, recipientNumber } from '../../use-cases/notice/admin-facts';
import { lateTimesWhenDue } from '../../rules/late';
import { decideHandOver, TRIED_AGAIN, whyNotResend } from '../../rules/ledger';
import type { NoticeKind } from '../../rules/notices';
import type { MeetingDeps } from '../deps';
import { morningFor } from './quiet-hours';
import { createRowSorter } from './sort-rows';

/**
 * Enters a due notice into the ledger for each recipient, and ends at once the rows that need not be sent, so
 * that they never stand in the provider's queue (design, decision 5).
 */
export function createPrepareNotice(deps: MeetingDeps): MeetingActivities['prepareNotice'] {
  const { records, clock } = deps;
  return async (order) => {
    const now = clock.now();
    const meeting = await records.meetings.get(order.meetingId);
    const patient = await patientOf(records.people, meeting);
    const { settings } = await records.clinics.byId(meeting.clinicId);
    const morning = morningFor(order, meeting, settings, now);
    if (morning) return { toSend: [], notBefore: toInstant(morning), told: [] };
    const { toSend, sort } = createRowSorter(deps, now);
    for (const recipient of recipients(meeting, patient.personal.birthDate, now)) {
      const person = await records.people.find(meeting.clinicId, recipient.personId);
      if (!person) throw new Error('a recipient of this meeting has no record');
      const way = wayTo({ ...person, ...person.personal }, settings, now);
      const { channel } = way;
      const planned = await records.ledger.plan(
        { ...rowFor(order, meeting, recipient), channel },
        now,
        lateTimesWhenDue(meeting.course.time.startAt, now),
      );
      const row = order.again.includes(planned.rowId)
        ? await takeUpAgain(planned, meeting.course.time.startAt, now)
        : planned;
      await sort({
        row,
        way,
        recipient: recipientNumber(meeting, recipient.participantId),
        decide: async () =>
          decideHandOver(await viewOfHandOver(deps, { row, meeting, settings, patient, way, now })),
      });
    }
    await reviewReach(records, meeting.meetingId, now);
    const rows = (await records.ledger.ofMeeting(meeting.meetingId)).filter(
      ({ kind, occasion }) => kind === order.kind && occasion === order.startVersion,
    );
    return { toSend, notBefore: null, told: rows.map((row) => deliveryOf(meeting, row)) };
  };

  /** An operator asks for it: what surely was not sent, and still helps, is planned again (R2.7). */
  async function takeUpAgain(
    row: LedgerRow<NoticeKind>,
    startAt: Instant,
    now: Date,
  ): Promise<LedgerRow<NoticeKind>> {
    if (whyNotResend(row, toInstant(now)) !== null) return row;
    await records.ledger.step(row.rowId, {
      from: ['failed'],
      to: 'planned',
      reason: TRIED_AGAIN,
      at: now,
      late: lateTimesWhenDue(startAt, now),
    });
    // Its kind stays.
    return (await records.ledger.get(row.rowId)) as LedgerRow<NoticeKind>;
  }
}

type Recipient = Participant & { personId: string };

/** Whose phones hear of a meeting (R7.1): with a person record, since a number stands nowhere else. */
function recipients(meeting: Meeting, patientBirthDate: string, now: Date): Recipient[] {
  return meeting.participants.filter(
    (participant): participant is Recipient =>
      participant.personId !== null && hearsOfMeeting(participant.role, patientBirthDate, now),
  );
}

const rowFor = (
  { meetingId, startVersion, kind, lastUsefulAt }: NoticeOrder,
  meeting: Meeting,
  recipient: Recipient,
) => ({
  subjectId: meetingId,
  occasion: startVersion,
  kind,
  lastUsefulAt,
  clinicId: meeting.clinicId,
  participantId: recipient.participantId,
  personId: recipient.personId,
});
