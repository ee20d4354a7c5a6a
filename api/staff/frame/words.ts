import type { CaseState } from '../../../rules/case';
import type { MeetingState, Outcome, ParticipantRole } from '../../../rules/meeting';
import { wording } from '../../frame/wording';

/** What staff read of states and kinds, the same everywhere on the desk. */
export const deskWords = wording({
  sv: {
    states: {
      booked: 'Bokat',
      ready: 'Klart inför mötet',
      'door-open': 'Öppet för insläpp',
      'under-way': 'Pågår',
      ended: 'Avslutat',
    } satisfies Record<MeetingState, string>,
    outcomes: {
      completed: 'Genomfört',
      'no-show': 'Uteblev',
      'cancelled-in-time': 'Avbokat i tid',
      'cancelled-late': 'Sent avbokat',
      'cancelled-by-clinic': 'Avbokat av mottagningen',
      'back-up-routine': 'Enligt reservrutin',
      'clinic-absent': 'Mottagningen kom inte',
      'could-not-start': 'Kunde inte starta',
      unclear: 'Oklart, behöver avgöras',
    } satisfies Record<Outcome, string>,
    participants: {
      patient: 'Patient',
      staff: 'Personal',
      guardian: 'Vårdnadshavare',
      relative: 'Närstående',
      interpreter: 'Tolk',
      guest: 'Gäst',
    } satisfies Record<ParticipantRole, string>,
    caseStates: {
      opened: 'Skickat till patienten',
      'waiting-for-reply': 'Väntar på svar',
      answered: 'Besvarat',
      closed: 'Avslutat, ska dokumenteras',
      documented: 'Dokumenterat, svar saknas',
      ended: 'Klart',
    } satisfies Record<CaseState, string>,
    /** In place of a name (R8.8). */
    protectedData: 'Skyddade personuppgifter',
  },
  en: {
    states: {
      booked: 'Booked',
      ready: 'Ready for the meeting',
      'door-open': 'Open for entry',
      'under-way': 'Under way',
      ended: 'Ended',
    },
    outcomes: {
      completed: 'Completed',
      'no-show': 'No-show',
      'cancelled-in-time': 'Cancelled in time',
      'cancelled-late': 'Cancelled late',
      'cancelled-by-clinic': 'Cancelled by the clinic',
      'back-up-routine': 'By the back-up routine',
      'clinic-absent': 'The clinic did not come',
      'could-not-start': 'Could not start',
      unclear: 'Unclear, to be decided',
    },
    participants: {
      patient: 'Patient',
      staff: 'Staff',
      guardian: 'Guardian',
      relative: 'Relative',
      interpreter: 'Interpreter',
      guest: 'Guest',
    },
    caseStates: {
      opened: 'Sent to the patient',
      'waiting-for-reply': 'Waits for a reply',
      answered: 'Answered',
      closed: 'Closed, to be documented',
      documented: 'Documented, not answered',
      ended: 'Done',
    },
    protectedData: 'Protected personal data',
  },
});

/** A person's name as a list shows it: never of one with protected data (R8.8). */
export const nameInList = (
  person: { protectedIdentity: boolean; personal: { name: string } } | undefined,
  words: (typeof deskWords)['sv'],
): string =>
  person === undefined ? '–' : person.protectedIdentity ? words.protectedData : person.personal.name;
