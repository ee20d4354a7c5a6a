import type { Records } from '../records';
import type { ClinicSettings } from '../records/clinics';
import type { StaffMember } from '../records/staff';
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
      lowest: 'mycket dåligt',
      highest: 'mycket bra',
    },
  ],
};

/** The demo clinic's staff: who they are at the stand-in of their login, and what they may do. */
export const demoStaff: (Pick<StaffMember, 'memberId' | 'name' | 'title' | 'staffIds' | 'roles'> & {
  login: string;
})[] = [
  {
    memberId: 'demo-staff-reception--',
    name: 'Rut Mottagare',
    title: 'medicinsk sekreterare',
    staffIds: ['demo-booker'],
    roles: ['booker'],
    login: 'SE0000000000-R001',
  },
  {
    memberId: 'demo-staff-nurse------',
    name: 'Siv Sköterska',
    title: 'sjuksköterska',
    staffIds: [demo.staffId],
    roles: ['clinician', 'booker'],
    login: 'SE0000000000-S001',
  },
  {
    memberId: 'demo-staff-doctor-----',
    name: 'Lo Läkare',
    title: 'läkare',
    staffIds: ['demo-doctor'],
    roles: ['clinician'],
    login: 'SE0000000000-L001',
  },
  {
    memberId: 'demo-staff-manager----',
    name: 'Vera Chef',
    title: 'verksamhetschef',
    staffIds: ['demo-manager'],
    roles: ['operations-manager'],
    login: 'SE0000000000-V001',
  },
];

/**
 * Makes the demo clinic, its form and one patient (a test person of Skatteverket's); what is there already
 * stays as it is.
 */
export async function makeDemoClinic(records: Records, apiKey: string, now: Date): Promise<void> {
  await records.clinics.save({ clinicId: demo.clinicId, settings: demoSettings }, apiKey);
  await records.forms.add({ formId: demo.formId, clinicId: demo.clinicId, ...demoForm }, now);
  for (const member of demoStaff)
    await records.staff.add({
      ...member,
      clinicId: demo.clinicId,
      shownName: member.name,
      isActive: true,
      changedAt: now.toISOString(),
    });
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

/** A test number of Skatteverket's: it is of that made-up patient alone whom one can log in as just now. */
export const DEMO_PATIENT_NUMBER = '198112189876';
/** When whoever has it was born. */
export const DEMO_PATIENT_BORN = '1981-12-18';

/**
 * Gives a made-up patient of the demo clinic the number that one logs in with; whoever had it has none from
 * then on. There are few test numbers, and any number of demo meetings.
 */
export async function becomeDemoPatient(records: Records, personId: string, now: Date): Promise<void> {
  const { people } = records;
  const identity = { kind: 'personal-number', number: DEMO_PATIENT_NUMBER } as const;
  const holder = await people.findByIdentity(demo.clinicId, identity);
  if (holder?.personId === personId) return;
  const at = now.toISOString();
  if (holder) await people.change({ ...holder, personal: { ...holder.personal, identity: null } }, at);
  const person = await people.find(demo.clinicId, personId);
  if (person) await people.change({ ...person, personal: { ...person.personal, identity } }, at);
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
