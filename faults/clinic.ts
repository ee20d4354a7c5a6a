import { madeUpSettings, reminderBefore } from '../local/made-up-clinic';
import type { Records } from '../records';
import type { Reminder, ReminderTimes } from './checker/evidence';

export const STAFF_ID = 'faults';
const CLINIC_ID = 'faults-clinic---------';

/** A whole morning, and what comes after it, in seconds. */
export const reminders: Record<Reminder, ReminderTimes> = {
  morning: { dueMs: -14_000, usefulUntilMs: -1_000 },
  soon: { dueMs: -7_000, usefulUntilMs: 0 },
  start: { dueMs: 0, usefulUntilMs: 10_000 },
};

const minutesOf = (ms: number): number => ms / 60_000;
const ruleOf = ({ dueMs, usefulUntilMs }: ReminderTimes) =>
  reminderBefore(minutesOf(-dueMs), minutesOf(usefulUntilMs));

/** Makes the clinic whose meetings are disturbed. */
export async function makeClinic(records: Records, apiKey: string): Promise<void> {
  await records.prepare();
  await records.clinics.save(
    {
      clinicId: CLINIC_ID,
      settings: {
        ...madeUpSettings,
        graceMinutes: 1,
        overrunMinutes: 1,
        // More than any run sends: its meetings share the few fictitious numbers.
        smsPerNumberPerDay: 1_000_000,
        smsPerDay: 1_000_000,
        noticeRules: {
          reminders: {
            morning: ruleOf(reminders.morning),
            soon: ruleOf(reminders.soon),
            start: ruleOf(reminders.start),
          },
          quietHours: null,
        },
      },
    },
    apiKey,
  );
}
