import type { ClinicSettings } from '../../records/clinics';
import type { ReminderRule } from '../../rules/notices';
import { questionsAsked, type Suitability } from '../../rules/suitability';

export const FEE_CODE = 'visit';
export const STAFF_ID = 'clinician-1';

/** A reminder so many minutes before the start, useful until the start. */
export const reminderBefore = (minutesBefore: number): ReminderRule => ({
  when: { minutesBefore },
  skipWithinMinutesOfStart: 0,
  usefulUntilMinutesAfterStart: 0,
});

const DAY_MINUTES = 24 * 60;

/** A day before its start a meeting's one reminder is due; the first is past when it is booked, the last beyond the bench's end. */
export const REMINDER_MINUTES_BEFORE = DAY_MINUTES;

/** More SMS than any bench sends, and to the few fictitious numbers that there are. */
export const NO_CAP = 10_000_000;

/** A clinic whose notices wait for no morning: what is booked in the bench at night is measured as by day. */
export const clinicSettings: ClinicSettings = {
  name: 'Testmottagningen',
  phone: '010-000 00 11',
  supportPhone: '010-000 00 12',
  noticeHours: 24,
  graceMinutes: 15,
  doorOpensMinutesBefore: 15,
  overrunMinutes: 60,
  linkInSms: true,
  smsPerNumberPerDay: NO_CAP,
  smsPerDay: NO_CAP,
  foreignNumbers: false,
  noticeRules: {
    reminders: {
      morning: reminderBefore(30 * DAY_MINUTES),
      soon: reminderBefore(REMINDER_MINUTES_BEFORE),
      start: reminderBefore(0),
    },
    quietHours: null,
  },
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

/** A digital meeting suits every patient of the bench; they are adults. */
export const suitability: Suitability = {
  assessedBy: STAFF_ID,
  disability: false,
  answers: Object.fromEntries(questionsAsked(false, false).map((question) => [question, true])),
};
