import { z } from 'zod';
import type {
  AddForm,
  AddPerson,
  AnswerInvoice,
  ApproveInvoice,
  AssignTask,
  BookMeeting,
  CancelMeeting,
  ChangePerson,
  ConfirmReadiness,
  CorrectOutcome,
  DecideClaim,
  FillInForm,
  FinishTask,
  NoteTry,
  OfferTimes,
  ImportFees,
  RebookMeeting,
  RecordCareHistoryConsent,
  RecordSmsConsent,
  StateOutcome,
  WaiveInvoice,
} from '../bodies';
import type { ClinicSettings } from '../../records/clinics';
import { correctionReasons } from '../../records/meetings';
import { defaultCaseRules } from '../../rules/case';
import { channels, smsConsentSources } from '../../rules/consents';
import { waiveReasons } from '../../rules/invoice';
import {
  backUpWays,
  changers,
  meetingStates,
  outcomes,
  outcomesByStaff,
  type BackUpWay,
  type Outcome,
} from '../../rules/meeting';
import { feeColumns } from '../../integrations/pas/fee-csv';
import { feeCodePattern, MOST_FEE_ORE, MOST_FEE_ROWS, overlaps } from '../../rules/fee-table';
import { languages } from '../../rules/notices';
import { birthDateOf, fitsBirthDate, holdsIdentity } from '../../rules/personal-number';
import { taskResults } from '../../rules/tasks';
import { defaultDayLimits } from '../../rules/day-limits';
import { defaultSmsLimits } from '../../rules/sms-caps';
import { pasted } from '../../rules/typed';
import { suitabilityQuestions, type SuitabilityQuestion } from '../../rules/suitability';
import {
  clock,
  cursor,
  day,
  email,
  id,
  instant,
  line,
  mobile,
  NO_PERSONAL_NUMBER,
  personalNumber,
  reference,
  staffId,
} from '../fields';

/** What the clinic's requests carry: the same schemas check the input and describe it in the OpenAPI document. */

const isEachOnce = (all: unknown[]): boolean => new Set(all).size === all.length;
const minutes = (least: number, most: number) => z.int().min(least).max(most);
const noticesBy = z
  .enum(channels)
  .meta({ description: 'What the person prefers; e-mail is also used where no SMS may go (R2.11)' });
const unsuitableWays = z
  .array(z.enum(backUpWays))
  .max(backUpWays.length)
  .meta({ description: 'Ways of the back-up routine that do not suit the person (R4.6)' });
const feeCode = z
  .string()
  .overwrite(pasted)
  .regex(feeCodePattern)
  // It goes out in billing's events.
  .refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER);

export const addPersonBody = z
  .strictObject({
    name: line(120),
    personalNumber: personalNumber.nullable().default(null),
    birthDate: day.optional().meta({
      description:
        'Needed where no number tells it, and where a co-ordination number tells a part of it of one who may be under 18',
    }),
    mobile: mobile.nullable().default(null),
    email: email.nullable().default(null),
    language: z.enum(languages).default('sv'),
    noticesBy: noticesBy.default('sms'),
    unsuitableWays: unsuitableWays.default([]),
    protectedIdentity: z.boolean().default(false),
  })
  .transform(({ personalNumber: identity, birthDate, ...rest }, context): AddPerson => {
    if (birthDate && identity && !fitsBirthDate(identity, birthDate)) {
      context.addIssue({
        code: 'custom',
        path: ['birthDate'],
        message: 'is not the one in the personal number',
      });
    }
    if (!birthDate && !identity) {
      context.addIssue({
        code: 'custom',
        path: ['birthDate'],
        message: 'is needed without a personal number',
      });
      return z.NEVER;
    }
    return { ...rest, identity, birthDate: birthDate ?? (identity && birthDateOf(identity)) };
  });

export const changePersonBody: z.ZodType<ChangePerson> = z
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

export const findPersonBody = z.strictObject({ personalNumber });

export const smsConsentBody: z.ZodType<RecordSmsConsent> = z.strictObject({
  given: z.boolean(),
  source: z.enum(smsConsentSources),
});

export const careHistoryConsentBody: z.ZodType<RecordCareHistoryConsent> = z.strictObject({
  given: z.boolean(),
  givenBy: z.enum(['person', 'guardian']),
});

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
    })
    .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be more than from' }),
  z.strictObject({ ...questionBase, type: z.literal('date') }),
]);

export const addFormBody: z.ZodType<AddForm> = z.strictObject({
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

export const fillInFormBody: z.ZodType<FillInForm> = z.strictObject({
  answers: z.record(
    z.string().max(40),
    z.union([z.string().max(5000), z.number(), z.array(z.string().max(200)).max(50)]),
  ),
  answeredBy: z.enum(['patient', 'guardian', 'staff-by-telephone']),
});

const durationMinutes = minutes(1, 480);
const bookedParticipant = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('staff'), staffId }).transform((each) => ({ ...each, personId: null })),
  z
    .strictObject({ role: z.enum(['guardian', 'relative']), personId: id })
    .transform((each) => ({ ...each, staffId: null })),
  z
    .strictObject({ role: z.enum(['interpreter', 'guest']), personId: id.nullable().default(null) })
    .transform((each) => ({ ...each, staffId: null })),
]);

const suitabilityAnswers = Object.fromEntries(
  suitabilityQuestions.map((question) => [question, z.boolean().optional()]),
) as Record<SuitabilityQuestion, z.ZodOptional<z.ZodBoolean>>;
export const suitability = z
  .strictObject({
    assessedBy: staffId,
    disability: z.boolean().meta({ description: 'The patient is a child with a disability' }),
    answers: z.strictObject(suitabilityAnswers),
  })
  .meta({
    description:
      'Why a digital meeting suits (R1.2); one no refuses the booking. Asked are the first four, for a child under 18 at the ' +
      'meeting also the next three, for a child with a disability all.',
  });

export const bookMeetingBody: z.ZodType<BookMeeting> = z
  .strictObject({
    startAt: instant,
    durationMinutes,
    patientId: id,
    participants: z
      .array(bookedParticipant)
      .max(20)
      .refine((all) => all.some((each) => each.role === 'staff'), 'must have at least one staff')
      .refine(
        (all) => isEachOnce(all.flatMap((each) => each.staffId ?? [])),
        'must have each member of staff once',
      ),
    formIds: z.array(id).max(10).refine(isEachOnce, 'must have each form once').default([]),
    agreed: z.boolean().meta({ description: 'The time was agreed with the patient (R1.1)' }),
    toldOfFee: z.boolean().meta({ description: 'The patient was told what a missed visit costs (R1.1)' }),
    correspondsToVisit: z.boolean().default(true),
    feeCode,
    noticeHours: z
      .int()
      .min(0)
      .max(24 * 14)
      .nullable()
      .default(null)
      .meta({ description: 'Cancellation notice if the kallelse says another than the clinic’s (R5.3)' }),
    interpreterNeeded: z
      .boolean()
      .default(false)
      .meta({ description: 'Then an interpreter must be among the participants, named or not' }),
    reference: reference.nullable().default(null).meta({
      description: 'Your own reference to the visit, handed back as it is; never a personal number',
    }),
    suitability,
  })
  .refine(
    ({ interpreterNeeded, participants }) =>
      !interpreterNeeded || participants.some(({ role }) => role === 'interpreter'),
    { path: ['participants'], message: 'must have an interpreter where one is needed' },
  );

/** Which meetings: of a day, of a patient, of a reference, or what has changed. */
export const meetingsQuery = z
  .strictObject({
    day: day.optional().meta({ description: 'Those that start on this day (Stockholm), by start' }),
    patientId: id.optional().meta({ description: 'Those of this patient, by start' }),
    reference: reference.optional().meta({ description: 'Those with this reference of yours, by start' }),
    changedSince: instant.optional().meta({
      description:
        'Those that have changed since, by change. Follow next to the end, then ask again with nextChangedSince of the ' +
        'first page: you miss none, and may see some twice',
    }),
    state: z.enum(meetingStates).optional(),
    cursor,
  })
  .superRefine(({ day, patientId, reference, changedSince }, context) => {
    const given = Object.entries({ day, patientId, reference, changedSince }).filter(
      ([, value]) => value !== undefined,
    );
    const message = 'one of day, patientId, reference and changedSince is needed, and no second';
    if (given.length === 0) context.addIssue({ code: 'custom', path: ['day'], message });
    for (const [name] of given.slice(1)) context.addIssue({ code: 'custom', path: [name], message });
  });

export const rebookMeetingBody: z.ZodType<RebookMeeting> = z.strictObject({
  startAt: instant,
  durationMinutes: durationMinutes.nullable().default(null),
  by: z.enum(changers),
  receivedAt: instant.nullable().default(null),
  agreed: z.boolean().nullable().default(null).meta({
    description:
      'The new time was agreed with the patient (R1.1): if not said, yes when by the patient, no when by the clinic',
  }),
});

export const decideClaimBody: z.ZodType<DecideClaim> = z.strictObject({
  claimId: id,
  approved: z.boolean().meta({ description: 'It is whom you invited; false refuses the one who came' }),
});

export const offerTimesBody: z.ZodType<OfferTimes> = z.strictObject({
  startAts: z
    .array(instant)
    .max(20)
    .refine(isEachOnce, 'must have each time once')
    .meta({ description: 'Held free for this meeting until you take them back; none takes them back' }),
});

export const cancelMeetingBody: z.ZodType<CancelMeeting> = z.strictObject({
  by: z.enum(changers),
  receivedAt: instant
    .nullable()
    .default(null)
    .meta({ description: 'When a cancellation by telephone was received, as staff state it (R1.5, R5.3)' }),
});

const way = z
  .enum(backUpWays)
  .nullable()
  .default(null)
  .meta({ description: 'For the back-up routine: how the meeting goes on, as it suits the person (R4.6)' });
const isWayOfBackUp = ({ outcome, way }: { outcome: Outcome; way: BackUpWay | null }): boolean =>
  (outcome === 'back-up-routine') === (way !== null);
const wrongWay = { path: ['way'], message: 'is given for the back-up routine, and for nothing else' };

export const stateOutcomeBody: z.ZodType<StateOutcome> = z
  .strictObject({ outcome: z.enum(outcomesByStaff), way })
  .refine(isWayOfBackUp, wrongWay);

export const correctOutcomeBody: z.ZodType<CorrectOutcome> = z
  .strictObject({
    outcome: z.enum(outcomes).exclude(['unclear']),
    way,
    was: z.enum(outcomes).meta({ description: 'The outcome as you read it; another one by now is refused' }),
    reason: z.enum(correctionReasons),
  })
  .refine(isWayOfBackUp, wrongWay);

const confirmed = z.literal(true, 'must be true: what does not hold cannot be confirmed');
export const confirmReadinessBody: z.ZodType<ConfirmReadiness> = z.discriminatedUnion('moment', [
  z.strictObject({
    moment: z.literal('before-opening'),
    room: confirmed.meta({ description: 'Nobody else hears or sees' }),
    background: confirmed,
    clothing: confirmed,
    nameBadge: confirmed.meta({ description: 'With title, and seen' }),
  }),
  z.strictObject({
    moment: z.literal('at-start'),
    allPresentAreEntitled: confirmed.meta({ description: 'On and off camera' }),
  }),
]);

export const noteTryBody: z.ZodType<NoteTry> = z.strictObject({
  participantId: id,
  receivedAt: instant.nullable().default(null),
});

export const approveInvoiceBody: z.ZodType<ApproveInvoice> = z.strictObject({
  payer: z
    .enum(['patient', 'guardian'])
    .nullable()
    .default(null)
    .meta({ description: 'Needed from 13 to 17, where staff decide who pays (R5.10)' }),
});
export const waiveInvoiceBody: z.ZodType<WaiveInvoice> = z.strictObject({ reason: z.enum(waiveReasons) });
export const answerInvoiceBody: z.ZodType<AnswerInvoice> = z.strictObject({
  to: z.enum(['basis', 'credit']).meta({ description: 'Which of the two you were handed' }),
  accepted: z.boolean(),
});

export const assignTaskBody: z.ZodType<AssignTask> = z.strictObject({ staffId: staffId.nullable() });
export const finishTaskBody: z.ZodType<FinishTask> = z.strictObject({
  result: z
    .enum(taskResults)
    .meta({ description: '`reached`: the patient knows of the meeting, which counts as a notice (R2.10)' }),
});

export const entryBody = z.strictObject({
  participantId: id,
  identityChecked: z
    .enum(['known-to-staff', 'e-identification', 'by-telephone'])
    .nullable()
    .default(null)
    .meta({
      description: 'How the acting staff checked who it is; without it nobody comes in (login-required)',
    }),
});

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
export const feeRow = z
  .strictObject({
    feeCode,
    validFrom: day,
    validUntil: day.nullable(),
    visitFeeOre: z.int().min(0).max(MOST_FEE_ORE),
    missedVisitFeeOre: z.int().min(0).max(MOST_FEE_ORE),
  })
  .refine(({ validFrom, validUntil }) => validUntil === null || validFrom <= validUntil, {
    path: ['validUntil'],
    message: 'must not be before validFrom',
  });

const feeTable = z
  .array(feeRow)
  .max(MOST_FEE_ROWS)
  .refine((rows) => overlaps(rows).length === 0, 'must have one amount for a code and a day');

export const importFeesBody: z.ZodType<ImportFees> = z.strictObject({
  csv: z
    .string()
    .min(1)
    .max(100_000)
    .meta({
      description: `The whole new table, as GET /clinic/fees gives it: ${feeColumns.join(';')}, amounts in whole öre`,
    }),
  dryRun: z.boolean().default(false).meta({ description: 'Only say what would change' }),
});

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

export const settingsBody: z.ZodType<ClinicSettings> = z.strictObject({
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
  fees: feeTable,
});
