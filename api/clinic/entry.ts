import type { z } from 'zod';
import { refusedCommand } from '../../use-cases/meeting/send';
import { notFound, wrongField } from '../../use-cases/command';
import { meetingOf } from '../../use-cases/read-before';
import type { Answer } from '../../records/commands';
import type { Person } from '../../records/people';
import type { EntryRefusal } from '../../rules/gates';
import { toInstant } from '../../rules/instant';
import type { BackUpWay } from '../../rules/meeting';
import { letIn, type EntryDeps } from '../../use-cases/meeting/enter';
import type { ClinicRequest } from '../route';
import type { entryBody } from './bodies';

/**
 * Staff ask for somebody to be let in, and attest who it is: the room and a token, or every reason why not
 * (R3.4).
 */
export const enterMeeting =
  (deps: EntryDeps) =>
  async ({ caller, params, body, read: readBefore }: ClinicRequest): Promise<Answer> => {
    const { records } = deps;
    const { participantId, identityChecked } = body as z.infer<typeof entryBody>;
    const { clinicId, settings } = caller.clinic;

    const meeting = await meetingOf({ records, readBefore }, clinicId, params.meetingId ?? '');
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

    const decision = await letIn(deps, {
      meeting,
      participant,
      person,
      patient,
      identityAttested: identityChecked !== null,
      actingStaffId: caller.staffId,
    });
    const support = { supportPhone: settings.supportPhone, clinicPhone: settings.phone };
    switch (decision.kind) {
      case 'admitted': {
        const { url, token, expiresAt } = decision.room;
        return {
          status: 200,
          body: { admitted: true, room: { url, token, expiresAt: toInstant(expiresAt) }, support },
        };
      }
      case 'refused': {
        const { reasons, opensAt, way } = decision;
        const { language } = person ?? patient;
        const words = texts[language];
        const message = [
          ...reasons.map((reason) => words[reason]),
          ...(way ? [ways[language][way]] : []),
        ].join(' ');
        return {
          status: 200,
          body: { admitted: false, reasons, message, opensAt, ...(way ? { way } : {}), support },
        };
      }
      case 'conflict':
        return refusedCommand(decision.refusal);
    }
  };

/** In words that a person understands (R3.4). */
const texts: Record<Person['language'], Record<EntryRefusal, string>> = {
  sv: {
    'login-required': 'Du behöver logga in först.',
    'not-entitled': 'Du kan inte vara med i det här mötet. Ring mottagningen om du tror att det är fel.',
    cancelled: 'Mötet är avbokat.',
    ended: 'Mötet är slut.',
    'back-up-routine': 'Mötet fortsätter på ett annat sätt.',
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
    'back-up-routine': 'The meeting goes on in another way.',
    'too-early': 'The door is not open yet. Please come back a little later.',
    'consent-missing': 'You first need to answer whether the clinic may see your care history and medicines.',
    'form-missing': 'You first need to fill in the form.',
    'clinic-not-ready': 'The clinic is not ready yet. Please wait a moment.',
  },
};

/** How the meeting goes on (R4.6). */
const ways: Record<Person['language'], Record<BackUpWay, string>> = {
  sv: {
    telephone: 'Mottagningen ringer dig.',
    'text-thread': 'Mottagningen skriver till dig.',
    'video-telephony': 'Mottagningen ringer dig med videotelefoni.',
    'physical-visit': 'Du kommer till mottagningen.',
  },
  en: {
    telephone: 'The clinic calls you.',
    'text-thread': 'The clinic writes to you.',
    'video-telephony': 'The clinic calls you by video telephony.',
    'physical-visit': 'You come to the clinic.',
  },
};
