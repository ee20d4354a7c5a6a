import { msOf, type Instant } from './instant';
import type { ParticipantRole } from './meeting';
import type { Stay } from './presence';

/** What one report says of one connection of a participant to the room; null for what it does not say. */
export interface OccupantReport {
  /** Means this connection and no other: who reconnects is a new one. */
  occupant: string;
  participantId: string;
  role: ParticipantRole;
  joinedAt: Instant | null;
  leftAt: Instant | null;
}

/** A room was closed; Jitsi may open it again under the same name. */
export interface RoomEndReport {
  /** When this opening of the room began; null where that was not told. */
  createdAt: Instant | null;
  destroyedAt: Instant;
  /** The connections that were ever in this opening of the room; null where they were not told. */
  occupants: string[] | null;
}

/** Jitsi's clock may be ahead of ours by this many seconds; a later time is none (ours). */
export const PRESENCE_CLOCK_TOLERANCE_SECONDS = 30;

/** Whether a reported time lies in the future, so that it cannot be true. */
export const isInTheFuture = (at: Instant, now: Instant): boolean =>
  msOf(at) > msOf(now) + PRESENCE_CLOCK_TOLERANCE_SECONDS * 1000;

/**
 * Rebuilds who was in the room and when, from all that was told of it (R5.6). Only the reported times count:
 * reports come late, more than once, in any order, or never. A stay never ends before it begins.
 *
 * - The first of the times at which a connection came is when it came. Without any, its first end is both: it
 *   was there for a moment.
 * - A stay ends at the connection's first reported end after that; where none was told, when its room was
 *   closed.
 */
export function staysFrom(reports: OccupantReport[], roomEnds: RoomEndReport[]): Stay[] {
  const byOccupant = new Map<string, OccupantReport[]>();
  for (const report of reports)
    byOccupant.set(report.occupant, [...(byOccupant.get(report.occupant) ?? []), report]);
  return [...byOccupant]
    .flatMap(([occupant, told]) => staysOf(occupant, told, roomEnds))
    .sort((a, b) => msOf(a.joinedAt) - msOf(b.joinedAt));
}

function staysOf(occupant: string, told: OccupantReport[], roomEnds: RoomEndReport[]): Stay[] {
  const { participantId, role } = told[0]!;
  const joins = inOrder(told.map(({ joinedAt }) => joinedAt));
  // Where a clock was set back meanwhile the end can stand before the beginning: they have left all the same.
  const ends = inOrder(
    told.map(({ joinedAt, leftAt }) => (leftAt === null ? null : later(joinedAt, leftAt))),
  );
  const stays: Stay[] = [];
  let next = joins[0] ?? ends[0];
  while (next !== undefined) {
    const joinedAt: Instant = next;
    const leftAt =
      ends.find((end) => msOf(end) >= msOf(joinedAt)) ?? roomEndOf(occupant, joinedAt, roomEnds) ?? null;
    stays.push({ participantId, role, joinedAt, leftAt });
    next = leftAt === null ? undefined : joins.find((join) => msOf(join) > msOf(leftAt));
  }
  return stays;
}

/** When the room was closed that the connection had come into. */
function roomEndOf(occupant: string, joinedAt: Instant, roomEnds: RoomEndReport[]): Instant | undefined {
  const closed = roomEnds.filter(({ createdAt, destroyedAt, occupants }) => {
    if (createdAt !== null && msOf(createdAt) > msOf(joinedAt)) return false;
    // One who came in the second in which a room was closed that they are not named of has come into the next
    // one.
    return occupants === null || occupants.includes(occupant)
      ? msOf(destroyedAt) >= msOf(joinedAt)
      : msOf(destroyedAt) > msOf(joinedAt);
  });
  return inOrder(closed.map(({ destroyedAt }) => destroyedAt))[0];
}

const later = (one: Instant | null, other: Instant): Instant =>
  one !== null && msOf(one) > msOf(other) ? one : other;

const inOrder = (times: (Instant | null)[]): Instant[] =>
  times.filter((at): at is Instant => at !== null).sort((a, b) => msOf(a) - msOf(b));
