import { z } from 'zod';
import { isWebAddress, parsedAddress } from '../../platform/web-address';
import type { ClinicSettings } from '../../records/clinics';
import type { WithNoticeHours } from '../../rules/cancellation';
import { defaultCaseRules } from '../../rules/case';
import { defaultDayLimits } from '../../rules/day-limits';
import { MOST_FEE_ROWS, overlaps } from '../../rules/fee-table';
import { holdsIdentity } from '../../rules/personal-number';
import {
  colourPattern,
  contrastOf,
  defaultPresentation,
  LEAST_CONTRAST,
  logoFault,
  MOST_LOGO_BYTES,
  MOST_LOGO_HEIGHT,
  MOST_LOGO_WIDTH,
} from '../../rules/presentation';
import { defaultSmsLimits } from '../../rules/sms-caps';
import { isBlank, plain } from '../../rules/typed';
import { clock, email, instant, isEachOnce, line, minutes, NO_PERSONAL_NUMBER } from '../fields';
import { feeRow } from '../invoice/bodies';

/** Bodies of commands about the clinic itself. A schema checks one, documents it and gives its type. */

const questionBase = {
  questionId: z.string().regex(/^[a-z0-9-]{1,40}$/),
  label: line(300),
  required: z.boolean(),
};
const question = z.discriminatedUnion('type', [
  z.strictObject({
    ...questionBase,
    type: z.literal('text'),
    maxLength: z.int().min(1).max(5000).default(1000),
  }),
  z
    .strictObject({
      ...questionBase,
      type: z.literal('number'),
      min: z.number().nullable().default(null),
      max: z.number().nullable().default(null),
    })
    .refine(({ min, max }) => min === null || max === null || min <= max, {
      path: ['max'],
      message: 'must not be less than min',
    }),
  z.strictObject({
    ...questionBase,
    type: z.literal('choice'),
    choices: z.array(line(200)).min(2).max(50).refine(isEachOnce, 'must be different'),
    many: z.boolean().default(false),
  }),
  z
    .strictObject({
      ...questionBase,
      type: z.literal('scale'),
      from: z.int().min(0).max(100),
      to: z.int().min(1).max(100),
      /** What the lowest and the highest step mean, in the patient's words. */
      lowest: line(60).optional(),
      highest: line(60).optional(),
    })
    .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be more than from' }),
  z.strictObject({ ...questionBase, type: z.literal('date') }),
]);

export const addFormBody = z.strictObject({
  title: line(200),
  questions: z
    .array(question)
    .min(1)
    .max(100)
    .refine(
      (all) => new Set(all.map((each) => each.questionId)).size === all.length,
      'must have different questionIds',
    ),
});
/** A new form (R3.1). */
export type AddForm = z.infer<typeof addFormBody>;

export const fillInFormBody = z.strictObject({
  answers: z.record(
    z.string().max(40),
    z.union([z.string().max(5000), z.number(), z.array(z.string().max(200)).max(50)]),
  ),
  answeredBy: z.enum(['patient', 'guardian', 'staff-by-telephone']),
});
/** Answers to a form, and who gave them (R3.1). */
export type FillInForm = z.infer<typeof fillInFormBody>;

const reminderRule = z
  .strictObject({
    when: z.union([
      z.strictObject({ clock, spreadMinutes: z.int().min(0).max(60).optional() }),
      z.strictObject({ minutesBefore: z.number().min(0).max(1440) }),
    ]),
    skipWithinMinutesOfStart: z.number().min(0).max(1440),
    usefulUntilMinutesAfterStart: z.number().min(-1440).max(120),
  })
  .refine(
    ({ when, usefulUntilMinutesAfterStart }) =>
      'clock' in when || usefulUntilMinutesAfterStart > -when.minutesBefore,
    {
      path: ['usefulUntilMinutesAfterStart'],
      message: 'must be after the time when it is sent',
    },
  );

const feeTable = z
  .array(feeRow)
  .max(MOST_FEE_ROWS)
  .refine((rows) => overlaps(rows).length === 0, 'must have one amount for a code and a day');

const addresses = z
  .array(email)
  .max(10)
  .refine(
    (all) => new Set(all.map((each) => each.toLowerCase())).size === all.length,
    'must have each address once',
  );
const caseRules = z
  .strictObject({
    opensAt: clock,
    closesAt: clock,
    warnMinutesBeforeClosing: minutes(15, 480),
    patientsMayOpen: z.boolean().meta({ description: 'Patients may open cases of their own (R6.6)' }),
    burstMinutes: minutes(1, 1440).meta({
      description:
        'Messages within this time are told of once, unless the patient has read in between (R6.8)',
    }),
    staffEmails: addresses.meta({ description: 'Who is warned that a reply is due (R6.3)' }),
    managerEmails: addresses.meta({ description: 'Who is told that one was not given in time (R6.3)' }),
  })
  .refine(({ opensAt, closesAt }) => opensAt < closesAt, {
    path: ['closesAt'],
    message: 'must be after opensAt',
  })
  .default(defaultCaseRules);

const colour = z
  .string()
  .overwrite(plain)
  .regex(colourPattern, 'must be a colour such as #0b4a57')
  .refine((value) => !colourPattern.test(value) || contrastOf(value, '#ffffff') >= LEAST_CONTRAST, {
    message: `must be darker: white text on it needs a contrast of at least ${LEAST_CONTRAST}:1`,
  })
  .nullable()
  .meta({ description: 'Of the band at the top of pages, as #rrggbb; the text on it is white' });

const logoWords: Record<NonNullable<ReturnType<typeof logoFault>>, string> = {
  'not-a-png': 'must be a PNG',
  'too-heavy': `must have at most ${MOST_LOGO_BYTES} bytes`,
  'too-large': `must be at most ${MOST_LOGO_WIDTH} by ${MOST_LOGO_HEIGHT} pixels`,
  'has-more-than-a-picture':
    'must be a PNG that holds the picture alone, without text, profiles or animation',
};
const logo = z
  .string()
  .max(Math.ceil(MOST_LOGO_BYTES / 3) * 4, { abort: true })
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, { abort: true, message: 'must be base64' })
  .check(({ value, issues }) => {
    const fault = logoFault(Buffer.from(value, 'base64'));
    if (fault) issues.push({ code: 'custom', input: value, message: logoWords[fault] });
  })
  .nullable()
  .meta({
    description: `A PNG in base64: at most ${MOST_LOGO_BYTES} bytes and ${MOST_LOGO_WIDTH} by ${MOST_LOGO_HEIGHT} pixels`,
  });

const pageText = z
  .string()
  .max(20_000)
  .refine((value) => !isBlank(value), 'must not be empty')
  .meta({
    description: 'Paragraphs with a blank line between; `## ` begins a heading, `- ` a line of a list',
  });
const pageTexts = z.strictObject({ sv: pageText, en: pageText }).nullable();

const presentation = z
  .strictObject({
    colour: colour.default(null),
    logo: logo.default(null),
    controller: line(300).nullable().default(null).meta({
      description: 'The controller of personal data, with its address (GDPR art. 13)',
    }),
    dataProtectionOfficer: line(300).nullable().default(null).meta({
      description: 'How one reaches the data protection officer',
    }),
    privacyNotice: pageTexts.default(null).meta({ description: 'In place of the standard notice (R8.6)' }),
    accessibilityStatement: pageTexts
      .default(null)
      .meta({ description: 'In place of the standard statement (R8.6)' }),
  })
  .default(defaultPresentation);

/** A clinic's settings as the API has them. */
export type SettingsBody = WithNoticeHours<ClinicSettings>;

export const settingsBody: z.ZodType<SettingsBody> = z.strictObject({
  name: line(120),
  phone: line(40),
  supportPhone: line(40),
  noticeHours: z
    .int()
    .min(0)
    .max(24 * 14),
  graceMinutes: minutes(1, 120),
  doorOpensMinutesBefore: minutes(0, 120),
  overrunMinutes: minutes(0, 240),
  linkInSms: z.boolean(),
  smsPerNumberPerDay: z.int().min(1).max(1_000).default(defaultSmsLimits.smsPerNumberPerDay).meta({
    description:
      'The most SMS to one number in any 24 hours; one more is not sent, and staff get a task (R2.10)',
  }),
  smsPerDay: z.int().min(1).max(100_000).default(defaultSmsLimits.smsPerDay).meta({
    description:
      'The most SMS of the clinic in any 24 hours; one more is not sent, and staff get a task (R2.10)',
  }),
  foreignNumbers: z.boolean().default(defaultSmsLimits.foreignNumbers).meta({
    description:
      'Other countries’ mobile numbers are taken, and sent to; switched off again, no more go there',
  }),
  filesPerPersonPerDay: z.int().min(1).max(1_000).default(defaultDayLimits.filesPerPersonPerDay).meta({
    description: 'The most files that one patient, guardian or guest uploads in a day (UTC)',
  }),
  megabytesPerPersonPerDay: z
    .int()
    .min(15)
    .max(10_000)
    .default(defaultDayLimits.megabytesPerPersonPerDay)
    .meta({ description: 'The most megabytes of them' }),
  messagesPerPersonPerDay: z.int().min(1).max(5_000).default(defaultDayLimits.messagesPerPersonPerDay).meta({
    description: 'The most messages that one of them sends in a day (UTC)',
  }),
  noticeRules: z.strictObject({
    reminders: z.strictObject({ morning: reminderRule, soon: reminderRule, start: reminderRule }),
    quietHours: z
      .strictObject({ from: clock, until: clock, unlessBefore: clock })
      .refine(({ from, until }) => from !== until, { path: ['until'], message: 'must differ from from' })
      // Otherwise a notice could wait until after the meeting has begun.
      .refine(({ until, unlessBefore }) => until <= unlessBefore, {
        path: ['unlessBefore'],
        message: 'must not be before until',
      })
      .nullable(),
  }),
  caseRules,
  presentation,
  fees: feeTable,
});

export const webhookBody = z.strictObject({
  url: z
    .string()
    .overwrite(plain)
    .max(500)
    .refine(isWebAddress, 'must be an address of http or https')
    .overwrite(parsedAddress)
    .refine((url) => !holdsIdentity(url), NO_PERSONAL_NUMBER)
    .meta({ format: 'uri', description: 'https, and a host that the internet knows' }),
});
/** Where the clinic’s events go. */
export type SetWebhook = z.infer<typeof webhookBody>;

export const rotateSecretBody = z.strictObject({
  oldSecretHours: z
    .int()
    .min(0)
    .max(72)
    .default(24)
    .meta({ description: 'How long the old secret signs too; 0 where it has leaked' }),
});
/** How many hours the old secret signs beside the new one. */
export type RotateWebhookSecret = z.infer<typeof rotateSecretBody>;

export const replayBody = z.strictObject({ from: instant, until: instant });
/** What happened from then, until then (excluded). */
export type ReplayEvents = z.infer<typeof replayBody>;
