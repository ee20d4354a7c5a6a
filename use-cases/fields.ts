import { z } from 'zod';
import { parseCursor } from '../records/pages';
import { FIRST_YEAR, isCalendarDate, LAST_YEAR } from '../rules/calendar-date';
import { feeCodePattern } from '../rules/fee-table';
import { isBelievedTime } from '../rules/instant';
import { mailAddress } from '../rules/mail-address';
import { mobileNumber } from '../rules/phone-number';
import { holdsIdentity, parseIdentity } from '../rules/personal-number';
import { isBlank, NO_CONTROLS, pasted, plain } from '../rules/typed';

/**
 * The fields that many requests share. Each refuses a value that it cannot be sure of, and says why. It first
 * cleans what people paste into a clinic's system (rules/typed). Text that a person reads stays as it was
 * written.
 */

/** An opaque id as we make them: 22 characters of base64url. */
export const id = z
  .string()
  .overwrite(plain)
  .regex(/^[A-Za-z0-9_-]{22}$/, 'must be an id of this service');

const instantFrom = (clean: (text: string) => string) =>
  z
    .string()
    .overwrite(clean)
    .check(
      z.iso.datetime({
        offset: true,
        error: 'must be a time with its offset, such as 2026-11-23T10:00:00+01:00',
      }),
    )
    .transform((text, context) => {
      // Judged in UTC: an offset can carry the edge of a year across it.
      const at = new Date(text);
      if (isBelievedTime(at)) return at.toISOString();
      context.addIssue({
        code: 'custom',
        message: `must be in the years ${FIRST_YEAR} to ${LAST_YEAR}, in UTC`,
      });
      return z.NEVER;
    });

/**
 * A point in time with its offset (`2026-11-23T10:00:00+01:00`): without one it would be a guess twice a
 * year.
 */
export const instant = instantFrom(pasted);

/**
 * The same in an address, where a plus that is not percent-encoded comes as a space: only a plus can have
 * stood there.
 */
export const instantInQuery = instantFrom((text) => pasted(text).replace(/ (?=\d\d:\d\d$)/, '+'));

/** A calendar day of the years from 1900 to 2200. */
export const day = z
  .string()
  .overwrite(pasted)
  .refine(
    isCalendarDate,
    `must be a day that exists, as YYYY-MM-DD, in the years ${FIRST_YEAR} to ${LAST_YEAR}`,
  )
  .meta({ format: 'date' });

/** A clock time; none of the hour that a spring night lacks and an autumn night has twice. */
export const clock = z
  .string()
  .overwrite(pasted)
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a clock time, as HH:MM')
  .refine((text) => !text.startsWith('02:'), 'must not be in the hour of the clock changes, 02:00 to 03:00');

/** Text that a person reads, on one line; kept as it was written. */
export const line = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(NO_CONTROLS, 'must have no control characters and no line breaks')
    .refine((text) => text === '' || !isBlank(text), 'must have something in it that one sees');

/** What goes out as it is, in events, files and logs: a number of a person must not stand in it (R8.3). */
export const NO_PERSONAL_NUMBER =
  'must not be, or hold, what reads as a personal number: it goes out in plain (R8.3). Take another id, or set a letter among its digits';

/** The clinic's own reference to a member of staff, such as an HSA id; it stands in logs and answers. */
export const staffId = z
  .string()
  .overwrite(plain)
  .regex(/^[A-Za-z0-9.:_-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 . : _ -')
  .refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER);

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

/**
 * The PAS's own reference to a visit. It is handed back as it is, so nothing of it is changed, and goes out
 * in events.
 */
export const reference = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,64}$/, 'must be 1-64 of A-Z a-z 0-9 . _ : / -')
  .refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER);

/**
 * An e-mail address that can be delivered to, however it was pasted; a domain with å ä ö is kept in Punycode.
 */
export const email = z
  .string()
  .max(320)
  .meta({ format: 'email' })
  .transform((text, context) => {
    const address = mailAddress(text);
    if (address !== null) return address;
    context.addIssue({ code: 'custom', message: 'must be one e-mail address, such as kim@example.se' });
    return z.NEVER;
  });

/**
 * A mobile number, however it is written; kept as E.164. Whether the clinic takes those of other countries is
 * for the command to say.
 */
export const mobile = z
  .string()
  .max(64)
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
  .max(64)
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

/** A code of the clinic's fee table; it goes out in billing's events. */
export const feeCode = z
  .string()
  .overwrite(pasted)
  .regex(feeCodePattern)
  .refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER);

/** A number of whole minutes, from the least to the most. */
export const minutes = (least: number, most: number) => z.int().min(least).max(most);

/** For lists in which nothing may stand twice. */
export const isEachOnce = (all: unknown[]): boolean => new Set(all).size === all.length;
