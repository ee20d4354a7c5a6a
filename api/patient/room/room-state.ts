import { isClinicReady } from '../../../use-cases/meeting/readiness';
import type { Records } from '../../../records';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { outcomeOf, type Meeting } from '../../../records/meetings';
import { refusalsAtTheDoor, type Gates } from '../../../rules/gates';
import { msOf, toInstant } from '../../../rules/instant';
import type { BackUpWay } from '../../../rules/meeting';
import { isNearTheDoor } from '../../../rules/tries';
import type { ParticipantRequest } from '../frame/route';

/**
 * What the page at the door shows: the first thing that keeps this person out, or that the way is open (R3.4,
 * R4.6).
 */
export type AtTheDoorNow =
  | { state: 'too-early' | 'cancelled' | 'not-entitled' }
  /** `late`: the time has come, and nobody of the clinic has been in the room. */
  | { state: 'clinic-not-ready' | 'open'; late: boolean }
  /** `clinicAbsent`: it came to nothing since the clinic did not come. */
  | { state: 'ended'; clinicAbsent: boolean }
  | { state: 'to-do'; gates: Gates }
  | { state: 'back-up'; way: BackUpWay | null };

/**
 * How it stands at the door for one who takes part. To look is no try to come in, and leaves nothing behind.
 */
export async function lookAtTheDoor(
  records: Records,
  { meeting, participant, patient }: ParticipantRequest,
  now: Date,
): Promise<AtTheDoorNow> {
  const outcome = outcomeOf(meeting);
  const gates = await gatesOf(records.forms, meeting, patient, now);
  const [before] = refusalsAtTheDoor({
    now: toInstant(now),
    door: { ...meeting.course, outcome: outcome?.outcome ?? null },
    role: participant.role,
    // Both were decided when the page was asked for.
    identityAttested: true,
    entitled: true,
    gates,
    clinicReady: true,
  });
  // The clinic is waited for last: whoever is kept out by something else needs no look whether it is ready.
  const first = before ?? ((await isClinicReady(records.evidence, meeting)) ? undefined : 'clinic-not-ready');
  if (first === undefined) return { state: 'open', late: await isClinicLate(records, meeting, now) };
  switch (first) {
    case 'consent-missing':
    case 'form-missing':
      return { state: 'to-do', gates };
    case 'too-early':
      return gates.consentGiven && gates.formsMissing.length === 0
        ? { state: first }
        : { state: 'to-do', gates };
    case 'login-required':
    case 'not-entitled':
      return { state: 'not-entitled' };
    case 'back-up-routine':
      return { state: 'back-up', way: outcome?.way ?? null };
    case 'cancelled':
      return { state: first };
    case 'ended':
      return { state: first, clinicAbsent: outcome?.outcome === 'clinic-absent' };
    case 'clinic-not-ready':
      return { state: first, late: await isClinicLate(records, meeting, now) };
  }
}

/**
 * Has staff see that somebody stands at the door, and since when. It is no try to come in, and no evidence:
 * those are kept where one logs in or is refused (R5.6).
 */
export async function noteAtDoor(
  { waits }: Pick<Records, 'waits'>,
  { meeting, participant }: ParticipantRequest,
  door: AtTheDoorNow,
  now: Date,
): Promise<void> {
  const { clinicId, meetingId, course } = meeting;
  const isOver = door.state === 'cancelled' || door.state === 'ended' || door.state === 'not-entitled';
  if (isOver || !isNearTheDoor(course.time, toInstant(now))) return;
  const { participantId, role } = participant;
  await waits.seen({ clinicId, meetingId, startVersion: course.time.startVersion, participantId, role }, now);
}

/** The time has come, and nobody of the clinic is in the room, or has been since then. */
async function isClinicLate(
  { evidence }: Pick<Records, 'evidence'>,
  { meetingId, course }: Meeting,
  now: Date,
): Promise<boolean> {
  const { startAt, startVersion } = course.time;
  if (now.getTime() < msOf(startAt)) return false;
  const stays = await evidence.stays(meetingId, startVersion);
  return !stays.some(
    ({ role, leftAt }) => role === 'staff' && (leftAt === null || msOf(leftAt) >= msOf(startAt)),
  );
}

/**
 * Changes when what the page shows does: its script asks for this every few seconds, and for the page only
 * when it differs.
 */
export const doorKey = (
  door: AtTheDoorNow,
  { course, takeOvers = [] }: Pick<Meeting, 'course' | 'takeOvers'>,
): string =>
  [
    course.time.startVersion,
    door.state,
    // Whom one meets is another then (R8.7).
    ...(takeOvers.length > 0 ? [`${takeOvers.length}-taken-over`] : []),
    ...('late' in door && door.late ? ['late'] : []),
    ...(door.state === 'back-up' ? [door.way ?? 'unknown'] : []),
    ...(door.state === 'to-do' ? [String(door.gates.consentGiven), ...door.gates.formsMissing] : []),
  ].join(' ');
