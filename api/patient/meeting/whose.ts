import { ageAt } from '../../../rules/calendar/age';
import { ADULT_AGE, GUARDIAN_ACTS_UNTIL_AGE } from '../../../rules/ages';
import type { TakingPart } from '../frame/route';

/** Whose a meeting is to the one who reads of it: one's own, a child's whom one acts for, or another's. */
export type Whose = 'own' | 'childs' | 'others';

/** Whose the meeting is to the one who has logged in (R7.1). */
export function whoseOf({ participant: { role } }: TakingPart): Whose {
  if (role === 'patient') return 'own';
  return role === 'guardian' ? 'childs' : 'others';
}

/** The patient is a child that acts by itself (R7.1). */
export function actsAsChild({ participant, patient }: TakingPart, now: Date): boolean {
  const age = ageAt(patient.personal.birthDate, now);
  return participant.role === 'patient' && age > GUARDIAN_ACTS_UNTIL_AGE && age < ADULT_AGE;
}

/** A deaf person cannot call (R4.6). */
export const canCall = ({ person }: TakingPart): boolean =>
  !person.personal.unsuitableWays.includes('telephone');

/** A name in the genitive; null where there is none: `Tolvan Testpersons`, `Max`. */
export function genitive(name: string, language: 'sv' | 'en'): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return null;
  if (language === 'en') return `${trimmed}’s`;
  return /[sxz]$/iu.test(trimmed) ? trimmed : `${trimmed}s`;
}
