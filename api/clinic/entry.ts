import type { z } from 'zod';
import { refusedCommand } from '../../commands/change-meeting';
import { notFound, wrongField } from '../../commands/command';
import { noteRefusedEntry } from '../../commands/tell-meeting';
import { roomEntry, type JitsiSettings } from '../../jitsi/room-token';
import { randomId } from '../../keys/random-id';
import type { Records } from '../../records';
import type { Answer } from '../../records/commands';
import type { RefusedEntry } from '../../records/evidence';
import { gatesOf } from '../../records/gates';
import { keepCourse } from '../../records/keep';
import type { Participant } from '../../records/meetings';
import type { Person } from '../../records/people';
import { isClinicReady } from '../../records/readiness';
import { guardianMayAct } from '../../rules/calendar/age';
import type { Clock } from '../../rules/clock';
import { refusalsAtTheDoor, type EntryRefusal } from '../../rules/gates';
import { toInstant } from '../../rules/instant';
import { TemporalUnavailable, type TemporalGateway } from '../../temporal/gateway';
import type { ClinicRequest } from '../route';
import type { entryBody } from './bodies';

/** What letting people in needs. */
export interface EntryDeps {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
  jitsi: JitsiSettings;
}

/**
 * Lets a participant in, or says every reason why not (R3.4). What the records tell is decided here, so that a refused try
 * leaves no history in the workflow but a piece of evidence (R5.6); then the workflow has the last word on its own state. The
 * token is made afresh each time and never stored.
 */
export const enterMeeting =
  (deps: EntryDeps) =>
  async ({ caller, params, body }: ClinicRequest): Promise<Answer> => {
    const { records, temporal, clock } = deps;
    const { participantId, identityChecked } = body as z.infer<typeof entryBody>;
    const { clinicId, settings } = caller.clinic;
    const now = clock.now();

    const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
    if (!meeting) return notFound('meeting');
    const participant = meeting.participants.find((each) => each.participantId === participantId);
    if (!participant) {
      return wrongField(
        '/body/participantId',
        'unknown-participant',
        'Nobody of that id takes part in this meeting.',
      );
    }
    const patient = await records.people.find(clinicId, meeting.patientId);
    if (!patient) return notFound('person');

    const person =
      participant.personId === null ? null : await records.people.find(clinicId, participant.personId);
    const language = (person ?? patient).language;
    const { course } = meeting;
    const noteRefusal = (reasons: RefusedEntry['reasons']): Promise<void> =>
      noteRefusedEntry(deps, {
        meetingId: meeting.meetingId,
        startVersion: course.time.startVersion,
        participantId,
        role: participant.role,
        reasons,
        at: toInstant(now),
      });
    const refuse = async (reasons: EntryRefusal[]): Promise<Answer> => {
      await noteRefusal(reasons);
      return {
        status: 200,
        body: {
          admitted: false,
          reasons,
          message: reasons.map((reason) => texts[language][reason]).join(' '),
          opensAt: reasons.includes('too-early') ? course.time.doorOpensAt : null,
          support: { supportPhone: settings.supportPhone, clinicPhone: settings.phone },
        },
      };
    };

    const reasons = refusalsAtTheDoor({
      now: toInstant(now),
      door: { ...course, outcome: course.outcome?.outcome ?? null },
      role: participant.role,
      identityAttested: identityChecked !== null,
      entitled:
        isEntitled(participant, person, patient, now) &&
        // Staff come in as themselves: nobody else gets a moderator's token (R4.1, R8.1).
        (participant.role !== 'staff' || participant.staffId === caller.staffId),
      gates: await gatesOf(records.forms, meeting, patient, now),
      clinicReady: await isClinicReady(records.evidence, meeting),
    });
    if (reasons.length > 0) return refuse(reasons);

    const { startVersion, doorClosesAt } = course.time;
    const room = meeting.times.find((time) => time.startVersion === startVersion)?.roomName;
    // The meeting was moved this moment, and its new room is being noted.
    if (!room) return refusedCommand('moved-meanwhile');
    // The first time the workflow has the last word; who was let in before only needs a fresh token.
    const wasLetIn = course.happenings.some(
      (each) =>
        each.what === 'entered' && each.startVersion === startVersion && each.detail === participantId,
    );
    if (!wasLetIn) {
      const answer = await temporal
        .enterMeeting(meeting.meetingId, randomId(), {
          startVersion,
          receivedAt: toInstant(now),
          participantId,
        })
        .catch(async (error: unknown) => {
          // One who stood at the door while we could not open it has tried to come in (R5.6).
          if (error instanceof TemporalUnavailable) await noteRefusal(['technical-fault']);
          throw error;
        });
      if ('refused' in answer) {
        const refused = answer.refused === 'not-running' ? 'ended' : answer.refused;
        return refused === 'too-early' || refused === 'cancelled' || refused === 'ended'
          ? refuse([refused])
          : refusedCommand(refused);
      }
      await keepCourse(records, answer.snapshot, now);
    }
    const { url, token, expiresAt } = await roomEntry(deps.jitsi, {
      room,
      participantId,
      role: participant.role,
      now,
      doorClosesAt: new Date(doorClosesAt),
    });
    return {
      status: 200,
      body: {
        admitted: true,
        room: { url, token, expiresAt: toInstant(expiresAt) },
        support: { supportPhone: settings.supportPhone, clinicPhone: settings.phone },
      },
    };
  };

/** A guardian comes in for a child of at most 12 only; from 13 as an invited guest (R7.1, R7.2). */
function isEntitled({ role }: Participant, person: Person | null, patient: Person, now: Date): boolean {
  if (role === 'guardian' && !guardianMayAct(patient.personal.birthDate, now)) return false;
  // R7.5: the approval by hand that lets a person with protected data in is not built yet, so nobody guesses it.
  return !patient.protectedIdentity && !person?.protectedIdentity;
}

/** In words that a person understands (R3.4). */
const texts: Record<Person['language'], Record<EntryRefusal, string>> = {
  sv: {
    'login-required': 'Du behöver logga in först.',
    'not-entitled': 'Du kan inte vara med i det här mötet. Ring mottagningen om du tror att det är fel.',
    cancelled: 'Mötet är avbokat.',
    ended: 'Mötet är slut.',
    'too-early': 'Dörren har inte öppnat än. Kom tillbaka lite senare.',
    'consent-missing':
      'Du behöver först svara på om mottagningen får se din sjukvårdshistorik och dina läkemedel.',
    'form-missing': 'Du behöver först fylla i formuläret.',
    'clinic-not-ready': 'Mottagningen är inte redo än. Vänta en stund.',
  },
  en: {
    'login-required': 'You need to log in first.',
    'not-entitled': 'You cannot take part in this meeting. Call the clinic if you think that this is wrong.',
    cancelled: 'The meeting is cancelled.',
    ended: 'The meeting is over.',
    'too-early': 'The door is not open yet. Please come back a little later.',
    'consent-missing': 'You first need to answer whether the clinic may see your care history and medicines.',
    'form-missing': 'You first need to fill in the form.',
    'clinic-not-ready': 'The clinic is not ready yet. Please wait a moment.',
  },
};
