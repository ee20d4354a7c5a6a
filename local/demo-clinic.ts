import type { Records } from '../records';
import type { ClinicSettings } from '../records/clinics';
import type { FormQuestion } from '../rules/forms';
import { FEE_CODE, madeUpPatient, madeUpSettings, reminderBefore, suitable } from './made-up-clinic';

/** What the demo clinic has from the start: ids that the summary's command can name. */
export const demo = {
  clinicId: 'demo-clinic-----------',
  formId: 'demo-form-------------',
  patientId: 'demo-patient-tolvan---',
  staffId: 'demo-clinician',
  feeCode: FEE_CODE,
} as const;

/**
 * The demo clinic's rules are quick, so that a whole life passes in about five minutes; no clock is faked.
 */
export const demoSettings: ClinicSettings = {
  ...madeUpSettings,
  name: 'Demomottagningen',
  phone: '010-000 00 01',
  supportPhone: '010-000 00 02',
  graceMinutes: 1,
  doorOpensMinutesBefore: 2,
  overrunMinutes: 1,
  noticeRules: {
    reminders: {
      morning: reminderBefore(2, -1),
      soon: reminderBefore(1),
      start: reminderBefore(0, 1),
    },
    quietHours: null,
  },
  caseRules: { ...madeUpSettings.caseRules, patientsMayOpen: true, burstMinutes: 1 },
};

/** A digital meeting suits every demo patient; they are adults. */
export const demoSuitability = suitable(demo.staffId);

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

/**
 * Makes the demo clinic, its form and one patient (a test person of Skatteverket's); what is there already
 * stays as it is.
 */
export async function makeDemoClinic(records: Records, apiKey: string, now: Date): Promise<void> {
  await records.clinics.save({ clinicId: demo.clinicId, settings: demoSettings }, apiKey);
  await records.forms.add({ formId: demo.formId, clinicId: demo.clinicId, ...demoForm }, now);
  const patient = madeUpPatient(demo.clinicId, { recordedBy: demo.staffId, mobile: '+46701740605', at: now });
  await records.people.add(
    {
      ...patient,
      personId: demo.patientId,
      personal: {
        ...patient.personal,
        name: 'Tolvan Tolvansson',
        identity: { kind: 'personal-number', number: '191212121212' },
        birthDate: '1912-12-12',
      },
    },
    now,
  );
}

/** Where the demo clinic's events go on this machine, below the local stand's address. */
const RECEIVER_PATH = '/receiver/events';

/**
 * Lets the demo clinic's events go to the receiver beside it, whose port may have moved; a webhook of
 * another's choice stays.
 */
export async function makeDemoWebhook(records: Records, standUrl: string, now: Date): Promise<void> {
  const webhook = await records.webhooks.find(demo.clinicId);
  if (webhook && !webhook.url.endsWith(RECEIVER_PATH)) return;
  const change = { clinicId: demo.clinicId, commandId: 'demo-webhook', receivedAt: now.toISOString() };
  await records.webhooks.set(change, `${standUrl}${RECEIVER_PATH}`);
}
