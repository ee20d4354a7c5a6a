import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { History, HistoryEvent } = temporal.api.history.v1;
const { EventType } = temporal.api.enums.v1;

export type RawHistory = temporal.api.history.v1.IHistory;
type RawEvent = temporal.api.history.v1.IHistoryEvent;

/** What a history holds, as Temporal stores it: its payloads encrypted. */
export interface HistorySize {
  events: number;
  bytes: number;
  /** How many of each type, such as `TIMER_STARTED`. */
  byType: Record<string, number>;
  /** Bytes of the events of each type, to see where they are. */
  bytesByType: Record<string, number>;
  /** What was asked for by name, such as `signal lookAgain`, to compare with a count on paper. */
  byName: Record<string, number>;
}

/**
 * The history of a workflow that has ended, raw: nothing is decrypted. Where it continued as new, that of all
 * its runs, one after the other.
 */
export async function endedHistory(client: Client, workflowId: string): Promise<RawHistory> {
  await client.workflow.getHandle(workflowId).result();
  const events: RawEvent[] = [];
  let runId: string | undefined;
  do {
    const run = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    events.unshift(...(run.events ?? []));
    runId = run.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined;
  } while (runId);
  return { events };
}

export function sizeOf(history: RawHistory): HistorySize {
  const events = history.events ?? [];
  return {
    events: events.length,
    bytes: History.encode(history).finish().length,
    byType: sums(events, typeOf, () => 1),
    bytesByType: sums(events, typeOf, (event) => HistoryEvent.encode(event).finish().length),
    byName: sums(events, nameOf, () => 1),
  };
}

const typeOf = ({ eventType }: RawEvent): string =>
  (EventType[eventType ?? 0] ?? 'unknown').replace('EVENT_TYPE_', '');

/** Whatever a workflow is made of today: names are read, none is expected. */
function nameOf(event: RawEvent): string | null {
  const named = {
    activity: event.activityTaskScheduledEventAttributes?.activityType?.name,
    signal: event.workflowExecutionSignaledEventAttributes?.signalName,
    update: event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name,
    marker: event.markerRecordedEventAttributes?.markerName,
    workflow: event.workflowExecutionStartedEventAttributes?.workflowType?.name,
  };
  const found = Object.entries(named).find(([, name]) => name);
  return found ? found.join(' ') : null;
}

/** The greatest first. */
function sums(
  events: RawEvent[],
  keyOf: (event: RawEvent) => string | null,
  valueOf: (event: RawEvent) => number,
): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const event of events) {
    const key = keyOf(event);
    if (key !== null) totals[key] = (totals[key] ?? 0) + valueOf(event);
  }
  return Object.fromEntries(
    Object.entries(totals).sort(([one, many], [other, few]) => few - many || one.localeCompare(other)),
  );
}
