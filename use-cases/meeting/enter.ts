import { noteRefusedEntry } from '../notice/nudge';
import { roomEntry, type JitsiSettings, type RoomEntry } from '../../jitsi/room-token';
import { randomId } from '../../platform/keys/random-id';
import type { Records } from '../../records';
import type { RefusedEntry } from '../../records/evidence';
import { gatesOf } from './gates';
import { saveMeeting } from '../read-models/meeting-and-invoice';
import { shownStaffOf } from '../staff/shown';
import { outcomeOf, type Meeting, type Participant } from '../../records/meetings';
import type { Person } from '../../records/people';
import { isClinicReady } from './readiness';
import { guardianActsUntil } from '../../rules/calendar/age';
import { isKeptOut } from '../../rules/calendar/guardian';
import type { Clock } from '../../rules/clock';
import { refusalsAtTheDoor, type EntryRefusal } from '../../rules/gates';
import { toInstant, type Instant } from '../../rules/instant';
import type { BackUpWay } from '../../rules/meeting';
import { TemporalUnavailable, type TemporalGateway } from '../../temporal/gateway';
import type { CommandRefusal } from '../../workflows/meeting/messages';

/** What letting people in needs. */
export interface EntryDeps {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
  jitsi: JitsiSettings;
}

/** Who stands at the door of which meeting, and how that is known. */
export interface AtTheDoor {
  meeting: Meeting;
  participant: Participant;
  /** The record of the participant; null for staff, and for one whose invitation nobody has claimed yet. */
  person: Person | null;
  patient: Person;
  /** The person has logged in, or staff attest who it is. */
  identityAttested: boolean;
  /** The member of staff who acts, if one does: staff come in as themselves only. */
  actingStaffId: string | null;
}

/**
 * What came of it. `conflict`: the meeting is being changed this moment, and the same try may succeed right
 * after.
 */
export type EntryDecision =
  | { kind: 'admitted'; room: RoomEntry }
  | { kind: 'refused'; reasons: EntryRefusal[]; opensAt: Instant | null; way: BackUpWay | null }
  | { kind: 'conflict'; refusal: CommandRefusal };

/**
 * Lets a participant in, or says every reason why not (R3.4). The caller may be staff through the clinic's
 * API, or the person who has logged in.
 *
 * It decides first by the records, so that a refused try leaves no history in the workflow but a piece of
 * evidence (R5.6). Then the workflow has the last word on its own state. The token is made each time and
 * never stored.
 * @throws TemporalUnavailable when it does not answer; the try is kept as evidence
 */
export async function letIn(deps: EntryDeps, atTheDoor: AtTheDoor): Promise<EntryDecision> {
  const { records, temporal, clock } = deps;
  const { meeting, participant, person, patient, identityAttested, actingStaffId } = atTheDoor;
  const { course } = meeting;
  const { participantId } = participant;
  const now = clock.now();
  const outcome = outcomeOf(meeting);

  const noteRefusal = (reasons: RefusedEntry['reasons']): Promise<void> =>
    noteRefusedEntry(deps, {
      meetingId: meeting.meetingId,
      startVersion: course.time.startVersion,
      participantId,
      role: participant.role,
      reasons,
      at: toInstant(now),
    });
  const refuse = async (reasons: EntryRefusal[]): Promise<EntryDecision> => {
    await noteRefusal(reasons);
    return {
      kind: 'refused',
      reasons,
      opensAt: reasons.includes('too-early') ? course.time.doorOpensAt : null,
      way: reasons.includes('back-up-routine') ? (outcome?.way ?? null) : null,
    };
  };

  const reasons = refusalsAtTheDoor({
    now: toInstant(now),
    door: { ...course, outcome: outcome?.outcome ?? null },
    role: participant.role,
    identityAttested,
    entitled:
      isEntitled(participant, person, patient, now) &&
      // Staff come in as themselves: nobody else gets a moderator's token (R4.1, R8.1).
      (participant.role !== 'staff' || (actingStaffId !== null && participant.staffId === actingStaffId)),
    gates: await gatesOf(records.forms, meeting, patient, now),
    clinicReady: await isClinicReady(records.evidence, meeting),
  });
  if (reasons.length > 0) return refuse(reasons);

  const { startVersion, doorClosesAt } = course.time;
  const room = meeting.times.find((time) => time.startVersion === startVersion)?.roomName;
  // The meeting was moved this moment, and its new room is being noted.
  if (!room) return { kind: 'conflict', refusal: 'moved-meanwhile' };
  // The first time the workflow has the last word; who was let in before only needs a fresh token.
  const wasLetIn = course.happenings.some(
    (each) => each.what === 'entered' && each.startVersion === startVersion && each.detail === participantId,
  );
  if (!wasLetIn) {
    const answer = await temporal
      .enterMeeting(meeting.meetingId, randomId(), {
        startVersion,
        receivedAt: toInstant(now),
        participantId,
      })
      .then(async (answered) => {
        // What is over in the records is over; else its workflow is away, which is no reason to refuse
        // anybody.
        if ('refused' in answered && answered.refused === 'not-running' && !(await isOver(records, meeting)))
          throw new TemporalUnavailable('not-running', 'workflows');
        return answered;
      })
      .catch(async (error: unknown) => {
        // One who stood at the door while we could not open it has tried to come in (R5.6), whoever's fault it
        // was.
        await noteRefusal(['technical-fault']);
        throw error;
      });
    if ('refused' in answer) {
      const refused = answer.refused === 'not-running' ? 'ended' : answer.refused;
      return refused === 'too-early' ||
        refused === 'cancelled' ||
        refused === 'ended' ||
        refused === 'back-up-routine'
        ? refuse([refused])
        : { kind: 'conflict', refusal: refused };
    }
    await saveMeeting(records, answer.snapshot, now);
  }
  return {
    kind: 'admitted',
    room: await roomEntry(deps.jitsi, {
      room,
      participantId,
      role: participant.role,
      now,
      doorClosesAt: new Date(doorClosesAt),
      notAfter: participant.role === 'guardian' ? guardianActsUntil(patient.personal.birthDate) : null,
      shownName: await shownNameOf(records, meeting, participant),
    }),
  };
}

/** The name that patients see a member of staff by (R8.7); null for everybody else. */
async function shownNameOf(
  records: Pick<Records, 'staff'>,
  { clinicId }: Meeting,
  { staffId }: Participant,
): Promise<string | null> {
  if (staffId === null) return null;
  return (await shownStaffOf(records, clinicId, [staffId])).get(staffId) ?? null;
}

const isOver = async ({ meetings }: Pick<Records, 'meetings'>, { meetingId }: Meeting): Promise<boolean> =>
  (await meetings.get(meetingId)).course.state === 'ended';

/**
 * A guardian comes in for a child of at most 12 only; from 13 as an invited guest (R7.1, R7.2). Whom staff have
 * stopped does not come in at all (R7.3).
 */
export function isEntitled(
  participant: Participant,
  person: Person | null,
  patient: Person,
  now: Date,
): boolean {
  if (isKeptOut(patient, participant, now)) return false;
  // R7.5: the approval by hand that lets a person with protected data in is not built yet, so nobody guesses
  // it.
  return !patient.protectedIdentity && !person?.protectedIdentity;
}
