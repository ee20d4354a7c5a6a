import { randomUUID } from 'node:crypto';
import { randomId } from '../../../platform/keys/random-id';
import { FAILING_NUMBER } from '../../../local/outbox/delivery-reports';
import { saveTasks } from '../../../use-cases/read-models/meeting-and-invoice';
import { defaultNoticeRules } from '../../../rules/notices';
import type { TaskKind } from '../../../rules/tasks';
import {
  createClinic,
  nextMobile,
  type CallOptions,
  type TestClinic,
  type TestMeeting,
} from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import {
  billingSays,
  cancelledLate,
  completed,
  eventsOf,
  mustBe,
  quietPatient,
  sendInvoice,
  taskIn,
  tasksOf,
  type ShownTask,
} from './after-meetings';
import { DAY, HOUR, MINUTE, expectProblem, inMs, testClock } from '../helpers';

/** What staff are asked to do: each kind of task comes and goes with its cause, and is told once each way. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let other: TestClinic;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  other = await createClinic(service);
});
afterEach(() => clock.release());
afterAll(() => service.close());

const bookFor = (patientId: string, startAt = inMs(10 * DAY)) => clinic.book({ patientId, startAt });
const finish = ({ taskId }: ShownTask, result: string, options: CallOptions = {}) =>
  clinic.call('POST', `/clinic/tasks/${taskId}/done`, { body: { result }, ...options });
const assign = ({ taskId }: ShownTask, staffId: string | null, options: CallOptions = {}) =>
  clinic.call('PUT', `/clinic/tasks/${taskId}/assignment`, { body: { staffId }, ...options });

/** What the clinic's system was told of a task: `opened done`. */
async function adminFactsOf(task: ShownTask): Promise<string> {
  const events = await eventsOf(service, clinic, task);
  return events
    .flatMap(({ type, data }) => ('taskId' in data && data.taskId === task.taskId ? [type.slice(5)] : []))
    .join(' ');
}

async function cancelled({ path }: TestMeeting): Promise<void> {
  await mustBe(200, clinic.call('POST', `${path}/cancel`, { body: { by: 'clinic' } }));
}

describe('R2.10 nobody-reached', () => {
  it.each([
    ['without a consent', () => clinic.addPatient({}, false), 'no-consent'],
    ['without a number', () => clinic.addPatient({ mobile: null }, false), 'no-phone-number'],
    [
      'R7.5 with protected identity',
      () => clinic.addPatient({ protectedIdentity: true }),
      'protected-identity',
    ],
  ])('a patient %s is called or written to', async (_who, add, because) => {
    const meeting = await bookFor(await add());
    const task = await taskIn(clinic, meeting, 'nobody-reached', 'open');
    expect(task).toMatchObject({ because: [because], meetingId: meeting.meetingId, doneBy: null });
    expect(await adminFactsOf(task)).toBe('opened');
  });

  it('not one whom a notice reached', async () => {
    const mobile = nextMobile();
    const meeting = await bookFor(await clinic.addPatient({ mobile }));
    await waitUntil(
      () => service.sentTo(mobile).length,
      (sent) => sent === 1,
    );
    expect(await tasksOf(clinic, meeting)).toEqual([]);
  });

  it('R2.2 one whose consent was withdrawn before the notice of the move', async () => {
    const patientId = await clinic.addPatient();
    const meeting = await bookFor(patientId);
    const sent = async () =>
      (await service.records.ledger.ofMeeting(meeting.meetingId)).map(({ state }) => state);
    await waitUntil(sent, (states) => states.includes('sent') || states.includes('delivered'));
    await clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, {
      body: { given: false, source: 'asked' },
    });
    const body = { by: 'clinic', startAt: inMs(11 * DAY) };
    await mustBe(200, clinic.call('POST', `${meeting.path}/rebook`, { body }));
    expect(await taskIn(clinic, meeting, 'nobody-reached', 'open')).toMatchObject({
      because: ['no-consent'],
    });
  });

  it('one whose notice failed after all, as a report that comes later says', async () => {
    const meeting = await bookFor(await clinic.addPatient({ mobile: FAILING_NUMBER }));
    const task = await taskIn(clinic, meeting, 'nobody-reached', 'open');
    expect(task).toMatchObject({ because: ['delivery-report'] });
    const [sms] = service.sentTo(FAILING_NUMBER);
    const report = (status: string) =>
      fetch(sms!.reportUrl!, { method: 'POST', body: new URLSearchParams({ id: sms!.id, status }) });
    // Reports come again, and a phone that was off comes on: delivered after all.
    await report('failed');
    expect(await adminFactsOf(task)).toBe('opened');
    await report('delivered');
    expect(await taskIn(clinic, meeting, 'nobody-reached', 'withdrawn')).toMatchObject({
      taskId: task.taskId,
    });
    expect(await adminFactsOf(task)).toBe('opened done');
  });

  it('goes when another notice of the same time has reached the patient', async () => {
    const patientId = await clinic.addPatient({}, false);
    const meeting = await bookFor(patientId, inMs(20 * MINUTE));
    await taskIn(clinic, meeting, 'nobody-reached', 'open');
    await cancelled(meeting);
    // That it is cancelled is news of its own, which reached nobody either.
    const tasks = await waitUntil(
      () => tasksOf(clinic, meeting),
      (all) => all.filter(({ kind }) => kind === 'nobody-reached').length === 2,
    );
    expect(tasks.map(({ state }) => state).sort()).toEqual(['open', 'withdrawn']);
  });

  it('goes when the meeting has another time, which the patient was told of', async () => {
    const patientId = await clinic.addPatient({}, false);
    const meeting = await bookFor(patientId);
    const task = await taskIn(clinic, meeting, 'nobody-reached', 'open');
    await clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, {
      body: { given: true, source: 'asked' },
    });
    const body = { by: 'clinic', startAt: inMs(11 * DAY) };
    await mustBe(200, clinic.call('POST', `${meeting.path}/rebook`, { body }));
    expect(await taskIn(clinic, meeting, 'nobody-reached', 'withdrawn')).toMatchObject({
      taskId: task.taskId,
    });
    expect((await tasksOf(clinic, meeting)).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  it('goes when the meeting is over: nobody has to be told of it any more', async () => {
    const meeting = await bookFor(await clinic.addPatient({}, false), inMs(5 * MINUTE));
    const task = await taskIn(clinic, meeting, 'nobody-reached', 'open');
    await mustBe(200, clinic.call('POST', `${meeting.path}/outcome`, { body: { outcome: 'completed' } }));
    expect(await taskIn(clinic, meeting, 'nobody-reached', 'withdrawn')).toMatchObject({
      taskId: task.taskId,
    });
  });
});

describe('R3.2 consent-refused', () => {
  const answerTo = (personId: string, given: boolean) =>
    mustBe(
      200,
      clinic.call('PUT', `/clinic/people/${personId}/care-history-consent`, {
        body: { given, givenBy: 'person' },
      }),
    );

  it('a no is told to the clinic, for each meeting to come; a yes takes it away', async () => {
    const patientId = await clinic.addPatient();
    const [first, second] = [await bookFor(patientId), await bookFor(patientId, inMs(20 * DAY))];
    await answerTo(patientId, false);
    const task = await taskIn(clinic, first, 'consent-refused', 'open');
    await taskIn(clinic, second, 'consent-refused', 'open');
    const { body } = await clinic.call('GET', first.path);
    expect(task.dueAt).toBe(body.startAt);
    await answerTo(patientId, true);
    await taskIn(clinic, first, 'consent-refused', 'withdrawn');
    await taskIn(clinic, second, 'consent-refused', 'withdrawn');
    expect(await adminFactsOf(task)).toBe('opened done');
  });

  it('also for a meeting that is booked after the no', async () => {
    const patientId = await clinic.addPatient();
    await answerTo(patientId, false);
    const task = await taskIn(clinic, await bookFor(patientId), 'consent-refused', 'open');
    expect(task).toMatchObject({ because: ['care-history-consent-refused'] });
  });
});

describe('what an invoice calls for', () => {
  it.each([
    ['approve', {}],
    ['waive', { reason: 'goodwill' }],
  ])('R5.7 approve-invoice: done when staff %s it, and who it was', async (what, body) => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, {
      patientId: await quietPatient(clinic),
    });
    const task = await taskIn(clinic, meeting, 'approve-invoice', 'open');
    expect(task).toMatchObject({ invoiceId: invoice.invoiceId, because: ['missed-visit-fee'] });
    await mustBe(200, sendInvoice(clinic, invoice, what, { body, staffId: 'nurse-7' }));
    expect(await taskIn(clinic, meeting, 'approve-invoice', 'done')).toMatchObject({
      taskId: task.taskId,
      doneBy: 'nurse-7',
      doneAt: expect.any(String),
    });
    expect(await adminFactsOf(task)).toBe('opened done');
  });

  it('R5.8 invoice-refused: staff say what they did', async () => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, {
      patientId: await quietPatient(clinic),
    });
    await mustBe(200, sendInvoice(clinic, invoice, 'approve', { body: {} }));
    await mustBe(200, billingSays(clinic, invoice, 'basis', false));
    const task = await taskIn(clinic, meeting, 'invoice-refused', 'open');
    expect(task).toMatchObject({ invoiceId: invoice.invoiceId, because: ['refused-by-billing'] });
    expect((await finish(task, 'done', { staffId: 'nurse-7' })).body).toMatchObject({ doneBy: 'nurse-7' });
    expect(await adminFactsOf(task)).toBe('opened done');
  });
});

describe('R5.11 register-visit', () => {
  it('until somebody says that it is registered', async () => {
    const meeting = await completed(clinic, { patientId: await quietPatient(clinic) });
    const task = await taskIn(clinic, meeting, 'register-visit', 'open');
    await mustBe(200, clinic.call('POST', `${meeting.path}/registration`, { staffId: 'nurse-7' }));
    expect(await taskIn(clinic, meeting, 'register-visit', 'done')).toMatchObject({
      taskId: task.taskId,
      doneBy: 'nurse-7',
    });
    expect(await adminFactsOf(task)).toBe('opened done');
  });
});

describe('a task is', () => {
  const open = async () =>
    taskIn(clinic, await bookFor(await clinic.addPatient({}, false)), 'nobody-reached', 'open');

  it('given to somebody, to somebody else, to nobody', async () => {
    const task = await open();
    for (const staffId of ['nurse-7', 'nurse-8', null]) {
      const answer = await assign(task, staffId);
      expect([answer.status, answer.body]).toEqual([200, { ...task, assignedTo: staffId }]);
    }
  });

  it('finished with what came of it, by whom and when; then it is not open any more', async () => {
    const task = await open();
    await assign(task, 'nurse-7');
    const key = randomUUID();
    const done = await finish(task, 'not-reached', { key, staffId: 'nurse-8', role: 'booker' });
    expect([done.status, done.body]).toMatchObject([
      200,
      {
        state: 'done',
        result: 'not-reached',
        doneBy: 'nurse-8',
        assignedTo: 'nurse-7',
        doneAt: expect.any(String),
      },
    ]);
    const again = await finish(task, 'not-reached', { key, staffId: 'nurse-8', role: 'booker' });
    expect(again.body).toEqual(done.body);
    for (const ask of [
      () => finish(task, 'reached', { staffId: 'nurse-7' }),
      // What the same person says afterwards is another word, and would be lost.
      () => finish(task, 'reached', { staffId: 'nurse-8' }),
      () => assign(task, 'nurse-9'),
    ]) {
      const answer = await ask();
      expectProblem(answer, 409);
      expect(answer.body).toMatchObject({ title: 'not-open' });
    }
    const { body } = await clinic.call('GET', `/clinic/meetings/${task.meetingId}/tasks`);
    expect(body.items).toEqual([done.body]);
    expect(await adminFactsOf(task)).toBe('opened done');
  });

  it('finished by two at once by one of them', async () => {
    const task = await open();
    const answers = await Promise.all(
      ['nurse-1', 'nurse-2'].map((staffId) => finish(task, 'reached', { staffId })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await adminFactsOf(task)).toBe('opened done');
  });

  it.each([
    ['approve-invoice', async () => cancelledLate(clinic, clock, { patientId: await quietPatient(clinic) })],
    ['register-visit', async () => completed(clinic, { patientId: await quietPatient(clinic) })],
  ])('%s: not finished by saying so', async (kind, make) => {
    const task = await taskIn(clinic, await make(), kind, 'open');
    const answer = await finish(task, 'done');
    expectProblem(answer, 409);
    expect(answer.body).toMatchObject({ title: 'done-elsewhere' });
    expect(await adminFactsOf(task)).toBe('opened');
  });

  it('R8.1 not another clinic’s, which is the same as one that nobody has: 404', async () => {
    const task = await open();
    for (const taskId of [task.taskId, randomId()]) {
      for (const [method, path, body] of [
        ['POST', 'done', { result: 'reached' }],
        ['PUT', 'assignment', { staffId: 'nurse-7' }],
      ] as const) {
        expectProblem(await other.call(method, `/clinic/tasks/${taskId}/${path}`, { body }), 404);
      }
    }
    expectProblem(await other.call('GET', `/clinic/meetings/${task.meetingId}/tasks`), 404);
    expect((await tasksOf(clinic, { path: `/clinic/meetings/${task.meetingId}` } as TestMeeting))[0]).toEqual(
      task,
    );
  });

  it('R8.1 not given or finished by the clinic’s system', async () => {
    const task = await open();
    expectProblem(await finish(task, 'reached', { role: 'system' }), 403);
    expectProblem(await assign(task, 'nurse-7', { role: 'system' }), 403);
  });
});

it('the list: what is due first comes first, 50 a page, each once; by state, kind and who has it', async () => {
  const third = await createClinic(service);
  const { meetingId } = await third.book({
    patientId: await third.addPatient(),
    startAt: inMs(30 * DAY),
  });
  const meeting = await service.records.meetings.get(meetingId);
  const kinds: TaskKind[] = ['nobody-reached', 'consent-refused', 'invoice-refused'];
  // Two at each time, so that a page can end among equals.
  const wishes = Array.from({ length: 60 }, (_, index) => ({
    kind: kinds[index % 3]!,
    occasion: `of the test ${index}`,
    state: 'open' as const,
    dueAt: inMs(Math.floor(((index * 7) % 60) / 2) * HOUR),
    because: [],
    invoiceId: null,
    reminders: 0,
    overdue: false,
  }));
  await service.records.transaction((session) =>
    saveTasks(service.records, meeting, wishes, new Date(), session),
  );
  const list = async (query: string) =>
    (await third.call('GET', `/clinic/tasks${query}`)).body as { items: ShownTask[]; next: string | null };
  const first = await list('');
  expect(first.items).toHaveLength(50);
  const second = await list(`?cursor=${encodeURIComponent(first.next!)}`);
  expect([second.items.length, second.next]).toEqual([10, null]);
  const all = [...first.items, ...second.items];
  expect(new Set(all.map(({ taskId }) => taskId)).size).toBe(60);
  expect(all.map(({ dueAt }) => dueAt)).toEqual(wishes.map(({ dueAt }) => dueAt).sort());

  const ofKind = await list('?kind=consent-refused');
  expect([ofKind.items.length, new Set(ofKind.items.map(({ kind }) => kind))]).toEqual([
    20,
    new Set(['consent-refused']),
  ]);
  const [one, two] = ofKind.items;
  await third.call('PUT', `/clinic/tasks/${one!.taskId}/assignment`, { body: { staffId: 'nurse-7' } });
  await third.call('POST', `/clinic/tasks/${two!.taskId}/done`, { body: { result: 'done' } });
  expect((await list('?assignedTo=nurse-7')).items).toEqual([{ ...one, assignedTo: 'nurse-7' }]);
  expect((await list('?assignedTo=nurse-8')).items).toEqual([]);
  expect((await list('?state=done')).items.map(({ taskId }) => taskId)).toEqual([two!.taskId]);
  expect((await list('?state=withdrawn')).items).toEqual([]);
  expect((await list('?kind=consent-refused')).items).toHaveLength(19);
  expect(((await other.call('GET', '/clinic/tasks')).body as { items: unknown[] }).items).toEqual([]);
});
