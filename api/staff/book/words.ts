import type { Language, ReminderKind } from '../../../rules/notices';
import type { SuitabilityQuestion } from '../../../rules/suitability';
import { byKey, wording } from '../../frame/wording';
import { timeProblemWords } from '../frame/which-time';
import type { BookingProblem } from './typed';

/** What the pages of a booking say, where more than one of them does. */
export const bookWords = wording({
  sv: {
    title: 'Boka möte',
    born: (day: string, age: number) => `Född ${day} (${age} år)`,
    date: 'Dag',
    clock: 'Klockslag',
    time: 'Tid',
    minutes: (count: number) => `${count} minuter`,
    contact: 'Slag av kontakt',
    contacts: byKey({
      visit: 'Besök',
      video: 'Videobesök',
      telephone: 'Telefonkontakt',
      text: 'Skriftlig kontakt',
    }),
    staff: 'Personal',
    others: 'Fler som deltar',
    forms: 'Formulär som ska fyllas i',
    interpreter: 'Tolk behövs',
    agreed: 'Tiden är överenskommen med patienten',
    toldOfFee: 'Patienten har fått veta vad ett uteblivet besök kostar',
    correspondsToVisit: 'Motsvarar ett fysiskt besök',
    reference: 'Er egen referens',
    noticeHours: 'Annan tid för avbokning, i timmar',
    unnamed: 'utan namn än',
    suits: {
      'physical-meeting-not-required': 'Går det utan fysiskt möte, enligt lag och aktuell kunskap?',
      'adapted-to-the-person': 'Är ett digitalt möte anpassat till patientens behov och förutsättningar?',
      'enough-known': 'Vet ni tillräckligt om hälsotillstånd och sjukdomshistoria?',
      'follow-up-possible': 'Går det att följa upp och samordna med andra?',
      'child-needs-met': 'Tillgodoses barnets behov i mötet?',
      'child-can-be-examined': 'Kan barnet undersökas tillräckligt?',
      'child-protected': 'Är barnets rätt till skydd och integritet säkrad?',
      'maturity-assessed': 'Är barnets mognad bedömd, så att ett digitalt möte passar?',
      'able-to-take-part': 'Kan barnet delta i ett digitalt möte?',
    } satisfies Record<SuitabilityQuestion, string>,
    problems: {
      ...timeProblemWords.sv,
      'in-the-past': 'Tiden har redan varit. Välj en tid som kommer.',
      'too-far-ahead': 'Tiden är mer än två år bort. Kontrollera året.',
      missing: 'Välj ett alternativ.',
      wrong: 'Det stämmer inte. Kontrollera det.',
      'no-staff': 'Välj vem ur personalen som ska ha mötet.',
      'no-interpreter': 'Tolk behövs: lägg till tolken. Det går bra utan namn.',
      'person-twice': 'Samma person kan bara delta en gång.',
      'guardian-stopped':
        'Personen är stoppad som vårdnadshavare för patienten, och kan inte delta. Ta bort personen.',
      unknown: 'Det finns inte på mottagningen längre. Välj på nytt.',
      'answer-missing': 'Svara på frågan.',
      'not-suitable': 'Ett nej betyder att ett digitalt möte inte passar. Erbjud annan vård.',
      'no-role': 'Välj vem det är.',
      'no-number': 'Skriv personnumret. Bara tolk och gäst kan bjudas in utan namn.',
      number: 'Personnumret stämmer inte. Skriv det som ÅÅÅÅMMDD-NNNN.',
      'not-here': 'Ingen på mottagningen har det numret. Lägg till personen först.',
      'not-added': 'Tryck på Lägg till för den som du har valt, eller välj Ingen mer och töm personnumret.',
      'too-many': 'Högst 20 kan delta.',
    } satisfies Record<BookingProblem, string>,
    /** At fields whose words are another for the same fault. */
    wrongAt: byKey({
      duration: 'Skriv antalet minuter, 1–480.',
      noticeHours: 'Skriv antalet timmar, 0–336.',
      reference:
        'Skriv högst 64 tecken: bokstäver a–z, siffror och . _ : / - utan mellanslag. Aldrig ett personnummer.',
    }),
    notices: {
      booking: 'Besked om tiden',
      morning: 'Påminnelse samma dag',
      soon: 'Påminnelse strax före',
      start: 'När mötet börjar, om patienten inte redan är inne',
    } satisfies Record<ReminderKind | 'booking', string>,
    sameTime: 'Patienten har ett annat möte samtidigt',
    sameTimeLink: 'Se det andra mötet',
  },
  en: {
    title: 'Book a meeting',
    born: (day, age) => `Born ${day} (${age} years)`,
    date: 'Day',
    clock: 'Clock time',
    time: 'Time',
    minutes: (count) => `${count} minutes`,
    contact: 'Kind of contact',
    contacts: {
      visit: 'Visit',
      video: 'Video visit',
      telephone: 'Telephone contact',
      text: 'Written contact',
    },
    staff: 'Staff',
    others: 'Others who take part',
    forms: 'Forms to be filled in',
    interpreter: 'An interpreter is needed',
    agreed: 'The time is agreed with the patient',
    toldOfFee: 'The patient was told what a missed visit costs',
    correspondsToVisit: 'Corresponds to a physical visit',
    reference: 'Your own reference',
    noticeHours: 'Another cancellation notice, in hours',
    unnamed: 'without a name yet',
    suits: {
      'physical-meeting-not-required': 'Can it be done without a physical meeting, by law and knowledge?',
      'adapted-to-the-person': 'Is a digital meeting adapted to the patient’s needs and abilities?',
      'enough-known': 'Do you know enough of health and history?',
      'follow-up-possible': 'Are follow-up and co-ordination with others possible?',
      'child-needs-met': 'Are the child’s needs met in the meeting?',
      'child-can-be-examined': 'Can the child be examined enough?',
      'child-protected': 'Is the child’s right to protection and privacy secured?',
      'maturity-assessed': 'Is the child’s maturity assessed, so that a digital meeting suits?',
      'able-to-take-part': 'Is the child able to take part in a digital meeting?',
    },
    problems: {
      ...timeProblemWords.en,
      'in-the-past': 'The time has been. Choose one that is to come.',
      'too-far-ahead': 'The time is more than two years ahead. Check the year.',
      missing: 'Choose one.',
      wrong: 'This is not right. Check it.',
      'no-staff': 'Choose who of the staff holds the meeting.',
      'no-interpreter': 'An interpreter is needed: add them. No name is needed.',
      'person-twice': 'The same person takes part only once.',
      'guardian-stopped':
        'The person is stopped as a guardian of the patient, and cannot take part. Remove them.',
      unknown: 'The clinic does not have it any more. Choose again.',
      'answer-missing': 'Answer the question.',
      'not-suitable': 'A no means that a digital meeting does not suit. Offer other care.',
      'no-role': 'Choose who it is.',
      'no-number': 'Write the personal number. Only interpreters and guests are invited without a name.',
      number: 'The personal number is not right. Write it as YYYYMMDD-NNNN.',
      'not-here': 'Nobody at the clinic has that number. Add the person first.',
      'not-added': 'Press Add for whom you have chosen, or choose Nobody more and empty the number.',
      'too-many': 'At most 20 can take part.',
    },
    wrongAt: {
      duration: 'Write the number of minutes, 1–480.',
      noticeHours: 'Write the number of hours, 0–336.',
      reference:
        'Write at most 64 characters: letters a–z, digits and . _ : / - without spaces. Never a personal number.',
    },
    notices: {
      booking: 'Message about the time',
      morning: 'Reminder on the same day',
      soon: 'Reminder shortly before',
      start: 'When the meeting starts, unless the patient is in already',
    },
    sameTime: 'The patient has another meeting at the same time',
    sameTimeLink: 'See the other meeting',
  },
});

/** The words of a fee code: those of the common ones, else the clinic's own, written as one reads them. */
export function contactName(feeCode: string, language: Language): string {
  const { contacts } = bookWords[language];
  if (Object.hasOwn(contacts, feeCode)) return contacts[feeCode] ?? feeCode;
  const text = feeCode.replaceAll('-', ' ');
  return text.charAt(0).toLocaleUpperCase('sv') + text.slice(1);
}
