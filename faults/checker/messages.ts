import type { Asked, Evidence, Finding, FindingKind } from './evidence';
import { takenInLedger, noticeOf, type MatchedMessage } from './matching';

/** Clocks are read a moment before or after what they are read for. */
const TOLERANCE_MS = 1_000;

/** A moment after which an SMS must not be taken, and what it is called if it is. */
interface Boundary {
  at: number;
  kind: Extract<FindingKind, 'stale' | 'late'>;
  why: string;
}

/**
 * Each SMS by itself: once, asked for, not early, not late, and true when it was taken (R2.4, R2.6, R2.7).
 */
export function checkMessages(
  evidence: Evidence,
  matched: MatchedMessage[],
): { findings: Finding[]; crossings: number } {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let crossings = 0;
  const rowsTakenAt = takenInLedger(evidence);

  for (const each of matched) {
    const { message, meeting, time, kind } = each;
    const { meetingId } = meeting;
    const notice = noticeOf(meetingId, time.startVersion, kind);
    const find = (finding: FindingKind, what: string): void => {
      findings.push({ kind: finding, meetingId, what: `${kind} of time ${time.startVersion}: ${what}` });
    };
    const takenAt = Date.parse(message.createdAt);

    if (seen.has(notice)) find('doubled', 'sent more than once');
    seen.add(notice);

    const askedAt = kind === 'cancellation' ? meeting.cancelled : time;
    if (!askedAt || askedAt.answer === 'refused' || takenAt < Date.parse(askedAt.sentAt) - TOLERANCE_MS)
      find('unasked', 'nobody had asked for it');
    if (kind === 'booking' && time.startVersion !== 1) find('unasked', 'a move is told as a change');
    if (kind === 'change' && time.startVersion === 1) find('unasked', 'it was not moved');
    const dueAt = dueOf(evidence, each);
    if (dueAt !== null && takenAt < dueAt - TOLERANCE_MS) find('early', 'sent before it was due');

    const broken = boundaries(evidence, each)
      .sort((a, b) => a.at - b.at)
      .find(({ at }) => takenAt > at);
    if (!broken) continue;
    // What was taken before the answer came, and went out in its time, could not be called back any more.
    const rowTakenAt = rowsTakenAt.get(notice) ?? [];
    if (rowTakenAt.some((at) => at <= broken.at && at <= takenAt && takenAt <= at + evidence.onItsWayMs))
      crossings += 1;
    else find(broken.kind, `${broken.why}, by ${(takenAt - broken.at) / 1_000} s`);
  }
  return { findings, crossings };
}

function dueOf({ reminders }: Evidence, { time, kind }: MatchedMessage): number | null {
  if (kind !== 'morning' && kind !== 'soon' && kind !== 'start') return null;
  return Date.parse(time.startAt) + reminders[kind].dueMs;
}

/** What makes this SMS untrue, unwanted or useless, and from when on. */
function boundaries(evidence: Evidence, { meeting, time, kind }: MatchedMessage): Boundary[] {
  const found: Boundary[] = [];
  const from = (asked: Asked | null, why: string): void => {
    if (asked?.answer === 'done' && asked.answeredAt !== null)
      found.push({ at: Date.parse(asked.answeredAt), kind: 'stale', why });
  };
  if (kind !== 'cancellation') {
    for (const later of meeting.times)
      if (later.startVersion > time.startVersion) from(later, 'the old time, after the move was answered');
    from(meeting.cancelled, 'sent after the cancellation was answered');
    from(meeting.ended, 'sent after staff had stated what the meeting came to');
  }
  from(meeting.withdrawn, 'sent after the consent was withdrawn');
  found.push({
    at: usefulUntil(evidence, { meeting, time, kind }),
    kind: 'late',
    why: 'past its last useful moment',
  });
  return found;
}

/** The last useful moment of a notice (R2.6). */
export function usefulUntil(
  { reminders }: Pick<Evidence, 'reminders'>,
  { meeting, time, kind }: Pick<MatchedMessage, 'meeting' | 'time' | 'kind'>,
): number {
  switch (kind) {
    case 'booking':
    case 'change':
      return Date.parse(time.startAt);
    case 'cancellation':
      // It names the time that was told last, and helps until the end of the one that is cancelled.
      return Date.parse(meeting.times.at(-1)?.startAt ?? time.startAt) + meeting.durationMs;
    case 'morning':
    case 'soon':
    case 'start':
      return Date.parse(time.startAt) + reminders[kind].usefulUntilMs;
  }
}
