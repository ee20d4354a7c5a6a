import { createHash } from 'node:crypto';
import type { Records } from '../../../records';
import type { Confirmation } from '../../../records/evidence';
import { outcomeOf, type Meeting, type Participant } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import type { Whereabouts } from '../../../records/whereabouts';
import { doorRefusal, type FailedTry } from '../../../rules/gates';
import { msOf, toInstant, type Instant } from '../../../rules/instant';
import type { BackUpWay, ParticipantRole } from '../../../rules/meeting';
import { rememberedRoom, type RememberedRoom } from '../../../use-cases/meeting/remembered-room';
import { isKeptOut } from '../../../rules/calendar/guardian';
import { isEntitled } from '../../../use-cases/meeting/enter';

/** One who takes part, and where they are. */
export interface RoomPerson {
  participantId: string;
  role: ParticipantRole;
  isIn: boolean;
  /** May not take part (any more), also while in the room: Jitsi lets them stay by the token that they have (R7.3). */
  isKeptOut: boolean;
  /** Stands at the door, since when; null for one who does not, or is in. */
  waitsSince: string | null;
  /** The last try that failed, of the time that the meeting has now. */
  failed: { reason: FailedTry; at: Instant } | null;
}

/** How it stands with the room of a meeting: what staff see, and no name. */
export interface RoomNow {
  /** What keeps staff out, or that they may enter; `protected`: the clinic has to let them in by hand (R7.5). */
  door:
    | { state: 'too-early' | 'cancelled' | 'ended' | 'no-part' | 'protected' | 'may-enter' }
    | { state: 'back-up'; way: BackUpWay | null };
  people: RoomPerson[];
  /** What staff have confirmed of this time (R4.7). */
  confirmed: { beforeOpening: Confirmation | null; atStart: Confirmation | null };
  /** Changes when any of it does. */
  key: string;
}

/** The one of the staff who take part that this member is; null for one who takes none. */
export const ownPart = ({ participants }: Meeting, { staffIds }: StaffMember): Participant | null =>
  participants.find(({ staffId }) => staffId !== null && staffIds.includes(staffId)) ?? null;

/** How it stands; to look is no try to come in, and leaves nothing behind. */
export async function lookAtRoom(
  { evidence, waits }: Pick<Records, 'evidence' | 'waits'>,
  { meeting, own, patient }: { meeting: Meeting; own: Participant | null; patient: Person },
  now: Date,
): Promise<RoomNow> {
  const { meetingId, participants, course, corrections } = meeting;
  const { startVersion } = course.time;
  const [stays, atDoor, refused, confirmations] = await Promise.all([
    evidence.stays(meetingId, startVersion),
    waits.ofParticipants(
      participants.map(({ participantId }) => participantId),
      now,
    ),
    evidence.refusedEntries(meetingId),
    evidence.confirmations(meetingId),
  ]);
  const people = participants.map((participant): RoomPerson => {
    const { participantId, role } = participant;
    const isIn = stays.some((stay) => stay.participantId === participantId && stay.leftAt === null);
    const wait = atDoor.find(
      (each) => each.participantId === participantId && each.startVersion === startVersion,
    );
    return {
      participantId,
      role,
      isIn,
      isKeptOut: isKeptOut(patient, participant, now),
      waitsSince: wait && !isIn && course.state !== 'ended' ? wait.since.toISOString() : null,
      failed: isIn
        ? null
        : lastFailed(
            refused.filter((each) => each.participantId === participantId),
            startVersion,
          ),
    };
  });
  const confirmed = (moment: Confirmation['moment']): Confirmation | null =>
    confirmations.find((each) => each.moment === moment && each.startVersion === startVersion) ?? null;
  const door = doorOf(meeting, own, patient, now);
  const known = {
    door,
    people,
    confirmed: { beforeOpening: confirmed('before-opening'), atStart: confirmed('at-start') },
  };
  const key = createHash('sha256')
    .update(JSON.stringify([known, course.version, course.state, startVersion, corrections.length]))
    .digest('base64url')
    .slice(0, 12);
  return { ...known, key };
}

function doorOf(meeting: Meeting, own: Participant | null, patient: Person, now: Date): RoomNow['door'] {
  const outcome = outcomeOf(meeting);
  const refusal = doorRefusal(toInstant(now), { ...meeting.course, outcome: outcome?.outcome ?? null });
  if (refusal === 'back-up-routine') return { state: 'back-up', way: outcome?.way ?? null };
  if (refusal === 'cancelled' || refusal === 'ended') return { state: refusal };
  if (own === null) return { state: 'no-part' };
  if (!isEntitled(own, null, patient, now)) return { state: 'protected' };
  return { state: refusal ?? 'may-enter' };
}

/** Of somebody’s tries the last one that failed: a login is a sign that they tried, and no failure. */
function lastFailed(
  tries: { startVersion: number; reasons: (FailedTry | 'logged-in')[]; at: Instant }[],
  startVersion: number,
): RoomPerson['failed'] {
  const failed = tries
    .filter((each) => each.startVersion === startVersion)
    .flatMap(({ reasons, at }) =>
      reasons.flatMap((reason) =>
        reason === 'logged-in' || reason === 'login-begun' ? [] : [{ reason, at }],
      ),
    );
  return failed.reduce<RoomPerson['failed']>(
    (last, each) => (last !== null && msOf(last.at) > msOf(each.at) ? last : each),
    null,
  );
}

/** All that a page of the room shows. */
export interface RoomView {
  meeting: Meeting;
  own: Participant | null;
  patient: Person;
  room: RoomNow;
  whereabouts: Whereabouts | null;
  /** The room that the reader has confirmed today, where this one is still to be confirmed (R4.7). */
  remembered: RememberedRoom | null;
}

/** @param now for what is erased when the meeting ends (R4.8) */
export async function viewRoom(
  records: Pick<Records, 'evidence' | 'waits' | 'people' | 'whereabouts'>,
  meeting: Meeting,
  member: StaffMember,
  now: Date,
): Promise<RoomView> {
  const { meetingId, clinicId, patientId, course } = meeting;
  const patient = await records.people.find(clinicId, patientId);
  if (!patient) throw new Error('a meeting without its patient');
  const own = ownPart(meeting, member);
  const [room, whereabouts, remembered] = await Promise.all([
    lookAtRoom(records, { meeting, own, patient }, now),
    course.state === 'ended' ? null : records.whereabouts.read(meetingId, course.time.startVersion, now),
    course.state === 'ended' || course.clinicReady || own === null
      ? null
      : rememberedRoom(records.evidence, member, now),
  ]);
  return { meeting, own, patient, room, whereabouts, remembered };
}
