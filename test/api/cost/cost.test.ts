import { randomUUID } from 'node:crypto';
import { startService, type Service } from '../../support/service';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { watchCosts, type Cost, type Costs } from '../../support/costs';
import { loggedIn, testPeople, type Visitor } from '../../support/patient';
import { DAY, inMs } from '../helpers';

/**
 * What a request may ask of the database (issue 15). A guard against work that comes back unseen, not a
 * timing: each bound is what is needed for a promise, as the test names it.
 */
describe('what a request costs the database', () => {
  let service: Service;
  let clinic: TestClinic;
  let costs: Costs;
  let patientId: string;
  let meeting: TestMeeting;
  let patient: Visitor;

  beforeAll(async () => {
    service = await startService();
    costs = watchCosts(service.database);
    clinic = await createClinic(service);
    patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
    patient = await loggedIn(service, testPeople.patient);
  });
  afterAll(async () => {
    await service.close();
  });

  const print = (what: string, cost: Cost): void => {
    console.log(what, cost.commands.length, cost.commits, cost.commands);
  };

  it('of a booking', async () => {
    const other = await clinic.addPatient();
    const cost = await costs.ofRequests(() => clinic.book({ patientId: other, startAt: inMs(4 * DAY) }));
    print('booking', cost);
  });

  it('of a status read', async () => {
    print('status', await costs.ofRequests(() => clinic.call('GET', meeting.path)));
  });

  it('of pages', async () => {
    const page = (path: string, headers: Record<string, string> = {}) =>
      costs.ofRequests(async () => {
        const shown = await patient.get(`/my/meetings/${meeting.patientParticipantId}${path}`, headers);
        expect(shown.status).toBe(200);
      });
    print('my meeting', await page(''));
    print('room', await page('/room'));
    print('room status', await page('/room/status', { accept: 'application/json' }));
  });

  it('of a cancellation', async () => {
    const other = await clinic.addPatient();
    const booked = await clinic.book({ patientId: other, startAt: inMs(5 * DAY) });
    print(
      'cancellation',
      await costs.ofRequests(() =>
        clinic.call('POST', `${booked.path}/cancel`, {
          body: { by: 'patient' },
          key: randomUUID(),
        }),
      ),
    );
  });
});
