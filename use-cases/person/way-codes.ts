import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clinic } from '../../records/clinics';
import type { Person } from '../../records/people';
import type { WayCode } from '../../records/way-codes';
import type { Channel } from '../../rules/consents';
import { minutesLater, toInstant } from '../../rules/instant';
import { isForeign } from '../../rules/phone-number';
import { WAY_CODE_MINUTES } from '../../rules/way-codes';
import type { CommandDeps } from '../command';

/** Why no code is sent to what somebody typed. */
export type NoCode = 'foreign-number' | 'protected-identity' | 'too-many-codes';

/** What came of a code that somebody wrote. */
export type CodeAnswer = 'right' | 'wrong' | 'holds-no-more' | 'too-many-tries';

/**
 * Has a code sent to a number or an address that somebody typed for themselves (R2.13): until it has come
 * back, the old one stays.
 *
 * @param asked.postedKey of the form: the same form posted twice is one code
 * @returns why not, or null where it is on its way
 */
export async function askForCode(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  { person, clinic }: { person: Person; clinic: Clinic },
  asked: { channel: Channel; to: string; sms: boolean; postedKey: string },
): Promise<NoCode | null> {
  const { channel, to, sms, postedKey } = asked;
  // R7.5: nothing goes to one with protected data before the clinic has approved it by hand.
  if (person.protectedIdentity) return 'protected-identity';
  if (channel === 'sms' && isForeign(to) && !clinic.settings.foreignNumbers) return 'foreign-number';
  const now = clock.now();
  const { personId, clinicId } = person;
  const codeId = createHash('sha256')
    .update(`way-code:${personId}:${channel}:${to}:${postedKey}`)
    .digest('base64url')
    .slice(0, 22);
  const expiresAt = minutesLater(toInstant(now), WAY_CODE_MINUTES);
  const cap = await records.wayCodes.put(
    { codeId, personId, clinicId, channel, to, code: newCode(), sms, expiresAt },
    now,
  );
  return cap === null ? null : 'too-many-codes';
}

/** Six digits. */
const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/**
 * Whether a code that somebody wrote is the one that was sent. Each answer but `right` changes nothing; a
 * right one is removed by its caller.
 */
export async function answerCode(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  { personId }: Person,
  { channel, code }: { channel: Channel; code: string },
): Promise<{ answer: CodeAnswer; pending: WayCode | null }> {
  const pending = await records.wayCodes.find(personId, channel, clock.now());
  if (!pending) return { answer: 'holds-no-more', pending };
  if (!(await records.wayCodes.try(pending))) return { answer: 'too-many-tries', pending };
  const [sent, given] = [pending.code, code].map((each) => createHash('sha256').update(each).digest());
  return { answer: timingSafeEqual(sent!, given!) ? 'right' : 'wrong', pending };
}
