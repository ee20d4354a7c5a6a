import { madeUpSettings, reminderBefore, suitable } from '../../local/made-up-clinic';
import type { ClinicSettings } from '../../records/clinics';
import { inStockholm } from '../../rules/calendar/stockholm';
import { defaultSmsLimits } from '../../rules/sms-caps';

export const STAFF_ID = 'clinician-1';

const DAY_MINUTES = 24 * 60;

/**
 * A day before its start a meeting's one reminder is due; the first is past when it is booked, the last
 * beyond the bench's end.
 */
export const REMINDER_MINUTES_BEFORE = DAY_MINUTES;

/** The account's cap as a worker has it unless it is told otherwise (docs/running-for-real.md). */
export const SMS_PER_DAY = 20_000;

/**
 * A clinic whose notices wait for no morning: what is booked in the bench at night is measured as by day. Its
 * caps are those of a clinic that says nothing of them: counting up to them is a part of what an SMS costs.
 */
export const clinicSettings: ClinicSettings = {
  ...madeUpSettings,
  ...defaultSmsLimits,
  noticeRules: {
    reminders: {
      morning: reminderBefore(30 * DAY_MINUTES),
      soon: reminderBefore(REMINDER_MINUTES_BEFORE),
      start: reminderBefore(0),
    },
    quietHours: null,
  },
};

/** The same, but what is booked now gets its message in some hours, when the bench is over. */
export function whoseNoticesWait(): Pick<ClinicSettings, 'noticeRules'> {
  const hoursFromNow = (hours: number): string =>
    inStockholm(new Date(Date.now() + hours * 3_600_000)).toFormat('HH:mm');
  const quietHours = { from: hoursFromNow(-1), until: hoursFromNow(-2), unlessBefore: hoursFromNow(-2) };
  return { noticeRules: { ...clinicSettings.noticeRules, quietHours } };
}

/** A digital meeting suits every patient of the bench; they are adults. */
export const suitability = suitable(STAFF_ID);
