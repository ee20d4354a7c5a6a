import { z } from 'zod';
import { openMessageFile, type MessageFile } from '../message-file';

const eventSchema = z.object({
  /** What it is kept under: the event's own, or another where the signature did not hold. */
  id: z.string(),
  eventId: z.string(),
  receivedAt: z.iso.datetime(),
  /** As it came; what it says is believed only where the signature held. */
  body: z.string(),
  /** `holds`, or the verifier's own words. */
  signature: z.string(),
  /** How often it has come. */
  times: z.int(),
  /** The status that the receiver answered last; null while it takes its time. */
  answered: z.int().nullable(),
});

/** An event that came to the receiver, as it is now. */
export type ReceivedEvent = z.infer<typeof eventSchema>;

export type ReceiverStore = MessageFile<ReceivedEvent>;

/** The receiver's memory; an event is written again when it comes again or is answered. */
export const openReceiverStore = (options: { file: string }): ReceiverStore =>
  openMessageFile({ ...options, schema: eventSchema, capacity: 1_000 });
