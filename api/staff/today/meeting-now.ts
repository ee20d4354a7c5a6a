import { outcomeOf, type Meeting } from '../../../records/meetings';
import type { WaitAtDoor } from '../../../records/waits';
import { deviceTestOfPatient, type DeviceTest } from '../../../rules/device-test';
import type { FailedTry } from '../../../rules/gates';
import { msOf } from '../../../rules/instant';
import type { MeetingState, Outcome, ParticipantRole } from '../../../rules/meeting';
import type { Stay } from '../../../rules/presence';
import { troubleOf } from '../../../workflows/shared/deliveries';

/** Something that somebody at the clinic should see to, in machine words. */
export type Trouble =
  | 'unclear'
  | 'not-registered'
  | 'consent-refused'
  | 'consent-missing'
  | 'form-missing'
  | 'clinic-not-ready'
  | 'clinic-late'
  | 'cannot-get-in'
  | 'not-reached';

/** How it stands with a meeting now; nothing in it tells whose it is. */
export interface MeetingNow {
  state: MeetingState;
  outcome: Outcome | null;
  /** Who stands at the door and is not in the room, by role, and since when. */
  waits: { role: ParticipantRole; since: string }[];
  /** Who is in the room, each role once. */
  inRoom: ParticipantRole[];
  troubles: Trouble[];
  /** Of the gates: what lacks still is told long before it is a trouble. */
  lacks: { consent: boolean; forms: number };
  /** What the device test of the patient's side came to (R4.5); null where there was none. */
  device: DeviceTest | null;
}

const MINUTE_MS = 60_000;
/** What lacks is a trouble when the patient can hardly be reached in time. */
const SOON_MS = 60 * MINUTE_MS;
/** A try that failed so long ago is no news: who still wants to come in has tried again. */
const TRY_MS = 30 * MINUTE_MS;
/** The kinds of failed tries that somebody can help with by calling. */
const inVain: readonly FailedTry[] = ['technical-fault', 'said-so', 'too-many-requests'];

/**
 * What is read of one meeting's room and door, put together.
 * @param of who stands at its door, and who was in the room of the time that it has now
 */
export function meetingNow(
  meeting: Meeting,
  { waits, stays }: { waits: WaitAtDoor[]; stays: Stay[] },
  now: Date,
): MeetingNow {
  const { course, participants } = meeting;
  const { startVersion } = course.time;
  const present = stays.filter(({ leftAt }) => leftAt === null);
  const isIn = (participantId: string): boolean =>
    present.some((stay) => stay.participantId === participantId);
  const waiting =
    course.state === 'ended'
      ? []
      : waits.filter(
          (wait) =>
            wait.meetingId === meeting.meetingId &&
            wait.startVersion === startVersion &&
            !isIn(wait.participantId) &&
            // One who was taken out of the meeting waits no more.
            participants.some(({ participantId }) => participantId === wait.participantId),
        );
  const inRoom = [...new Set(present.map(({ role }) => role))];
  return {
    state: course.state,
    outcome: outcomeOf(meeting)?.outcome ?? null,
    waits: waiting.map(({ role, since }) => ({ role, since: since.toISOString() })),
    inRoom,
    troubles: troublesOf(meeting, { inRoom, isWaitedFor: waiting.length > 0 }, now),
    lacks: {
      consent: !course.gates.consentGiven,
      forms: course.gates.formsMissing.length,
    },
    device: deviceTestOfPatient(meeting),
  };
}

function troublesOf(
  meeting: Meeting,
  { inRoom, isWaitedFor }: { inRoom: ParticipantRole[]; isWaitedFor: boolean },
  now: Date,
): Trouble[] {
  const { course, facts } = meeting;
  const { gates, time } = course;
  if (course.state === 'ended') {
    return [
      ...(outcomeOf(meeting)?.outcome === 'unclear' ? ['unclear' as const] : []),
      ...(course.registration?.state === 'waiting' ? ['not-registered' as const] : []),
    ];
  }
  const untilStartMs = msOf(time.startAt) - now.getTime();
  const isSoon = untilStartMs <= SOON_MS;
  const isDoorOpen = now.getTime() >= msOf(time.doorOpensAt);
  const clinicIsIn = inRoom.includes('staff');
  const ofThisTime = ({ startVersion }: { startVersion: number }): boolean =>
    startVersion === time.startVersion;
  const failed = (facts.refusals?.refused ?? []).some(
    (tried) =>
      ofThisTime(tried) &&
      tried.role !== 'staff' &&
      tried.reasons.some((reason) => inVain.includes(reason)) &&
      now.getTime() - msOf(tried.lastAt) <= TRY_MS,
  );
  const told = (facts.deliveries?.deliveries ?? []).filter(ofThisTime);
  const found: [Trouble, boolean][] = [
    ['clinic-late', untilStartMs <= 0 && isWaitedFor && !clinicIsIn],
    ['cannot-get-in', failed && !inRoom.some((role) => role !== 'staff')],
    ['clinic-not-ready', isDoorOpen && !course.clinicReady],
    ['consent-refused', gates.consentRefused === true],
    ['consent-missing', isSoon && !gates.consentGiven && gates.consentRefused !== true],
    ['form-missing', isSoon && gates.formsMissing.length > 0],
    ['not-reached', troubleOf(told).states.length > 0],
  ];
  return found.flatMap(([trouble, is]) => (is ? [trouble] : []));
}
