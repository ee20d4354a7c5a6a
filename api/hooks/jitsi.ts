import { timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Records } from '../../records';
import { keepDoubt } from '../../use-cases/notice/doubtful-outcome';
import type { Meeting } from '../../records/meetings';
import type { Clock } from '../../rules/clock';
import { isBelievedTime, toInstant } from '../../rules/instant';
import { changesCourse, isAroundPatient } from '../../rules/presence';
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
    joined_at: unixSeconds.optional(),
    left_at: unixSeconds.optional(),
  }),
});
const roomEvent = z.object({ room_name: z.string().max(128), destroyed_at: unixSeconds.optional() });

export interface JitsiHookDeps {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
}

/** Lets through what carries Jitsi's shared secret. */
export function onlyJitsi(secret: string): RequestHandler {
  const expected = Buffer.from(secret);
  return (request, response, next) => {
    const given = Buffer.from(bearerOf(request) ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) next();
    else response.sendStatus(401);
  };
}

/**
 * Somebody came into a room or left it. The event is kept first; then the meeting is told to look again, and Jitsi, which
 * tries a few times, hears whether both was done.
 */
export function occupantReports(
  { records, temporal, clock }: JitsiHookDeps,
  what: 'joined' | 'left',
): RequestHandler {
  const tellWorkflow = createTellWorkflow({ records, temporal, clock });
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
    const at = what === 'joined' ? occupant.joined_at : occupant.left_at;
    const found = await records.meetings.findByRoom(room_name);
    const participant = found?.meeting.participants.find((each) => each.participantId === occupant.id);
    if (!found || !participant || !at) {
      response.sendStatus(at ? 404 : 400);
      return;
    }
    const stay = {
      meetingId: found.meeting.meetingId,
      startVersion: found.startVersion,
      participantId: participant.participantId,
      role: participant.role,
    };
    await records.evidence[what](stay, occupant.occupant_jid, toInstant(at));
    // A report that comes after the outcome was settled can only be looked at by staff.
    if (isAroundPatient(stay.role)) await keepDoubt(records, stay, 'patient-was-in-the-room', clock.now());
    await tellWorkflow(found);
    response.sendStatus(204);
  };
}

/** A room was closed: who was in it has left. */
export function roomDestroyed({ records, temporal, clock }: JitsiHookDeps): RequestHandler {
  const tellWorkflow = createTellWorkflow({ records, temporal, clock });
  return async (request, response) => {
    const event = roomEvent.safeParse(request.body);
    if (!event.success) {
      response.sendStatus(400);
      return;
    }
    const found = await records.meetings.findByRoom(event.data.room_name);
    if (!found) {
      response.sendStatus(404);
      return;
    }
    const { meetingId } = found.meeting;
    await records.evidence.everybodyLeft(
      meetingId,
      found.startVersion,
      toInstant(event.data.destroyed_at ?? clock.now()),
    );
    await tellWorkflow(found);
    response.sendStatus(204);
  };
}

/** Tells the workflow to look again where what is now known of the room can change its course. */
const createTellWorkflow =
  ({ records, temporal, clock }: JitsiHookDeps) =>
  async ({ meeting, startVersion }: { meeting: Meeting; startVersion: number }): Promise<void> => {
    const { meetingId, course } = meeting;
    if (startVersion < course.time.startVersion) return;
    const stays = await records.evidence.stays(meetingId, startVersion);
    if (changesCourse(course, stays, toInstant(clock.now())))
      await temporal.nudgeMeeting(meetingId, 'presence');
  };
