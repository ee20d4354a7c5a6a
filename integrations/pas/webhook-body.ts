import type { EventBody } from '../../rules/events';
import type { Instant } from '../../rules/instant';

/** What is needed of an event to put it on the wire. */
export type EventToSend = EventBody & {
  eventId: string;
  clinicId: string;
  subject: string;
  sequence: number;
  at: Instant;
};

/**
 * The event as the clinic receives it; its id stands in the header `webhook-id`. The same each time that it
 * is sent.
 */
export function webhookBody({ type, at, data, clinicId, subject, sequence }: EventToSend): string {
  return JSON.stringify({ type, timestamp: at, data, clinicId, subject, sequence });
}
