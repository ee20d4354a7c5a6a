import type { AskedTime, CommandedMeeting, Evidence, Finding, Kind, ProviderMessage } from './evidence';
import { clockOf, readSms } from './sms-text';

/** An SMS with the meeting and the time that it is about, as its number and its text tell. */
export interface MatchedMessage {
  message: ProviderMessage;
  meeting: CommandedMeeting;
  time: AskedTime;
  kind: Kind;
}

/** Whom and what each SMS is about; one that nobody asked for is a finding. */
export function matchMessages({ messages, meetings }: Evidence): {
  matched: MatchedMessage[];
  findings: Finding[];
} {
  const matched: MatchedMessage[] = [];
  const findings: Finding[] = [];
  for (const message of messages) {
    const said = readSms(message.message);
    const found =
      said &&
      meetings
        .filter(({ number, language }) => number === message.to && language === said.language)
        .flatMap((meeting) => meeting.times.map((time) => ({ meeting, time })))
        .find(({ time }) => clockOf(time.startAt) === said.clock);
    if (!said || !found) {
      findings.push({
        kind: 'unasked',
        meetingId: null,
        what: `SMS ${message.id} is about no time that was asked for`,
      });
    } else {
      matched.push({ message, ...found, kind: said.kind });
    }
  }
  return { matched, findings };
}

/**
 * One notice to one recipient: there is at most one SMS of it. A meeting is cancelled once, and its
 * cancellation names the time that was told last, so that it is known without the time.
 */
export const noticeOf = (meetingId: string, startVersion: number, kind: string): string =>
  kind === 'cancellation' ? `${meetingId}:${kind}` : `${meetingId}:${startVersion}:${kind}`;

/** When the ledger says that the rows of each notice were taken for handing over. */
export function takenInLedger({ ledger }: Evidence): Map<string, number[]> {
  return new Map(
    ledger.map(({ meetingId, startVersion, kind, history }) => [
      noticeOf(meetingId, startVersion, kind),
      history.filter(({ state }) => state === 'handing-over').map(({ at }) => Date.parse(at)),
    ]),
  );
}
