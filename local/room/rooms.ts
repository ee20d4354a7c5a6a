import { randomBytes } from 'node:crypto';
import { randomSecret } from '../../platform/keys/random-id';
import { tellPresence, type Occupant, type Opening, type PresenceSettings } from './presence';
import { checkToken, type TokenFault, type TokenSettings } from './token';

/** What the stand-in for Jitsi needs: the token's secret, and where presence goes. */
export interface StandInRoomSettings extends TokenSettings, PresenceSettings {
  /** How long a page that has lost its connection may take to come back, in milliseconds. */
  reconnectMs?: number;
}

/** What of somebody the others are to see and hear now. */
export interface Sends {
  picture: boolean;
  sound: boolean;
}

/**
 * One who is in, as the others see them. What to call them is set by their own page (design, decision 7),
 * except for staff whom their token names (R8.7).
 */
export interface InRoom {
  participantId: string;
  /** Counts upwards: who comes in again has another, and who came last has the highest. */
  seat: number;
  moderator: boolean;
  name: string | null;
  sends: Sends;
}

/** One page's half of what two browsers need to connect for sound and picture (WebRTC). */
export interface Signal {
  type: 'offer' | 'answer';
  sdp: string;
}

/**
 * Why a page of the room is in no more: the same participant has come in from elsewhere, was taken out, or a
 * moderator has ended it for all.
 */
export type WhyEnded = 'elsewhere' | 'removed' | 'over';

/** What a page of the room is told while it is in, and when it is no more. */
export interface RoomPage {
  shows(everybody: (InRoom & { self: boolean })[]): void;
  /** Another page of the room wants to connect to it, or answers. */
  hears(from: number, signal: Signal): void;
  ends(why: WhyEnded): void;
}

/**
 * Stands in for Jitsi on one machine: checks the token by the facts' table, keeps who is in, and posts
 * presence in the format of Jitsi's event_sync. Who is in is lost with the process, as in Jitsi. Neither
 * sound nor picture goes through it: it helps the browsers to find each other, and they send these straight.
 */
export interface StandInRoom {
  /** Comes in; `key` is what the one who came shows from then on. @param name that their page calls them */
  join(room: string, token: string, name?: string): Promise<{ key: string } | { refused: TokenFault }>;
  leave(room: string, participantId: string): Promise<void>;
  isIn(room: string, participantId: string): boolean;
  /** Leaves as the one with the key; one who is not in stays out. */
  leaveByKey(room: string, key: string): Promise<void>;
  /** A moderator ends it for all; of anybody else it is not heard. */
  endByKey(room: string, key: string): Promise<void>;
  call(room: string, key: string, name: string): void;
  sends(room: string, key: string, sends: Sends): void;
  /** Passes on to the page of one other who is in the same room; what is for nobody there is dropped. */
  signal(room: string, key: string, to: number, signal: Signal): void;
  /**
   * Connects a page, which is in for as long as its connection lasts: null where the key is nobody's, else
   * what to do when it has gone. A page that comes back soon enough has never left.
   */
  connect(room: string, key: string, page: RoomPage): (() => void) | null;
}

const RECONNECT_MS = 3_000;
/** So many signals wait for a page that reconnects; two for each of the others would do. */
const MOST_UNHEARD = 20;

interface Seat extends InRoom {
  key: string;
  /** As the token names staff; null for all others. */
  nameInToken: string | null;
  occupant: Occupant;
  pages: Set<RoomPage>;
  /** What came while no page was connected. */
  unheard: { from: number; signal: Signal }[];
  leaving: NodeJS.Timeout | null;
}

export function createStandInRoom(settings: StandInRoomSettings): StandInRoom {
  const rooms = new Map<string, Map<string, Seat>>();
  const openings = new Map<string, Opening>();
  let lastSeat = 0;
  const seatsOf = (room: string): Seat[] => [...(rooms.get(room)?.values() ?? [])];
  const byKey = (room: string, key: string): Seat | undefined =>
    seatsOf(room).find((seat) => seat.key === key);
  const now = (): number => Math.floor(Date.now() / 1000);
  const tell = (what: 'joined' | 'left', room: string, occupant: Occupant): Promise<void> =>
    tellPresence(settings, room, { event: `occupant/${what}`, inRoom: seatsOf(room).length, occupant });

  async function tellJoined(room: string, occupant: Occupant): Promise<void> {
    const open = openings.get(room);
    const opening = open ?? { created_at: occupant.joined_at, occupants: [] };
    opening.occupants.push(occupant);
    openings.set(room, opening);
    if (!open) await tellPresence(settings, room, { event: 'room/created', opening });
    await tell('joined', room, occupant);
  }

  /** When the last has left the room is closed, and everybody's times are told once more. */
  async function tellLeft(room: string, occupant: Occupant): Promise<void> {
    occupant.left_at = now();
    await tell('left', room, occupant);
    const opening = openings.get(room);
    if (!opening || opening.occupants.some(({ left_at }) => left_at === undefined)) return;
    openings.delete(room);
    await tellPresence(settings, room, { event: 'room/destroyed', opening, destroyed_at: now() });
  }

  function show(room: string): void {
    const seats = seatsOf(room);
    for (const shownTo of seats) {
      const everybody = seats.map(({ participantId, seat, moderator, name, sends }) => ({
        participantId,
        seat,
        moderator,
        name,
        sends,
        self: seat === shownTo.seat,
      }));
      for (const page of shownTo.pages) page.shows(everybody);
    }
  }

  /** What is left of one who is in no more: the pages are told, and no late leaving follows. */
  function clear({ pages, leaving }: Seat, why: WhyEnded): void {
    if (leaving) clearTimeout(leaving);
    for (const page of pages) page.ends(why);
    pages.clear();
  }

  async function leave(room: string, seat: Seat, why: WhyEnded = 'removed'): Promise<void> {
    if (rooms.get(room)?.get(seat.participantId) !== seat) return;
    rooms.get(room)?.delete(seat.participantId);
    clear(seat, why);
    show(room);
    await tellLeft(room, seat.occupant);
  }

  return {
    async join(room, token, name) {
      const holder = await checkToken(settings, room, token);
      if ('fault' in holder) return { refused: holder.fault };
      lastSeat += 1;
      const seat: Seat = {
        ...holder,
        seat: lastSeat,
        name: holder.nameInToken ?? name ?? null,
        // Until their page says so; whom the home page lets in has none.
        sends: { picture: false, sound: false },
        key: randomSecret(),
        occupant: {
          id: holder.participantId,
          occupant_jid: `${room}@conference.${settings.xmppDomain}/${randomBytes(4).toString('hex')}`,
          joined_at: now(),
        },
        pages: new Set(),
        unheard: [],
        leaving: null,
      };
      const before = rooms.get(room)?.get(holder.participantId);
      rooms.set(room, (rooms.get(room) ?? new Map<string, Seat>()).set(holder.participantId, seat));
      if (before) clear(before, 'elsewhere');
      show(room);
      await tellJoined(room, seat.occupant);
      // Who comes in again has reloaded the page: the occupant of before leaves.
      if (before) await tellLeft(room, before.occupant);
      return { key: seat.key };
    },
    async leave(room, participantId) {
      const seat = rooms.get(room)?.get(participantId);
      if (seat) await leave(room, seat);
    },
    isIn: (room, participantId) => rooms.get(room)?.has(participantId) ?? false,
    async leaveByKey(room, key) {
      const seat = byKey(room, key);
      if (seat) await leave(room, seat);
    },
    async endByKey(room, key) {
      if (!byKey(room, key)?.moderator) return;
      for (const seat of seatsOf(room)) await leave(room, seat, 'over');
    },
    call(room, key, name) {
      const seat = byKey(room, key);
      if (!seat) return;
      seat.name = seat.nameInToken ?? name;
      show(room);
    },
    sends(room, key, sends) {
      const seat = byKey(room, key);
      if (!seat) return;
      seat.sends = sends;
      show(room);
    },
    signal(room, key, to, signal) {
      const from = byKey(room, key);
      const other = seatsOf(room).find(({ seat }) => seat === to);
      if (!from || !other) return;
      for (const page of other.pages) page.hears(from.seat, signal);
      if (other.pages.size === 0 && other.unheard.length < MOST_UNHEARD)
        other.unheard.push({ from: from.seat, signal });
    },
    connect(room, key, page) {
      const seat = byKey(room, key);
      if (!seat) return null;
      if (seat.leaving) clearTimeout(seat.leaving);
      seat.pages.add(page);
      show(room);
      for (const { from, signal } of seat.unheard.splice(0)) page.hears(from, signal);
      return () => {
        if (!seat.pages.delete(page) || seat.pages.size > 0) return;
        seat.leaving = setTimeout(() => void leave(room, seat), settings.reconnectMs ?? RECONNECT_MS).unref();
      };
    },
  };
}
