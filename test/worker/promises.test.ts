import { carryOut } from '../../use-cases/carry-out';
import { problem, type CommandDeps } from '../../use-cases/command';
import { endCommand } from '../../use-cases/promises';
import { saveMeeting } from '../../use-cases/read-models/meeting-and-invoice';
import type { Answer, Command } from '../../records/commands';
import type { Actor } from '../../rules/actor';
import { TemporalUnavailable } from '../../temporal/gateway';
import type { MeetingFact } from '../../workflows/meeting/messages';
import { eventsOf, quietPatient, taskIn, tasksOf } from '../api/clinic/after-meetings';
import { DAY, HOUR, MINUTE, expectProblem, inMs, testClock } from '../api/helpers';
import { openCase } from '../support/cases';
import { createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { testKeys } from '../support/keys';
import { formIn, loggedIn, testPeople } from '../support/patient';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/**
 * Decision 16: what was promised is kept, by how it stood when it was received; or staff are asked to see to
 * it.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let deps: CommandDeps;
let patientId: string;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  const { records, temporal } = service;
  deps = { records, temporal, clock, roomKey: testKeys.roomKey };
  patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
});
afterEach(() => clock.release());
afterAll(() => service.close());

/** For the reconciler no time passes, so that it leaves commands to the test. */
const holdReconciler = (): void => clock.holdAt(new Date());

/** Hands in a command and leaves it there. */
async function stored(
  actor: Actor,
  wanted: Pick<Command, 'operation' | 'params' | 'body'>,
  key = `a-key-${Math.random()}`,
): Promise<Command> {
  const request = { clinicId: clinic.clinicId, actor, reason: null, ...wanted };
  const accepted = await service.records.commands.accept(key, request, clock.now());
  if (accepted.kind !== 'carry-out') throw new Error(`not new: ${accepted.kind}`);
  return accepted.command;
}
const patient = (): Actor => ({ kind: 'patient', personId: patientId });
const cancelBy = (actor: Actor, { meetingId }: TestMeeting): Promise<Command> =>
  stored(actor, {
    operation: 'meeting.cancel',
    params: { meetingId },
    body: { by: 'patient', receivedAt: null, forStartVersion: 1 },
  });
const booked = (startAt = inMs(5 * DAY), more: object = {}): Promise<TestMeeting> =>
  clinic.book({ patientId, startAt, ...more });
const notCarriedOut = async (meeting: TestMeeting) =>
  (await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'not-carried-out');

/** Carried out with something that fails: answers with what came of it. */
const failing = (command: Command, broken: Partial<CommandDeps>): Promise<Answer | 'failed'> =>
  carryOut({ ...deps, ...broken }, command).catch(() => 'failed' as const);
const away = (): Partial<CommandDeps> => ({
  temporal: { ...service.temporal, cancelMeeting: () => Promise.reject(new TemporalUnavailable(null)) },
});
const ownFault = (): Partial<CommandDeps> => ({
  temporal: { ...service.temporal, cancelMeeting: () => Promise.reject(new Error('a fault of ours')) },
});

describe('A4 patience', () => {
  it('A4 is not used up by an outage, however long: a cancellation is carried out after it, and after a first failure of ours', async () => {
    const meeting = await booked();
    holdReconciler();
    const command = await cancelBy(patient(), meeting);
    // For the reconciler no time passes at all.
    const later = testClock();
    later.holdAt(new Date());
    for (let hours = 0; hours < 48; hours += 1) {
      later.passMs(HOUR);
      expect(await failing(command, { ...away(), clock: later })).toMatchObject({ status: 503 });
    }
    for (let failures = 1; failures <= 3; failures += 1) {
      later.passMs(2 * HOUR);
      expect(await failing(command, { ...ownFault(), clock: later })).toBe('failed');
    }
    expect(await carryOut({ ...deps, clock: later }, command)).toMatchObject({
      status: 200,
      body: { outcome: { outcome: 'cancelled-in-time' } },
    });
    expect(await notCarriedOut(meeting)).toEqual([]);
  });

  it('A4 ends after failures of ours, with a task for staff that the PAS hears of', async () => {
    const meeting = await booked(inMs(3 * HOUR));
    holdReconciler();
    const command = await cancelBy(patient(), meeting);
    const came: (Answer | 'failed')[] = [];
    while (came.length < 20 && (came.at(-1) ?? 'failed') === 'failed')
      came.push(await failing(command, ownFault()));
    expect(came.length).toBeGreaterThan(4);
    expect(came.at(-1)).toMatchObject({ status: 500, body: { title: 'given-up' } });
    const task = await taskIn(clinic, meeting, 'not-carried-out', 'open');
    expect(task.because).toEqual(['meeting-cancel', 'by-patient', 'given-up']);
    const { startAt } = (await clinic.call('GET', meeting.path)).body as { startAt: string };
    expect(task.dueAt <= startAt || new Date(task.dueAt) < new Date(inMs(DAY))).toBe(true);
    const told = (await eventsOf(service, clinic, meeting)).filter(({ type }) => type === 'task.opened');
    expect(told.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ kind: 'not-carried-out', meetingId: meeting.meetingId }),
    );
    // Once ended it stays so, also when somebody carries it out again.
    expect((await notCarriedOut(meeting)).length).toBe(1);
    const finished = await clinic.call('POST', `/clinic/tasks/${task.taskId}/done`, {
      body: { result: 'reached' },
    });
    expect([finished.status, (finished.body as { state: string }).state]).toEqual([200, 'done']);
  });
});

describe('A4 a promise that is not kept', () => {
  const refusedAfterAnOutage: [
    string,
    (meeting: TestMeeting) => Pick<Command, 'operation' | 'params' | 'body'>,
  ][] = [
    [
      'meeting-cancel',
      ({ meetingId }) => ({
        operation: 'meeting.cancel',
        params: { meetingId },
        body: { by: 'patient', receivedAt: null, forStartVersion: 1 },
      }),
    ],
    [
      'meeting-choose-offered-time',
      ({ meetingId }) => ({
        operation: 'meeting.choose-offered-time',
        params: { meetingId },
        body: { startAt: inMs(8 * DAY), forStartVersion: 1 },
      }),
    ],
    [
      'form-fill-in',
      ({ meetingId }) => ({
        operation: 'form.fill-in',
        params: { meetingId, formId: 'AAAAAAAAAAAAAAAAAAAAAA' },
        body: { answers: {}, answeredBy: 'patient' },
      }),
    ],
    [
      'person-record-care-history-consent',
      () => ({
        operation: 'person.record-care-history-consent',
        params: { personId: patientId },
        // A guardian's, of a grown-up: refused whatever is done.
        body: { given: true, givenBy: 'guardian' },
      }),
    ],
  ];

  it.each(refusedAfterAnOutage)(
    'A4 %s: refused after it was received is a task; at once, to their face, none',
    async (because, wanted) => {
      const meeting = await booked(inMs(2 * DAY));
      const moved = { startAt: inMs(3 * DAY), by: 'clinic' };
      expect((await clinic.call('POST', `${meeting.path}/rebook`, { body: moved })).status).toBe(200);
      holdReconciler();
      // All open meetings of the patient but this one would be as good a place for a task about the person.
      const found = async () =>
        (
          await service.records.tasks.list({
            clinicId: clinic.clinicId,
            state: 'open',
            kind: 'not-carried-out',
            assignedTo: null,
            cursor: null,
            limit: 100,
          })
        ).items.filter((task) => task.because[0] === because);
      const face = await stored(patient(), wanted(meeting));
      expect((await carryOut(deps, face, { isWaitedFor: true })).status).toBeGreaterThanOrEqual(400);
      expect(await found()).toEqual([]);
      const promised = await stored(patient(), wanted(meeting));
      clock.passMs(MINUTE);
      expect((await carryOut(deps, promised)).status).toBeGreaterThanOrEqual(400);
      expect(await found()).toMatchObject([
        { patientId, because: [because, 'by-patient', 'refused', expect.any(String)] },
      ]);
      // A stranger makes no work for others.
      const stranger = await clinic.addPatient();
      const strange = await stored({ kind: 'patient', personId: stranger }, wanted(meeting));
      clock.passMs(MINUTE);
      expect((await carryOut(deps, strange)).status).toBeGreaterThanOrEqual(400);
      expect((await found()).length).toBe(1);
    },
  );

  it('A4 a second press was told that it is received: then a refusal of the first is a task, though quick', async () => {
    const meeting = await booked();
    holdReconciler();
    const wanted = {
      operation: 'meeting.cancel',
      params: { meetingId: meeting.meetingId },
      body: { by: 'patient', receivedAt: null, forStartVersion: 7 },
    };
    const command = await stored(patient(), wanted, 'pressed-twice');
    const again = { clinicId: clinic.clinicId, actor: patient(), reason: null, ...wanted };
    expect(await service.records.commands.accept('pressed-twice', again, clock.now())).toEqual({
      kind: 'under-way',
    });
    expect(await carryOut(deps, command, { isWaitedFor: true })).toMatchObject({ status: 409 });
    expect(await notCarriedOut(meeting)).toMatchObject([{ state: 'open' }]);
  });

  it('A4 what another process has carried out meanwhile leaves no task where this one was refused, or gave up', async () => {
    const meeting = await booked();
    holdReconciler();
    const command = await cancelBy(patient(), meeting);
    expect((await carryOut(deps, command)).status).toBe(200);
    clock.passMs(MINUTE);
    const refused = problem(409, 'under-way', 'The meeting is under way.');
    for (const isGivenUp of [false, true])
      await endCommand(deps, command, refused, { isGivenUp, waitedForSince: null });
    expect(await notCarriedOut(meeting)).toEqual([]);
  });

  it('A5 whoever comes second answers what came first: refused, failed, or after an outage of their own', async () => {
    const meeting = await booked();
    holdReconciler();
    const command = await cancelBy(patient(), meeting);
    const first = await carryOut(deps, command);
    expect(first.status).toBe(200);
    const second = (cancelMeeting: CommandDeps['temporal']['cancelMeeting']) =>
      failing(command, { temporal: { ...service.temporal, cancelMeeting } });
    expect(await second(() => Promise.resolve({ refused: 'ended' }))).toEqual(first);
    expect(await second(() => Promise.reject(new Error('a fault of ours')))).toEqual(first);
    expect(await second(() => Promise.reject(new TemporalUnavailable(null)))).toEqual(first);
    // Both at once, and the refused one comes last: by staff, who are left no task.
    const other = await booked();
    const byStaff = await cancelBy({ kind: 'staff', staffId: 'booker-1', role: 'booker' }, other);
    let won: Answer | null = null;
    const late = await failing(byStaff, {
      temporal: {
        ...service.temporal,
        cancelMeeting: async () => {
          won = await carryOut(deps, byStaff);
          return { refused: 'under-way' };
        },
      },
    });
    expect(won).toMatchObject({ status: 200 });
    expect(late).toEqual(won);
    for (const each of [meeting, other]) expect(await notCarriedOut(each)).toEqual([]);
  });

  it('A4 a case that a patient opened, and which was refused since, is a task about the patient', async () => {
    holdReconciler();
    const command = await stored(patient(), {
      operation: 'case.open',
      params: {},
      body: { patientId, guardianIds: [], subject: 'Fråga', text: 'Hej', assignTo: null },
    });
    const closed = await service.records.clinics.byId(clinic.clinicId);
    const caseRules = { ...closed.settings.caseRules, patientsMayOpen: false };
    const clinics = {
      ...service.records.clinics,
      byId: () => Promise.resolve({ ...closed, settings: { ...closed.settings, caseRules } }),
    };
    clock.passMs(MINUTE);
    const records = { ...service.records, clinics };
    expect((await carryOut({ ...deps, records }, command)).status).toBe(409);
    const { items } = (await clinic.call('GET', '/clinic/tasks?kind=message-lost')).body as {
      items: { taskId: string; patientId: string; meetingId: null; caseId: null }[];
    };
    expect(items).toMatchObject([{ patientId, meetingId: null, caseId: null }]);
    const done = await clinic.call('POST', `/clinic/tasks/${items[0]!.taskId}/done`, {
      body: { result: 'done' },
    });
    expect(done.status).toBe(200);
  });

  it('A4 what somebody did on the desk and was told is received, and is refused or lost since, is a task; to their face none, and none for the PAS, which asks again', async () => {
    const meeting = await booked();
    holdReconciler();
    const onDesk: Actor = { kind: 'staff', staffId: 'booker-1', role: 'booker', loggedIn: true };
    const wanted = {
      operation: 'meeting.cancel',
      params: { meetingId: meeting.meetingId },
      body: { by: 'patient', receivedAt: null, forStartVersion: 7 },
    };
    const face = await stored(onDesk, wanted);
    expect(await carryOut(deps, face, { isWaitedFor: true })).toMatchObject({ status: 409 });
    const byPas = await stored({ kind: 'staff', staffId: 'booker-1', role: 'booker' }, wanted);
    const promised = await stored(onDesk, wanted);
    clock.passMs(MINUTE);
    expect(await carryOut(deps, byPas)).toMatchObject({ status: 409 });
    expect(await notCarriedOut(meeting)).toEqual([]);
    expect(await carryOut(deps, promised)).toMatchObject({ status: 409 });
    const because = ['meeting-cancel', 'by-staff', 'refused', 'moved-meanwhile'];
    expect(await notCarriedOut(meeting)).toMatchObject([{ state: 'open', because }]);

    // A booking has no meeting yet: the task is about the patient.
    const booking = await stored(onDesk, {
      operation: 'meeting.book',
      params: {},
      body: { patientId, participants: [], formIds: [] },
    });
    const left = { isGivenUp: true, waitedForSince: null };
    await endCommand(deps, booking, problem(500, 'given-up', 'It could not be done.'), left);
    // So has what was written beside the video, which the API leaves to whoever wrote it.
    const said = await stored(onDesk, {
      operation: 'meeting.write-chat',
      params: { meetingId: meeting.meetingId },
      body: { text: 'Hej', fileIds: [], asksForMore: false },
    });
    clock.passMs(MINUTE);
    await endCommand(deps, said, problem(409, 'ended', 'The meeting has ended.'), {
      ...left,
      isGivenUp: false,
    });
    const { items } = (await clinic.call('GET', '/clinic/tasks?kind=not-carried-out')).body as {
      items: { because: string[]; meetingId: string | null; patientId: string }[];
    };
    expect(items).toContainEqual(
      expect.objectContaining({
        patientId,
        meetingId: null,
        because: ['meeting-book', 'by-staff', 'given-up'],
      }),
    );
    const lost = (await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'message-lost');
    expect(lost).toMatchObject([{ because: ['written-by-staff', 'refused'] }]);
  });

  it('A4, B7 a fault of ours in a request is answered as stored, and carried out after', async () => {
    const meeting = await booked();
    const { cancelMeeting } = service.temporal;
    Object.assign(service.temporal, { cancelMeeting: () => Promise.reject(new Error('a fault of ours')) });
    const options = { key: 'fault-of-ours', body: { by: 'clinic' } };
    const first = await clinic.call('POST', `${meeting.path}/cancel`, options);
    Object.assign(service.temporal, { cancelMeeting });
    expectProblem(first, 503);
    expect(first.headers.get('retry-after')).toBe('2');
    const second = await waitUntil(
      () => clinic.call('POST', `${meeting.path}/cancel`, options),
      ({ status }) => status === 200,
    );
    expect(second.body).toMatchObject({ outcome: { outcome: 'cancelled-by-clinic' } });
  });
});

describe('A5 a command that runs twice', () => {
  const rebookStated = (key: string, meeting: TestMeeting, startAt: string): Promise<Command> =>
    stored(
      { kind: 'staff', staffId: 'booker-1', role: 'booker' },
      {
        operation: 'meeting.rebook',
        params: { meetingId: meeting.meetingId },
        body: {
          startAt,
          durationMinutes: null,
          by: 'patient',
          agreed: null,
          receivedAt: clock.now().toISOString(),
        },
      },
      key,
    );
  const versions = async ({ meetingId }: TestMeeting): Promise<number[]> => {
    const { course, times } = await service.records.meetings.get(meetingId);
    return [course.time.startVersion, times.length];
  };
  const dying = (name: string): Partial<CommandDeps> => ({
    records: { ...service.records, transaction: () => Promise.reject(new Error(name)) },
  });

  it.each([
    ['and nothing else has saved it', false],
    ['and the workflow has saved it with what the clock brought', true],
  ])(
    'A5 a rebooking with a stated time of receipt whose database write failed, %s, is done by the second run',
    async (_name, isSavedBetween) => {
      const meeting = await booked(inMs(6 * DAY));
      const { meetingId } = meeting;
      holdReconciler();
      const startAt = inMs(7 * DAY);
      const command = await rebookStated(`rebooks-twice-${isSavedBetween}`, meeting, startAt);
      expect(await failing(command, dying('the database write failed'))).toBe('failed');
      // The workflow has taken it. It is saved whole, with the record of the time, or not at all.
      const taken = await service.temporal.meetingStatus(meetingId);
      expect(taken.time).toMatchObject({ startVersion: 2, startAt });
      if (isSavedBetween) await saveMeeting(service.records, taken, clock.now());
      expect(await versions(meeting)).toEqual(isSavedBetween ? [2, 2] : [1, 1]);
      clock.passMs(MINUTE);
      expect(await carryOut(deps, command)).toMatchObject({
        status: 200,
        body: { startAt, startVersion: 2 },
      });
      expect(await versions(meeting)).toEqual([2, 2]);
      const moves = (await eventsOf(service, clinic, meeting)).filter(
        ({ type }) => type === 'meeting.rebooked',
      );
      expect(moves).toHaveLength(1);
      expect((await service.records.meetings.get(meetingId)).times[1]).toMatchObject({
        agreed: true,
        setBy: 'patient',
        startAt,
      });
    },
  );

  it('A5 cancelling, stating the outcome, offering times: the second run finds it done', async () => {
    const cancelled = await booked();
    holdReconciler();
    const cancel = await cancelBy(patient(), cancelled);
    expect(await failing(cancel, dying('the process died'))).toBe('failed');
    await waitUntil(
      () => service.records.meetings.get(cancelled.meetingId),
      ({ course }) => course.state === 'ended',
    );
    clock.passMs(MINUTE);
    expect(await carryOut(deps, cancel)).toMatchObject({ status: 200 });
    expect(await notCarriedOut(cancelled)).toEqual([]);

    const meeting = await booked();
    const offered = inMs(9 * DAY);
    const offers = await stored(
      { kind: 'staff', staffId: 'booker-1', role: 'booker' },
      {
        operation: 'meeting.offer-times',
        params: { meetingId: meeting.meetingId },
        body: { startAts: [offered] },
      },
    );
    expect((await carryOut(deps, offers)).status).toBe(200);
    const choice = await stored(patient(), {
      operation: 'meeting.choose-offered-time',
      params: { meetingId: meeting.meetingId },
      body: { startAt: offered, forStartVersion: 1 },
    });
    expect((await carryOut(deps, choice)).status).toBe(200);
    expect((await carryOut(deps, offers)).status).toBe(200);
    expect((await service.records.offeredTimes.of(meeting.meetingId))?.chosen).not.toBeNull();
    expect((await carryOut(deps, choice)).status).toBe(200);
    expect(await versions(meeting)).toEqual([2, 2]);
  });
});

describe('A6, R1.8 what changes nothing', () => {
  it('A6 a move to the very same time changes nothing and tells nobody, by whomever; a true move is taken after fifty', async () => {
    const startAt = inMs(20 * HOUR);
    const meeting = await booked(startAt);
    // The notice of the booking is given meanwhile: that is a change of its own.
    const settled = await waitUntil(
      () => service.temporal.meetingStatus(meeting.meetingId),
      ({ notices }) => notices[0]?.state === 'done',
    );
    const before = await service.records.meetings.get(meeting.meetingId);
    const events = (await eventsOf(service, clinic, meeting)).length;
    const inAnotherZone = new Date(Date.parse(startAt) + HOUR).toISOString().replace('Z', '+01:00');
    for (let n = 0; n < 51; n += 1) {
      const by = n % 2 === 0 ? 'patient' : 'clinic';
      const body = {
        startAt: n % 3 === 0 ? inAnotherZone : startAt,
        by,
        ...(n % 5 === 0 ? { durationMinutes: 30 } : {}),
      };
      const answer = await clinic.call('POST', `${meeting.path}/rebook`, { body });
      expect([answer.status, (answer.body as { startVersion: number }).startVersion]).toEqual([200, 1]);
    }
    const after = await service.records.meetings.get(meeting.meetingId);
    expect(after).toEqual(before);
    expect((await service.temporal.meetingStatus(meeting.meetingId)).version).toBe(settled.version);
    expect((await eventsOf(service, clinic, meeting)).length).toBe(events);
    const move = { startAt: inMs(3 * DAY), by: 'clinic' };
    expect((await clinic.call('POST', `${meeting.path}/rebook`, { body: move })).body).toMatchObject({
      startVersion: 2,
    });
  });

  it('A6 another duration keeps start version, room, readiness and notices, moves the end, and is told to the PAS', async () => {
    const startAt = inMs(10 * MINUTE);
    const meeting = await booked(startAt);
    await clinic.confirmReady(meeting);
    const before = await waitUntil(
      () => service.records.meetings.get(meeting.meetingId),
      ({ course }) => course.clinicReady && course.state === 'door-open',
    );
    const body = { startAt, durationMinutes: 45, by: 'patient' };
    const answer = await clinic.call('POST', `${meeting.path}/rebook`, { body });
    const endAt = inMs(45 * MINUTE, new Date(startAt));
    expect(answer.body).toMatchObject({
      startVersion: 1,
      startAt,
      endAt,
      clinicReady: true,
      state: 'door-open',
    });
    const after = await service.records.meetings.get(meeting.meetingId);
    expect(after.times).toEqual([{ ...before.times[0], endAt }]);
    expect(after.course.notices.map(({ kind, startVersion, dueAt }) => [kind, startVersion, dueAt])).toEqual(
      before.course.notices.map(({ kind, startVersion, dueAt }) => [kind, startVersion, dueAt]),
    );
    expect(after.course.time.doorClosesAt > before.course.time.doorClosesAt).toBe(true);
    const told = (await eventsOf(service, clinic, meeting)).filter(
      ({ type }) => type === 'meeting.duration-changed',
    );
    expect(told).toMatchObject([{ data: { startVersion: 1, startAt, endAt } }]);
    // The same again is nothing.
    expect((await clinic.call('POST', `${meeting.path}/rebook`, { body })).status).toBe(200);
    expect((await service.records.meetings.get(meeting.meetingId)).course.happenings).toEqual(
      after.course.happenings,
    );
  });

  it('A6 consent, form and readiness put again unchanged tell no workflow', async () => {
    const own = await quietPatient(clinic);
    const formId = await clinic.addForm();
    const meeting = await clinic.book({ patientId: own, startAt: inMs(2 * DAY), formIds: [formId] });
    const { tellFact } = service.temporal;
    const told: string[] = [];
    Object.assign(service.temporal, {
      tellFact: (meetingId: string, fact: MeetingFact) => {
        if (meetingId === meeting.meetingId) told.push(fact.kind);
        return tellFact(meetingId, fact);
      },
    });
    try {
      const put = (path: string, body: object) => clinic.call('PUT', path, { body });
      const fill = () =>
        put(`${meeting.path}/forms/${formId}/answers`, {
          answers: { how: 3 },
          answeredBy: 'staff-by-telephone',
        });
      const consent = (given: boolean) =>
        put(`/clinic/people/${own}/care-history-consent`, { given, givenBy: 'person' });
      const course = async () => (await service.records.meetings.get(meeting.meetingId)).course;
      expect((await fill()).status).toBe(200);
      expect((await course()).gates.formsMissing).toEqual([]);
      expect(told).toEqual(['gates']);
      for (let n = 0; n < 5; n += 1) {
        expect((await fill()).status).toBe(200);
        expect((await consent(true)).status).toBe(200);
      }
      expect(told).toEqual(['gates']);
      await consent(false);
      expect((await course()).gates.consentGiven).toBe(false);
      await consent(false);
      expect(told).toEqual(['gates', 'gates']);
      await clinic.confirmReady(meeting);
      expect((await course()).clinicReady).toBe(true);
      await clinic.confirmReady(meeting);
      expect(told).toEqual(['gates', 'gates', 'readiness']);
    } finally {
      Object.assign(service.temporal, { tellFact });
    }
  });

  it('an answer that was taken back and given again while Temporal is away is written both times, and the last is told', async () => {
    const own = await clinic.addPatient();
    const consent = (given: boolean) =>
      clinic.call('PUT', `/clinic/people/${own}/care-history-consent`, {
        body: { given, givenBy: 'person' },
      });
    expect((await consent(true)).status).toBe(200);
    const meeting = await clinic.book({ patientId: own, startAt: inMs(5 * DAY) });
    const written = async () => (await service.records.meetings.get(meeting.meetingId)).course;
    const { tellFact } = service.temporal;
    const tried: string[] = [];
    Object.assign(service.temporal, {
      tellFact: (meetingId: string, fact: MeetingFact) => {
        if (meetingId === meeting.meetingId) tried.push(fact.kind);
        return Promise.reject(new TemporalUnavailable(null));
      },
    });
    // No time passes, so that the loop that tells later leaves it alone.
    holdReconciler();
    try {
      expect((await consent(false)).status).toBe(200);
      expect((await written()).gates).toMatchObject({ consentGiven: false, consentChanges: 2 });
      expect((await consent(true)).status).toBe(200);
      expect((await consent(true)).status).toBe(200);
      expect(tried).toEqual(['gates', 'gates']);
    } finally {
      Object.assign(service.temporal, { tellFact });
      clock.release();
    }
    const { gates, happenings } = await written();
    expect(gates).toMatchObject({ consentGiven: true, consentChanges: 3 });
    expect(happenings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['gates-closed', 'gates-opened']),
    );
    clock.passMs(10_000);
    const heard = await waitUntil(
      () => service.temporal.meetingStatus(meeting.meetingId),
      (status) => status.gates.consentChanges === 3,
    );
    expect(heard.gates).toEqual(gates);
  });
});

describe('A9 by the instant of receipt', () => {
  it('A9, R5.3 a cancellation at exactly 24 hours is in time, however slow the database; by staff, and on the patient’s page', async () => {
    const startAt = inMs(2 * DAY);
    const byStaff = await booked(startAt);
    const onPage = await booked(startAt);
    const page = `/my/meetings/${onPage.patientParticipantId}/change/cancel`;
    const exactly = new Date(Date.parse(startAt) - DAY);
    const { write } = service.records.audit;
    clock.holdAt(exactly);
    const browser = await loggedIn(service, testPeople.patient);
    const shown = await browser.get(page);
    expect(shown.status).toBe(200);
    Object.assign(service.records.audit, {
      write: async (...args: Parameters<typeof write>) => {
        await write(...args);
        clock.passMs(3_000);
      },
    });
    try {
      const answer = await clinic.call('POST', `${byStaff.path}/cancel`, { body: { by: 'patient' } });
      expect(answer.body).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
      clock.holdAt(exactly);
      const sent = await browser.submit(shown, page, { sure: 'yes' });
      expect(sent.status).toBe(303);
    } finally {
      Object.assign(service.records.audit, { write });
    }
    const { course } = await service.records.meetings.get(onPage.meetingId);
    expect(course.outcome?.outcome).toBe('cancelled-in-time');
  });

  it('A9, R4.7 a confirmation of readiness that was stored in an outage confirms the time that it was given for', async () => {
    const meeting = await booked(inMs(2 * DAY));
    const confirm = service.records.evidence.confirm;
    Object.assign(service.records.evidence, { confirm: () => Promise.reject(new TemporalUnavailable(null)) });
    const body = { moment: 'before-opening', room: true, background: true, clothing: true, nameBadge: true };
    try {
      const answer = await clinic.call('POST', `${meeting.path}/confirmations`, {
        key: 'ready-in-outage',
        body,
      });
      expectProblem(answer, 503);
      const moved = { startAt: inMs(3 * DAY), by: 'clinic' };
      expect((await clinic.call('POST', `${meeting.path}/rebook`, { body: moved })).status).toBe(200);
    } finally {
      Object.assign(service.records.evidence, { confirm });
    }
    const again = await waitUntil(
      () => clinic.call('POST', `${meeting.path}/confirmations`, { key: 'ready-in-outage', body }),
      ({ status }) => status === 200,
    );
    expect(again.body).toMatchObject({ startVersion: 2, clinicReady: false });
    expect(await service.records.evidence.confirmations(meeting.meetingId)).toMatchObject([
      { startVersion: 1 },
    ]);
  });

  it('A9, R7.2 a guardian’s consent that was received before the midnight of the 13th birthday is judged at its receipt', async () => {
    const guardianId = await clinic.addPatient();
    const child = await clinic.addPatient({ birthDate: `${new Date().getUTCFullYear() - 12}-01-02` });
    const guardian = { kind: 'guardian', personId: guardianId } as const;
    holdReconciler();
    const command = await stored(guardian, {
      operation: 'person.record-care-history-consent',
      params: { personId: child },
      body: { given: true, givenBy: 'guardian' },
    });
    clock.passMs(400 * DAY);
    expect((await carryOut(deps, command)).status).toBe(200);
    const late = await stored(guardian, {
      operation: command.operation,
      params: command.params,
      body: command.body,
    });
    expect((await carryOut(deps, late)).status).toBe(422);
  });

  it('A9 a message of a guardian whose upload took until after midnight is taken', async () => {
    const guardianId = await clinic.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined });
    const child = await clinic.addPatient({ birthDate: '2014-03-01' });
    const of = await openCase(clinic, child, { guardianIds: [guardianId] });
    const careCase = await service.records.cases.get(of.caseId);
    const my = `/my/cases/${careCase.participants.find(({ role }) => role === 'guardian')!.participantId}`;
    clock.holdAt(new Date('2027-02-28T22:59:00Z'));
    const browser = await loggedIn(service, testPeople.guardian);
    const shown = await browser.get(my);
    expect(shown.status).toBe(200);
    const { look } = service.records.sessions;
    Object.assign(service.records.sessions, {
      look: async (...args: Parameters<typeof look>) => {
        const session = await look(...args);
        clock.passMs(2 * MINUTE);
        return session;
      },
    });
    try {
      const form = new FormData();
      for (const [name, value] of Object.entries(formIn(shown, my))) form.append(name, value);
      form.append('text', 'Det kliar.');
      const response = await fetch(`${service.apiUrl}${my}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          cookie: [...browser.cookies].map(([n, v]) => `${n}=${v}`).join('; '),
          'sec-fetch-site': 'same-origin',
        },
        body: form,
      });
      expect([response.status, response.headers.get('location')]).toEqual([303, `${my}/sent`]);
    } finally {
      Object.assign(service.records.sessions, { look });
    }
    expect(clock.now() > new Date('2027-02-28T23:00:00Z')).toBe(true);
    expect((await browser.get(my)).status).toBe(403);
  });
});
