import type { ClientSession } from 'mongoose';
import type { OutgoingEvent } from '../rules/events';
export type NewEvent = OutgoingEvent & { eventId: string; at: string };
export interface Events {
  add(
    session: ClientSession,
    about: { clinicId: string; subject: string },
    events: NewEvent[],
  ): Promise<void>;
}
export const createEvents = (): Events => ({ add: () => Promise.resolve() });
