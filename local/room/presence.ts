import { setTimeout } from 'node:timers/promises';

/** Where presence goes, in the format of Jitsi's event_sync (facts, Jitsi). */
export interface PresenceSettings {
  xmppDomain: string;
  eventsUrl: string;
  eventsSecret: string;
}

/** One connection of one participant, as event_sync names it. */
export interface Occupant {
  id: string;
  occupant_jid: string;
  joined_at: number;
  left_at?: number;
}

const EVENT_TRIES = 4;
const EVENT_PAUSE_MS = 250;

/** One opening of a room, from the first who comes to the last who leaves. */
export interface Opening {
  created_at: number;
  /** All who ever were in it. */
  occupants: Occupant[];
}

/** What is told of a room. */
export type RoomNews =
  | { event: 'occupant/joined' | 'occupant/left'; inRoom: number; occupant: Occupant }
  | { event: 'room/created'; opening: Opening }
  | { event: 'room/destroyed'; opening: Opening; destroyed_at: number };

/** Tells what happens in a room; as event_sync does, tried again while nobody takes it, and then lost. */
export async function tellPresence(settings: PresenceSettings, room: string, news: RoomNews): Promise<void> {
  const body = JSON.stringify({
    event_name: `muc-${news.event.replace('/', '-')}`,
    room_name: room,
    room_jid: `${room}@conference.${settings.xmppDomain}`,
    is_breakout: false,
    ...fieldsOf(news),
  });
  for (let attempt = 1; attempt <= EVENT_TRIES; attempt += 1) {
    if (attempt > 1) await setTimeout(EVENT_PAUSE_MS);
    const response = await fetch(`${settings.eventsUrl}/events/${news.event}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.eventsSecret}`, 'content-type': 'application/json' },
      body,
    }).catch(() => null);
    if (response !== null && response.status < 500) return;
  }
}

function fieldsOf(news: RoomNews): object {
  switch (news.event) {
    case 'occupant/joined':
    case 'occupant/left':
      return { active_occupants_count: news.inRoom, occupant: news.occupant };
    case 'room/created':
      return { created_at: news.opening.created_at };
    case 'room/destroyed':
      return {
        created_at: news.opening.created_at,
        destroyed_at: news.destroyed_at,
        all_occupants: news.opening.occupants,
      };
  }
}
