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

/** Tells who came or left; as event_sync does, tried again while nobody takes it, and then lost. */
export async function tellPresence(
  settings: PresenceSettings,
  what: 'joined' | 'left',
  { room, inRoom, occupant }: { room: string; inRoom: number; occupant: Occupant },
): Promise<void> {
  const body = JSON.stringify({
    event_name: `muc-occupant-${what}`,
    room_name: room,
    room_jid: `${room}@conference.${settings.xmppDomain}`,
    is_breakout: false,
    active_occupants_count: inRoom,
    occupant,
  });
  for (let attempt = 1; attempt <= EVENT_TRIES; attempt += 1) {
    if (attempt > 1) await setTimeout(EVENT_PAUSE_MS);
    const response = await fetch(`${settings.eventsUrl}/events/occupant/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.eventsSecret}`, 'content-type': 'application/json' },
      body,
    }).catch(() => null);
    if (response !== null && response.status < 500) return;
  }
}
