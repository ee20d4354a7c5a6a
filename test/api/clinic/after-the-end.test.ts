import { createClinic, nextMobile, suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { roomOf } from '../../support/room';
import { startSkippedTime, stockholm, type SkippedTime } from '../../support/skipped-time';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { waitUntil } from '../../support/wait-until';
import { eventsOf, invoicesOf, mustBe, readMeeting, taskIn, tasksOf } from './after-meetings';
import { expectProblem, HOUR, MINUTE } from '../helpers';

/**
 * What staff say of a meeting about its end: that somebody could not get in, how it went on, that it is
 * registered.
 */
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

it('R5.6 whoever of those around the patient could not get in is a sign: a guardian at any age, a relative', async () => {
  const bornYearsAgo = (years: number): string =>
    inStockholm(time.now()).minus({ years, months: 6 }).toISODate();
  for (const [years, role] of [
    [9, 'guardian'],
    [14, 'guardian'],
    [40, 'relative'],
  ] as const) {
    const personId = await clinic.addPatient({ birthDate: bornYearsAgo(45) });
    const meeting = await book(
      { birthDate: bornYearsAgo(years) },
      {
        suitability: suitable({ child: years < 18 }),
        participants: [
          { role: 'staff', staffId: 'clinician-1' },
          { role, personId },
        ],
      },
    );
    const { participants } = await read(meeting);
    const { participantId } = participants.find((each) => each.role === role)!;
    const outcome = await nobodyComes(meeting, async () => {
      await mustBe(200, clinic.call('POST', `${meeting.path}/tries`, { body: { participantId } }));
    });
    expect([years, role, outcome]).toEqual([years, role, 'unclear: patient-tried-to-come-in']);
  }
});

describe('R5.6 a sign that comes when the no-show has been settled is a task for staff', () => {
  const doubtsAbout = async (meeting: TestMeeting): Promise<string[]> =>
    (await tasksOf(clinic, meeting))
      .filter(({ kind }) => kind === 'doubtful-outcome')
      .map(({ because, state: taskState }) => `${because.join()} ${taskState}`)
      .sort();
  const atStart = async (meeting: TestMeeting, minutesLater: number): Promise<Date> =>
    new Date(Date.parse((await read(meeting)).startAt) + minutesLater * MINUTE);
  const noteTry = async (meeting: TestMeeting, participantId: string): Promise<void> => {
    const body = { participantId, receivedAt: (await atStart(meeting, 5)).toISOString() };
    await mustBe(200, clinic.call('POST', `${meeting.path}/tries`, { body }));
  };
  const cameIn = async (meeting: TestMeeting, participantId: string): Promise<void> => {
    const room = await roomOf(time.service, meeting.meetingId);
    expect(await room.joined(participantId, await atStart(meeting, 5))).toBe(204);
  };

  it('a try, presence in the room, a notice that failed: each once; a correction is the answer to all', async () => {
    const { ledger } = time.service.records;
    const report = ledger.report.bind(ledger);
    let arrive: () => void = () => undefined;
    const onItsWay = new Promise<void>((resolve) => (arrive = resolve));
    // The phone network says nothing of these SMS until the meeting is over.
    ledger.report = async (token, told, ...rest) => {
      if (told.state === 'delivered') await onItsWay;
      return report(token, told, ...rest);
    };
    try {
      const mobile = nextMobile();
      const meeting = await book({ mobile });
      expect(await nobodyComes(meeting)).toMatch(/^no-show: /);
      const [sms] = time.service.sentTo(mobile);
      for (let times = 0; times < 2; times += 1) {
        await noteTry(meeting, meeting.patientParticipantId);
        await cameIn(meeting, meeting.patientParticipantId);
        const failed = new URLSearchParams({ id: sms!.id, status: 'failed' });
        expect((await fetch(sms!.reportUrl!, { method: 'POST', body: failed })).status).toBe(204);
      }
      expect(await doubtsAbout(meeting)).toEqual([
        'notice-failed open',
        'patient-tried-to-come-in open',
        'patient-was-in-the-room open',
      ]);
      // The outcome stands until staff say otherwise, and its fee waits for them (R5.7).
      expect(await read(meeting)).toMatchObject({ outcome: { outcome: 'no-show' } });
      expect(await invoicesOf(clinic, meeting)).toMatchObject([{ state: 'proposed', letThroughAt: null }]);

      const body = { outcome: 'could-not-start', was: 'no-show', reason: 'wrong-evidence' };
      await mustBe(
        200,
        clinic.call('POST', `${meeting.path}/outcome/corrections`, { body, staffId: 'nurse-7' }),
      );
      expect((await doubtsAbout(meeting)).map((doubt) => doubt.split(' ').at(-1))).toEqual([
        'done',
        'done',
        'done',
      ]);
      expect(await taskIn(clinic, meeting, 'doubtful-outcome', 'done')).toMatchObject({ doneBy: 'nurse-7' });
      expect((await invoicesOf(clinic, meeting)).map(({ kind, state: now }) => `${kind} ${now}`)).toEqual([
        'missed-visit-fee withdrawn',
        'none nothing-to-charge',
      ]);
    } finally {
      arrive();
      ledger.report = report;
    }
  });

  it('staff let it stand: it is finished, and the same sign does not open it again', async () => {
    const meeting = await book();
    await nobodyComes(meeting);
    await noteTry(meeting, meeting.patientParticipantId);
    const { taskId } = await taskIn(clinic, meeting, 'doubtful-outcome', 'open');
    const done = await clinic.call('POST', `/clinic/tasks/${taskId}/done`, {
      body: { result: 'done' },
      staffId: 'nurse-7',
    });
    expect([done.status, done.body.state, done.body.doneBy]).toEqual([200, 'done', 'nurse-7']);
    await noteTry(meeting, meeting.patientParticipantId);
    expect(await doubtsAbout(meeting)).toEqual(['patient-tried-to-come-in done']);
  });

  it('not the trouble of staff or an interpreter, and not the old room of a moved meeting', async () => {
    const meeting = await book(
      {},
      { participants: [{ role: 'staff', staffId: 'clinician-1' }, { role: 'interpreter' }] },
    );
    const oldRoom = await roomOf(time.service, meeting.meetingId);
    const { startAt } = await read(meeting);
    const body = { startAt: new Date(Date.parse(startAt) + HOUR).toISOString(), by: 'patient' };
    await mustBe(200, clinic.call('POST', `${meeting.path}/rebook`, { body }));
    const room = await roomOf(time.service, meeting.meetingId, 2);
    const { participants } = await read(meeting);
    const interpreter = participants.find(({ role }) => role === 'interpreter')!.participantId;
    const moved = await atStart(meeting, -2);
    await time.passTo(moved);
    await room.joined(meeting.staffParticipantId, moved);
    await time.passTo(await atStart(meeting, 31));
    const { outcome } = await waitUntil(
      () => read(meeting),
      (shown) => shown.outcome !== null,
    );
    expect(outcome).toMatchObject({ outcome: 'no-show' });
    for (const participantId of [meeting.staffParticipantId, interpreter])
      await noteTry(meeting, participantId);
    expect(await room.joined(interpreter, await atStart(meeting, 5))).toBe(204);
    expect(await oldRoom.joined(meeting.patientParticipantId, moved)).toBe(204);
    expect(await doubtsAbout(meeting)).toEqual([]);
  });
});
