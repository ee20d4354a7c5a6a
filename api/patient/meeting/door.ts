import type { Meeting } from '../../../records/meetings';
import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Language } from '../../../rules/notices';
import { clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';

/** From when one can go in; with the day where that is another than today (R3.3). */
export function sinceWhen({ course }: Pick<Meeting, 'course'>, now: Date, language: Language): string {
  const { doorOpensAt } = course.time;
  const isToday = inStockholm(new Date(doorOpensAt)).hasSame(inStockholm(now), 'day');
  const words = texts[language];
  return isToday
    ? `${words.fromTime} ${clockTime(doorOpensAt, language)}`
    : `${words.from} ${dayAndTime(doorOpensAt, language)}`;
}

const texts = wording({
  sv: { fromTime: 'Du kan gå in från kl.', from: 'Du kan gå in från' },
  en: { fromTime: 'You can go in from', from: 'You can go in from' },
});
