import type { Evidence, Finding } from './evidence';
import { takenInLedger, noticeOf, type MatchedMessage } from './matching';

/**
 * Nothing that an SMS has taken back comes after it: an older time, or anything after the cancellation
 * (R2.4). One whose process had died was waited for no longer than its lease.
 */
export function checkOrder(evidence: Evidence, matched: MatchedMessage[]): Finding[] {
  const rowsTakenAt = takenInLedger(evidence);
  return matched.flatMap((older) => {
    const { meeting, time, kind } = older;
    const takenAt = Date.parse(older.message.createdAt);
    const wasWaitedFor = (at: number): boolean =>
      (rowsTakenAt.get(noticeOf(meeting.meetingId, time.startVersion, kind)) ?? []).some(
        (rowTakenAt) => rowTakenAt <= at && at < rowTakenAt + evidence.leaseMs,
      );
    const overtaking = matched.find((newer) => {
      const newerAt = Date.parse(newer.message.createdAt);
      return (
        newer.meeting === meeting && takesBack(newer, older) && newerAt < takenAt && wasWaitedFor(newerAt)
      );
    });
    return overtaking
      ? [
          {
            kind: 'overtaken' as const,
            meetingId: meeting.meetingId,
            what: `${kind} of time ${time.startVersion}: came after the ${overtaking.kind} of time ${overtaking.time.startVersion}`,
          },
        ]
      : [];
  });
}

const takesBack = (newer: MatchedMessage, older: MatchedMessage): boolean =>
  older.kind !== 'cancellation' &&
  (newer.kind === 'cancellation' || older.time.startVersion < newer.time.startVersion);
