import { createClinic, type TestClinic } from '../support/clinic';
import { formIn, loggedIn, testPeople, visitor } from '../support/patient';
import { startService, type Service } from '../support/service';
import { DAY, inMs } from '../api/helpers';

let service: Service;
let clinic: TestClinic;

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 1_000 });
  clinic = await createClinic(service);
});
afterAll(() => service.close());

describe('my meeting', () => {
  it('R3.5 shows clinic, time and what is left to do to the one who has logged in', async () => {
    const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    const meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
    const path = `/my/meetings/${meeting.patientParticipantId}`;
    const browser = await loggedIn(service, testPeople.patient);
    const shown = await browser.get(path);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('Testmottagningen');
    expect(formIn(shown, '/logout').csrf).toMatch(/^[\w-]{43}$/);

    const nobody = await visitor(service.apiUrl).get(path);
    expect(nobody.status).toBe(401);
    expect(nobody.text).not.toContain('Testmottagningen');
    const other = await (await loggedIn(service, testPeople.stranger)).get(path);
    expect(other.status).toBe(404);
    expect(other.text).not.toContain('Testmottagningen');
  });
});
