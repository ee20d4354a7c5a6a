import type { GapKind } from '../../../rules/gaps';
import type { FailedTry, Gates } from '../../../rules/gates';
import type { BackUpWay } from '../../../rules/meeting';
import type { Language, NoticeKind } from '../../../rules/notices';
import type { DeliveryState } from '../../../rules/ledger';
import type { ReadinessPoint } from '../../../rules/readiness';
import type { SuitabilityQuestion } from '../../../rules/suitability';
import type { correctionReasons } from '../../../records/meetings';
import type { FilledForm } from '../../../records/forms';
import type { Waiting } from '../../../workflows/meeting/messages';
import { wording } from '../../frame/wording';
import { reasonWord } from '../frame/reasons';

/** What staff read of the states and reasons of a meeting, in place of machine words. */

/** What a meeting waits for. */
export const waitingWords = (
  { what, notice }: Waiting,
  gates: Pick<Gates, 'consentRefused'>,
  language: Language,
): string => {
  const words = stateWords[language];
  if (what === 'consent') return gates.consentRefused ? words.consentRefused : words.waiting.consent;
  return what === 'notice' && notice
    ? `${words.waiting.notice}: ${words.notices[notice]}`
    : words.waiting[what];
};

/** A reason in words; the machine's own where it is one that nobody has put into words. */
const wordsOf = (known: Record<string, string>, reason: string): string =>
  Object.hasOwn(known, reason) ? known[reason]! : reason;

/** Why the outcome is what it is: what the evidence showed, or why staff corrected it. */
export function outcomeReason(reason: string, language: Language): string {
  const corrections: Record<string, string> = stateWords[language].corrections;
  return Object.hasOwn(corrections, reason) ? corrections[reason]! : reasonWord(reason, language);
}

/** Why it costs or does not. */
export const feeReason = (reason: string, language: Language): string =>
  wordsOf(stateWords[language].fees, reason);

/**
 * Why a notice did not reach somebody; null where the state says all. How a provider or a mail server put its
 * refusal helps nobody here: it stands in the log.
 */
export function deliveryReason(
  { state, reason }: { state: DeliveryState; reason: string | null },
  language: Language,
): string | null {
  const known: Record<string, string> = stateWords[language].deliveryReasons;
  const isTold = state !== 'sent' && state !== 'delivered' && state !== 'handing-over';
  return isTold && reason !== null && Object.hasOwn(known, reason) ? known[reason]! : null;
}

/** Why a planned notice is not sent at all. */
export const skipReason = (reason: string, language: Language): string =>
  wordsOf(stateWords[language].skips, reason);

/** The words themselves. */
export const stateWords = wording({
  sv: {
    consentRefused: 'Patienten har svarat nej till att ni ser tidigare vård. Erbjud annan vård.',
    waiting: {
      consent: 'Patientens svar om tidigare vård',
      form: 'Ett formulär som inte är ifyllt',
      door: 'Att mötet öppnar för insläpp',
      clinic: 'Att ni bekräftar rummet',
      people: 'Att patient och personal möts i rummet',
      end: 'Att mötet slutar',
      notice: 'Nästa meddelande till patienten',
      'staff-decision': 'Att ni anger vad mötet blev',
      registration: 'Att besöket registreras i PAS och journalen',
    } satisfies Record<Waiting['what'], string>,
    notices: {
      booking: 'bokningen',
      change: 'ny tid',
      cancellation: 'avbokningen',
      morning: 'påminnelse samma morgon',
      soon: 'påminnelse strax före',
      start: 'mötet börjar',
    } satisfies Record<NoticeKind, string>,
    refusals: {
      'too-early': { what: 'Mötet hade inte öppnat än.', help: null },
      'consent-missing': {
        what: 'Svar om tidigare vård saknades.',
        help: 'Patienten svarar på sin sida, eller du sparar svaret per telefon.',
      },
      'form-missing': {
        what: 'Ett formulär var inte ifyllt.',
        help: 'Patienten fyller i det, eller du gör det med patienten per telefon.',
      },
      'clinic-not-ready': { what: 'Ni hade inte bekräftat rummet.', help: 'Bekräfta rummet.' },
      'login-required': { what: 'Ingen hade kontrollerat vem det var.', help: null },
      'not-entitled': {
        what: 'Personen får inte delta.',
        help: 'Kontrollera vilka som deltar, patientens ålder och skyddade uppgifter.',
      },
      cancelled: { what: 'Mötet var avbokat.', help: null },
      ended: { what: 'Mötet var slut.', help: null },
      'back-up-routine': { what: 'Mötet hade gått över till reservrutinen.', help: null },
      'technical-fault': {
        what: 'Tekniken hos oss svarade inte.',
        help: 'Ring, eller byt till reservrutinen.',
      },
      'login-begun': {
        what: 'Inloggningen påbörjades men blev inte klar.',
        help: 'Hör med patienten. Byt till reservrutinen om det inte går.',
      },
      'too-many-requests': {
        what: 'För många försök från samma nät.',
        help: 'Vänta en minut, eller byt till reservrutinen.',
      },
      'another-login': {
        what: 'Någon annan än den inbjudna loggade in.',
        help: 'Be den inbjudna logga in. Kontrollera personnumret i patientens uppgifter.',
      },
      'said-so': { what: 'Ringde och sa att det inte går att komma in.', help: 'Byt till reservrutinen.' },
    } satisfies Record<FailedTry, { what: string; help: string | null }>,
    gaps: {
      'service-away': 'tjänsten svarade inte',
      'reports-away': 'uppgifterna från videorummet kom inte fram',
      'login-away': 'inloggningen svarade inte',
      'reports-refused': 'uppgifterna från videorummet gick inte att lita på',
      'reports-silent': 'videorummet berättade inte vilka som var inne',
      'limit-answered': 'en spärr stoppade patienten',
      'error-answered': 'patienten möttes av ett fel hos oss',
    } satisfies Record<GapKind, string>,
    happenings: {
      booked: 'Mötet bokades',
      rebooked: 'Mötet flyttades',
      'duration-changed': 'Mötets längd ändrades',
      'gates-opened': 'Samtycke och formulär blev klara',
      'gates-closed': 'Samtycke eller formulär saknas igen',
      'door-opened': 'Mötet öppnade för insläpp',
      entered: 'Släpptes in',
      'clinic-ready': 'Rummet bekräftades',
      'clinic-not-ready': 'Rummet var inte bekräftat strax före start',
      'under-way': 'Patient och personal möttes i rummet',
      cancelled: 'Mötet avbokades',
      outcome: 'Mötet fick sitt utfall',
      'invoice-proposed': 'Ett fakturaförslag skapades',
      'registration-reminder': 'Påminnelse om att registrera besöket',
      'registration-overdue': 'Besöket blev inte registrerat i tid',
      'registration-not-needed': 'Besöket behöver inte registreras',
      'visit-registered': 'Besöket registrerades',
      'notice-again': 'Ett meddelande skickades om',
      'form-filled-in': 'Ett formulär fylldes i',
      'logged-in': 'Loggade in',
      'login-begun': 'Började logga in',
      'entry-refused': 'Kom inte in',
      'gap-began': 'Här kan uppgifter saknas, från nu',
      'gap-ended': 'Uppgifterna är hela igen',
      'clinic-confirmed': 'Personalen bekräftade',
      'outcome-corrected': 'Utfallet rättades',
      'joined-room': 'Kom in i rummet',
      'left-room': 'Lämnade rummet',
    },
    moments: { 'before-opening': 'rummet', 'at-start': 'att alla närvarande får delta' },
    points: {
      room: 'ingen annan hör eller ser',
      background: 'bakgrunden',
      clothing: 'kläderna',
      nameBadge: 'namnskylten',
      faceLit: 'belyst ansikte',
      upperBody: 'överkroppen i bild',
      markedOccupied: 'markerat som upptaget',
      closedDoor: 'på distans bakom stängd dörr',
    } satisfies Record<ReadinessPoint, string>,
    corrections: {
      'wrong-evidence': 'Underlaget visade fel',
      'wrong-entry': 'Fel valdes tidigare',
      'decided-late': 'Avgjordes först nu',
      'patient-explained': 'Patienten har förklarat',
      other: 'Annat skäl',
    } satisfies Record<(typeof correctionReasons)[number], string>,
    deliveryStates: {
      planned: 'Väntar',
      'handing-over': 'Skickas nu',
      sent: 'Skickat',
      delivered: 'Framme',
      failed: 'Kom inte fram',
      unknown: 'Oklart om det kom fram',
      skipped: 'Skickades inte',
      expired: 'För sent, skickades inte',
      'no-consent': 'Får inte skickas',
    },
    deliveryReasons: {
      'no-phone-number': 'Mobilnummer saknas.',
      'no-consent': 'Samtycke till sms saknas.',
      'consent-for-another-number': 'Samtycket gäller ett tidigare nummer.',
      'guardians-number': 'Numret är känt som vårdnadshavarens.',
      'foreign-number': 'Utländskt nummer.',
      'protected-identity': 'Skyddade personuppgifter.',
      'over-cap-number': 'För många sms till numret på ett dygn.',
      'over-cap-clinic': 'Mottagningens gräns för sms är nådd.',
      'over-cap-account': 'Tjänstens gräns för sms är nådd.',
      'not-entitled': 'Personen ska inte få det.',
      'already-in-the-room': 'Personen var redan i rummet.',
      'meeting-moved': 'Mötet flyttades.',
      'meeting-cancelled': 'Mötet avbokades.',
      'meeting-ended': 'Mötet var slut.',
      'past-its-last-useful-moment': 'Det hade inte hjälpt längre.',
      'delivery-report': 'Operatören säger att det inte kom fram.',
    },
    deliveryHelp: {
      call: 'Ring eller skriv till patienten.',
      number: 'Lägg till ett mobilnummer eller en e-postadress.',
      consent: 'Fråga om samtycke till sms, eller om en e-postadress.',
      protected: 'Ring. Den som har skyddade uppgifter får inga meddelanden.',
      address: 'En e-postadress hjälper.',
      refused: 'Försöks igen. Ring under tiden.',
      late: 'Det är sent. Ring under tiden.',
      morning: 'Skickas i morgon bitti.',
      turn: 'Väntar på sin tur.',
    },
    skips: {
      'past-when-planned': 'Tiden hade redan passerat vid bokningen.',
      'too-close-to-start': 'För nära mötets start.',
      'notice-same-morning': 'Ett annat meddelande går samma morgon.',
      'meeting-moved': 'Mötet flyttades.',
      'meeting-cancelled': 'Mötet avbokades.',
      'meeting-ended': 'Mötet var slut.',
    },
    channels: { sms: 'sms', email: 'e-post' },
    fees: {
      'no-show': 'Patienten kom inte.',
      'cancelled-late': 'Avbokningen kommer senare än kallelsen säger.',
      'rebooked-late': 'Ombokningen kommer senare än kallelsen säger.',
      'cancelled-in-time': 'Patienten avbokar i tid.',
      'moved-in-time': 'Patienten bokar om i tid.',
      'cancelled-by-clinic': 'Mottagningen avbokar.',
      'moved-to-the-back-up-routine': 'Mötet hölls enligt reservrutinen.',
      'clinic-absent': 'Mottagningen kom inte.',
      'could-not-start': 'Mötet kunde inte börja.',
      'staff-must-decide-first': 'Ni behöver först ange vad mötet blev.',
      'other-contact-by-its-own-fee-code': 'Kontakten har en egen avgift.',
      'agreed-and-corresponds-to-a-visit': 'Mötet motsvarar ett besök.',
      'time-not-agreed': 'Tiden var inte överenskommen med patienten.',
      'consent-refused': 'Patienten har svarat nej om tidigare vård. Det kostar aldrig.',
      'form-consent-or-interpreter-missing': 'Formulär, samtycke eller tolk saknades.',
      'not-told-of-the-fee': 'Patienten har inte fått veta vad ett missat möte kostar.',
      'clinic-set-the-time-inside-the-notice':
        'Mottagningen satte tiden för sent för att kunna ändras i tid.',
    },
    ways: {
      telephone: 'Telefon',
      'text-thread': 'Skriva till varandra',
      'video-telephony': 'Bildtelefoni',
      'physical-visit': 'Besök på mottagningen',
    } satisfies Record<BackUpWay, string>,
    answeredBy: {
      patient: 'patienten',
      guardian: 'vårdnadshavare',
      'staff-by-telephone': 'personal per telefon',
    } satisfies Record<FilledForm['answeredBy'], string>,
    suitability: {
      'physical-meeting-not-required': 'Lag och kunskapsläge kräver inte ett fysiskt besök',
      'adapted-to-the-person': 'Mötet är anpassat till personen',
      'enough-known': 'Det är känt nog om hälsa och tidigare sjukdomar',
      'follow-up-possible': 'Uppföljning och samordning går att ordna',
      'child-needs-met': 'Barnets behov tillgodoses',
      'child-can-be-examined': 'Barnet kan undersökas så långt det behövs',
      'child-protected': 'Barnets skydd är ordnat',
      'maturity-assessed': 'Barnets mognad är bedömd',
      'able-to-take-part': 'Barnet har förmåga att delta',
    } satisfies Record<SuitabilityQuestion, string>,
  },
  en: {
    consentRefused: 'The patient has said no to you seeing the care history. Offer other care.',
    waiting: {
      consent: 'The patient’s answer about the care history',
      form: 'A form that is not filled in',
      door: 'The meeting to open for entry',
      clinic: 'You to confirm the room',
      people: 'Patient and staff to meet in the room',
      end: 'The meeting to end',
      notice: 'The next notice to the patient',
      'staff-decision': 'You to state what the meeting came to',
      registration: 'The visit to be registered in PAS and journal',
    },
    notices: {
      booking: 'the booking',
      change: 'a new time',
      cancellation: 'the cancellation',
      morning: 'reminder on the same morning',
      soon: 'reminder shortly before',
      start: 'the meeting begins',
    },
    refusals: {
      'too-early': { what: 'The meeting had not opened yet.', help: null },
      'consent-missing': {
        what: 'The answer about the care history was missing.',
        help: 'The patient answers on their page, or you save the answer by telephone.',
      },
      'form-missing': {
        what: 'A form was not filled in.',
        help: 'The patient fills it in, or you do with the patient by telephone.',
      },
      'clinic-not-ready': { what: 'You had not confirmed the room.', help: 'Confirm the room.' },
      'login-required': { what: 'Nobody had checked who it was.', help: null },
      'not-entitled': {
        what: 'The person may not take part.',
        help: 'Check who takes part, the patient’s age and protected data.',
      },
      cancelled: { what: 'The meeting was cancelled.', help: null },
      ended: { what: 'The meeting was over.', help: null },
      'back-up-routine': { what: 'The meeting went on by the back-up routine.', help: null },
      'technical-fault': {
        what: 'Our technology did not answer.',
        help: 'Call, or switch to the back-up routine.',
      },
      'login-begun': {
        what: 'A login was begun and not finished.',
        help: 'Ask the patient. Switch to the back-up routine if it does not work.',
      },
      'too-many-requests': {
        what: 'Too many tries from the same network.',
        help: 'Wait a minute, or switch to the back-up routine.',
      },
      'another-login': {
        what: 'Somebody else than the one invited logged in.',
        help: 'Ask the one invited to log in. Check the number in the patient’s details.',
      },
      'said-so': {
        what: 'Called and said that they cannot get in.',
        help: 'Switch to the back-up routine.',
      },
    },
    gaps: {
      'service-away': 'the service did not answer',
      'reports-away': 'the video room’s reports did not arrive',
      'login-away': 'the login did not answer',
      'reports-refused': 'the video room’s reports could not be trusted',
      'reports-silent': 'the video room did not tell who was in it',
      'limit-answered': 'a limit stopped the patient',
      'error-answered': 'the patient met an error of ours',
    },
    happenings: {
      booked: 'The meeting was booked',
      rebooked: 'The meeting was moved',
      'duration-changed': 'The meeting’s length was changed',
      'gates-opened': 'Consent and forms were done',
      'gates-closed': 'Consent or a form is missing again',
      'door-opened': 'The meeting opened for entry',
      entered: 'Was let in',
      'clinic-ready': 'The room was confirmed',
      'clinic-not-ready': 'The room was not confirmed shortly before the start',
      'under-way': 'Patient and staff met in the room',
      cancelled: 'The meeting was cancelled',
      outcome: 'The meeting got its outcome',
      'invoice-proposed': 'An invoice was proposed',
      'registration-reminder': 'Reminder to register the visit',
      'registration-overdue': 'The visit was not registered in time',
      'registration-not-needed': 'The visit need not be registered',
      'visit-registered': 'The visit was registered',
      'notice-again': 'A notice was sent again',
      'form-filled-in': 'A form was filled in',
      'logged-in': 'Logged in',
      'login-begun': 'Began to log in',
      'entry-refused': 'Did not get in',
      'gap-began': 'From here evidence can be missing',
      'gap-ended': 'The evidence is whole again',
      'clinic-confirmed': 'Staff confirmed',
      'outcome-corrected': 'The outcome was corrected',
      'joined-room': 'Came into the room',
      'left-room': 'Left the room',
    },
    moments: { 'before-opening': 'the room', 'at-start': 'that all present may take part' },
    points: {
      room: 'nobody else hears or sees',
      background: 'background',
      clothing: 'clothing',
      nameBadge: 'name badge',
      faceLit: 'face lit',
      upperBody: 'upper body in the picture',
      markedOccupied: 'marked as occupied',
      closedDoor: 'at a distance behind a closed door',
    },
    corrections: {
      'wrong-evidence': 'The evidence was wrong',
      'wrong-entry': 'The wrong one was chosen before',
      'decided-late': 'Decided only now',
      'patient-explained': 'The patient has explained',
      other: 'Another reason',
    },
    deliveryStates: {
      planned: 'Waits',
      'handing-over': 'Being sent',
      sent: 'Sent',
      delivered: 'Arrived',
      failed: 'Did not arrive',
      unknown: 'May have arrived',
      skipped: 'Was not sent',
      expired: 'Too late, was not sent',
      'no-consent': 'May not be sent',
    },
    deliveryReasons: {
      'no-phone-number': 'There is no mobile number.',
      'no-consent': 'There is no consent to SMS.',
      'consent-for-another-number': 'The consent is for an earlier number.',
      'guardians-number': 'The number is known as the guardian’s.',
      'foreign-number': 'A number abroad.',
      'protected-identity': 'Protected personal data.',
      'over-cap-number': 'Too many SMS to the number in a day.',
      'over-cap-clinic': 'The clinic’s limit of SMS is reached.',
      'over-cap-account': 'The service’s limit of SMS is reached.',
      'not-entitled': 'The person is not to have it.',
      'already-in-the-room': 'The person was in the room already.',
      'meeting-moved': 'The meeting was moved.',
      'meeting-cancelled': 'The meeting was cancelled.',
      'meeting-ended': 'The meeting was over.',
      'past-its-last-useful-moment': 'It would not have helped any more.',
      'delivery-report': 'The operator says that it did not arrive.',
    },
    deliveryHelp: {
      call: 'Call or write to the patient.',
      number: 'Add a mobile number or an e-mail address.',
      consent: 'Ask for consent to SMS, or for an e-mail address.',
      protected: 'Call. People with protected data get no notices.',
      address: 'An e-mail address helps.',
      refused: 'It is tried again. Call meanwhile.',
      late: 'It is late. Call meanwhile.',
      morning: 'Is sent in the morning.',
      turn: 'Waits for its turn.',
    },
    skips: {
      'past-when-planned': 'Its time had passed at the booking.',
      'too-close-to-start': 'Too close to the start.',
      'notice-same-morning': 'Another notice goes on the same morning.',
      'meeting-moved': 'The meeting was moved.',
      'meeting-cancelled': 'The meeting was cancelled.',
      'meeting-ended': 'The meeting was over.',
    },
    channels: { sms: 'SMS', email: 'e-mail' },
    fees: {
      'no-show': 'The patient did not come.',
      'cancelled-late': 'The cancellation is later than the invitation says.',
      'rebooked-late': 'The rebooking is later than the invitation says.',
      'cancelled-in-time': 'The patient cancels in time.',
      'moved-in-time': 'The patient rebooks in time.',
      'cancelled-by-clinic': 'The clinic cancels.',
      'moved-to-the-back-up-routine': 'The meeting was held by the back-up routine.',
      'clinic-absent': 'The clinic did not come.',
      'could-not-start': 'The meeting could not begin.',
      'staff-must-decide-first': 'State first what the meeting came to.',
      'other-contact-by-its-own-fee-code': 'The contact has a fee of its own.',
      'agreed-and-corresponds-to-a-visit': 'The meeting corresponds to a visit.',
      'time-not-agreed': 'The time was not agreed with the patient.',
      'consent-refused': 'The patient has said no about the care history. That never costs.',
      'form-consent-or-interpreter-missing': 'A form, consent or the interpreter was missing.',
      'not-told-of-the-fee': 'The patient was not told what a missed meeting costs.',
      'clinic-set-the-time-inside-the-notice':
        'The clinic set the time too late for it to be changed in time.',
    },
    ways: {
      telephone: 'Telephone',
      'text-thread': 'Writing to each other',
      'video-telephony': 'Video telephony',
      'physical-visit': 'A visit to the clinic',
    },
    answeredBy: {
      patient: 'the patient',
      guardian: 'a guardian',
      'staff-by-telephone': 'staff by telephone',
    },
    suitability: {
      'physical-meeting-not-required': 'Law and knowledge do not require a physical visit',
      'adapted-to-the-person': 'The meeting is adapted to the person',
      'enough-known': 'Enough is known of health and history',
      'follow-up-possible': 'Follow-up and coordination are possible',
      'child-needs-met': 'The child’s needs are met',
      'child-can-be-examined': 'The child can be examined as far as needed',
      'child-protected': 'The child’s protection is arranged',
      'maturity-assessed': 'The child’s maturity is assessed',
      'able-to-take-part': 'The child is able to take part',
    },
  },
});
