import type { FeeDecision } from '../../../rules/fee';
import type { Language } from '../../../rules/notices';
import type { Whose } from './whose';
import { wording } from '../../frame/wording';

/**
 * Why something costs or does not, in plain words; the rules' own reasons stand behind them. A guardian reads
 * of both, and not of what the guardian alone did.
 */
export function whyItCosts(language: Language, because: FeeDecision['because'], whose: Whose): string[] {
  const words: Record<string, string> = {
    ...texts[language],
    ...(whose === 'childs' ? ofChild[language] : {}),
  };
  return because.map(({ reason }) => words[reason] ?? texts[language].other);
}

/** The same of what has not been done yet: how near the meeting is, in place of what one did. */
export const whyItWouldCost = (
  language: Language,
  because: FeeDecision['because'],
  { cancellationNoticeHours, whose }: { cancellationNoticeHours: number; whose: Whose },
): string[] =>
  because.flatMap((each) =>
    each.reason === 'cancelled-late' || each.reason === 'rebooked-late'
      ? [tooLate[language](cancellationNoticeHours)]
      : whyItCosts(language, [each], whose),
  );

const tooLate = wording({
  sv: (hours: number) => `Det är mindre än ${hours} ${hours === 1 ? 'timme' : 'timmar'} kvar till mötet.`,
  en: (hours: number) => `It is less than ${hours} ${hours === 1 ? 'hour' : 'hours'} until the meeting.`,
});

/** What reads otherwise to a child's guardian. */
const ofChild = wording({
  sv: {
    'no-show': 'Ni kom inte till mötet.',
    'time-not-agreed': 'Tiden var inte överenskommen med er.',
    'consent-refused': 'Ni har svarat nej till att mottagningen ser tidigare vård. Det kostar aldrig något.',
    'not-told-of-the-fee': 'Ni har inte fått veta vad ett missat möte kostar.',
    'clinic-set-the-time-inside-the-notice':
      'Mottagningen satte tiden så sent att ni inte kunde ändra den i tid.',
  },
  en: {
    'no-show': 'You and your child did not come to the meeting.',
    'time-not-agreed': 'The time was not agreed with you.',
    'consent-refused':
      'You have said no to the clinic seeing your child’s care history. That never costs anything.',
    'not-told-of-the-fee': 'You have not been told what a missed meeting costs.',
    'clinic-set-the-time-inside-the-notice':
      'The clinic set the time so late that you could not change it in time.',
  },
});

const texts = wording({
  sv: {
    'no-show': 'Du kom inte till mötet.',
    'cancelled-late': 'Du avbokade senare än kallelsen säger.',
    'rebooked-late': 'Du bokade om senare än kallelsen säger.',
    'cancelled-in-time': 'Du avbokade i tid.',
    'moved-in-time': 'Du bokade om i tid.',
    'cancelled-by-clinic': 'Mottagningen har avbokat.',
    'moved-to-the-back-up-routine': 'Tekniken krånglade, och mötet hölls på ett annat sätt.',
    'clinic-absent': 'Mottagningen kom inte till mötet.',
    'could-not-start': 'Mötet kunde inte börja.',
    'staff-must-decide-first': 'Mottagningen ska först ta ställning.',
    'other-contact-by-its-own-fee-code': 'Kontakten har en egen avgift.',
    'agreed-and-corresponds-to-a-visit': 'Mötet motsvarar ett besök på mottagningen.',
    'time-not-agreed': 'Tiden var inte överenskommen med dig.',
    'consent-refused':
      'Du har svarat nej till att mottagningen ser din tidigare vård. Det kostar aldrig något.',
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
    'cancelled-in-time': 'You cancelled in time.',
    'moved-in-time': 'You rebooked in time.',
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
