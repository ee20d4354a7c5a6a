import type { Records } from '../records';
import { LOOK_TAKES_MS } from '../rules/reconciliation';
import type { StoredFigures } from '../platform/metrics/stored';

const DAY_MS = 24 * 3_600_000;

/** Reads what the service's figures say of what is stored; each by an index. */
export async function readFigures(
  {
    ledger,
    tasks,
    cases,
    commands,
    events,
  }: Pick<Records, 'ledger' | 'tasks' | 'cases' | 'commands' | 'events'>,
  now: Date,
): Promise<StoredFigures> {
  const [noticesOfLastDay, noticesLeft, tasksWaiting, casesWaiting, commandsWaiting, eventsWaiting] =
    await Promise.all([
      ledger.handedOverSince(new Date(now.getTime() - DAY_MS)),
      ledger.leftWaiting(now, LOOK_TAKES_MS),
      tasks.waiting(),
      cases.waitingInAll(),
      commands.waiting(now),
      events.waiting(now),
    ]);
  return { noticesOfLastDay, noticesLeft, tasksWaiting, casesWaiting, commandsWaiting, eventsWaiting };
}
