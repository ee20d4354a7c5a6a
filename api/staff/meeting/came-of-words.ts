import type { Language } from '../../../rules/notices';
import type { ProblemType } from '../../../use-cases/problem-types';
import { wording } from '../../frame/wording';

/** What the page says of what was done last; null for a key of nobody's. */
export const saidWords = (key: string | undefined, language: Language): string | null =>
  key !== undefined && Object.hasOwn(said[language], key)
    ? said[language][key as keyof (typeof said)['sv']]
    : null;

/** What was done, by the key in the address. */
export type Said = keyof (typeof said)['sv'];

/**
 * Why something was not done, in words; one that nobody has put into words is told as such. Null where
 * nothing was refused.
 */
export function refusedWords(
  reason: string | undefined,
  language: Language,
): { title: string; text: string; isKept: boolean } | null {
  if (reason === undefined) return null;
  const words = refused[language];
  // It is stored, and carried out as soon as that can be (design, decision 6).
  if (reason === 'not-carried-out-yet' || reason === 'command-under-way')
    return { ...words.kept, isKept: true };
  const known: Record<string, string> = words.reasons;
  return {
    title: words.title,
    text: Object.hasOwn(known, reason) ? known[reason]! : words.other,
    isKept: false,
  };
}

const said = wording({
  sv: {
    ready: 'Rummet är bekräftat. Patienten kan släppas in när mötet öppnar.',
    outcome: 'Utfallet är sparat.',
    corrected: 'Utfallet är rättat. Fakturan följer rättelsen.',
    backup: 'Mötet fortsätter enligt reservrutinen. Inga fler sms skickas, och ingen avgift tas ut.',
    registered: 'Besöket är registrerat.',
    tried: 'Det är noterat att det inte gick att komma in.',
    consent: 'Svaret om tidigare vård är sparat.',
    form: 'Formuläret är sparat.',
    times: 'Tiderna är sparade. Patienten ser dem på sin sida.',
    approved: 'Personen är godkänd och får delta.',
    declined: 'Personen får inte delta.',
  },
  en: {
    ready: 'The room is confirmed. The patient can be let in when the meeting opens.',
    outcome: 'The outcome is saved.',
    corrected: 'The outcome is corrected. The invoice follows it.',
    backup: 'The meeting goes on by the back-up routine. No more SMS are sent, and no fee is charged.',
    registered: 'The visit is registered.',
    tried: 'It is noted that it was not possible to get in.',
    consent: 'The answer about the care history is saved.',
    form: 'The form is saved.',
    times: 'The times are saved. The patient sees them on their page.',
    approved: 'The person is approved and may take part.',
    declined: 'The person may not take part.',
  },
});

const refused = wording({
  sv: {
    title: 'Inget ändrades',
    other: 'Det gick inte. Läs hur det är nu, och försök igen om det behövs.',
    kept: {
      title: 'Det är mottaget och görs så snart det går',
      text: 'Gör det inte igen. Ladda om sidan om en stund.',
    },
    reasons: {
      cancelled: 'Mötet är avbokat.',
      ended: 'Mötet är slut.',
      'back-up-routine': 'Mötet fortsätter enligt reservrutinen.',
      'under-way': 'Mötet pågår.',
      started: 'Mötet har börjat. Ange i stället vad det blev.',
      'time-passed': 'Med den tiden hade mötet redan varit slut.',
      'too-early': 'Det är för tidigt för det.',
      'moved-meanwhile': 'Mötet flyttades medan du läste. Titta på den nya tiden först.',
      'moved-too-often': 'Mötet har flyttats för många gånger. Boka ett nytt.',
      overtaken: 'En annan ändring kom emellan.',
      'nothing-to-register': 'Det finns inget besök att registrera.',
      'corrected-meanwhile': 'Någon annan har ändrat utfallet. Titta på det först.',
      'corrected-too-often': 'Utfallet har rättats för många gånger.',
      'not-ended': 'Mötet har inget utfall än.',
      unclear: 'Utfallet är oklart. Ange vad mötet blev.',
      'nothing-changes': 'Det är så redan.',
      'does-not-suit-the-person': 'Det sättet passar inte patienten.',
      'before-the-booking': 'Den tiden är före bokningen. Ange när patienten hörde av sig.',
      'not-entitled': 'Från 13 år svarar barnet självt.',
      'decided-already': 'Någon har redan tagit ställning.',
      'claimed-already': 'Inbjudan är redan någon annans.',
      'person-twice': 'Personen deltar redan.',
      'guardian-stopped': 'Personen är stoppad som vårdnadshavare för patienten, och kan inte delta.',
      'meeting-over': 'Mötet är slut. Ingen släpps in längre.',
      'time-not-moved': 'Mötet har redan den tiden, överenskommen eller inte som förut.',
      'posted-before': 'Sidan har redan skickats en gång.',
      'given-up': 'Det gick inte att genomföra. Försök igen.',
      'unknown-participant': 'Den personen deltar inte.',
      'no-room-name':
        'Skriv rummets namn på högst 60 tecken, utan personnummer. Rummet är inte bekräftat än.',
      'seen-another': 'Något ändrades medan du läste. Läs hur det är nu, och gör om det om du vill.',
    } satisfies Partial<Record<ProblemType, string>> & Record<'seen-another' | 'no-room-name', string>,
  },
  en: {
    title: 'Nothing has changed',
    other: 'It did not work. Read how it is now, and try again if needed.',
    kept: {
      title: 'It is received, and will be done as soon as possible',
      text: 'Do not do it again. Reload the page in a while.',
    },
    reasons: {
      cancelled: 'The meeting is cancelled.',
      ended: 'The meeting is over.',
      'back-up-routine': 'The meeting goes on by the back-up routine.',
      'under-way': 'The meeting is under way.',
      started: 'The meeting has begun. State what it came to instead.',
      'time-passed': 'With that time the meeting would be over already.',
      'too-early': 'It is too early for that.',
      'moved-meanwhile': 'The meeting was moved while you read. Look at its new time first.',
      'moved-too-often': 'The meeting has been moved too many times. Book a new one.',
      overtaken: 'Another change came in between.',
      'nothing-to-register': 'There is no visit to register.',
      'corrected-meanwhile': 'Somebody else has changed the outcome. Look at it first.',
      'corrected-too-often': 'The outcome has been corrected too many times.',
      'not-ended': 'The meeting has no outcome yet.',
      unclear: 'The outcome is unclear. State what the meeting came to.',
      'nothing-changes': 'It is so already.',
      'does-not-suit-the-person': 'That way does not suit the patient.',
      'before-the-booking': 'That time is before the booking. State when the patient got in touch.',
      'not-entitled': 'From the age of 13 the child answers alone.',
      'decided-already': 'Somebody has decided already.',
      'claimed-already': 'The invitation is somebody else’s already.',
      'person-twice': 'The person takes part already.',
      'guardian-stopped': 'The person is stopped as a guardian of the patient, and cannot take part.',
      'meeting-over': 'The meeting is over. Nobody is let in any more.',
      'time-not-moved': 'The meeting has that time already, agreed or not as before.',
      'posted-before': 'The page has been sent once already.',
      'given-up': 'It could not be carried out. Try again.',
      'unknown-participant': 'That person does not take part.',
      'no-room-name':
        'Write the room’s name in at most 60 characters, without a personal number. It is not confirmed yet.',
      'seen-another': 'Something changed while you read. Read how it is now, and do it again if you want.',
    },
  },
});
