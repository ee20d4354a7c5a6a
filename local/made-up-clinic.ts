import { defaultDayLimits } from '../rules/day-limits';
import { randomId } from '../platform/keys/random-id';
import type { ClinicSettings } from '../records/clinics';
import type { Person } from '../records/people';
import { defaultCaseRules } from '../rules/case';
import { defaultNoticeRules, type ReminderRule } from '../rules/notices';
import { defaultPresentation } from '../rules/presentation';
import { questionsAsked, type Suitability } from '../rules/suitability';

/** The code of the one fee that a made-up clinic has. */
export const FEE_CODE = 'visit';

/** A clinic that there is not, for whatever runs without a real one; each says what of it is otherwise. */
export const madeUpSettings: ClinicSettings = {
  name: 'Testmottagningen',
  phone: '010-000 00 11',
  supportPhone: '010-000 00 12',
  cancellationNoticeHours: 24,
  graceMinutes: 15,
  doorOpensMinutesBefore: 15,
  overrunMinutes: 60,
  linkInSms: true,
  // Its patients share the few fictitious numbers.
  ...defaultDayLimits,
  smsPerNumberPerDay: 1_000,
  smsPerDay: 100_000,
  foreignNumbers: false,
  noticeRules: defaultNoticeRules,
  caseRules: defaultCaseRules,
  presentation: defaultPresentation,
  fees: [
    {
      feeCode: FEE_CODE,
      validFrom: '2020-01-01',
      validUntil: null,
      visitFeeOre: 30_000,
      missedVisitFeeOre: 40_000,
    },
  ],
};

/**
 * A reminder so many minutes before the start, useful until the start unless told otherwise. Fractions are
 * seconds.
 */
export const reminderBefore = (minutesBefore: number, usefulUntilMinutesAfterStart = 0): ReminderRule => ({
  when: { minutesBefore },
  skipWithinMinutesOfStart: 0,
  usefulUntilMinutesAfterStart,
});

/** An assessment by which a digital meeting suits (R1.2): of an adult, unless told otherwise. */
export const suitable = (assessedBy: string, { child = false, disability = false } = {}): Suitability => ({
  assessedBy,
  disability,
  answers: Object.fromEntries(questionsAsked(child, disability).map((question) => [question, true])),
});

/** An adult who has agreed to SMS and has not been asked more. */
export function madeUpPatient(
  clinicId: string,
  { recordedBy, mobile, at }: { recordedBy: string; mobile: string; at: Date },
): Person {
  const recorded = { recordedBy, recordedAt: at.toISOString() };
  return {
    personId: randomId(),
    clinicId,
    personal: {
      name: 'Tolvan Testperson',
      identity: null,
      birthDate: '1980-05-17',
      mobile: { number: mobile, recordedAt: recorded.recordedAt },
      email: null,
      unsuitableWays: [],
    },
    language: 'sv',
    noticesBy: 'sms',
    protectedIdentity: false,
    smsConsent: { given: true, source: 'asked', ...recorded },
    careHistoryConsent: null,
    guardianStops: [],
    changedAt: null,
  };
}
