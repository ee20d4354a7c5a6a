import type { Case } from '../../../records/cases';
import type { StaffMember } from '../../../records/staff';
import { DOCUMENTATION_OVERDUE_AFTER } from '../../../rules/case';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { msOf, type Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import type { DeskRole } from '../../../rules/staff';
import type { Tone } from '../../frame/parts';
import { clockTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { lastDay } from '../../patient/thread/case-state';

/** What presses in a case, in words: the reply first, then the journal. */
export interface Urgency {
  text: string;
  tone: Tone;
}

/** By when staff reply, or since when the reply is late (R6.2); null where nothing waits. */
export function urgencyOf(language: Language, { course }: Pick<Case, 'course'>, now: Date): Urgency | null {
  const words = texts[language];
  const { clock, documentation } = course;
  if (clock) {
    if (msOf(clock.deadlineAt) <= now.getTime()) {
      const since = isToday(clock.deadlineAt, now) ? words.midnight : dayOf(clock.deadlineAt, language);
      return { text: `${words.lateSince} ${since}`, tone: 'danger' };
    }
    // After closing on the last day it is the rule's own deadline that is left: the midnight that ends it.
    if (msOf(clock.aimAt) <= now.getTime()) return { text: words.beforeMidnight, tone: 'warning' };
    const at = clockTime(clock.aimAt, language);
    const tone = isToday(clock.aimAt, now) ? 'warning' : 'action';
    return { text: words.replyBefore(at, dayWords(clock.aimAt, now, language)), tone };
  }
  if (documentation?.state === 'waiting')
    return documentation.reminders >= DOCUMENTATION_OVERDUE_AFTER
      ? { text: words.documentLate, tone: 'danger' }
      : { text: words.document, tone: 'action' };
  return null;
}

/** The day that the patient was promised a reply on at the latest; null where none waits. */
export const promisedDay = (language: Language, { course: { clock } }: Pick<Case, 'course'>): string | null =>
  clock && lastDay(clock.deadlineAt, language);

/** Staff who have or had the case, or wrote in it: as clinicians they read it (R6.7, R8.1). */
export const takesPart = (
  { involved }: Pick<Case, 'involved'>,
  { member, roles }: { member: StaffMember; roles: readonly DeskRole[] },
): boolean => roles.includes('clinician') && member.staffIds.some((each) => involved.includes(each));

const dateOf = (at: Date): string => inStockholm(at).toISODate();
const isToday = (at: Instant, now: Date): boolean => dateOf(new Date(at)) === dateOf(now);

/** `i dag`, `i morgon`, or the day. */
function dayWords(at: Instant, now: Date, language: Language): string {
  const words = texts[language];
  if (isToday(at, now)) return words.today;
  const isTomorrow = dateOf(new Date(at)) === inStockholm(now).plus({ days: 1 }).toISODate();
  return isTomorrow ? words.tomorrow : dayOf(at, language);
}

const texts = wording({
  sv: {
    replyBefore: (time: string, day: string): string => `Svara före kl. ${time} ${day}`,
    today: 'i dag',
    tomorrow: 'i morgon',
    beforeMidnight: 'Svara före midnatt i dag',
    lateSince: 'Försenat sedan',
    midnight: 'midnatt',
    document: 'Dokumentera kontakten',
    documentLate: 'Dokumentera kontakten, försenat',
  },
  en: {
    replyBefore: (time, day) => `Reply before ${time} ${day}`,
    today: 'today',
    tomorrow: 'tomorrow',
    beforeMidnight: 'Reply before midnight today',
    lateSince: 'Late since',
    midnight: 'midnight',
    document: 'Document the contact',
    documentLate: 'Document the contact, late',
  },
});
