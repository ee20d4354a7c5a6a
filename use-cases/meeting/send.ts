import type { Answer, Command } from '../../records/commands';
import { saveMeeting } from '../read-models/meeting-and-invoice';
import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';
import { isCancelled } from '../../rules/gates';
import { msOf, type Instant } from '../../rules/instant';
import type { Changer } from '../../rules/meeting';
import { TemporalUnavailable, type MeetingAnswer } from '../../temporal/gateway';
import type { CommandRefusal } from '../../workflows/meeting/messages';
import { setAtOf } from '../as-received';
import { meetingOf } from '../read-before';
import { notFound, problem, wrongField, type CommandDeps } from '../command';
import { meetingView } from './view';

/** The meeting moved between our reading and the command: read again and decide again, so many times. */
const MOST_ATTEMPTS = 3;

/**
 * Sends a command about one meeting to its workflow, saves the read model that the workflow answers with, and
 * answers with the meeting. So callers read what they have just done (design, decision 1).
 * @param send decides the command against the meeting as it is read, and sends it
 */
export async function changeMeeting(
  deps: Pick<CommandDeps, 'records' | 'clock' | 'readBefore'>,
  { clinicId, params }: Command,
  send: (meeting: Meeting) => Promise<MeetingAnswer | Answer>,
): Promise<Answer> {
  const { records, clock } = deps;
  const meetingId = params.meetingId ?? '';
  for (let attempt = 1; ; attempt += 1) {
    // Where it has moved since the request read it, the workflow says so.
    const meeting =
      attempt === 1
        ? await meetingOf(deps, clinicId, meetingId)
        : await records.meetings.find(clinicId, meetingId);
    if (!meeting) return notFound('meeting');
    const answer = await send(meeting);
    if ('status' in answer) return answer;
    if ('refused' in answer) {
      const { refused } = answer;
      if (refused === 'moved-meanwhile' && attempt < MOST_ATTEMPTS) continue;
      return refusedCommand(refused === 'not-running' ? await whyNotRunning(records, meeting) : refused);
    }
    const saved = await saveMeeting(records, answer.snapshot, clock.now());
    return { status: 200, body: meetingView(saved, clock.now()) };
  }
}

/**
 * A workflow closes only after its last read model is saved: one that has ended since we read the meeting has
 * it there now.
 */
async function whyNotRunning(
  { meetings, commands }: Pick<Records, 'meetings' | 'commands'>,
  { meetingId }: Meeting,
): Promise<'cancelled' | 'ended'> {
  const { course } = await meetings.get(meetingId);
  if (course.state === 'ended') return isCancelled(course.outcome?.outcome ?? null) ? 'cancelled' : 'ended';
  // Its booking is still to be carried out; else nothing that we could wait for would bring the workflow
  // back.
  if (await commands.isBeingMade(meetingId)) throw new TemporalUnavailable('not-running');
  throw new Error('a meeting that is not over has no workflow');
}

/**
 * When the wish was received: as staff state it for a telephone call, else when the call came to us (R1.5,
 * R5.3).
 */
export function timeOfReceipt(command: Command, body: { by: Changer; receivedAt: Instant | null }): Instant {
  // The clinic's own change counts from when it makes it, whatever it states (R5.5).
  return body.by === 'patient' && body.receivedAt !== null ? body.receivedAt : command.receivedAt;
}

/** A stated time of receipt cannot lie before the time that it is about was set (R1.5, R5.3). */
export function receivedBeforeTheTimeWasSet(
  meeting: Meeting,
  startVersion: number,
  stated: Instant | null,
): Answer | null {
  const setAt = setAtOf(meeting, startVersion);
  return stated !== null && setAt !== null && endOfStated(stated) < msOf(setAt)
    ? wrongField('/body/receivedAt', 'before-the-booking', 'The meeting did not have this time yet.')
    : null;
}

/**
 * What is stated to the minute is some time in it, as with a telephone call within the minute of the booking.
 */
const endOfStated = (stated: Instant): number => {
  const ms = msOf(stated);
  return ms % MINUTE_MS === 0 ? ms + MINUTE_MS - 1 : ms;
};
const MINUTE_MS = 60_000;

const refusalTexts: Record<CommandRefusal, string> = {
  cancelled: 'The meeting is cancelled.',
  ended: 'The meeting has ended.',
  'back-up-routine': 'The meeting goes on in another way, by the back-up routine (R4.6).',
  'under-way': 'The meeting is under way.',
  'too-early': 'It is too early for this.',
  'moved-meanwhile': 'The meeting was moved at the same time. Read it again.',
  'moved-too-often': 'The meeting has been moved too many times. Book a new one.',
  overtaken: 'Another change of the meeting came after this one and has been carried out.',
  started: 'The meeting has begun. State its outcome instead.',
  'time-passed': 'The meeting would have ended by now. Choose a later time or a longer duration.',
  'nothing-to-resend': 'That notice has not been given yet, or is being given now.',
  'nothing-to-register': 'What this meeting came to is no visit to register.',
};

/** 409 with the workflow's reason. */
export const refusedCommand = (refusal: CommandRefusal): Answer =>
  problem(409, refusal, refusalTexts[refusal]);
