import type { Records } from '../../records';
import type { ClinicEvent, EventType } from '../../rules/events';

/** An event about a meeting, as whoever causes it would write it. */
export function meetingEvent(
  meetingId: string,
  number: number,
  at: Date,
  type: Extract<EventType, 'meeting.booked' | 'meeting.rebooked' | 'meeting.cancelled'> = 'meeting.rebooked',
): ClinicEvent {
  return {
    eventId: `${meetingId}:rebooked:${number}`,
    at: at.toISOString(),
    type,
    data: {
      meetingId,
      startVersion: number,
      reference: null,
      startAt: '2026-11-23T09:00:00.000Z',
      endAt: '2026-11-23T09:30:00.000Z',
      state: 'booked',
    },
  };
}

/** Writes events of one subject, each in a transaction of its own, as their causes would. */
export async function writeEvents(
  records: Records,
  clinicId: string,
  subject: string,
  numbers: number[],
  at: Date,
): Promise<void> {
  for (const number of numbers) {
    await records.transaction((session) =>
      records.events.add(session, { clinicId, subject }, [meetingEvent(subject, number, at)]),
    );
  }
}

/** Gives a clinic a webhook, as the command does; answers with its secret. */
export async function setWebhook(
  records: Records,
  clinicId: string,
  url: string,
  receivedAt: Date,
): Promise<string> {
  const change = { clinicId, commandId: 'first', receivedAt: receivedAt.toISOString() };
  const { secret } = await records.webhooks.set(change, url);
  return secret!;
}
