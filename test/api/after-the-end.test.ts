import { createClinic, nextMobile, suitable, type TestClinic, type TestMeeting } from '../support/clinic';
import { roomOf } from '../support/room';
import { startSkippedTime, stockholm, type SkippedTime } from '../support/skipped-time';
import { inStockholm } from '../../rules/calendar/stockholm';
import { waitUntil } from '../support/wait-until';
import { eventsOf, mustBe, readMeeting, taskIn, tasksOf } from './after-meetings';
import { expectProblem, HOUR, MINUTE } from './helpers';

/** What staff say of a meeting about its end: that somebody could not get in, how it went on, that it is registered. */
let time: SkippedTime;
let clinic: TestClinic;
let other: TestClinic;

beforeAll(async () => {
  time = await startSkippedTime();
  clinic = time.clinic;
  other = await createClinic(time.service);
});
beforeEach(async () => {
  const morning = inStockholm(time.now()).startOf('day').plus({ days: 1 });
  await time.passTo(stockholm(`${morning.toISODate()}T10:00`));
});
afterAll(() => time.close());

const inMs = (ms: number): string => new Date(time.now().getTime() + ms).toISOString();

async function book(person: object = {}, booking: object = {}): Promise<TestMeeting> {
  const patientId = await clinic.addPatient(person);
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  return clinic.book({ patientId, startAt: inMs(30 * HOUR), ...booking });
}
const read = (meeting: TestMeeting) => readMeeting(clinic, meeting);
const state = ({ path }: TestMeeting, body: object, staffId = 'clinician-1') =>
  clinic.call('POST', `${path}/outcome`, { body, staffId });
const register = ({ path }: TestMeeting, staffId = 'clinician-1') =>
  clinic.call('POST', `${path}/registration`, { staffId });

/** The clinic waits in the room through the whole meeting, and nobody comes (R5.6). */
async function nobodyComes(
  meeting: TestMeeting,
  meanwhile: () => Promise<void> = async () => {},
): Promise<string> {
  const { startAt, endAt } = await read(meeting);
  const room = await roomOf(time.service, meeting.meetingId);
  await time.passTo(new Date(Date.parse(startAt) - 2 * MINUTE));
  await room.joined(meeting.staffParticipantId, time.now());
  await meanwhile();
  await time.passTo(new Date(Date.parse(endAt) + MINUTE));
  const { outcome } = await waitUntil(
    () => read(meeting),
    (shown) => shown.outcome !== null,
  );
  return `${outcome!.outcome}: ${outcome!.because.join(' ')}`;
}

describe('R5.6 somebody told the clinic that they cannot get in', () => {
  const tries = ({ path }: TestMeeting, participantId: string, receivedAt?: string) =>
    clinic.call('POST', `${path}/tries`, { body: { participantId, ...(receivedAt && { receivedAt }) } });

  it('the patient: unclear in place of a no-show, with a task for staff, who decide', async () => {
    const meeting = await book();
    const outcome = await nobodyComes(meeting, async () => {
      await mustBe(200, tries(meeting, meeting.patientParticipantId));
    });
    expect(outcome).toBe('unclear: patient-tried-to-come-in');
    const task = await taskIn(clinic, meeting, 'unclear-outcome', 'open');
    expect(task).toMatchObject({ because: ['patient-tried-to-come-in'] });
    const done = await clinic.call('POST', `/clinic/tasks/${task.taskId}/done`, { body: { result: 'done' } });
    expect([done.status, done.body.title]).toEqual([409, 'done-elsewhere']);
    const { body } = await clinic.call('GET', `${meeting.path}/invoices`);
    expect(body.items).toEqual([]);
    // An unclear outcome is stated, not corrected.
    const corrected = await clinic.call('POST', `${meeting.path}/outcome/corrections`, {
      body: { outcome: 'clinic-absent', was: 'unclear', reason: 'other' },
    });
    expect([corrected.status, corrected.body.title]).toEqual([409, 'unclear']);
    await mustBe(200, state(meeting, { outcome: 'no-show' }, 'nurse-7'));
    expect(await taskIn(clinic, meeting, 'unclear-outcome', 'done')).toMatchObject({ doneBy: 'nurse-7' });
    const told = (await eventsOf(time.service, clinic, meeting)).flatMap(({ type, data }) =>
      'taskId' in data && data.taskId === task.taskId ? [type] : [],
    );
    expect(told).toEqual(['task.opened', 'task.done']);
  });

  it('nobody said anything: a no-show; a member of staff who could not get in is no sign of the patient', async () => {
    const meeting = await book();
    const outcome = await nobodyComes(meeting, async () => {
      await mustBe(200, tries(meeting, meeting.staffParticipantId));
    });
    expect(outcome).toBe('no-show: clinic-waited-through-the-grace-time patient-never-came');
  });

  it('told after a no-show was settled: a task for staff, who correct it or let it stand', async () => {
    const meeting = await book();
    expect(await nobodyComes(meeting)).toMatch(/^no-show/);
    expect((await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'doubtful-outcome')).toEqual([]);
    await mustBe(200, tries(meeting, meeting.patientParticipantId));
    await mustBe(200, tries(meeting, meeting.patientParticipantId));
    const task = await taskIn(clinic, meeting, 'doubtful-outcome', 'open');
    expect(task).toMatchObject({ because: ['patient-tried-to-come-in'] });
    const body = { outcome: 'could-not-start', was: 'no-show', reason: 'patient-explained' };
    await mustBe(
      200,
      clinic.call('POST', `${meeting.path}/outcome/corrections`, { body, staffId: 'nurse-7' }),
    );
    const after = (await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'doubtful-outcome');
    expect(after).toMatchObject([{ taskId: task.taskId, state: 'done', doneBy: 'nurse-7' }]);
  });

  it('a call that was received earlier counts from then; none is received in the future', async () => {
    const meeting = await book();
    await nobodyComes(meeting, async () => {
      const receivedAt = inMs(-MINUTE);
      await mustBe(200, tries(meeting, meeting.patientParticipantId, receivedAt));
      expectProblem(await tries(meeting, meeting.patientParticipantId, inMs(HOUR)), 422);
      const { body } = await clinic.call('GET', `${meeting.path}/timeline`);
      expect(body.happenings).toContainEqual(
        expect.objectContaining({ what: 'entry-refused', detail: 'said-so', at: receivedAt }),
      );
    });
  });

  it('R8.1 not somebody of another meeting, and not of another clinic’s', async () => {
    const [meeting, second] = [await book(), await book()];
    const answer = await tries(meeting, second.patientParticipantId);
    expect(expectProblem(answer, 422)).toMatchObject([{ field: '/body/participantId' }]);
    const body = { participantId: meeting.patientParticipantId };
    expectProblem(await other.call('POST', `${meeting.path}/tries`, { body }), 404);
  });
});

describe('R4.6 the back-up routine', () => {
  it('goes on in a way that suits the person, and the way is kept', async () => {
    const meeting = await book({ unsuitableWays: ['telephone', 'video-telephony'] });
    for (const way of ['telephone', 'video-telephony']) {
      const answer = await state(meeting, { outcome: 'back-up-routine', way });
      expect(expectProblem(answer, 422)).toMatchObject([
        { field: '/body/way', reason: 'does-not-suit-the-person' },
      ]);
    }
    expect(await read(meeting)).toMatchObject({ outcome: null });
    const answer = await state(meeting, { outcome: 'back-up-routine', way: 'text-thread' });
    expect(answer.body).toMatchObject({
      state: 'ended',
      outcome: { outcome: 'back-up-routine', way: 'text-thread', decidedBy: 'staff' },
    });
    expect(await read(meeting)).toMatchObject({ outcome: { way: 'text-thread' } });
  });

  it('is said with its way, and no other outcome is', async () => {
    const meeting = await book();
    for (const body of [
      { outcome: 'back-up-routine' },
      { outcome: 'back-up-routine', way: null },
      { outcome: 'completed', way: 'telephone' },
    ]) {
      expect(expectProblem(await state(meeting, body), 400)).toMatchObject([{ field: '/body/way' }]);
    }
    expect(await read(meeting)).toMatchObject({ outcome: null });
  });

  it('stops SMS at once, and nothing is charged', async () => {
    const mobile = nextMobile();
    const meeting = await book({ mobile });
    await waitUntil(
      () => time.service.sentTo(mobile).length,
      (sent) => sent === 1,
    );
    await mustBe(200, state(meeting, { outcome: 'back-up-routine', way: 'telephone' }));
    await time.passMinutes(3 * 24 * 60);
    expect(time.service.sentTo(mobile)).toHaveLength(1);
    const { body } = await clinic.call('GET', `${meeting.path}/invoices`);
    expect(body.items).toMatchObject([
      { kind: 'none', state: 'nothing-to-charge', because: [{ rule: 'R4.6' }], amountOre: 0 },
    ]);
    const { body: timeline } = await clinic.call('GET', `${meeting.path}/timeline`);
    const notices = timeline.notices as { kind: string; state: string; skip: string }[];
    for (const { kind, state: came, skip } of notices.filter((notice) => notice.kind !== 'booking')) {
      expect([kind, came, skip]).toEqual([kind, 'dropped', 'meeting-ended']);
    }
  });
});

describe('R5.11 the visit is registered', () => {
  it('not before the meeting has come to anything', async () => {
    const meeting = await book();
    const answer = await register(meeting);
    expectProblem(answer, 409);
    expect(answer.body).toMatchObject({ title: 'too-early' });
    expect(await read(meeting)).toMatchObject({ registration: null });
  });

  it('after it: the reminders end; saying so again changes nothing', async () => {
    const meeting = await book();
    await mustBe(200, state(meeting, { outcome: 'back-up-routine', way: 'telephone' }));
    expect(await read(meeting)).toMatchObject({ registration: { state: 'waiting', reminders: 0 } });
    const answer = await register(meeting, 'nurse-7');
    expect(answer.body).toMatchObject({ registration: { state: 'registered' } });
    const done = await taskIn(clinic, meeting, 'register-visit', 'done');
    expect(done).toMatchObject({ doneBy: 'nurse-7' });
    await waitUntil(
      async () => (await time.service.records.meetings.get(meeting.meetingId)).course.closed,
      (closed) => closed,
    );
    expect((await register(meeting, 'nurse-8')).status).toBe(200);
    expect(await taskIn(clinic, meeting, 'register-visit', 'done')).toEqual(done);
    const told = (await eventsOf(time.service, clinic, meeting)).map(({ type }) => type);
    expect(told.filter((type) => type === 'meeting.visit-registered')).toHaveLength(1);
  });

  it('of what is no visit there is nothing to register', async () => {
    const meeting = await book();
    await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'patient' } }));
    const answer = await register(meeting);
    expectProblem(answer, 409);
    expect(answer.body).toMatchObject({ title: 'nothing-to-register' });
    expect((await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'register-visit')).toEqual([]);
  });

  it('also long after the last reminder', async () => {
    const meeting = await book();
    await mustBe(200, state(meeting, { outcome: 'back-up-routine', way: 'telephone' }));
    await time.passMinutes(20 * 24 * 60);
    const { registration } = await waitUntil(
      () => read(meeting),
      (shown) => shown.registration?.state === 'given-up',
    );
    expect(registration?.reminders).toBeGreaterThan(1);
    await mustBe(200, register(meeting, 'nurse-7'));
    expect(await taskIn(clinic, meeting, 'register-visit', 'done')).toMatchObject({ doneBy: 'nurse-7' });
    expectProblem(await other.call('POST', `${meeting.path}/registration`), 404);
  });
});

it('R5.6 a guardian’s call that the child cannot get in is a sign, also where the child acts for itself', async () => {
  const bornYearsAgo = (years: number): string =>
    inStockholm(time.now()).minus({ years, months: 6 }).toISODate();
  for (const years of [9, 14]) {
    const guardianId = await clinic.addPatient({ birthDate: bornYearsAgo(40) });
    const meeting = await book(
      { birthDate: bornYearsAgo(years) },
      {
        suitability: suitable({ child: true }),
        participants: [
          { role: 'staff', staffId: 'clinician-1' },
          { role: 'guardian', personId: guardianId },
        ],
      },
    );
    const { participants } = await read(meeting);
    const guardian = (participants as { role: string; participantId: string }[]).find(
      ({ role }) => role === 'guardian',
    )!;
    const settled = await nobodyComes(meeting, async () => {
      const body = { participantId: guardian.participantId };
      await mustBe(200, clinic.call('POST', `${meeting.path}/tries`, { body }));
    });
    expect(settled).toBe('unclear: patient-tried-to-come-in');
  }
});
