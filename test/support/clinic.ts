import { randomUUID } from 'node:crypto';
import { FEE_CODE, madeUpSettings, suitable as suitableBy } from '../../local/made-up-clinic';
import type { ClinicSettings } from '../../records/clinics';
import { withNoticeHours } from '../../rules/cancellation';
import { defaultNoticeRules, type NoticeRules } from '../../rules/notices';
import type { Suitability } from '../../rules/suitability';
import { randomId } from '../../platform/keys/random-id';
import { expectDeclared, type CallAnswer } from './declared-answers';
import { notePersonal } from './personal';
import type { Service } from './service';

/** A clinic of a test, as its own system calls the API: HTTP only. */
export type { CallAnswer };

export interface TestClinic {
  clinicId: string;
  apiKey: string;
  call(method: string, path: string, options?: CallOptions): Promise<CallAnswer>;
  /** A patient with a mobile and a consent to SMS, unless told otherwise. */
  addPatient(person?: object, smsConsent?: boolean): Promise<string>;
  addForm(): Promise<string>;
  book(booking: object): Promise<TestMeeting>;
  /** Staff confirm that the clinic is ready (R4.7). */
  confirmReady(meeting: TestMeeting): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  key?: string;
  staffId?: string;
  role?: string;
  reason?: string;
  headers?: Record<string, string | undefined>;
}

export interface TestMeeting {
  meetingId: string;
  path: string;
  patientParticipantId: string;
  staffParticipantId: string;
}

/**
 * The rules' own, but for the spread over the half-hour after 07:00: then a test can say when a reminder
 * comes.
 */
const exactNoticeRules: NoticeRules = {
  ...defaultNoticeRules,
  reminders: {
    ...defaultNoticeRules.reminders,
    morning: { ...defaultNoticeRules.reminders.morning, when: { clock: '07:00' } },
  },
};

export const testSettings: ClinicSettings = { ...madeUpSettings, noticeRules: exactNoticeRules };

/** The same as the API has them. */
export const testSettingsBody = withNoticeHours(testSettings);

let lastNumber = 604;
/** A fictitious mobile number (facts) that no other patient of this file has. */
export function nextMobile(): string {
  lastNumber += 1;
  if (lastNumber > 698) throw new Error('more patients than fictitious numbers');
  return `+46701740${lastNumber}`;
}

/** Makes a clinic with its key. */
export async function createClinic(
  service: Service,
  settings: Partial<ClinicSettings> = {},
): Promise<TestClinic> {
  const clinicId = randomId();
  const apiKey = `vk_${randomUUID()}${randomUUID()}`;
  await service.records.clinics.save({ clinicId, settings: { ...testSettings, ...settings } }, apiKey);

  async function call(method: string, path: string, options: CallOptions = {}): Promise<CallAnswer> {
    notePersonal(path, options.body);
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'acting-staff': options.staffId ?? 'clinician-1',
      'acting-role': options.role ?? 'clinician',
      'acting-reason': options.reason,
      'idempotency-key': method === 'GET' ? undefined : (options.key ?? randomUUID()),
      'content-type': options.body === undefined ? undefined : 'application/json',
      ...options.headers,
    };
    const response = await fetch(`${service.apiUrl}${path}`, {
      method,
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) => (value ? [[name, value]] : [])),
      ),
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const answer: CallAnswer = {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : text,
    };
    expectDeclared(method, path, answer);
    return answer;
  }

  async function mustCall(method: string, path: string, body: unknown): Promise<CallAnswer['body']> {
    const answer = await call(method, path, { body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  return {
    clinicId,
    apiKey,
    call,
    async addPatient(person = {}, smsConsent = true) {
      const { personId } = (await mustCall('POST', '/clinic/people', {
        name: 'Tolvan Testperson',
        birthDate: '1980-05-17',
        // There are few: one that names its own takes none.
        ...('mobile' in person ? {} : { mobile: nextMobile() }),
        ...person,
      })) as { personId: string };
      if (smsConsent) {
        await mustCall('PUT', `/clinic/people/${personId}/sms-consent`, { given: true, source: 'asked' });
      }
      return personId;
    },
    async confirmReady({ path }) {
      await mustCall('POST', `${path}/confirmations`, {
        moment: 'before-opening',
        room: true,
        background: true,
        clothing: true,
        nameBadge: true,
      });
    },
    async addForm() {
      const { formId } = (await mustCall('POST', '/clinic/forms', {
        title: 'Inför mötet',
        questions: [
          { questionId: 'how', label: 'Hur mår du?', required: true, type: 'scale', from: 0, to: 10 },
        ],
      })) as { formId: string };
      return formId;
    },
    async book(booking) {
      const body = await mustCall('POST', '/clinic/meetings', bookingOf(booking));
      const { meetingId, participants } = body as {
        meetingId: string;
        participants: { role: string; participantId: string }[];
      };
      const idOf = (role: string): string =>
        participants.find((each) => each.role === role)?.participantId ?? '';
      return {
        meetingId,
        path: `/clinic/meetings/${meetingId}`,
        patientParticipantId: idOf('patient'),
        staffParticipantId: idOf('staff'),
      };
    },
  };
}

/** A booking of an adult that is right in every field, with what the test says in place of its own. */
export const bookingOf = (booking: object): Record<string, unknown> => ({
  durationMinutes: 30,
  participants: [{ role: 'staff', staffId: 'clinician-1' }],
  agreed: true,
  toldOfFee: true,
  feeCode: FEE_CODE,
  suitability: suitable(),
  ...booking,
});

/** An assessment by which a digital meeting suits (R1.2): of an adult, unless told otherwise. */
export const suitable = (patient?: { child?: boolean; disability?: boolean }): Suitability =>
  suitableBy('clinician-1', patient);

/** What is booked of a child who may be seen by video, with one of the staff and whoever else takes part. */
export const ofChild = (patientId: string, startAt: string, ...others: object[]) => ({
  patientId,
  startAt,
  suitability: suitable({ child: true }),
  participants: [{ role: 'staff', staffId: 'clinician-1' }, ...others],
});
