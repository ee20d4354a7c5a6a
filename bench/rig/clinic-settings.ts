import { madeUpSettings, reminderBefore, suitable } from '../../local/made-up-clinic';
import type { ClinicSettings } from '../../records/clinics';

export const STAFF_ID = 'clinician-1';

const DAY_MINUTES = 24 * 60;

/**
 * A day before its start a meeting's one reminder is due; the first is past when it is booked, the last
 * beyond the bench's end.
 */
export const REMINDER_MINUTES_BEFORE = DAY_MINUTES;

/** More SMS than any bench sends, and to the few fictitious numbers that there are. */
export const NO_CAP = 10_000_000;

/** A clinic whose notices wait for no morning: what is booked in the bench at night is measured as by day. */
export const clinicSettings: ClinicSettings = {
  ...madeUpSettings,
  smsPerNumberPerDay: NO_CAP,
  smsPerDay: NO_CAP,
  noticeRules: {
    reminders: {
      morning: reminderBefore(30 * DAY_MINUTES),
      soon: reminderBefore(REMINDER_MINUTES_BEFORE),
      start: reminderBefore(0),
    },
    quietHours: null,
  },
};

/** A digital meeting suits every patient of the bench; they are adults. */
export const suitability = suitable(STAFF_ID);
