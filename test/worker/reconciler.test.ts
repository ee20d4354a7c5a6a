import { bookMeetingBody } from '../../use-cases/meeting/bodies';
import { carryOut } from '../../use-cases/carry-out';
import type { CommandDeps } from '../../use-cases/command';
import type { Command } from '../../records/commands';
import { TemporalUnavailable } from '../../temporal/gateway';
import { meetingWorkflowId } from '../../temporal/ids';
import { cancelledLate, invoicesOf, quietPatient, taskIn, tasksOf } from '../api/clinic/after-meetings';
import { DAY, expectProblem, inMs, testClock } from '../api/helpers';
import { bookingOf, createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { testKeys } from '../support/keys';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/**
 * Decision 6: what was stored is carried out, later or again, with one effect; and nothing that cannot be
 * holds up the rest.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let deps: CommandDeps;

beforeAll(async () => {
  service = await startService({ clock, workers: false, deadlineMs: 5_000 });
  clinic = await createClinic(service);
  const { records, temporal } = service;
  deps = { records, temporal, clock, roomKey: testKeys.roomKey };
});
afterEach(() => clock.release());
afterAll(() => service.close());

/** Hands in a command as the API does, and leaves it there: as if its process had died. */
async function stored(key: string, wanted: Pick<Command, 'operation' | 'params' | 'body'>): Promise<Command> {
  const request = {
    clinicId: clinic.clinicId,
    actor: { kind: 'staff' as const, staffId: 'booker-1', role: 'booker' },
    reason: null,
    ...wanted,
  };
  const accepted = await service.records.commands.accept(key, request, clock.now());
  if (accepted.kind !== 'carry-out') throw new Error(`not new: ${accepted.kind}`);
  return accepted.command;
}
const cancel = (key: string, { meetingId }: TestMeeting): Promise<Command> =>
  stored(key, {
    operation: 'meeting.cancel',
    params: { meetingId },
    body: { by: 'clinic', receivedAt: null },
  });
const booked = async (): Promise<TestMeeting> =>
  clinic.book({ patientId: await quietPatient(clinic), startAt: inMs(5 * DAY) });

it('R3.2 a booking whose process died is finished with all that belongs to it: the no is told to the clinic', async () => {
  const patientId = await quietPatient(clinic);
  const no = { body: { given: false, givenBy: 'person' } };
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, no);
  const body = bookMeetingBody.parse(bookingOf({ patientId, startAt: inMs(5 * DAY) }));
  const command = await stored('books', { operation: 'meeting.book', params: {}, body });
  const people = {
    ...service.records.people,
    findForHandOver: () => Promise.reject(new Error('the process died')),
  };
  await expect(carryOut({ ...deps, records: { ...service.records, people } }, command)).rejects.toThrow();
  const meeting = {
    meetingId: command.targetId,
    path: `/clinic/meetings/${command.targetId}`,
  } as TestMeeting;
  // It stands in the records already: until its workflow runs, whoever would change it is told to wait.
  expectProblem(await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }), 503);

  expect((await carryOut(deps, command)).status).toBe(201);
  await taskIn(clinic, meeting, 'consent-refused', 'open');
});

it('R1.2 a booking that is sent again under its key finds what its first try has stored, also where it would be refused by now', async () => {
  const patientId = await quietPatient(clinic);
  const body = bookingOf({ patientId, startAt: inMs(5 * DAY) });
  const again = () => clinic.call('POST', '/clinic/meetings', { body, key: 'sent-again' });
  const { startMeeting } = service.temporal;
  service.temporal.startMeeting = () => Promise.reject(new TemporalUnavailable(null));
  expectProblem(await again(), 503);
  service.temporal.startMeeting = startMeeting;
  const { settings } = await service.records.clinics.byId(clinic.clinicId);
  const change = (fees: typeof settings.fees): Promise<void> =>
    service.records.clinics.changeSettings(clinic.clinicId, { ...settings, fees }, inMs(0, clock.now()));
  await change([]);
  clock.passMs(10_000);
  expect((await again()).status).toBe(201);
  await change(settings.fees);
});

it('R4.6, R5.8 a correction whose process died is followed by its charge, whatever is known of the person since', async () => {
  await service.startWorkers();
  const patientId = await quietPatient(clinic);
  const meeting = await cancelledLate(clinic, clock, { patientId });
  // The reconciler, for which no time passes, leaves it to this test.
  clock.holdAt(new Date());
  const command = await stored('corrects', {
    operation: 'meeting.correct-outcome',
    params: { meetingId: meeting.meetingId },
    body: { outcome: 'back-up-routine', was: 'cancelled-late', way: 'telephone', reason: 'other' },
  });
  const temporal = { ...service.temporal, propose: () => Promise.reject(new TemporalUnavailable(null)) };
  expect((await carryOut({ ...deps, temporal }, command)).status).toBe(503);
  const deaf = { body: { unsuitableWays: ['telephone'] } };
  expect((await clinic.call('PATCH', `/clinic/people/${patientId}`, deaf)).status).toBe(200);

  expect((await carryOut(deps, command)).status).toBe(200);
  expect(await invoicesOf(clinic, meeting)).toMatchObject([
    { kind: 'missed-visit-fee', state: 'withdrawn' },
    { cause: 'back-up-routine', state: 'nothing-to-charge' },
  ]);
});

it('A4 one whose meeting has no workflow any more holds up no other, and is given up after failures of its own, not by its age', async () => {
  const [broken, other] = [await booked(), await booked()];
  await service.client.workflow.getHandle(meetingWorkflowId(broken.meetingId)).terminate('an operator');
  // The older of the two, so that it comes first.
  const command = await cancel('of-the-broken', broken);
  clock.passMs(1);
  await cancel('of-the-other', other);
  clock.passMs(60_000);
  await waitUntil(
    () => service.records.meetings.get(other.meetingId),
    ({ course }) => course.state === 'ended',
  );
  const { commands } = service.records;
  expect(await commands.pendingFor(broken.meetingId)).toBe(true);

  // From now on the reconciler leaves it to this test.
  clock.holdAt(new Date(Date.now() + DAY));
  const away = { ...service.temporal, cancelMeeting: () => Promise.reject(new TemporalUnavailable(null)) };
  expect(await carryOut({ ...deps, temporal: away }, command)).toMatchObject({ status: 503 });
  expect(await commands.pendingFor(broken.meetingId)).toBe(true);
  for (let failures = 0; failures < 10 && (await commands.pendingFor(broken.meetingId)); failures += 1)
    await carryOut(deps, command).catch(() => undefined);
  expect(await commands.pendingFor(broken.meetingId)).toBe(false);
  // Staff read it in the answer; nobody else was promised anything.
  expect(await tasksOf(clinic, broken)).not.toContainEqual(
    expect.objectContaining({ kind: 'not-carried-out' }),
  );
  const given = await clinic.call('POST', `${broken.path}/cancel`, {
    key: 'of-the-broken',
    body: { by: 'clinic' },
  });
  expectProblem(given, 500);
  expect(given.body).toMatchObject({ title: 'given-up' });
});
