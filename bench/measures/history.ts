import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { History, HistoryEvent } = temporal.api.history.v1;
const { EventType } = temporal.api.enums.v1;

export type RawHistory = temporal.api.history.v1.IHistory;

/** What a history holds, as Temporal stores it: its payloads encrypted. */
export interface HistorySize {
  events: number;
  bytes: number;
  /** How many of each type, such as `TIMER_STARTED`. */
  byType: Record<string, number>;
}

/** The history of a workflow that has ended, raw: nothing is decrypted. */
export async function endedHistory(client: Client, workflowId: string): Promise<RawHistory> {
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  return handle.fetchHistory();
}

export function sizeOf(history: RawHistory): HistorySize {
  const events = history.events ?? [];
  const byType: Record<string, number> = {};
  for (const { eventType } of events) {
    const name = (EventType[eventType ?? 0] ?? 'unknown').replace('EVENT_TYPE_', '');
    byType[name] = (byType[name] ?? 0) + 1;
  }
  return {
    events: events.length,
    bytes: History.encode(history).finish().length,
    byType: Object.fromEntries(
      Object.entries(byType).sort(([one, many], [other, few]) => few - many || one.localeCompare(other)),
    ),
  };
}

/** Bytes of the events of each type, to see where they are. */
export function bytesByType(history: RawHistory): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const event of history.events ?? []) {
    const name = (EventType[event.eventType ?? 0] ?? 'unknown').replace('EVENT_TYPE_', '');
    bytes[name] = (bytes[name] ?? 0) + HistoryEvent.encode(event).finish().length;
  }
  return bytes;
}
