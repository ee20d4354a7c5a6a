import type { Language } from '../../../rules/notices';
import type { TaskKind } from '../../../rules/tasks';
import { wording } from '../../frame/wording';
import { deskWords } from './words';

/** What a task is about in machine words, as it stands with the task. */
interface Reasons {
  kind: TaskKind;
  because: string[];
}

/**
 * Why a task was opened, in words, a sentence each. What a machine alone can tell more of, such as a status of
 * the mail server, stands in brackets.
 */
export function whyTask({ kind, because }: Reasons, language: Language): string[] {
  if (kind === 'not-carried-out') return whyNotCarriedOut(because, language);
  const words = texts[language];
  if (kind === 'nobody-reached')
    return because.map((reason) => wordOf(words.notReached, reason) ?? words.failed(reason));
  return because.map((reason) => reasonWord(reason, language));
}

/** One reason of an outcome, a task or an invoice in words. */
export const reasonWord = (reason: string, language: Language): string =>
  wordOf(texts[language].reasons, reason) ?? texts[language].other(reason);

/** `[operation, by whom, how, the problem's type]`, as the promise was written down (R6.9). */
function whyNotCarriedOut(
  [operation = '', by = '', how = '', problem]: string[],
  language: Language,
): string[] {
  const words = texts[language];
  const participants = deskWords[language].participants as Record<string, string>;
  const who =
    by === 'by-staff'
      ? words.oneOfYou
      : (wordOf(participants, by.replace(/^by-/, '')) ?? participants.patient!);
  const wish = wordOf(words.wishes, operation) ?? words.aWish;
  return [
    words.wished(who, wish),
    wordOf(words.reasons, how) ?? words.other(how),
    ...(problem === undefined ? [] : [wordOf(words.problems, problem) ?? words.other(problem)]),
  ];
}

const wordOf = (table: Record<string, string>, word: string): string | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const texts = wording({
  sv: {
    other: (reason: string) => `Skäl: ${reason}.`,
    failed: (reason: string) => `Det gick inte att skicka (${reason}).`,
    wished: (who: string, wish: string) => `${who} ville ${wish}, och fick veta att det var mottaget.`,
    oneOfYou: 'En av er',
    aWish: 'göra en ändring',
    wishes: {
      'meeting-cancel': 'avboka mötet',
      'meeting-rebook': 'flytta mötet',
      'meeting-choose-offered-time': 'byta till en av tiderna som ni har erbjudit',
      'meeting-note-try': 'säga till att det inte gick att komma in i mötet',
      'form-fill-in': 'skicka in ett formulär',
      'person-change': 'ändra sina kontaktuppgifter',
      'person-record-sms-consent': 'ändra sitt samtycke till sms',
      'person-record-care-history-consent': 'svara om mottagningen får se uppgifter om tidigare vård',
      'invoice-object': 'invända mot en faktura',
      'case-assign': 'ta eller lämna över ett ärende',
      'case-close': 'avsluta ett ärende',
      'case-document': 'säga att ett ärende är dokumenterat',
      'meeting-book': 'boka ett möte',
      'meeting-state-outcome': 'ange vad mötet blev',
      'meeting-correct-outcome': 'rätta vad mötet blev',
      'meeting-confirm-readiness': 'bekräfta rummet',
      'meeting-register-visit': 'säga att besöket är registrerat',
      'invoice-approve': 'godkänna en faktura',
      'invoice-waive': 'avstå från en faktura',
      'invoice-credit': 'kreditera en faktura',
    },
    problems: {
      cancelled: 'Mötet var redan avbokat.',
      ended: 'Mötet eller ärendet var redan avslutat.',
      'under-way': 'Mötet pågick.',
      started: 'Mötet hade redan börjat.',
      'time-passed': 'Tiden hade redan gått ut.',
      'too-early': 'Det var för tidigt.',
      overtaken: 'En senare ändring hann före.',
      'moved-meanwhile': 'Mötet flyttades samtidigt.',
      'moved-too-often': 'Mötet har flyttats för många gånger.',
      'time-not-moved': 'Mötet hade redan den tiden.',
      'not-offered': 'Tiden erbjöds inte längre.',
      'before-the-booking': 'Mötet hade inte fått sin tid än.',
      'not-entitled': 'Personen fick inte göra det.',
      'unknown-participant': 'Personen deltar inte i mötet.',
      'unknown-person': 'Personen finns inte hos er.',
      'guardian-stopped': 'Vårdnadshavaren var stoppad.',
      'unknown-form': 'Formuläret hör inte till mötet.',
      'wrong-answers': 'Svaren passade inte formuläret.',
      'wrong-input': 'Något i det som skickades var fel.',
      'foreign-number': 'Numret är utländskt, och det tar ni inte emot.',
      missing: 'Något som behövdes saknades.',
      'no-such-invoice': 'Fakturan finns inte.',
      replaced: 'En annan faktura har ersatt den.',
      'not-issued': 'Fakturan gick inte att invända mot längre.',
      'objected-already': 'Det fanns redan en invändning.',
      'not-found': 'Det fanns inte längre.',
      'given-up': 'Det gick inte trots flera försök.',
    },
    notReached: {
      'no-phone-number': 'Det finns inget mobilnummer.',
      'no-consent': 'Det finns inget samtycke till sms, och ingen e-postadress.',
      'consent-for-another-number': 'Samtycket till sms gäller ett annat nummer.',
      'guardians-number': 'Numret är eller kan vara en vårdnadshavares som inte får veta.',
      'foreign-number': 'Numret är utländskt, och dit skickas inga sms.',
      'protected-identity': 'Skyddade personuppgifter: inget skickas.',
      'over-cap-number': 'Numret har redan fått så många sms som det får på ett dygn.',
      'over-cap-clinic': 'Mottagningen har skickat så många sms som den får på ett dygn.',
      'over-cap-account': 'Tjänsten har skickat så många sms som den får på ett dygn.',
      late: 'Meddelandet skulle ha gått, men väntar fortfarande.',
      planned: 'Meddelandet skulle ha gått, men väntar fortfarande.',
      'held-up': 'Meddelandet fastnade hos oss.',
      'past-its-last-useful-moment': 'Det blev för sent för att meddelandet skulle hjälpa.',
      expired: 'Det blev för sent för att meddelandet skulle hjälpa.',
      unknown: 'Ingen vet om meddelandet kom fram.',
      'process-died-while-handing-over': 'Ingen vet om meddelandet kom fram.',
      'may-have-gone-before-the-restore': 'Ingen vet om meddelandet kom fram.',
      'id-of-another-message': 'Ingen vet om meddelandet kom fram.',
      failed: 'Meddelandet kom inte fram.',
      'delivery-report': 'Operatören säger att meddelandet inte kom fram.',
      'providers-history': 'Operatören säger att meddelandet inte kom fram.',
      'address-odd': 'E-postadressen stämmer inte.',
    },
    reasons: {
      // Outcomes and their evidence.
      'clinic-and-patient-met': 'Ni och patienten var i rummet samtidigt.',
      'interpreter-never-came': 'Tolken kom aldrig.',
      'interpreter-missing': 'Tolken saknades.',
      'patient-came': 'Patienten kom.',
      'clinic-never-came': 'Ingen från mottagningen kom.',
      'clinic-not-there-at-the-time': 'Ingen från mottagningen var där samtidigt.',
      'consent-missing': 'Samtycke saknades.',
      'form-missing': 'Ett formulär saknades.',
      'clinic-not-there-through-the-grace-time': 'Ingen från mottagningen väntade hela tiden.',
      'clinic-waited-through-the-grace-time': 'Ni väntade i rummet.',
      'patient-never-came': 'Patienten kom aldrig.',
      'patient-tried-to-come-in': 'Patienten försökte komma in.',
      'patient-was-let-in-but-not-seen': 'Patienten släpptes in men syntes inte i rummet.',
      'clinic-was-let-in-but-not-seen': 'Ni släpptes in men syntes inte i rummet.',
      'no-notice-reached-the-patient': 'Inget meddelande nådde patienten.',
      'no-reminder-reached-the-patient': 'Ingen påminnelse nådde patienten.',
      'clinic-was-not-there-through': 'Ingen från mottagningen väntade hela tiden.',
      'patient-was-in-the-room': 'Patienten var i rummet.',
      'notice-failed': 'Ett meddelande till patienten kom inte fram.',
      'stated-by-staff': 'Personal har angett det.',
      'service-away': 'Tjänsten var borta en stund, så patienten kan ha försökt.',
      'reports-away': 'Videorummet rapporterade inget en stund.',
      'login-away': 'Inloggningen var borta en stund, så patienten kan ha försökt.',
      'reports-refused': 'Videorummets rapporter gick inte att lita på.',
      'reports-silent': 'Videorummet rapporterade ingen.',
      'limit-answered': 'Patienten stoppades av för många försök.',
      'error-answered': 'Patienten möttes av ett fel hos oss.',
      'care-history-consent-refused':
        'Patienten vill inte att mottagningen ser uppgifter om tidigare vård. Det kostar aldrig något.',
      // Invoices.
      'visit-fee': 'Patientavgift som någon av er ska godkänna.',
      'missed-visit-fee':
        'Avgift för uteblivet besök eller sent återbud: någon av er ska alltid godkänna den.',
      'protected-identity': 'Patienten har skyddade personuppgifter.',
      'no-amount-in-the-fee-table': 'Avgiftstabellen har inget belopp för dagen.',
      'payer-to-be-decided': 'Patienten är 13–17 år: ni avgör vem som betalar, efter att ha frågat barnet.',
      'patient-objects': 'Patienten invänder.',
      'refused-by-billing': 'Faktureringen har sagt nej.',
      'handed-over': 'Underlaget lämnades för mer än en vecka sedan.',
      crediting: 'Krediteringen begärdes för mer än en vecka sedan.',
      // Take-overs (R1.7).
      absent: 'Den som hade mötet var inte på plats.',
      delayed: 'Den som hade mötet var försenad.',
      'other-competence': 'Det behövdes en annan kompetens.',
      'wrong-booking': 'Mötet var bokat på fel person.',
      other: 'Av ett annat skäl.',
      // Promises (R6.9).
      'written-by-staff': 'Meddelandet var skrivet av er.',
      'written-by-patient-side': 'Meddelandet var skrivet av patienten eller någon som deltar med patienten.',
      'given-up': 'Det gick inte på grund av ett fel hos oss.',
      refused: 'Det gick inte att göra.',
    },
  },
  en: {
    other: (reason) => `Reason: ${reason}.`,
    failed: (reason) => `It could not be sent (${reason}).`,
    wished: (who, wish) => `${who} wanted to ${wish}, and was told that it was received.`,
    oneOfYou: 'One of you',
    aWish: 'change something',
    wishes: {
      'meeting-cancel': 'cancel the meeting',
      'meeting-rebook': 'move the meeting',
      'meeting-choose-offered-time': 'take one of the times that you offered',
      'meeting-note-try': 'tell that they could not get in',
      'form-fill-in': 'send in a form',
      'person-change': 'change their contact details',
      'person-record-sms-consent': 'change their consent to SMS',
      'person-record-care-history-consent': 'answer whether the clinic may see their care history',
      'invoice-object': 'object to an invoice',
      'case-assign': 'take or hand over a case',
      'case-close': 'close a case',
      'case-document': 'say that a case is documented',
      'meeting-book': 'book a meeting',
      'meeting-state-outcome': 'state what the meeting came to',
      'meeting-correct-outcome': 'correct what the meeting came to',
      'meeting-confirm-readiness': 'confirm the room',
      'meeting-register-visit': 'say that the visit is registered',
      'invoice-approve': 'approve an invoice',
      'invoice-waive': 'waive an invoice',
      'invoice-credit': 'credit an invoice',
    },
    problems: {
      cancelled: 'The meeting was cancelled already.',
      ended: 'The meeting or the case had ended.',
      'under-way': 'The meeting was under way.',
      started: 'The meeting had begun.',
      'time-passed': 'The time had passed.',
      'too-early': 'It was too early.',
      overtaken: 'A later change came first.',
      'moved-meanwhile': 'The meeting was moved at the same time.',
      'moved-too-often': 'The meeting has been moved too many times.',
      'time-not-moved': 'The meeting had this time already.',
      'not-offered': 'The time was not offered any more.',
      'before-the-booking': 'The meeting did not have its time yet.',
      'not-entitled': 'The person may not do it.',
      'unknown-participant': 'The person takes no part in the meeting.',
      'unknown-person': 'You have no such person.',
      'guardian-stopped': 'The guardian was stopped.',
      'unknown-form': 'The form is not of the meeting.',
      'wrong-answers': 'The answers did not fit the form.',
      'wrong-input': 'Something that was sent was wrong.',
      'foreign-number': 'It is a number of another country, which you do not take.',
      missing: 'Something that was needed was missing.',
      'no-such-invoice': 'There is no such invoice.',
      replaced: 'Another invoice has taken its place.',
      'not-issued': 'The invoice could not be objected to any more.',
      'objected-already': 'There was an objection already.',
      'not-found': 'It was not there any more.',
      'given-up': 'It failed several times.',
    },
    notReached: {
      'no-phone-number': 'There is no mobile number.',
      'no-consent': 'There is no consent to SMS, and no e-mail address.',
      'consent-for-another-number': 'The consent to SMS is for another number.',
      'guardians-number': 'The number is or can be one of a guardian who may not hear.',
      'foreign-number': 'The number is another country’s, and no SMS are sent there.',
      'protected-identity': 'Protected personal data: nothing is sent.',
      'over-cap-number': 'The number has had as many SMS as it may in a day.',
      'over-cap-clinic': 'The clinic has sent as many SMS as it may in a day.',
      'over-cap-account': 'The service has sent as many SMS as it may in a day.',
      late: 'The message should have gone, and still waits.',
      planned: 'The message should have gone, and still waits.',
      'held-up': 'The message was held up on our side.',
      'past-its-last-useful-moment': 'It was too late for the message to help.',
      expired: 'It was too late for the message to help.',
      unknown: 'Nobody knows whether the message arrived.',
      'process-died-while-handing-over': 'Nobody knows whether the message arrived.',
      'may-have-gone-before-the-restore': 'Nobody knows whether the message arrived.',
      'id-of-another-message': 'Nobody knows whether the message arrived.',
      failed: 'The message did not arrive.',
      'delivery-report': 'The operator says that the message did not arrive.',
      'providers-history': 'The operator says that the message did not arrive.',
      'address-odd': 'The e-mail address is not right.',
    },
    reasons: {
      'clinic-and-patient-met': 'You and the patient were in the room together.',
      'interpreter-never-came': 'The interpreter never came.',
      'interpreter-missing': 'The interpreter was missing.',
      'patient-came': 'The patient came.',
      'clinic-never-came': 'Nobody from the clinic came.',
      'clinic-not-there-at-the-time': 'Nobody from the clinic was there at the time.',
      'consent-missing': 'Consent was missing.',
      'form-missing': 'A form was missing.',
      'clinic-not-there-through-the-grace-time': 'Nobody from the clinic waited all the time.',
      'clinic-waited-through-the-grace-time': 'You waited in the room.',
      'patient-never-came': 'The patient never came.',
      'patient-tried-to-come-in': 'The patient tried to come in.',
      'patient-was-let-in-but-not-seen': 'The patient was let in, and was not seen in the room.',
      'clinic-was-let-in-but-not-seen': 'You were let in, and were not seen in the room.',
      'no-notice-reached-the-patient': 'No message reached the patient.',
      'no-reminder-reached-the-patient': 'No reminder reached the patient.',
      'clinic-was-not-there-through': 'Nobody from the clinic waited all the time.',
      'patient-was-in-the-room': 'The patient was in the room.',
      'notice-failed': 'A message to the patient did not arrive.',
      'stated-by-staff': 'Staff have stated it.',
      'service-away': 'The service was away for a while: the patient may have tried.',
      'reports-away': 'The video room reported nothing for a while.',
      'login-away': 'The login was away for a while: the patient may have tried.',
      'reports-refused': 'The video room’s reports could not be trusted.',
      'reports-silent': 'The video room reported nobody.',
      'limit-answered': 'The patient was stopped for too many attempts.',
      'error-answered': 'The patient met a fault of ours.',
      'care-history-consent-refused':
        'The patient does not want the clinic to see care history. That never costs anything.',
      'visit-fee': 'A patient fee that one of you is to approve.',
      'missed-visit-fee': 'A fee for a missed visit or a late cancellation: one of you always approves it.',
      'protected-identity': 'The patient has protected personal data.',
      'no-amount-in-the-fee-table': 'The fee table has no amount for the day.',
      'payer-to-be-decided': 'The patient is 13 to 17: you decide who pays, and ask the child first.',
      'patient-objects': 'The patient objects.',
      'refused-by-billing': 'Billing has said no.',
      'handed-over': 'The basis was handed over more than a week ago.',
      crediting: 'The credit was asked for more than a week ago.',
      absent: 'Whoever had the meeting was not there.',
      delayed: 'Whoever had the meeting was delayed.',
      'other-competence': 'Another competence was needed.',
      'wrong-booking': 'The meeting was booked with the wrong person.',
      other: 'For another reason.',
      'written-by-staff': 'You wrote the message.',
      'written-by-patient-side': 'The patient, or somebody with the patient, wrote the message.',
      'given-up': 'A fault of ours was in the way.',
      refused: 'It could not be done.',
    },
  },
});
