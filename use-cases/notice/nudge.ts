import { isDeepStrictEqual } from 'node:util';
import type { Records } from '../../records';
import type { RefusedEntry } from '../../records/evidence';
import { gatesOf } from '../meeting/gates';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import { patientOf } from './patient-of';
import { toInstant } from '../../rules/instant';
import { isLost } from '../../rules/ledger';
import { TemporalUnavailable, type TemporalGateway } from '../../temporal/gateway';
import type { NudgeCause } from '../../workflows/meeting/messages';
import type { CommandDeps } from '../command';

/** What telling a meeting's workflow needs. */
export interface TellDeps {
  records: Pick<Records, 'evidence'>;
  temporal: Pick<TemporalGateway, 'nudgeMeeting'>;
}

/**
 * Keeps a refused entry as evidence (R5.6). It tells the workflow to look, unless the participant was refused
 * for these reasons before. Then an administrator reads there why somebody did not get in. Twenty tries of
 * one participant grow the history once.
 */
export async function noteRefusedEntry({ records, temporal }: TellDeps, entry: RefusedEntry): Promise<void> {
  const { isNews } = await records.evidence.refused(entry);
  if (isNews) await tellMeeting(temporal, entry.meetingId, 'refusal');
}

/**
 * Tells a meeting's workflow to look, if its gates are not as the workflow knows them (R3.1, R3.2). A value
 * that was put again unchanged tells nobody (R1.8). The comparison is with what the workflow has told, not
 * with the earlier gates. So a second run of a command finds what the first one left.
 * @throws TemporalUnavailable when it does not answer
 */
export async function tellOfGates(
  { records, temporal, clock }: Pick<CommandDeps, 'records' | 'temporal' | 'clock'>,
  meeting: Meeting,
): Promise<void> {
  const patient = await patientOf(records.people, meeting);
  const gates = await gatesOf(records.forms, meeting, patient, clock.now());
  if (!isDeepStrictEqual(gates, meeting.course.gates))
    await temporal.nudgeMeeting(meeting.meetingId, 'gates');
}

/** Has the workflows look whose notices have just been lost, or found after they had been. */
export async function tellOfDeliveries(
  { temporal }: { temporal: Pick<TemporalGateway, 'nudgeMeeting' | 'nudgeCase'> },
  rows: LedgerRow[],
  now: Date,
): Promise<void> {
  const news = rows.filter((row) => isNews(row, now));
  const subjects = (isOf: (row: LedgerRow) => boolean): Set<string> =>
    new Set(news.filter(isOf).map(({ subjectId: meetingId }) => meetingId));
  for (const meetingId of subjects(isOfMeeting)) await tellMeeting(temporal, meetingId, 'delivery');
  for (const caseId of subjects(isOfCase)) await tellCase(temporal, caseId);
}

/** Reports come again and again: only the step that one has brought about is told. */
function isNews({ history }: LedgerRow, now: Date): boolean {
  const [before, last] = history.slice(-2);
  if (!before || last?.at !== toInstant(now)) return false;
  return isLost(last.state, last.reason) || isLost(before.state, before.reason);
}

/**
 * Has the workflow look again, if Temporal is there: the database has what it would see, and the next look
 * finds it.
 */
export async function tellMeeting(
  temporal: Pick<TemporalGateway, 'nudgeMeeting'>,
  meetingId: string,
  cause: NudgeCause,
): Promise<void> {
  await ifThere(temporal.nudgeMeeting(meetingId, cause));
}

/** The same of a message case, whose notices alone are looked at. */
export async function tellCase(temporal: Pick<TemporalGateway, 'nudgeCase'>, caseId: string): Promise<void> {
  await ifThere(temporal.nudgeCase(caseId));
}

async function ifThere(telling: Promise<void>): Promise<void> {
  try {
    await telling;
  } catch (error) {
    if (!(error instanceof TemporalUnavailable)) throw error;
  }
}
