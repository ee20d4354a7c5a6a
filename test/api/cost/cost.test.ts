import { bookingOf, createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { watchCosts, type Cost, type Costs } from '../../support/costs';
import { loggedIn, testPeople, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { DAY, inMs } from '../helpers';

/**
 * What one request may ask of the database (issue 15). A guard against work that comes back unseen, and not a
 * timing: what more is asked than here has to be needed for a promise. The workflow's own work is not
 * counted.
 */
let service: Service;
let clinic: TestClinic;
let costs: Costs;
let patientId: string;
let meeting: TestMeeting;
let patient: Visitor;

beforeAll(async () => {
  service = await startService();
  service.faults.set([{ fault: 'report-lost' }]);
  costs = watchCosts(service.database);
  clinic = await createClinic(service);
  patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
  patient = await loggedIn(service, testPeople.patient);
});
afterAll(() => service.close());

/** At most so many, and that the request asked for anything at all. */
function expectAtMost(cost: Cost, most: { commands: number; commits: number }): void {
  expect(cost.commands.length).toBeGreaterThan(0);
  // Told with the commands themselves: the number alone would say little.
  expect({ ...cost, isTooMuch: cost.commands.length > most.commands || cost.commits > most.commits }).toEqual(
    { ...cost, isTooMuch: false },
  );
}

const answered = async (status: number, call: Promise<{ status: number }>): Promise<void> =>
  expect((await call).status).toBe(status);

it('of a booking: audit row, stored command, one transaction, answer', async () => {
  const cost = await costs.ofRequests(() => clinic.book({ patientId, startAt: inMs(4 * DAY) }));
  expectAtMost(cost, { commands: 15, commits: 4 });
  const several = cost.commands.filter(
    (command) => command === 'find meetings' || command === 'find clinics',
  );
  // The clinic by its key, and the patient's other meetings once its own time is kept.
  expect(several).toEqual(['find clinics', 'find meetings']);
  const writes = cost.commands.filter((command) => /^(insert|update|commit)/.test(command));
  expect(writes).toEqual([
    'insert audit',
    'insert commands',
    'insert meetings',
    'update suitabilities',
    'insert eventQueues',
    'insert events',
    'commitTransaction',
    'update commands',
  ]);
});

it('of the same booking again: its first answer, and nothing is done', async () => {
  const startAt = inMs(6 * DAY);
  const key = 'the-same-booking';
  const body = bookingOf({ patientId, startAt });
  const first = await clinic.call('POST', '/clinic/meetings', { body, key });
  const cost = await costs.ofRequests(() =>
    answered(201, clinic.call('POST', '/clinic/meetings', { body, key })),
  );
  expect(first.status).toBe(201);
  expect(cost.commands.filter((command) => command.startsWith('insert'))).toEqual([
    'insert audit',
    'insert commands',
  ]);
  expectAtMost(cost, { commands: 6, commits: 2 });
});

it('of a status read: the key, the meeting, the audit row', async () => {
  const cost = await costs.ofRequests(() => answered(200, clinic.call('GET', meeting.path)));
  expect(cost).toEqual({ commands: ['find clinics', 'find meetings', 'insert audit'], commits: 1 });
});

it.each([
  // Each reads the names of staff too, all at once (R8.7).
  { page: '', accept: 'text/html', commands: 7, commits: 1 },
  { page: '/room', accept: 'text/html', commands: 10, commits: 1 },
  // Asked every few seconds by each who waits.
  { page: '/room/status', accept: 'application/json', commands: 5, commits: 0 },
])('of a page of my meeting: $page', async ({ page, accept, commands, commits }) => {
  const address = `/my/meetings/${meeting.patientParticipantId}${page}`;
  const cost = await costs.ofRequests(() => answered(200, patient.get(address, { accept })));
  expectAtMost(cost, { commands, commits });
});

it('of a cancellation: audit row, stored command, one transaction, answer', async () => {
  const booked = await clinic.book({ patientId, startAt: inMs(5 * DAY) });
  const cost = await costs.ofRequests(() =>
    answered(200, clinic.call('POST', `${booked.path}/cancel`, { body: { by: 'patient' } })),
  );
  // One more where the SMS of the booking has not gone yet and is withdrawn.
  expectAtMost(cost, { commands: 16, commits: 4 });
});
