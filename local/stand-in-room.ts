import { createSecretKey, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { jwtVerify } from 'jose';

/** What the stand-in for Jitsi needs: the token's secret, and where presence goes. */
export interface StandInRoomSettings {
  appId: string;
  appSecret: string;
  xmppDomain: string;
  eventsUrl: string;
  eventsSecret: string;
}

const EVENT_TRIES = 4;
const EVENT_PAUSE_MS = 250;

interface Occupant {
  id: string;
  occupant_jid: string;
  joined_at: number;
}

/**
 * Stands in for Jitsi on one machine: checks the token by the facts' table, keeps who is in, and posts presence in the format
 * of Jitsi's event_sync. People in it are known by their participant id; who is in is lost with the process, as in Jitsi.
 */
export interface StandInRoom {
  join(room: string, token: string): Promise<'joined' | 'token-refused'>;
  leave(room: string, participantId: string): Promise<void>;
  isIn(room: string, participantId: string): boolean;
}

export function createStandInRoom(settings: StandInRoomSettings): StandInRoom {
  const rooms = new Map<string, Map<string, Occupant>>();
  const key = createSecretKey(Buffer.from(settings.appSecret));
  const now = (): number => Math.floor(Date.now() / 1000);

  /** As event_sync does: tried again while nobody takes it, and then lost. */
  async function tell(what: 'joined' | 'left', room: string, occupant: Occupant & { left_at?: number }) {
    for (let attempt = 1; attempt <= EVENT_TRIES; attempt += 1) {
      if (attempt > 1) await setTimeout(EVENT_PAUSE_MS);
      if (await isTaken(what, room, occupant)) return;
    }
  }

  async function isTaken(what: 'joined' | 'left', room: string, occupant: Occupant): Promise<boolean> {
    const response = await fetch(`${settings.eventsUrl}/events/occupant/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${settings.eventsSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        event_name: `muc-occupant-${what}`,
        room_name: room,
        room_jid: `${room}@conference.${settings.xmppDomain}`,
        is_breakout: false,
        active_occupants_count: rooms.get(room)?.size ?? 0,
        occupant,
      }),
    }).catch(() => null);
    return response !== null && response.status < 500;
  }

  return {
    async join(room, token) {
      const claims = await jwtVerify(token, key, {
        issuer: settings.appId,
        audience: settings.appId,
        subject: settings.xmppDomain,
        typ: 'JWT',
        algorithms: ['HS256'],
        requiredClaims: ['exp', 'nbf', 'room'],
      }).catch(() => null);
      const context = claims?.payload.context as { user?: { id?: string } } | undefined;
      const id = context?.user?.id;
      if (!claims || claims.payload.room !== room || typeof claims.payload.aud !== 'string' || !id) {
        return 'token-refused';
      }
      const occupant = {
        id,
        occupant_jid: `${room}@conference.${settings.xmppDomain}/${randomBytes(4).toString('hex')}`,
        joined_at: now(),
      };
      const before = rooms.get(room)?.get(id);
      rooms.set(room, (rooms.get(room) ?? new Map<string, Occupant>()).set(id, occupant));
      await tell('joined', room, occupant);
      // Who comes in again has reloaded the page: the occupant of before leaves.
      if (before) await tell('left', room, { ...before, left_at: now() });
      return 'joined';
    },
    async leave(room, participantId) {
      const occupant = rooms.get(room)?.get(participantId);
      if (!occupant) return;
      rooms.get(room)?.delete(participantId);
      await tell('left', room, { ...occupant, left_at: now() });
    },
    isIn: (room, participantId) => rooms.get(room)?.has(participantId) ?? false,
  };
}
