import { parseIdentity, type Identity } from '../../../rules/personal-number';
import { pasted } from '../../../rules/typed';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { hasTenDigits } from './fields';

/** Why no person was found: `two-centuries` where two people have the same ten digits. */
export type NotFound = 'number' | 'no-person' | 'two-centuries';

/**
 * The clinic's person of a number as it was typed; in the log before anything is shown of them (R8.2). The
 * search itself is logged by its route, also without a hit (R8.8).
 */
export async function findByNumber(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic, noteRead }: DeskRequest,
  number: string,
): Promise<{ personId: string } | { problem: NotFound }> {
  const identities = identitiesOf(number);
  if (identities.length === 0) return { problem: 'number' };
  const found = await Promise.all(
    identities.map((identity) => records.people.findByIdentity(clinic.clinicId, identity)),
  );
  const [first, ...others] = found.flatMap((person) => person?.personId ?? []);
  if (first === undefined) return { problem: 'no-person' };
  if (others.length > 0) return { problem: 'two-centuries' };
  await noteRead([first]);
  return { personId: first };
}

/** Digits as a person's number has them, or a reserve number. */
export const looksLikeNumber = (text: string): boolean =>
  /^[\d\s.+-]{9,16}$/.test(pasted(text)) || parseIdentity(text) !== null;

/**
 * The numbers that are meant. Of ten digits it is the one of either century that somebody has: both are
 * looked for, and none is guessed.
 */
function identitiesOf(text: string): Identity[] {
  const texts = hasTenDigits(text)
    ? ['19', '20'].map((century) => `${century}${pasted(text).replace(/[-+ ]/g, '')}`)
    : [text];
  return texts.flatMap((each) => parseIdentity(each) ?? []);
}
