import type { Records } from '../records';
import type { ClinicSettings } from '../records/clinics';
import type { FormQuestion } from '../rules/forms';
import { questionsAsked, type Suitability } from '../rules/suitability';

/** What the demo clinic has from the start: ids that the summary's command can name. */
export const demo = {
  clinicId: 'demo-clinic-----------',
  formId: 'demo-form-------------',
  patientId: 'demo-patient-tolvan---',
  staffId: 'demo-clinician',
  feeCode: 'visit',
} as const;

/** The demo clinic's rules are quick, so that a whole life passes in about five minutes; no clock is faked. */
export const demoSettings: ClinicSettings = {
  name: 'Demomottagningen',
  phone: '010-000 00 01',
  supportPhone: '010-000 00 02',
  noticeHours: 24,
  graceMinutes: 1,
  doorOpensMinutesBefore: 2,
  overrunMinutes: 1,
  linkInSms: true,
  // The demo patient has one number, and as many meetings as one wants to see.
  smsPerNumberPerDay: 1_000,
  smsPerDay: 10_000,
  foreignNumbers: false,
  noticeRules: {
    reminders: {
      morning: { when: { minutesBefore: 2 }, skipWithinMinutesOfStart: 0, usefulUntilMinutesAfterStart: -1 },
      soon: { when: { minutesBefore: 1 }, skipWithinMinutesOfStart: 0, usefulUntilMinutesAfterStart: 0 },
      start: { when: { minutesBefore: 0 }, skipWithinMinutesOfStart: 0, usefulUntilMinutesAfterStart: 1 },
    },
    quietHours: null,
  },
  fees: [
    {
      feeCode: demo.feeCode,
      validFrom: '2020-01-01',
      validUntil: null,
      visitFeeOre: 30_000,
      missedVisitFeeOre: 40_000,
    },
  ],
};

/** A digital meeting suits every demo patient; they are adults. */
export const demoSuitability: Suitability = {
  assessedBy: demo.staffId,
  disability: false,
  answers: Object.fromEntries(questionsAsked(false, false).map((question) => [question, true])),
};

/** How far ahead a demo meeting starts, and how long it lasts. */
export const DEMO_STARTS_IN_MINUTES = 3;
export const DEMO_LASTS_MINUTES = 2;

const demoForm: { title: string; questions: FormQuestion[] } = {
  title: 'Inför mötet',
  questions: [
    {
      questionId: 'how-are-you',
      label: 'Hur mår du i dag?',
      required: true,
      type: 'scale',
      from: 0,
      to: 10,
    },
  ],
};

/** Makes the demo clinic, its form and one patient (a test person of Skatteverket's); what is there already stays as it is. */
export async function makeDemoClinic(records: Records, apiKey: string, now: Date): Promise<void> {
  await records.clinics.save({ clinicId: demo.clinicId, settings: demoSettings }, apiKey);
  await records.forms.add({ formId: demo.formId, clinicId: demo.clinicId, ...demoForm }, now);
  const recorded = { recordedBy: demo.staffId, recordedAt: now.toISOString() };
  await records.people.add(
    {
      personId: demo.patientId,
      clinicId: demo.clinicId,
      personal: {
        name: 'Tolvan Tolvansson',
        identity: { kind: 'personal-number', number: '191212121212' },
        birthDate: '1912-12-12',
        mobile: { number: '+46701740605', recordedAt: recorded.recordedAt },
        email: null,
        unsuitableWays: [],
      },
      language: 'sv',
      noticesBy: 'sms',
      protectedIdentity: false,
      smsConsent: { given: true, source: 'asked', ...recorded },
      careHistoryConsent: null,
      changedAt: null,
    },
    now,
  );
}

/** Where the demo clinic's events go on this machine, below the local stand's address. */
const RECEIVER_PATH = '/receiver/events';

/** Lets the demo clinic's events go to the receiver beside it, whose port may have moved; a webhook of another's choice stays. */
export async function makeDemoWebhook(records: Records, standUrl: string, now: Date): Promise<void> {
  const webhook = await records.webhooks.find(demo.clinicId);
  if (webhook && !webhook.url.endsWith(RECEIVER_PATH)) return;
  const change = { clinicId: demo.clinicId, commandId: 'demo-webhook', receivedAt: now.toISOString() };
  await records.webhooks.set(change, `${standUrl}${RECEIVER_PATH}`);
}
