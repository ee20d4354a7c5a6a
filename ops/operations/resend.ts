import { randomId } from '../../platform/keys/random-id';
import { saveMeeting } from '../../use-cases/read-models/meeting-and-invoice';
import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import { recipientNumber } from '../../use-cases/notice/admin-facts';
import { toInstant, type Instant } from '../../rules/instant';
import { whyNotResend, whyTooLate, type NotResent } from '../../rules/ledger';
import type { NoticeKind } from '../../rules/notices';
import { NotPossible, type Operation } from '../operation';
import { meetingOf } from '../record';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import type { Connections } from '../connections';

/**
 * Gives those notices again that surely were not sent and still help; refuses all others with the reason
 * (R2.7).
 */
export const resend: Operation = {
  name: 'resend',
  usage: 'MEETING [--row ROW …]',
  about: 'has what surely was not sent, and still helps, tried again; refuses all else with its reason',
  ofMeeting: true,
  isRecorded: true,
  changes: true,
  async run(connections, options, { say, agree }) {
    const { records, clock } = connections;
    // Recorded before anything is shown, also where nothing comes of it (R8.2).
    const read = await meetingOf(connections, options, 'resend');
    const meeting = { ...read, course: await courseNow(connections, read) };
    const ledger = await records.ledger.ofMeeting(meeting.meetingId);
    const unknown = options.rows.filter((rowId) => !ledger.some((row) => row.rowId === rowId));
    if (unknown.length > 0) throw new NotPossible(`This meeting has no row ${unknown.join(', ')}.`);
    const meant = ledger.filter(({ rowId }) => options.rows.length === 0 || options.rows.includes(rowId));
    const now = toInstant(clock.now());
    const again = meant.filter((row) => whyNotAgain(meeting, row, now) === null);
    for (const row of meant) say(line(meeting, row, whyNotAgain(meeting, row, now)));
    if (again.length === 0) {
      say('Nothing can be sent again. Where nobody was reached, call or write.');
      return false;
    }
    const what = `${again.length === 1 ? 'One notice' : `${again.length} notices`} of meeting ${meeting.meetingId} will be tried again. Consent, time and caps are looked at anew, as for any notice.`;
    if (!(await agree(what))) return false;
    let isDone = true;
    for (const kind of new Set(again.map((row) => row.kind))) {
      const rowIds = again.filter((row) => row.kind === kind).map(({ rowId }) => rowId);
      const refused = await sendAgain(connections, meeting, kind, rowIds);
      say(
        refused === null
          ? `${kind}: under way; explain tells what came of it`
          : `${kind}: refused, ${refused}`,
      );
      isDone &&= refused === null;
    }
    return isDone;
  },
};

/** As its workflow has it, where there is one: how far the notices are is saved later, with other changes. */
async function courseNow(
  { temporal }: Connections,
  { meetingId, course }: Meeting,
): Promise<MeetingSnapshot> {
  if (course.closed) return course;
  const snapshot = await temporal.meetingIfAny(meetingId);
  return snapshot === 'none' || snapshot === 'cut-off' ? { ...course, closed: true } : snapshot;
}

/** Why a row is not offered: what stands against it itself, or what its meeting's workflow would refuse. */
type NotAgain =
  NotResent | 'of-an-earlier-time' | 'cancelled' | 'ended' | 'workflow-has-ended' | 'being-given';

function whyNotAgain({ course }: Meeting, row: LedgerRow<NoticeKind>, now: Instant): NotAgain | null {
  const { kind, occasion } = row;
  if (occasion !== course.time.startVersion) return 'of-an-earlier-time';
  const outcome = course.outcome?.outcome ?? null;
  const why = whyNotResend(row, now) ?? whyTooLate(kind, { state: course.state, outcome });
  if (why !== null) return why;
  if (course.closed) return 'workflow-has-ended';
  const isGiven = course.notices.some(
    (notice) => notice.kind === kind && notice.startVersion === occasion && notice.state === 'done',
  );
  return isGiven ? null : 'being-given';
}

/** @returns why the workflow refuses, or null */
async function sendAgain(
  { temporal, records, clock }: Connections,
  { meetingId, course }: Meeting,
  kind: NoticeKind,
  rowIds: string[],
): Promise<string | null> {
  const { startVersion } = course.time;
  const command = { startVersion, receivedAt: toInstant(clock.now()), kind, rowIds };
  const answer = await temporal.resendNotice(meetingId, randomId(), command);
  if ('refused' in answer) return answer.refused;
  await saveMeeting(records, answer.snapshot, clock.now());
  return null;
}

function line(meeting: Meeting, row: LedgerRow, whyNot: NotAgain | null): string {
  const { kind, participantId, state, reason } = row;
  const about = `${kind} to recipient ${recipientNumber(meeting, participantId)}: ${state}${reason ? ` (${reason})` : ''}`;
  return whyNot === null ? `${about}: can be tried again` : `${about}: no, ${words[whyNot]}`;
}

const words: Record<NotAgain, string> = {
  'under-way': 'it is still being sent',
  'was-sent': 'it was sent',
  'reported-as-failed':
    'the provider took it and says that it did not arrive; it is not sent again: call or write',
  'may-have-been-sent': 'it may have come, or may still come, and nobody gets the same message twice',
  'not-sent-on-purpose':
    'it was not sent on purpose; what stood against it has to go first, and the next notice will be sent',
  'helps-no-more': 'it is past its last useful moment',
  'of-an-earlier-time': 'the meeting has been moved since',
  cancelled: 'the meeting is cancelled',
  ended: 'the meeting is over',
  'workflow-has-ended': 'the meeting’s workflow has ended, and nobody would give it any more: call or write',
  'being-given': 'this notice is being given now; look again in a while',
};
