import { timingSafeEqual } from 'node:crypto';
import express, { type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { reportsRefused } from '../../platform/metrics';
import type { Records } from '../../records';
import { tellFactNow } from '../../use-cases/meeting/facts';
import { saveDoubt } from '../../use-cases/notice/doubtful-outcome';
import type { Meeting } from '../../records/meetings';
import type { Clock } from '../../rules/clock';
import { isBelievedTime, toInstant, type Instant } from '../../rules/instant';
import type { ParticipantRole } from '../../rules/meeting';
import { changesCourse, coverWithoutGap, isAroundPatient } from '../../rules/presence';
import { isInTheFuture } from '../../rules/presence-reports';
import type { TemporalGateway } from '../../temporal/gateway';
import { bearerOf } from '../header-text';

const unixSeconds = z
  .number()
  .positive()
  .transform((seconds) => new Date(seconds * 1000))
  .refine(isBelievedTime);

/** What Jitsi's event_sync plugin posts (facts); it adds fields of its own from time to time. */
const occupantEvent = z.object({
  room_name: z.string().max(128),
  is_breakout: z.boolean().optional(),
  occupant: z.object({
    id: z.string().max(64),
    occupant_jid: z.string().max(300),
    joined_at: unixSeconds.nullish(),
    left_at: unixSeconds.nullish(),
  }),
});
/** Those who were ever in a room, as its end lists them; one without an id came without a token of ours. */
const listedOccupant = z.object({
  id: z.string().max(64).nullish(),
  occupant_jid: z.string().max(300),
  joined_at: unixSeconds.nullish(),
  left_at: unixSeconds.nullish(),
});
const roomEvent = z.object({
  room_name: z.string().max(128),
  is_breakout: z.boolean().optional(),
  created_at: unixSeconds.optional(),
  destroyed_at: unixSeconds.optional(),
  // Lua writes an empty list as an empty object.
  all_occupants: z.union([z.array(listedOccupant), z.object({}).transform(() => [])]).optional(),
});

export interface JitsiHookDeps {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
}

/** What is refused is told in the log at most this often. */
const WARN_EVERY_MS = 60_000;
/** Refused reports whose meeting is looked for, in a minute: whoever has no secret costs us no more. */
const MOST_LOOKUPS_PER_MINUTE = 60;

/**
 * Lets through what carries Jitsi's shared secret. What comes without it is counted and warned of: where the
 * secrets differ nothing else tells. A report that names a meeting's room, which nobody can guess, is a gap
 * in what we know of that meeting (R5.6).
 */
export function onlyJitsi(
  secret: string,
  { records, clock, log }: Pick<JitsiHookDeps, 'records' | 'clock'> & { log: Pick<Logger, 'warn'> },
): RequestHandler {
  const expected = Buffer.from(secret);
  let warnedAt = -Infinity;
  let minute = { at: -Infinity, lookups: 0 };

  /** Notes the meeting that a refused report is of, if it is of one. */
  async function noteMeeting(body: unknown): Promise<void> {
    const now = clock.now();
    if (now.getTime() - minute.at >= 60_000) minute = { at: now.getTime(), lookups: 0 };
    const room = z.object({ room_name: z.string().max(128) }).safeParse(body);
    if (!room.success || minute.lookups >= MOST_LOOKUPS_PER_MINUTE) return;
    minute.lookups += 1;
    const found = await records.meetings.findByRoom(room.data.room_name);
    if (found) await records.gaps.reportsRefused(found.meeting.meetingId, now);
  }

  return (request, response, next) => {
    const given = Buffer.from(bearerOf(request) ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      next();
      return;
    }
    reportsRefused.inc();
    if (performance.now() - warnedAt >= WARN_EVERY_MS) {
      warnedAt = performance.now();
      log.warn(
        'a report to Jitsi’s address came without its secret: is JITSI_EVENTS_SECRET the same on both sides?',
      );
    }
    readRefused(request, response, (unreadable?: unknown) => {
      const noted = unreadable ? Promise.resolve() : noteMeeting(request.body);
      noted.catch((error: unknown) => log.warn({ err: error }, 'a refused report could not be noted'));
      // Refused it is in any case; by now perhaps for a body that came too slowly. Nobody would catch what a
      // second answer throws.
      if (!response.headersSent) response.sendStatus(401);
    });
  };
}
const readRefused = express.json({ limit: '10kb' });

/**
 * Somebody came into a room or left it. The event is stored first. Then the meeting is told to look again.
 * Jitsi, which tries a few times, hears whether both were done.
 */
export function occupantReports(deps: JitsiHookDeps, what: 'joined' | 'left'): RequestHandler {
  const { records, clock } = deps;
  return async (request, response) => {
    const event = occupantEvent.safeParse(request.body);
    if (!event.success) {
      response.sendStatus(400);
      return;
    }
    const { room_name, is_breakout, occupant } = event.data;
    // A side room has no bearing on who came to the meeting.
    if (is_breakout) {
      response.sendStatus(204);
      return;
    }
    const { joined_at, left_at, occupant_jid } = occupant;
    const at = what === 'joined' ? joined_at : left_at;
    if (!at || areInTheFuture(clock, [joined_at, what === 'left' ? left_at : null])) {
      response.sendStatus(400);
      return;
    }
    const found = await records.meetings.findByRoom(room_name);
    const stay = found && stayOf(found, occupant.id);
    if (!stay) {
      response.sendStatus(404);
      return;
    }
    if (what === 'joined') await records.evidence.joined(stay, occupant_jid, toInstant(at));
    else await records.evidence.left(stay, occupant_jid, toInstant(at), instantOf(joined_at));
    await follow(deps, found, [stay.role]);
    response.sendStatus(204);
  };
}

/**
 * A room was closed: who was in it has left. The report lists everybody who ever was, so that what was lost
 * before comes with it.
 */
export function roomDestroyed(deps: JitsiHookDeps): RequestHandler {
  const { records, clock } = deps;
  return async (request, response) => {
    const event = roomEvent.safeParse(request.body);
    if (!event.success) {
      response.sendStatus(400);
      return;
    }
    const { room_name, is_breakout, created_at, destroyed_at, all_occupants: listed } = event.data;
    // Everybody is back in the meeting's own room.
    if (is_breakout) {
      response.sendStatus(204);
      return;
    }
    const destroyedAt = destroyed_at ?? clock.now();
    const times = (listed ?? []).flatMap(({ joined_at, left_at }) => [joined_at, left_at]);
    if (areInTheFuture(clock, [destroyedAt, created_at, ...times])) {
      response.sendStatus(400);
      return;
    }
    const found = await records.meetings.findByRoom(room_name);
    if (!found) {
      response.sendStatus(404);
      return;
    }
    const roles: ParticipantRole[] = [];
    for (const { id, occupant_jid, joined_at, left_at } of listed ?? []) {
      const stay = id ? stayOf(found, id) : null;
      if (!stay) continue;
      const leftAt = toInstant(left_at ?? destroyedAt);
      await records.evidence.left(stay, occupant_jid, leftAt, instantOf(joined_at));
      roles.push(stay.role);
    }
    await records.evidence.roomClosed(found.meeting.meetingId, found.startVersion, {
      createdAt: instantOf(created_at),
      destroyedAt: toInstant(destroyedAt),
      occupants: listed?.map(({ occupant_jid }) => occupant_jid) ?? null,
    });
    await follow(deps, found, roles);
    response.sendStatus(204);
  };
}

const instantOf = (date: Date | null | undefined): Instant | null => (date ? toInstant(date) : null);

const areInTheFuture = (clock: Clock, times: (Date | null | undefined)[]): boolean =>
  times.some((at) => at && isInTheFuture(toInstant(at), toInstant(clock.now())));

/** A room's meeting, and which time of it the room is of. */
interface FoundByRoom {
  meeting: Meeting;
  startVersion: number;
}

/** Whose stay a report is of; null where nobody of that id takes part. */
function stayOf({ meeting, startVersion }: FoundByRoom, participantId: string) {
  const participant = meeting.participants.find((each) => each.participantId === participantId);
  return participant
    ? { meetingId: meeting.meetingId, startVersion, participantId, role: participant.role }
    : null;
}

/** Passes on the news about a room: to a workflow that goes on, or, if a no-show was settled, to staff. */
async function follow(
  deps: JitsiHookDeps,
  { meeting, startVersion }: FoundByRoom,
  roles: ParticipantRole[],
): Promise<void> {
  const { records, clock } = deps;
  const { meetingId, course } = meeting;
  const now = clock.now();
  const stays = await records.evidence.stays(meetingId, startVersion);
  // A report that comes after the outcome was settled can only be looked at by staff.
  if (roles.some(isAroundPatient))
    await saveDoubt(records, { meetingId, startVersion }, 'patient-was-in-the-room', now);
  const clinic = stays.filter(({ role }) => role === 'staff');
  const { startAt, graceEndsAt } = course.time;
  if (course.outcome?.outcome === 'no-show' && !coverWithoutGap(clinic, startAt, graceEndsAt))
    await saveDoubt(records, { meetingId, startVersion }, 'clinic-was-not-there-through', now);
  // What is told of an earlier time changes nothing any more.
  if (startVersion === course.time.startVersion && changesCourse(course, stays, toInstant(now)))
    await tellFactNow(deps, meetingId, 'presence');
}
