import { inStockholm } from '../../../rules/calendar/stockholm';
import { meetingWorkflowId } from '../../../temporal/ids';
import type { ProbeTarget } from '../../../rules/gaps';
import { answeredUntil, answersAlways } from '../../support/probes';
import { nextMobile, suitable, type TestMeeting } from '../../support/clinic';
import { keepHistory } from '../../support/histories';
import { roomOf, type TestRoom } from '../../support/room';
import { startSkippedTime, stockholm, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/** From the door to the invoice proposal, over the whole service with time skipped. */
let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => {
  for (const [name, meetingId] of branches)
    await keepHistory(time.service, name, meetingWorkflowId(meetingId));
  await time.close();
});

/** A history of each branch is kept at a release, for replay. */
const branches = new Map<string, string>();

interface Booked extends TestMeeting {
  startAt: Date;
  room: TestRoom;
  patientId: string;
}

/** A meeting in two days, with its gates open unless told otherwise. */
async function bookedMeeting(
  branch: string,
  options: { gates?: boolean; smsConsent?: boolean } = {},
): Promise<Booked> {
  const patientId = await time.clinic.addPatient({}, options.smsConsent ?? true);
  const formId = await time.clinic.addForm();
  const startAt = new Date(time.now().getTime() + 48 * 3_600_000);
  const meeting = await time.clinic.book({
    patientId,
    startAt: startAt.toISOString(),
    formIds: [formId],
  });
  branches.set(branch, meeting.meetingId);
  if (options.gates ?? true) {
    await time.clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    await time.clinic.call('PUT', `${meeting.path}/forms/${formId}/answers`, {
      body: { answers: { how: 5 }, answeredBy: 'patient' },
    });
  }
  return { ...meeting, patientId, startAt, room: await roomOf(time.service, meeting.meetingId) };
}

const minutesAfter = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

async function outcomeOf({ path, startAt }: Booked): Promise<{ outcome: string; because: string[] }> {
  await time.passTo(minutesAfter(startAt, 31));
  const meeting = await waitUntil(
    async () =>
      (await time.clinic.call('GET', path)).body as {
        outcome: { outcome: string; because: string[] } | null;
      },
    (read) => read.outcome !== null,
  );
  return meeting.outcome!;
}

async function proposalsOf({ path }: Booked) {
  return waitUntil(
    async () => (await time.clinic.call('GET', `${path}/invoices`)).body.items as object[],
    (items) => items.length > 0,
  );
}

const enter = (meeting: Booked, participantId: string) =>
  time.clinic.call('POST', `${meeting.path}/entry`, {
    body: { participantId, identityChecked: 'known-to-staff' },
  });

describe('the life of a meeting', () => {
  it('booked → gates → door → under way → completed → a patient fee is proposed (R3, R4, R5.2)', async () => {
    const meeting = await bookedMeeting('completed', { gates: false });
    const state = async () =>
      (await time.clinic.call('GET', meeting.path)).body as { state: string; formIds: string[] };
    const { formIds } = await state();
    expect(await state()).toMatchObject({
      state: 'booked',
      gates: { consentGiven: false, formsMissing: formIds },
      waitingFor: expect.arrayContaining([
        expect.objectContaining({ what: 'consent' }),
        expect.objectContaining({ what: 'form' }),
      ]),
    });
    await time.clinic.call('PUT', `/clinic/people/${meeting.patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    await time.clinic.call('PUT', `${meeting.path}/forms/${formIds[0] ?? ''}/answers`, {
      body: { answers: { how: 3 }, answeredBy: 'staff-by-telephone' },
    });
    await waitUntil(state, (read) => read.state === 'ready');

    await time.passTo(minutesAfter(meeting.startAt, -14));
    await waitUntil(state, (read) => read.state === 'door-open');
    expect((await enter(meeting, meeting.staffParticipantId)).body).toMatchObject({ admitted: true });
    // R4.7: until the clinic has confirmed that it is ready, nobody but staff comes in.
    expect((await enter(meeting, meeting.patientParticipantId)).body).toMatchObject({
      admitted: false,
      reasons: ['clinic-not-ready'],
    });
    await time.clinic.confirmReady(meeting);
    expect((await enter(meeting, meeting.patientParticipantId)).body).toMatchObject({ admitted: true });
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    await meeting.room.joined(meeting.patientParticipantId, time.now());
    await waitUntil(state, (read) => read.state === 'under-way');

    await time.passTo(minutesAfter(meeting.startAt, 25));
    await meeting.room.left(meeting.patientParticipantId, time.now());
    await meeting.room.left(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toEqual({
      outcome: 'completed',
      decidedBy: 'evidence',
      because: ['clinic-and-patient-met'],
      way: null,
    });
    expect(await proposalsOf(meeting)).toEqual([
      expect.objectContaining({
        state: 'proposed',
        kind: 'visit-fee',
        amountOre: 30_000,
        payer: 'patient',
        needsApproval: false,
      }),
    ]);
    const { body } = await time.clinic.call('GET', `${meeting.path}/timeline`);
    // R2.1: who is in the room already gets no SMS that it starts.
    expect(body.deliveries).toContainEqual(
      expect.objectContaining({ kind: 'start', state: 'skipped', reason: 'already-in-the-room' }),
    );
  });

  it('R5.6 a meeting that runs over is not cut off; it is settled when all have left', async () => {
    const meeting = await bookedMeeting('ran-over');
    await time.passTo(minutesAfter(meeting.startAt, -5));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    await meeting.room.joined(meeting.patientParticipantId, time.now());
    await time.passTo(minutesAfter(meeting.startAt, 50));
    expect((await time.clinic.call('GET', meeting.path)).body).toMatchObject({
      state: 'under-way',
      outcome: null,
    });
    await meeting.room.left(meeting.patientParticipantId, time.now());
    await meeting.room.left(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'completed' });
  });

  it('R5.3, R5.6 no-show: the clinic waited, the patient never came; a missed-visit fee that staff must approve', async () => {
    const meeting = await bookedMeeting('no-show');
    await time.passTo(minutesAfter(meeting.startAt, -2));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'no-show' });
    expect(await proposalsOf(meeting)).toEqual([
      expect.objectContaining({ kind: 'missed-visit-fee', amountOre: 40_000, needsApproval: true }),
    ]);
  });

  it('R5.6 a refused entry makes it unclear; staff decide, and only then something is proposed', async () => {
    const meeting = await bookedMeeting('unclear-then-decided');
    const refused = await enter(meeting, meeting.patientParticipantId);
    expect(refused.body).toMatchObject({ admitted: false, reasons: ['too-early'] });
    await time.passTo(minutesAfter(meeting.startAt, -2));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toMatchObject({
      outcome: 'unclear',
      because: ['patient-tried-to-come-in'],
    });
    expect((await time.clinic.call('GET', `${meeting.path}/invoices`)).body.items).toEqual([]);

    const decided = await time.clinic.call('POST', `${meeting.path}/outcome`, {
      body: { outcome: 'could-not-start' },
    });
    expect(decided.body).toMatchObject({ outcome: { outcome: 'could-not-start', decidedBy: 'staff' } });
    expect(await proposalsOf(meeting)).toEqual([
      expect.objectContaining({ state: 'nothing-to-charge', kind: 'none' }),
    ]);
    const again = await time.clinic.call('POST', `${meeting.path}/outcome`, { body: { outcome: 'no-show' } });
    expect(again.status).toBe(409);
  });

  describe('A1 an outage is no no-show', () => {
    const gapsOf = async ({ path }: Booked) =>
      (
        (await time.clinic.call('GET', `${path}/timeline`)).body.happenings as {
          what: string;
          detail: string;
        }[]
      )
        .filter(({ what }) => what.startsWith('gap-'))
        .map(({ what, detail }) => [what, detail]);
    const tasksOf = async ({ path }: Booked) =>
      (await time.clinic.call('GET', `${path}/tasks`)).body.items as { kind: string; because: string[] }[];
    /** The clinic waits from before the start on, and the patient never comes. */
    async function waited(meeting: Booked): Promise<void> {
      await time.passTo(minutesAfter(meeting.startAt, -10));
      await meeting.room.joined(meeting.staffParticipantId, time.now());
    }
    const answered = (targets: ProbeTarget[]) => time.service.records.gaps.answered(targets, time.now());
    beforeEach(() => answeredUntil(time.service.database, time.now().toISOString()));
    afterEach(() => answersAlways(time.service.database));

    it('A1 R5.6 the service was away from before the start until after the grace time: unclear, with the gap named', async () => {
      const meeting = await bookedMeeting('gap-of-the-service');
      await time.passTo(minutesAfter(meeting.startAt, -16));
      await answeredUntil(time.service.database, minutesAfter(meeting.startAt, -3).toISOString());
      await waited(meeting);
      await time.passTo(minutesAfter(meeting.startAt, 22));
      expect(await answered(['service', 'reports', 'login'])).toMatchObject([
        { kind: 'service-away' },
        { kind: 'reports-away' },
        { kind: 'login-away' },
      ]);
      await answersAlways(time.service.database);
      const because = ['service-away', 'reports-away', 'login-away'];
      expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'unclear', because });
      expect((await gapsOf(meeting)).sort()).toEqual(
        because
          .flatMap((kind) => [
            ['gap-began', kind],
            ['gap-ended', kind],
          ])
          .sort(),
      );
      expect(await tasksOf(meeting)).toContainEqual(
        expect.objectContaining({ kind: 'unclear-outcome', because }),
      );
      expect((await time.clinic.call('GET', `${meeting.path}/invoices`)).body.items).toEqual([]);
    });

    it('A1 a restart of seconds is no gap', async () => {
      const restarted = await bookedMeeting('restart-of-seconds');
      await waited(restarted);
      await time.passTo(minutesAfter(restarted.startAt, 5));
      await answeredUntil(time.service.database, minutesAfter(time.now(), -0.7).toISOString());
      expect(await answered(['service', 'reports', 'login'])).toEqual([]);
      await answersAlways(time.service.database);
      expect(await outcomeOf(restarted)).toMatchObject({ outcome: 'no-show' });
    });

    it('A1 a login provider that has not answered since is a gap that lasts', async () => {
      const meeting = await bookedMeeting('gap-of-the-login');
      await waited(meeting);
      await answeredUntil(time.service.database, minutesAfter(meeting.startAt, 3).toISOString());
      expect(await outcomeOf(meeting)).toMatchObject({
        outcome: 'unclear',
        because: ['service-away', 'reports-away', 'login-away'],
      });
    });

    it('C9 people were let in and Jitsi reported nobody: unclear, with that named', async () => {
      await answersAlways(time.service.database);
      const meeting = await bookedMeeting('silent-reports');
      await time.passTo(minutesAfter(meeting.startAt, -14));
      expect((await enter(meeting, meeting.staffParticipantId)).body).toMatchObject({ admitted: true });
      expect(await outcomeOf(meeting)).toMatchObject({
        outcome: 'unclear',
        because: expect.arrayContaining(['clinic-was-let-in-but-not-seen', 'reports-silent']),
      });
    });
  });

  it('A9 R4.6 what staff stated in time, and is still to be carried out at the end, comes before the evidence', async () => {
    const meeting = await bookedMeeting('stated-before-the-end');
    await time.passTo(minutesAfter(meeting.startAt, -10));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    await time.passTo(minutesAfter(meeting.startAt, 29));
    const wanted = {
      clinicId: time.clinic.clinicId,
      actor: { kind: 'staff', staffId: 'booker-1', role: 'booker' },
      reason: null,
      operation: 'meeting.state-outcome',
      params: { meetingId: meeting.meetingId },
      body: { outcome: 'back-up-routine', way: 'telephone' },
      seen: { startVersion: 1, ended: false },
    } as const;
    // As in an outage: stored, and nobody has come to carry it out when the end has come.
    await time.service.records.commands.accept(
      'stated-in-an-outage',
      wanted,
      time.now(),
      minutesAfter(meeting.startAt, 31),
    );
    await time.passTo(minutesAfter(meeting.startAt, 30.5));
    expect((await time.clinic.call('GET', meeting.path)).body).toMatchObject({ outcome: null });
    await time.passTo(minutesAfter(meeting.startAt, 32));
    expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'back-up-routine' });
    // The evidence is asked for again with growing pauses; what follows comes after the last of them.
    await time.passTo(minutesAfter(meeting.startAt, 40));
    expect(await proposalsOf(meeting)).toEqual([expect.objectContaining({ kind: 'none' })]);
  });

  it('A8 R5.6 a clinic that joins some seconds late has waited', async () => {
    const meeting = await bookedMeeting('no-show-clinic-a-second-late');
    await time.passTo(minutesAfter(meeting.startAt, 0));
    await meeting.room.joined(meeting.staffParticipantId, minutesAfter(meeting.startAt, 1 / 60));
    expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'no-show' });
  });

  it('R5.5, R5.6 without consent and form it could not start, and costs nothing', async () => {
    const meeting = await bookedMeeting('could-not-start', { gates: false });
    await time.passTo(minutesAfter(meeting.startAt, -2));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toMatchObject({
      outcome: 'could-not-start',
      because: ['consent-missing', 'form-missing'],
    });
    expect(await proposalsOf(meeting)).toEqual([expect.objectContaining({ kind: 'none', amountOre: 0 })]);
  });

  it('R5.5 where the clinic never came nothing is charged', async () => {
    const meeting = await bookedMeeting('clinic-absent');
    expect(await outcomeOf(meeting)).toMatchObject({ outcome: 'clinic-absent' });
    expect(await proposalsOf(meeting)).toEqual([expect.objectContaining({ kind: 'none' })]);
  });

  it('R5.6 where no notice reached the patient a no-show is unclear', async () => {
    const meeting = await bookedMeeting('unclear-without-notice', { smsConsent: false });
    await time.passTo(minutesAfter(meeting.startAt, -2));
    await meeting.room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(meeting)).toMatchObject({
      outcome: 'unclear',
      because: ['no-notice-reached-the-patient'],
    });
  });

  it('R5.6, R7.2 what a guardian alone has heard is no notice to a child that is 13 at the meeting', async () => {
    const { addPatient, book, call } = time.clinic;
    const today = inStockholm(time.now()).startOf('day');
    await time.passTo(stockholm(`${today.plus({ days: 1 }).toISODate()}T10:00`));
    const birthday = today.plus({ days: 3 });
    const birthDate = birthday.minus({ years: 13 }).toISODate();
    const patientId = await addPatient({ birthDate, mobile: null }, false);
    const mobile = nextMobile();
    const personId = await addPatient({ birthDate: '1985-01-01', mobile });
    await call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    const startAt = stockholm(`${birthday.toISODate()}T10:00`);
    const meeting = await book({
      patientId,
      startAt: startAt.toISOString(),
      suitability: suitable({ child: true }),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guardian', personId },
      ],
    });
    await waitUntil(
      () => time.service.sentTo(mobile).length,
      (count) => count === 1,
    );
    const reachTasks = async () =>
      ((await call('GET', `${meeting.path}/tasks`)).body.items as { kind: string; state: string }[]).filter(
        ({ kind, state }) => kind === 'nobody-reached' && state === 'open',
      );
    await time.passTo(minutesAfter(startAt, -2));
    // R2.10: the guardian's phone is silent from midnight on, and the child's own has heard nothing.
    await waitUntil(reachTasks, (open) => open.length === 1);
    const room = await roomOf(time.service, meeting.meetingId);
    await room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf({ ...meeting, patientId, startAt, room })).toMatchObject({
      outcome: 'unclear',
      because: ['no-notice-reached-the-patient'],
    });
    expect(time.service.sentTo(mobile)).toHaveLength(1);
    expect((await call('GET', `${meeting.path}/invoices`)).body.items).toEqual([]);
  });

  it('R5.3 cancelled late by the patient: a missed-visit fee; exactly 24 hours before is in time', async () => {
    const inTime = await bookedMeeting('cancelled-in-time');
    const late = await bookedMeeting('cancelled-late');
    const cancel = (meeting: Booked, receivedAt: Date) =>
      time.clinic.call('POST', `${meeting.path}/cancel`, {
        body: { by: 'patient', receivedAt: receivedAt.toISOString() },
      });
    await time.passTo(minutesAfter(late.startAt, -60));
    const exactly = new Date(inTime.startAt.getTime() - 24 * 3_600_000);
    const aMillisecondLess = new Date(late.startAt.getTime() - 24 * 3_600_000 + 1);
    expect((await cancel(inTime, exactly)).body).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
    expect((await cancel(late, aMillisecondLess)).body).toMatchObject({
      outcome: { outcome: 'cancelled-late' },
    });
    expect(await proposalsOf(inTime)).toEqual([expect.objectContaining({ kind: 'none' })]);
    expect(await proposalsOf(late)).toEqual([
      expect.objectContaining({ kind: 'missed-visit-fee', needsApproval: true }),
    ]);
  });

  it('R1.5 moved late by the patient counts like a late cancellation of the old time; by the clinic never', async () => {
    const byPatient = await bookedMeeting('moved-by-patient');
    const byClinic = await bookedMeeting('moved-by-clinic');
    await time.passTo(minutesAfter(byPatient.startAt, -120));
    const startAt = minutesAfter(byPatient.startAt, 3 * 24 * 60).toISOString();
    await time.clinic.call('POST', `${byPatient.path}/rebook`, { body: { by: 'patient', startAt } });
    await time.clinic.call('POST', `${byClinic.path}/rebook`, { body: { by: 'clinic', startAt } });
    expect(await proposalsOf(byPatient)).toEqual([
      expect.objectContaining({ startVersion: 1, cause: 'rebooked-late', kind: 'missed-visit-fee' }),
    ]);
    await time.passTo(new Date(startAt));
    expect((await time.clinic.call('GET', `${byClinic.path}/invoices`)).body.items).toEqual([]);
  });

  it('R5.5 booked by the clinic inside the notice: no missed-visit fee', async () => {
    const patientId = await time.clinic.addPatient();
    await time.clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    const startAt = minutesAfter(time.now(), 120);
    const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
    const booked: Booked = {
      ...meeting,
      patientId,
      startAt,
      room: await roomOf(time.service, meeting.meetingId),
    };
    await time.passTo(minutesAfter(startAt, -2));
    await booked.room.joined(meeting.staffParticipantId, time.now());
    expect(await outcomeOf(booked)).toMatchObject({ outcome: 'no-show' });
    expect(await proposalsOf(booked)).toEqual([
      expect.objectContaining({
        kind: 'none',
        because: [{ rule: 'R5.5', reason: 'clinic-set-the-time-inside-the-notice' }],
      }),
    ]);
  });
});
