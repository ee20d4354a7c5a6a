import { defaultNoticeRules } from '../../../rules/notices';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { testClock } from '../helpers';

export const clock = testClock();
export let service: Service;
export let clinic: TestClinic;
export let patientId: string;

export const book = (startAt: string, more: object = {}): Promise<TestMeeting> =>
  clinic.book({ patientId, startAt, ...more });
export const read = async (path: string) =>
  (await clinic.call('GET', path)).body as {
    state: string;
    startVersion: number;
    startAt: string;
    endAt: string;
    outcome: { outcome: string } | null;
  };
export const cancel = (path: string, body: object = { by: 'patient' }) =>
  clinic.call('POST', `${path}/cancel`, { body });
export const rebook = (path: string, startAt: string, more: object = {}) =>
  clinic.call('POST', `${path}/rebook`, { body: { by: 'clinic', startAt, ...more } });

/** A service with one clinic that has no quiet hours, and a patient; for a whole test file. */
export function withClinic(): void {
  beforeAll(async () => {
    service = await startService({ clock });
    clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
    patientId = await clinic.addPatient({}, false);
  });
  afterEach(() => {
    clock.release();
  });
  afterAll(() => service.close());
}
