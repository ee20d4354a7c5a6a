import { z } from 'zod';
import { channels, smsConsentSources } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import { backUpWays } from '../../rules/meeting';
import { languages } from '../../rules/notices';
import { birthDateOf, fitsBirthDate, type Identity } from '../../rules/personal-number';
import { day, email, id, line, mobile, personalNumber } from '../fields';

/** Bodies of commands about people. A schema checks one, documents it and gives its type. */

const noticesBy = z
  .enum(channels)
  .meta({ description: 'What the person prefers; e-mail is also used where no SMS may go (R2.11)' });
const unsuitableWays = z
  .array(z.enum(backUpWays))
  .max(backUpWays.length)
  .meta({ description: 'Ways of the back-up routine that do not suit the person (R4.6)' });

const birthDate = day.optional().meta({
  description:
    'Needed where no number tells it, and where a co-ordination number tells a part of it of one who may be under 18',
});

/** The number with the birth date that it tells, or that is stated; null, with an issue, where they do not fit. */
function identityWithBirthDate(
  {
    personalNumber: identity,
    birthDate: stated,
  }: { personalNumber: Identity | null; birthDate?: string | undefined },
  context: z.RefinementCtx,
): { identity: Identity | null; birthDate: string | null } | null {
  const refuse = (message: string): null => {
    context.addIssue({ code: 'custom', path: ['birthDate'], message });
    return null;
  };
  if (stated && identity && !fitsBirthDate(identity, stated))
    return refuse('is not the one in the personal number');
  if (!stated && !identity) return refuse('is needed without a personal number');
  return { identity, birthDate: stated ?? (identity && birthDateOf(identity)) };
}

export const addPersonBody = z
  .strictObject({
    name: line(120),
    personalNumber: personalNumber.nullable().default(null),
    birthDate,
    mobile: mobile.nullable().default(null),
    email: email.nullable().default(null),
    language: z.enum(languages).default('sv'),
    noticesBy: noticesBy.default('sms'),
    unsuitableWays: unsuitableWays.default([]),
    protectedIdentity: z.boolean().default(false),
  })
  .transform(({ personalNumber: number, birthDate: stated, ...rest }, context) => {
    const identity = identityWithBirthDate({ personalNumber: number, birthDate: stated }, context);
    return identity ? { ...rest, ...identity } : z.NEVER;
  });
/** A new person; the birth date is null where the number tells only a part of it and none is stated. */
export type AddPerson = z.infer<typeof addPersonBody>;

export const changePersonBody = z
  .strictObject({
    name: line(120),
    mobile: mobile.nullable(),
    email: email.nullable(),
    language: z.enum(languages),
    noticesBy,
    unsuitableWays,
    protectedIdentity: z.boolean(),
  })
  .partial();
/** Of a page that shows a person. */
export interface ForSeenPerson {
  /** The last change that it has shown, null for none. Another one since is looked at first. */
  seenChangedAt?: Instant | null;
}
/** What is given is changed; what is absent stays. */
export type ChangePerson = z.infer<typeof changePersonBody> & ForSeenPerson;

export const replaceIdentityBody = z
  .strictObject({
    personalNumber: personalNumber
      .nullable()
      .meta({ description: 'The number that the person has now; null where it is not known' }),
    birthDate,
  })
  .transform((stated, context) => identityWithBirthDate(stated, context) ?? z.NEVER);
/** Another number or birth date (R7.8); the date is null where the number tells only a part of it. */
export type ReplaceIdentity = z.infer<typeof replaceIdentityBody> & ForSeenPerson;

/** Of letters, why a guardian is stopped. */
export const MOST_STOP_REASON = 300;
export const stopGuardianBody = z.strictObject({
  guardianId: id.meta({ description: 'The guardian’s own record at your clinic' }),
  reason: line(MOST_STOP_REASON).meta({
    description: 'Why, for staff who ask later; kept sealed, and never shown to the guardian',
  }),
});
/** A guardian who may not act for this child any more (R7.3). */
export type StopGuardian = z.infer<typeof stopGuardianBody>;

export const allowGuardianBody = z.strictObject({ guardianId: id });
/** A guardian whose stop is lifted (R7.3). */
export type AllowGuardian = z.infer<typeof allowGuardianBody>;

/** Of a page: when the answer that it has shown was recorded. */
interface ForSeenAnswer {
  /** Null for none. Another answer since is looked at first; absent where none was shown. */
  seenRecordedAt?: Instant | null;
}

export const smsConsentBody = z.strictObject({
  given: z.boolean(),
  source: z.enum(smsConsentSources),
});
/** A yes or no to SMS (R2.2). */
export type RecordSmsConsent = z.infer<typeof smsConsentBody> & ForSeenAnswer;

export const careHistoryConsentBody = z.strictObject({
  given: z.boolean(),
  givenBy: z.enum(['person', 'guardian']),
});
/** A yes or no to care history and medicines (R3.2). */
export type RecordCareHistoryConsent = z.infer<typeof careHistoryConsentBody> & ForSeenAnswer;

export const decideClaimBody = z.strictObject({
  claimId: id,
  approved: z.boolean().meta({ description: 'It is whom you invited; false refuses the one who came' }),
});
/** Whether somebody is the one whom an invitation is for (R4.2). */
export type DecideClaim = z.infer<typeof decideClaimBody>;
