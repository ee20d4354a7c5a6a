import type { Records } from '.';
import type { StoredFigures } from '../metrics/stored';

const DAY_MS = 24 * 3_600_000;

/** Reads what the service's figures say of what is stored; each by an index. */
export async function readFigures(
  { ledger, tasks, commands, events }: Pick<Records, 'ledger' | 'tasks' | 'commands' | 'events'>,
  now: Date,
): Promise<StoredFigures> {
  const [noticesOfLastDay, tasksWaiting, commandsWaiting, eventsWaiting] = await Promise.all([
    ledger.handedOverSince(new Date(now.getTime() - DAY_MS)),
    tasks.waiting(),
    commands.waiting(now),
    events.waiting(now),
  ]);
  return { noticesOfLastDay, tasksWaiting, commandsWaiting, eventsWaiting };
}
