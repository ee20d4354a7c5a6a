import { carryOut } from '../../use-cases/carry-out';
import { problem, type CommandDeps } from '../../use-cases/command';
import { endCommand } from '../../use-cases/promises';
import type { Answer, Command } from '../../records/commands';
import { TemporalUnavailable } from '../../temporal/gateway';
import type { Actor } from '../../rules/actor';
import { eventsOf, taskIn, tasksOf } from '../api/clinic/after-meetings';
import { DAY, HOUR, MINUTE, expectProblem, inMs, testClock } from '../api/helpers';
import type { TestMeeting } from '../support/clinic';
import { waitUntil } from '../support/wait-until';
import {
  away,
  booked,
  cancelBy,
  clinic,
  clock,
  deps,
  failing,
  holdReconciler,
  notCarriedOut,
  ownFault,
  patient,
  patientId,
  service,
  stored,
  withStoredCommands,
} from './stored-commands';

/** Decision 16: what was promised is kept, or staff are asked to see to it. */
withStoredCommands();

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
