import type { Records } from '../records';
import type { Reminder, ReminderTimes } from './checker/evidence';

export const STAFF_ID = 'faults';
export const FEE_CODE = 'visit';
const CLINIC_ID = 'faults-clinic---------';

/** A whole morning, and what comes after it, in seconds. */
export const reminders: Record<Reminder, ReminderTimes> = {
  morning: { dueMs: -14_000, usefulUntilMs: -1_000 },
  soon: { dueMs: -7_000, usefulUntilMs: 0 },
  start: { dueMs: 0, usefulUntilMs: 10_000 },
};

const MINUTE_MS = 60_000;
const ruleOf = ({ dueMs, usefulUntilMs }: ReminderTimes) => ({
  when: { minutesBefore: -dueMs / MINUTE_MS },
  skipWithinMinutesOfStart: 0,
  usefulUntilMinutesAfterStart: usefulUntilMs / MINUTE_MS,
});

/** Makes the clinic whose meetings are disturbed. */
export async function makeClinic(records: Records, apiKey: string): Promise<void> {
  await records.prepare();
  await records.clinics.save(
    {
      clinicId: CLINIC_ID,
      settings: {
        name: 'Testmottagningen',
        phone: '010-000 00 11',
        supportPhone: '010-000 00 12',
        noticeHours: 24,
        graceMinutes: 1,
        doorOpensMinutesBefore: 15,
        overrunMinutes: 1,
        linkInSms: true,
        // More than any run sends: its meetings share the few fictitious numbers.
        smsPerNumberPerDay: 1_000_000,
        smsPerDay: 1_000_000,
        foreignNumbers: false,
        noticeRules: {
          reminders: {
            morning: ruleOf(reminders.morning),
            soon: ruleOf(reminders.soon),
            start: ruleOf(reminders.start),
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
      },
    },
    apiKey,
  );
}
