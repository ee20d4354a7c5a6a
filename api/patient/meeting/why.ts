import type { FeeDecision } from '../../../rules/fee';
import type { Language } from '../../../rules/notices';
import { wording } from '../frame/wording';

/** Why something costs or does not, in plain words; the rules' own reasons stand behind them. */
export const whyItCosts = (language: Language, because: FeeDecision['because']): string[] =>
  because.map(({ reason }) => (texts[language] as Record<string, string>)[reason] ?? texts[language].other);

/** The same of what has not been done yet: how near the meeting is, in place of what one did. */
export const whyItWouldCost = (
  language: Language,
  because: FeeDecision['because'],
  cancellationNoticeHours: number,
): string[] =>
  because.flatMap((each) =>
    each.reason === 'cancelled-late' || each.reason === 'rebooked-late'
      ? [tooLate[language](cancellationNoticeHours)]
      : whyItCosts(language, [each]),
  );

const tooLate = wording({
  sv: (hours: number) => `Det är mindre än ${hours} ${hours === 1 ? 'timme' : 'timmar'} kvar till mötet.`,
  en: (hours: number) => `It is less than ${hours} ${hours === 1 ? 'hour' : 'hours'} until the meeting.`,
});

const texts = wording({
  sv: {
    'no-show': 'Du uteblev från mötet.',
    'cancelled-late': 'Du avbokade senare än kallelsen säger.',
    'rebooked-late': 'Du bokade om senare än kallelsen säger.',
    'cancelled-in-time': 'Det är i god tid.',
    'moved-in-time': 'Det är i god tid.',
    'cancelled-by-clinic': 'Mottagningen har avbokat.',
    'moved-to-the-back-up-routine': 'Tekniken krånglade, och mötet togs på annat sätt.',
    'clinic-absent': 'Mottagningen kom inte till mötet.',
    'could-not-start': 'Mötet kunde inte börja.',
    'staff-must-decide-first': 'Mottagningen ska först ta ställning.',
    'other-contact-by-its-own-fee-code': 'Kontakten har en egen avgift.',
    'agreed-and-corresponds-to-a-visit': 'Mötet motsvarar ett besök på mottagningen.',
    'time-not-agreed': 'Tiden var inte överenskommen med dig.',
    'consent-refused':
      'Du har sagt nej till att mottagningen ser din sjukvårdshistorik. Det kostar aldrig något.',
    'form-consent-or-interpreter-missing': 'Något som behövdes för mötet saknades.',
    'not-told-of-the-fee': 'Du har inte fått veta vad ett missat möte kostar.',
    'clinic-set-the-time-inside-the-notice':
      'Mottagningen satte tiden så sent att du inte kunde ändra den i tid.',
    other: 'Fråga mottagningen om du undrar varför.',
  },
  en: {
    'no-show': 'You did not come to the meeting.',
    'cancelled-late': 'You cancelled later than the invitation says.',
    'rebooked-late': 'You rebooked later than the invitation says.',
    'cancelled-in-time': 'It is in good time.',
    'moved-in-time': 'It is in good time.',
    'cancelled-by-clinic': 'The clinic has cancelled.',
    'moved-to-the-back-up-routine': 'The technology failed, and the meeting was held in another way.',
    'clinic-absent': 'The clinic did not come to the meeting.',
    'could-not-start': 'The meeting could not begin.',
    'staff-must-decide-first': 'The clinic is to decide first.',
    'other-contact-by-its-own-fee-code': 'The contact has a fee of its own.',
    'agreed-and-corresponds-to-a-visit': 'The meeting corresponds to a visit to the clinic.',
    'time-not-agreed': 'The time was not agreed with you.',
    'consent-refused': 'You have said no to the clinic seeing your care history. That never costs anything.',
    'form-consent-or-interpreter-missing': 'Something that the meeting needed was missing.',
    'not-told-of-the-fee': 'You have not been told what a missed meeting costs.',
    'clinic-set-the-time-inside-the-notice':
      'The clinic set the time so late that you could not change it in time.',
    other: 'Ask the clinic if you wonder why.',
  },
});
