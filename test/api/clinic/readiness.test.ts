import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { eventsOf, mustBe, readMeeting, quietPatient, taskIn, tasksOf } from './after-meetings';
import { DAY, MINUTE, expectProblem, inMs } from '../helpers';

/** R4.7: staff confirm that the clinic is ready, and at the start that all present are entitled. */
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let patientId: string;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
  other = await createClinic(service);
  patientId = await quietPatient(clinic);
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
});
afterAll(() => service.close());

const book = (startAt = inMs(10 * MINUTE)) => clinic.book({ patientId, startAt });
const ready = { moment: 'before-opening', room: true, background: true, clothing: true, nameBadge: true };
const confirm = ({ path }: TestMeeting, body: object = ready, staffId = 'clinician-1') =>
  clinic.call('POST', `${path}/confirmations`, { body, staffId });
const read = (meeting: TestMeeting) => readMeeting(clinic, meeting);
const enter = async ({ path, patientParticipantId }: TestMeeting): Promise<object> =>
  (
    await clinic.call('POST', `${path}/entry`, {
      body: { participantId: patientParticipantId, identityChecked: 'known-to-staff' },
    })
  ).body as object;
const confirmedIn = async ({ path }: TestMeeting) => {
  const { body } = await clinic.call('GET', `${path}/timeline`);
  return (body.happenings as { what: string; detail: string; startVersion: number }[])
    .filter(({ what }) => what === 'clinic-confirmed')
    .map(({ detail, startVersion }) => `${startVersion} ${detail}`);
};

it('R4.7 the patient comes in when staff have confirmed, and not before', async () => {
  const meeting = await book();
  expect(await enter(meeting)).toMatchObject({ admitted: false, reasons: ['clinic-not-ready'] });
  const answer = await confirm(meeting);
  // Decision 1: what one has just done, one reads.
  expect([answer.status, answer.body.clinicReady]).toEqual([200, true]);
  expect(await enter(meeting)).toMatchObject({ admitted: true });
  await waitUntil(
    () => read(meeting),
    ({ clinicReady }) => clinicReady,
  );
  expect(await confirmedIn(meeting)).toEqual(['1 before-opening']);
});

it.each(['room', 'background', 'clothing', 'nameBadge'])(
  'R4.7 what does not hold cannot be confirmed: %s',
  async (what) => {
    const meeting = await book();
    for (const value of [false, undefined]) {
      const answer = await confirm(meeting, { ...ready, [what]: value });
      expect(expectProblem(answer, 400)).toMatchObject([{ field: `/body/${what}` }]);
    }
    expect(await enter(meeting)).toMatchObject({ admitted: false, reasons: ['clinic-not-ready'] });
    expect(await confirmedIn(meeting)).toEqual([]);
  },
);

it('R4.7 each point that was confirmed stands in the timeline; one from before has the four of then', async () => {
  const meeting = await book();
  const more = { faceLit: true, upperBody: true, closedDoor: true, inRoom: 'Rum 3' };
  await mustBe(200, confirm(meeting, { ...ready, ...more }));
  const pointsOf = async ({ path }: TestMeeting): Promise<unknown> => {
    const { body } = await clinic.call('GET', `${path}/timeline`);
    return (body.happenings as { what: string }[]).filter(({ what }) => what === 'clinic-confirmed');
  };
  const four = ['room', 'background', 'clothing', 'nameBadge'];
  expect(await pointsOf(meeting)).toMatchObject([
    { detail: 'before-opening', points: [...four, 'faceLit', 'upperBody', 'closedDoor'], inRoom: 'Rum 3' },
  ]);

  // A caller of before sends the four, and a row of before has no points at all.
  const old = await book();
  await mustBe(200, confirm(old));
  expect(await pointsOf(old)).toMatchObject([{ points: four, inRoom: null }]);
  const stored = await book();
  await service.records.evidence.confirm({
    meetingId: stored.meetingId,
    startVersion: 1,
    moment: 'before-opening',
    by: 'nurse-1',
    at: new Date().toISOString(),
  });
  expect(await service.records.evidence.confirmations(stored.meetingId)).not.toMatchObject([{ points: [] }]);
  expect(await pointsOf(stored)).toMatchObject([{ points: four, inRoom: null }]);
  expect(await enter(stored)).toMatchObject({ admitted: true });
});

it.each([
  ['faceLit', false],
  ['markedOccupied', false],
  ['closedDoor', 'yes'],
  ['inRoom', ''],
  ['inRoom', 'Rum 19811218-9876'],
])(
  'R4.7 R8.3 a point that does not hold is not confirmed, nor a room with a number: %s %s',
  async (what, value) => {
    const meeting = await book();
    const answer = await confirm(meeting, { ...ready, [what]: value });
    expect(expectProblem(answer, 400)).toMatchObject([{ field: `/body/${what}` }]);
    expect(await confirmedIn(meeting)).toEqual([]);
  },
);

it('R4.7 a moved meeting is confirmed again', async () => {
  const meeting = await book();
  await mustBe(200, confirm(meeting));
  await mustBe(
    200,
    clinic.call('POST', `${meeting.path}/rebook`, { body: { by: 'clinic', startAt: inMs(12 * MINUTE) } }),
  );
  expect(await read(meeting)).toMatchObject({ startVersion: 2, clinicReady: false });
  expect(await enter(meeting)).toMatchObject({ admitted: false, reasons: ['clinic-not-ready'] });
  await mustBe(200, confirm(meeting));
  expect(await enter(meeting)).toMatchObject({ admitted: true });
  expect(await confirmedIn(meeting)).toEqual(['1 before-opening', '2 before-opening']);
});

it('R4.7 that all present are entitled stands in the timeline, and opens no door', async () => {
  const meeting = await book();
  const atStart = { moment: 'at-start', allPresentAreEntitled: true };
  const answer = await confirm(meeting, atStart);
  expect([answer.status, answer.body.clinicReady]).toEqual([200, false]);
  expect(await confirmedIn(meeting)).toEqual(['1 at-start']);
  expect(await enter(meeting)).toMatchObject({ admitted: false, reasons: ['clinic-not-ready'] });
  const not = await confirm(meeting, { ...atStart, allPresentAreEntitled: false });
  expect(expectProblem(not, 400)).toMatchObject([{ field: '/body/allPresentAreEntitled' }]);
});

it('R4.7 the first who confirms is the one who has; saying so again changes nothing', async () => {
  const meeting = await book();
  await mustBe(200, confirm(meeting, ready, 'nurse-1'));
  await mustBe(200, confirm(meeting, ready, 'nurse-2'));
  const confirmations = await service.records.evidence.confirmations(meeting.meetingId);
  expect(confirmations).toMatchObject([{ moment: 'before-opening', by: 'nurse-1', startVersion: 1 }]);
});

it('R4.7 shortly before the start staff are told, until one of them confirms; who it was stands there', async () => {
  const early = await book(inMs(10 * DAY));
  // The door is open and it is less than five minutes to the start.
  const meeting = await book(inMs(4 * MINUTE));
  const task = await taskIn(clinic, meeting, 'clinic-not-ready', 'open');
  const { startAt } = await read(meeting);
  expect(task.dueAt).toBe(startAt);
  await mustBe(200, confirm(meeting, { moment: 'at-start', allPresentAreEntitled: true }));
  expect(await tasksOf(clinic, meeting)).toContainEqual(task);
  const done = await clinic.call('POST', `/clinic/tasks/${task.taskId}/done`, { body: { result: 'done' } });
  expect(done.body).toMatchObject({ status: 409, title: 'done-elsewhere' });
  await mustBe(200, confirm(meeting, ready, 'nurse-7'));
  expect(await taskIn(clinic, meeting, 'clinic-not-ready', 'done')).toMatchObject({ doneBy: 'nurse-7' });
  const told = (await eventsOf(service, clinic, meeting)).flatMap(({ type, data }) =>
    'taskId' in data && data.taskId === task.taskId ? [type] : [],
  );
  expect(told).toEqual(['task.opened', 'task.done']);
  expect((await tasksOf(clinic, early)).filter(({ kind }) => kind === 'clinic-not-ready')).toEqual([]);
});

it('R4.7 not of a meeting that is over, and not of another clinic’s', async () => {
  const meeting = await book();
  expectProblem(await other.call('POST', `${meeting.path}/confirmations`, { body: ready }), 404);
  await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
  const answer = await confirm(meeting);
  expectProblem(answer, 409);
  expect(answer.body).toMatchObject({ title: 'ended' });
  expect(await confirmedIn(meeting)).toEqual([]);
});

it('R8.1 the clinic’s system has seen no room: it confirms nothing', async () => {
  const meeting = await book();
  const answer = await clinic.call('POST', `${meeting.path}/confirmations`, { body: ready, role: 'system' });
  expectProblem(answer, 403);
});
