import type { Records } from '../../records';
import type { RefusedEntry } from '../../records/evidence';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import { toInstant } from '../../rules/instant';
import { isLost } from '../../rules/ledger';
import { ifThere, type TemporalGateway } from '../../temporal/gateway';
import { tellFactNow, type FactDeps } from '../meeting/facts';

/** What is needed to tell workflows what administrators ask for. */
export type TellDeps = FactDeps & { records: Pick<Records, 'evidence'> };

/**
 * Keeps a refused entry as evidence (R5.6), and tells the workflow where the participant was not refused for
 * these reasons before: an administrator reads there why somebody did not get in, and one who tries twenty
 * times grows the history once.
 */
export async function noteRefusedEntry(deps: TellDeps, entry: RefusedEntry): Promise<void> {
  const { isNews } = await deps.records.evidence.refused(entry);
  if (isNews) await tellFactNow(deps, entry.meetingId, 'refusals');
}

/** Tells the workflows whose notices have just been lost, or found after they had been. */
export async function tellOfDeliveries(
  deps: FactDeps & { temporal: Pick<TemporalGateway, 'nudgeCase'> },
  rows: LedgerRow[],
  now: Date,
): Promise<void> {
  for (const row of rows.filter((each) => isNews(each, now))) await tellOfRow(deps, row);
}

/** Tells the workflow whose notice this is where it stands now. */
export async function tellOfRow(
  deps: FactDeps & { temporal: Pick<TemporalGateway, 'nudgeCase'> },
  row: LedgerRow,
): Promise<void> {
  if (isOfMeeting(row)) await tellFactNow(deps, row.subjectId, 'deliveries');
  // A case looks by itself, and the next look finds what this one would see.
  else if (isOfCase(row)) await ifThere(deps.temporal.nudgeCase(row.subjectId));
}

/** Reports come again and again: only the step that one has brought about is told. */
function isNews({ history }: LedgerRow, now: Date): boolean {
  const [before, last] = history.slice(-2);
  if (!before || last?.at !== toInstant(now)) return false;
  return isLost(last.state, last.reason) || isLost(before.state, before.reason);
}
