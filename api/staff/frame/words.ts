import type { FeeKind, Payer } from '../../../rules/fee';
import type { InvoiceState } from '../../../rules/invoice';
import type { CaseState } from '../../../rules/case';
import type { MeetingState, Outcome, ParticipantRole } from '../../../rules/meeting';
import type { TaskKind, TaskState } from '../../../rules/tasks';
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
    /** What is to be done, as the name of a task. */
    tasks: {
      'nobody-reached': 'Nå patienten: inget meddelande har kommit fram',
      'consent-refused': 'Erbjud annan vård: patienten har sagt nej till samtycke',
      'approve-participant': 'Godkänn en deltagare',
      'clinic-not-ready': 'Bekräfta att rummet är klart',
      'clinic-absent': 'Ring eller skriv: mottagningen kom inte till mötet',
      'unclear-outcome': 'Avgör vad mötet blev',
      'doubtful-outcome': 'Se över ett uteblivet besök',
      'approve-invoice': 'Avgör en faktura',
      'invoice-refused': 'Faktureringen har nekat en faktura',
      'credit-refused': 'Faktureringen har nekat en kreditering',
      'billing-silent': 'Faktureringen har inte svarat',
      'objection-after-issue': 'Patienten invänder mot en faktura som har gått ut',
      'register-visit': 'Registrera besöket',
      'reply-due': 'Svara på ett meddelande',
      'message-lost': 'Ett meddelande har gått förlorat',
      'not-carried-out': 'Något som var mottaget blev inte gjort',
      'document-contact': 'Dokumentera kontakten',
      'meeting-taken-over': 'Se över ett möte som någon har tagit över',
    } satisfies Record<TaskKind, string>,
    taskStates: {
      open: 'Att göra',
      done: 'Klar',
      withdrawn: 'Behövs inte längre',
    } satisfies Record<TaskState, string>,
    invoiceStates: {
      'nothing-to-charge': 'Inget att ta betalt för',
      proposed: 'Föreslagen',
      withdrawn: 'Tillbakadragen',
      waived: 'Tas inte ut',
      'handed-over': 'Hos faktureringen',
      refused: 'Nekad av faktureringen',
      issued: 'Utfärdad',
      crediting: 'Kreditering begärd',
      credited: 'Krediterad',
    } satisfies Record<InvoiceState, string>,
    fees: {
      'visit-fee': 'Patientavgift',
      'missed-visit-fee': 'Avgift för uteblivet besök eller sent återbud',
      none: 'Ingen avgift',
    } satisfies Record<FeeKind, string>,
    payers: {
      patient: 'Patienten',
      guardian: 'Vårdnadshavaren',
      'staff-decides': 'Ska avgöras av er',
    } satisfies Record<Payer, string>,
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
    tasks: {
      'nobody-reached': 'Reach the patient: no message has arrived',
      'consent-refused': 'Offer other care: the patient has refused consent',
      'approve-participant': 'Approve a participant',
      'clinic-not-ready': 'Confirm that the room is ready',
      'clinic-absent': 'Call or write: the clinic did not come to the meeting',
      'unclear-outcome': 'Decide what the meeting came to',
      'doubtful-outcome': 'Look again at a no-show',
      'approve-invoice': 'Decide an invoice',
      'invoice-refused': 'Billing has refused an invoice',
      'credit-refused': 'Billing has refused to credit an invoice',
      'billing-silent': 'Billing has not answered',
      'objection-after-issue': 'The patient objects to an invoice that has gone out',
      'register-visit': 'Register the visit',
      'reply-due': 'Reply to a message',
      'message-lost': 'A message was lost',
      'not-carried-out': 'Something that was received was not done',
      'document-contact': 'Document the contact',
      'meeting-taken-over': 'Look at a meeting that somebody took over',
    },
    taskStates: { open: 'To do', done: 'Done', withdrawn: 'Not needed any more' },
    invoiceStates: {
      'nothing-to-charge': 'Nothing to charge',
      proposed: 'Proposed',
      withdrawn: 'Withdrawn',
      waived: 'Waived',
      'handed-over': 'With billing',
      refused: 'Refused by billing',
      issued: 'Issued',
      crediting: 'Being credited',
      credited: 'Credited',
    },
    fees: {
      'visit-fee': 'Patient fee',
      'missed-visit-fee': 'Fee for a missed visit or a late cancellation',
      none: 'No fee',
    },
    payers: { patient: 'The patient', guardian: 'The guardian', 'staff-decides': 'You decide' },
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
