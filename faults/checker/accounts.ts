import type { Asked, AskedTime, CommandedMeeting, Evidence, Finding, Kind, LedgerRecord } from './evidence';
import { noticeOf, type MatchedMessage } from './matching';
import { usefulUntil } from './messages';

/** One notice that somebody has a right to, or to a reason why not. */
interface Expected {
  meeting: CommandedMeeting;
  time: AskedTime;
  kind: Kind;
}

/**
 * Every notice is at the provider, or has a recorded reason that is true (R2.7); and the ledger knows of all
 * that is there.
 */
export function checkAccounts(evidence: Evidence, matched: MatchedMessage[]): Finding[] {
  const rows = new Map(
    evidence.ledger.map((row) => [noticeOf(row.meetingId, row.startVersion, row.kind), row]),
  );
  const findings: Finding[] = [];
  for (const row of evidence.ledger) {
    if (row.state === 'planned' || row.state === 'handing-over')
      findings.push({
        kind: 'open-row',
        meetingId: row.meetingId,
        what: `${row.kind} is still ${row.state}`,
      });
  }
  for (const expected of evidence.meetings.flatMap(expectedOf)) {
    const { meeting, time, kind } = expected;
    // A cancellation names the time that was told last, which need not be the one that is cancelled.
    const sent = matched.filter(
      (each) =>
        each.meeting === meeting && each.kind === kind && (kind === 'cancellation' || each.time === time),
    );
    const row = rows.get(noticeOf(meeting.meetingId, time.startVersion, kind));
    const wrong = sent.length > 0 ? whyUnrecorded(row, sent) : whyLost(evidence, expected, row);
    if (wrong)
      findings.push({
        kind: sent.length > 0 ? 'unrecorded' : 'lost',
        meetingId: meeting.meetingId,
        what: `${kind} of time ${time.startVersion}: ${wrong}`,
      });
  }
  return findings;
}

/** The notices of each time, and of a cancellation. */
function expectedOf(meeting: CommandedMeeting): Expected[] {
  const done = meeting.times.filter(({ answer }) => answer === 'done');
  const expected = done.flatMap((time) =>
    ([time.startVersion === 1 ? 'booking' : 'change', 'morning', 'soon', 'start'] as const).map((kind) => ({
      meeting,
      time,
      kind,
    })),
  );
  const last = done.at(-1);
  return meeting.cancelled?.answer === 'done' && last
    ? [...expected, { meeting, time: last, kind: 'cancellation' as const }]
    : expected;
}

/** Why the ledger does not know of an SMS that the provider has; null where it does. */
function whyUnrecorded(row: LedgerRecord | undefined, sent: MatchedMessage[]): string | null {
  if (!row) return 'sent, and no row tells of it';
  switch (row.state) {
    case 'sent':
    case 'delivered':
      return sent.some(({ message }) => message.id === row.providerId)
        ? null
        : `the row is ${row.state} by another id than the provider's`;
    case 'unknown':
      return null;
    case 'failed':
      return sent.some(({ message }) => message.status === 'failed')
        ? null
        : 'failed by the row, but it was sent';
    case 'planned':
    case 'handing-over':
      // Told as an open row.
      return null;
    default:
      return `sent, but ${row.state} (${row.reason ?? 'no reason'}) by the row`;
  }
}

/** Why an SMS that the provider does not have is lost; null where a true reason is recorded. */
function whyLost(evidence: Evidence, expected: Expected, row: LedgerRecord | undefined): string | null {
  const { meeting, time, kind } = expected;
  if (!row) return whyNeverPlanned(evidence, expected);
  const untrue = `${row.state} for the reason ${row.reason ?? '(none)'}, which is not true`;
  switch (row.state) {
    case 'sent':
    case 'delivered':
      return `${row.state} by the row, and the provider has nothing`;
    case 'planned':
    case 'handing-over':
      return null;
    case 'unknown':
      return row.reason ? null : 'unknown without a reason';
    case 'failed':
      return row.reason && row.reason !== 'delivery-report' ? null : untrue;
    case 'no-consent':
      return wasAsked(meeting.withdrawn) ? null : untrue;
    case 'expired': {
      const endedAt = Date.parse(row.history.at(-1)?.at ?? '');
      return endedAt >= usefulUntil(evidence, { meeting, time, kind }) ? null : untrue;
    }
    case 'skipped':
      return isTrue(row.reason, expected, evidence) ? null : untrue;
    default:
      return `the row has the state ${row.state}`;
  }
}

/** A notice without a row was dropped by the workflow, which says why. */
function whyNeverPlanned(evidence: Evidence, expected: Expected): string | null {
  const { meeting, time, kind } = expected;
  const notice = evidence.workflows
    .find(({ meetingId }) => meetingId === meeting.meetingId)
    ?.asked?.notices.find((each) => each.startVersion === time.startVersion && each.kind === kind);
  if (!notice) return 'neither ledger nor workflow knows of it';
  if (notice.state !== 'dropped' && notice.state !== 'skipped')
    return `no row, and the workflow has it as ${notice.state}`;
  return isTrue(notice.skip, expected, evidence)
    ? null
    : `dropped for the reason ${notice.skip ?? '(none)'}, which is not true`;
}

/** Whether a recorded reason agrees with what was commanded. */
function isTrue(reason: string | null, { meeting, time, kind }: Expected, evidence: Evidence): boolean {
  switch (reason) {
    case 'meeting-moved':
      return meeting.times.some(({ startVersion }) => startVersion > time.startVersion);
    case 'meeting-cancelled':
      return wasAsked(meeting.cancelled);
    case 'meeting-ended':
      // Staff said so; or the booked end settled it, which only a held-up notice can have met.
      return wasAsked(meeting.ended) || usefulUntil(evidence, { meeting, time, kind }) < endOf(meeting);
    case 'past-when-planned':
      return (
        (kind === 'morning' || kind === 'soon' || kind === 'start') &&
        Date.parse(time.startAt) + evidence.reminders[kind].dueMs <= Date.parse(time.answeredAt ?? '')
      );
    case null:
    default:
      return false;
  }
}

const endOf = (meeting: CommandedMeeting): number =>
  Math.max(...meeting.times.map(({ startAt }) => Date.parse(startAt))) + meeting.durationMs;

const wasAsked = (asked: Asked | null): boolean => asked !== null && asked.answer !== 'refused';
