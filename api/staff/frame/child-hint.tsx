import type { Person } from '../../../records/people';
import { ADULT_AGE } from '../../../rules/ages';
import { ageAt } from '../../../rules/calendar/age';
import type { Language } from '../../../rules/notices';
import { Banner } from '../../frame/parts';
import { wording } from '../../frame/wording';

/** Wherever staff write to, or meet, somebody under 18 (R7.6); nothing of others. */
export function ChildHint({
  language,
  patient,
  now,
}: {
  language: Language;
  patient: Pick<Person, 'personal'>;
  now: Date;
}) {
  const words = texts[language];
  if (ageAt(patient.personal.birthDate, now) >= ADULT_AGE) return null;
  return (
    <Banner kind="warning" title={words.title}>
      {words.text}
    </Banner>
  );
}

const texts = wording({
  sv: {
    title: 'Patienten är under 18 år',
    text: 'Fråga aldrig barn och unga om våld, övergrepp eller hur de har det hemma i digitala möten, formulär eller meddelanden. Den som skadar kan läsa med.',
  },
  en: {
    title: 'The patient is under 18',
    text: 'Never ask children or young people about violence, abuse or the situation at home in digital meetings, forms or messages. The one who harms may be reading.',
  },
});
