import { carryOut } from '../../use-cases/carry-out';
import type { CommandDeps } from '../../use-cases/command';
import { saveMeeting } from '../../use-cases/read-models/meeting-and-invoice';
import type { Command } from '../../records/commands';
import { TemporalUnavailable } from '../../temporal/gateway';
import type { MeetingFact } from '../../workflows/meeting/messages';
import { eventsOf, quietPatient } from '../api/clinic/after-meetings';
import { DAY, HOUR, MINUTE, inMs } from '../api/helpers';
import type { TestMeeting } from '../support/clinic';
import { waitUntil } from '../support/wait-until';
import {
  booked,
  cancelBy,
  clinic,
  clock,
  deps,
  failing,
  holdReconciler,
  notCarriedOut,
  patient,
  service,
  stored,
  withStoredCommands,
} from './stored-commands';

/** What runs twice, or changes nothing, has no effect and tells nobody (R1.8; design, decisions 6 and 16). */
withStoredCommands();

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
