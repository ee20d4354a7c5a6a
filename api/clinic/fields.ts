import { z } from 'zod';
import { parseCursor } from '../../records/pages';
import { isCalendarDate } from '../../rules/calendar-date';
import { mobileNumber } from '../../rules/phone-number';
import { parseIdentity } from '../../rules/personal-number';

/** The fields that many requests share. Each refuses what it cannot be sure of, and says why. */

/** An opaque id as we make them: 22 characters of base64url. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be an id of this service');

/** A point in time with its offset (`2026-11-23T10:00:00+01:00`): without one it would be a guess twice a year. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time with its offset, such as 2026-11-23T10:00:00+01:00' })
  .transform((text) => new Date(text).toISOString());

/** A calendar day. */
export const day = z
  .string()
  .refine(isCalendarDate, 'must be a day that exists, as YYYY-MM-DD')
  .meta({ format: 'date' });

/** A clock time; none of the hour that a spring night lacks and an autumn night has twice. */
export const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a clock time, as HH:MM')
  .refine((text) => !text.startsWith('02:'), 'must not be in the hour of the clock changes, 02:00 to 03:00');

/** Text that a person reads, on one line. */
export const line = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}]*$/u, 'must have no control characters');

/** The clinic's own reference to a member of staff, such as an HSA id. */
export const staffId = z.string().regex(/^[A-Za-z0-9.:_-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 . : _ -');

/** Where the page before ended. */
export const cursor = z.string().max(120).refine(isCursor, 'must be the next of the page before').optional();

function isCursor(text: string): boolean {
  try {
    parseCursor(text);
    return true;
  } catch {
    return false;
  }
}

/** The PAS's own reference to a visit. */
export const reference = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 . _ : / -');

/** A mobile number, however it is written; kept as E.164. Whether the clinic takes those of other countries is for the command to say. */
export const mobile = z
  .string()
  .max(32)
  .meta({
    description:
      'A Swedish mobile number, or another country’s with its country code where the clinic’s setting foreignNumbers lets it',
  })
  .transform((text, context) => {
    const number = mobileNumber(text);
    if (number) return number;
    context.addIssue({
      code: 'custom',
      message: 'must be a mobile number: a Swedish one, or another country’s with + and its country code',
    });
    return z.NEVER;
  });

/** A personal, co-ordination or reserve number with its century (R7.4). */
export const personalNumber = z
  .string()
  .max(32)
  .transform((text, context) => {
    const identity = parseIdentity(text);
    if (identity) return identity;
    context.addIssue({
      code: 'custom',
      message:
        'must be a personal, co-ordination or reserve number with 12 characters and a right check digit',
    });
    return z.NEVER;
  });
