import type { BrowserContext, BrowserContextOptions } from 'playwright-core';
import { parseIdentity } from '../../rules/personal-number';
import { createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { testPeople } from '../support/patient';
import type { Service } from '../support/service';
import type { Harness, Visit } from './harness';

/** A meeting that somebody is invited to, at a clinic of its own. */
export interface Invitation {
  clinic: TestClinic;
  meeting: TestMeeting;
  patientId: string;
  formId: string | null;
  /** The patient's own pages of it. */
  path: string;
}

const MINUTE_MS = 60_000;

/** Books a meeting whose door stands open, and with nothing left to do, unless told otherwise. */
export async function invite(
  service: Service,
  {
    startsInMinutes = 10,
    doorOpensMinutesBefore = 60,
    consent = true,
    withForm = false,
    ready = true,
    participants = [],
    personalNumber = testPeople.patient,
  }: {
    startsInMinutes?: number;
    doorOpensMinutesBefore?: number;
    consent?: boolean;
    withForm?: boolean;
    ready?: boolean;
    participants?: object[];
    personalNumber?: string;
  } = {},
): Promise<Invitation> {
  const clinic = await createClinic(service, { doorOpensMinutesBefore, name: 'Testmottagningen' });
  const patientId = await clinic.addPatient({
    personalNumber,
    birthDate: undefined,
    name: 'Tolvan Testperson',
  });
  const formId = withForm ? await addLongForm(clinic) : null;
  const meeting = await clinic.book({
    patientId,
    startAt: new Date(Date.now() + startsInMinutes * MINUTE_MS).toISOString(),
    participants: [{ role: 'staff', staffId: 'clinician-1' }, ...participants],
    ...(formId ? { formIds: [formId] } : {}),
  });
  if (consent) await giveConsent(clinic, patientId);
  if (ready) await clinic.confirmReady(meeting);
  return { clinic, meeting, patientId, formId, path: `/my/meetings/${meeting.patientParticipantId}` };
}

export async function giveConsent(clinic: TestClinic, patientId: string): Promise<void> {
  await mustCall(clinic, 'PUT', `/clinic/people/${patientId}/care-history-consent`, {
    given: true,
    givenBy: 'person',
  });
}

/** Calls the clinic's API, and fails where it refuses. */
export async function mustCall(
  clinic: TestClinic,
  method: string,
  path: string,
  body?: object,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): Promise<any> {
  const answer = await clinic.call(method, path, body ? { body } : {});
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A form with a question of each type. */
export const longForm = {
  title: 'Inför mötet',
  questions: [
    { questionId: 'how', label: 'Hur mår du i dag?', required: true, type: 'scale', from: 0, to: 10 },
    { questionId: 'why', label: 'Vad vill du ta upp?', required: true, type: 'text', maxLength: 500 },
    { questionId: 'short', label: 'Vad ska vi kalla dig?', required: false, type: 'text', maxLength: 40 },
    {
      questionId: 'weight',
      label: 'Hur mycket väger du (kg)?',
      required: false,
      type: 'number',
      min: 1,
      max: 400,
    },
    {
      questionId: 'smokes',
      label: 'Röker du?',
      required: false,
      type: 'choice',
      choices: ['Ja', 'Nej', 'Har slutat'],
      many: false,
    },
    {
      questionId: 'helps',
      label: 'Vad brukar hjälpa?',
      required: false,
      type: 'choice',
      choices: ['Vila', 'Rörelse', 'Läkemedel'],
      many: true,
    },
    { questionId: 'since', label: 'När började besvären?', required: false, type: 'date' },
    {
      questionId: 'pain',
      label: 'Hur ont gör det, från 0 till 100?',
      required: false,
      type: 'scale',
      from: 0,
      to: 100,
    },
  ],
};

async function addLongForm(clinic: TestClinic): Promise<string> {
  const { formId } = (await mustCall(clinic, 'POST', '/clinic/forms', longForm)) as { formId: string };
  return formId;
}

/** Logs a person in behind the login's back, in this browser. */
export async function logIn(
  harness: Harness,
  context: BrowserContext,
  personalNumber: string = testPeople.patient,
): Promise<void> {
  const identity = parseIdentity(personalNumber);
  if (!identity) throw new Error('no personal number');
  const { secret } = await harness.service.records.sessions.start(
    { identity, name: 'Tolvan Testperson' },
    new Date(),
  );
  await context.addCookies([{ name: 'vardmote-session', value: secret, url: harness.apiUrl }]);
}

/** A page of one's own, already logged in. */
export async function openAs(
  harness: Harness,
  personalNumber: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visit = await harness.open('about:blank', { locale: 'sv-SE', ...options });
  await logIn(harness, visit.page.context(), personalNumber);
  await visit.page.goto(`${harness.apiUrl}${path}`);
  return visit;
}
