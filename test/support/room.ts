import { randomUUID } from 'node:crypto';
import { testKeys } from './keys';
import type { Service } from './service';

/** Posts presence as Jitsi's event_sync does (facts). */
export interface TestRoom {
  joined(participantId: string, at: Date, occupant?: string): Promise<number>;
  left(participantId: string, at: Date, occupant?: string): Promise<number>;
}

/** The room of one start version of a meeting. */
export async function roomOf(service: Service, meetingId: string, startVersion = 1): Promise<TestRoom> {
  const meeting = await service.records.meetings.get(meetingId);
  const room = meeting.times.find((time) => time.startVersion === startVersion)?.roomName ?? '';
  const occupants = new Map<string, string>();

  async function post(
    what: 'joined' | 'left',
    participantId: string,
    at: Date,
    occupant: string,
  ): Promise<number> {
    const response = await fetch(`${service.apiUrl}/hooks/jitsi/events/occupant/${what}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${testKeys.jitsiEventsSecret}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        event_name: `muc-occupant-${what}`,
        room_name: room,
        room_jid: `${room}@conference.meet.jitsi`,
        is_breakout: false,
        active_occupants_count: 1,
        occupant: {
          id: participantId,
          occupant_jid: occupant,
          [`${what}_at`]: Math.floor(at.getTime() / 1000),
        },
      }),
    });
    return response.status;
  }

  return {
    joined(participantId, at, occupant = randomUUID()) {
      occupants.set(participantId, occupant);
      return post('joined', participantId, at, occupant);
    },
    left: (participantId, at, occupant = occupants.get(participantId) ?? randomUUID()) =>
      post('left', participantId, at, occupant),
  };
}
