import { FIRST_YEAR } from '../../rules/calendar-date';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { FieldProblem } from '../command';

/** A birth date has been, and is of somebody who can live. */
export function bornProblems(birthDate: string | null, now: Date): FieldProblem[] {
  const field = '/body/birthDate';
  if (birthDate === null) return [];
  if (birthDate > inStockholm(now).toISODate()) {
    return [{ field, reason: 'in-the-future', message: 'must not be in the future' }];
  }
  return birthDate < `${FIRST_YEAR}-01-01`
    ? [{ field, reason: 'too-long-ago', message: `must be of the year ${FIRST_YEAR} or later` }]
    : [];
}
