import { existsSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { randomId } from '../../../platform/keys/random-id';
import { saveBooking } from '../../../use-cases/read-models/meeting-and-invoice';
import { hasReached } from '../../../rules/ledger';
import { meetingTime } from '../../../rules/meeting';
import { defaultNoticeRules } from '../../../rules/notices';
import { firstSnapshot } from '../../../workflows/meeting/snapshot';
import { createClinic, nextMobile, type TestClinic } from '../../support/clinic';
import { startProcess } from '../../support/killed-process';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import type { KilledMeetingsWorkerSettings } from './killed-meetings-worker';

/**
 * A process that dies when an activity has done its work, but before its workflow task is completed: what
 * Temporal does not know of has not happened for the workflow, which may decide otherwise the second time.
 * What others act on must not have gone out by then (R5.8).
 */
interface Harness {
  service: Service;
  clinic: TestClinic;
}

/** Each course waits for time-outs most of its time: they go side by side, with a service each. */
async function onItsOwn<Course>(live: (harness: Harness) => Promise<Course>): Promise<Course> {
  const service = await startService({ workers: false });
  try {
    const clinic = await createClinic(service, {
      noticeRules: { ...defaultNoticeRules, quietHours: null },
    });
    return await live({ service, clinic });
  } finally {
    await service.close();
  }
}

/** Runs the workers in another process until it is killed after what is named. */
async function workUntilKilled(
  { service }: Harness,
  killAfter: KilledMeetingsWorkerSettings['killAfter'],
): Promise<void> {
  const killed = path.join(mkdtempSync(path.join(process.env.TEST_FOLDER ?? '', 'killed-')), killAfter);
  const settings: KilledMeetingsWorkerSettings = {
    mongodbUri: (process.env.TEST_MONGODB_URI ?? '').replace('DATABASE', service.taskQueue),
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    taskQueue: service.taskQueue,
    killAfter,
    killed,
  };
  const child = startProcess(path.join(__dirname, 'killed-meetings-worker.ts'), settings, {
    stderr: 'inherit',
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  try {
    await waitUntil(
      () => child.exitCode ?? child.signalCode,
      (end) => end !== null,
      90_000,
    );
  } finally {
    child.kill('SIGKILL');
    process.off('exit', killAtExit);
  }
  if (!existsSync(killed)) throw new Error('the process ended by itself');
}

/** A meeting that ends in a moment, whose clinic has waited for its patient all the time. */
async function meetingAboutToEnd({
  service,
  clinic,
}: Harness): Promise<{ meetingId: string; staff: string; patient: string }> {
  const patientId = await clinic.addPatient();
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const far = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  const booked = await clinic.book({ patientId, startAt: far });
  const model = await service.records.meetings.get(booked.meetingId);
  const meetingId = randomId();
  const startAt = new Date(Date.now() - 30 * 60_000 + 3_000).toISOString();
  const time = meetingTime(1, startAt, 30, model.terms);
  const bookedAt = new Date(Date.now() - 10 * 24 * 3_600_000).toISOString();
  const input = {
    meetingId,
    clinicId: model.clinicId,
    bookedAt,
    planned: { time, notices: [], registrationReminders: [far] },
    gates: { consentGiven: true, formsMissing: [] },
  };
  const { course: _course, times: _times, corrections: _corrections, ...booking } = model;
  await saveBooking(
    service.records,
    { ...booking, meetingId, bookedAt },
    { ...model.times[0]!, startAt, endAt: time.endAt, roomName: `room-${meetingId}` },
    firstSnapshot(input),
  );
  const row = await service.records.ledger.plan(
    {
      subjectId: meetingId,
      clinicId: model.clinicId,
      occasion: 1,
      kind: 'booking',
      participantId: booked.patientParticipantId,
      personId: patientId,
      channel: 'sms',
      lastUsefulAt: startAt,
    },
    new Date(bookedAt),
  );
  await service.records.ledger.step(row.rowId, {
    from: ['planned'],
    to: 'sent',
    reason: null,
    at: new Date(bookedAt),
  });
  const staff = { meetingId, startVersion: 1, participantId: booked.staffParticipantId };
  await service.records.evidence.joined({ ...staff, role: 'staff' }, `${meetingId}-staff`, startAt);
  await service.temporal.startMeeting(input);
  return { meetingId, staff: booked.staffParticipantId, patient: booked.patientParticipantId };
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

async function proposalAsAProcessDied(harness: Harness) {
  const { service } = harness;
  const { meetingId, staff, patient } = await meetingAboutToEnd(harness);
  await workUntilKilled(harness, 'proposal');
  // The patient was there too; Jitsi's reports were held up.
  const { evidence } = service.records;
  const stay = { meetingId, startVersion: 1, participantId: patient, role: 'patient' as const };
  await evidence.joined(stay, `${meetingId}-patient`, minutesAgo(10));
  await evidence.left(stay, `${meetingId}-patient`, minutesAgo(1));
  const atStaff = { meetingId, startVersion: 1, participantId: staff, role: 'staff' as const };
  await evidence.left(atStaff, `${meetingId}-staff`, minutesAgo(1));
  await service.startWorkers();
  const { course } = await waitUntil(
    () => service.records.meetings.get(meetingId),
    (meeting) => meeting.course.happenings.some(({ what }) => what === 'invoice-proposed'),
    120_000,
  );
  const charge = await service.records.charges.find(meetingId, 1);
  return { outcome: course.outcome?.outcome, causes: charge?.course.invoices.map(({ cause }) => cause) };
}

async function handingOverAsAProcessDied(harness: Harness) {
  const { service, clinic } = harness;
  const patientId = await clinic.addPatient();
  const startAt = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  const { meetingId } = await clinic.book({ patientId, startAt });
  const invoiceId = randomId();
  const proposed = service.temporal.propose(
    { clinicId: clinic.clinicId, meetingId, startVersion: 1 },
    {
      invoiceId,
      basis: 0,
      cause: 'completed',
      decision: { kind: 'visit-fee', because: [], payer: 'patient', needsApproval: false },
      feeCode: 'visit',
      amountOre: 30_000,
      letThroughAt: new Date(Date.now() + 15_000).toISOString(),
    },
  );
  proposed.catch(() => undefined);
  await workUntilKilled(harness, 'handed-over');
  const waived = service.temporal.waiveInvoice(
    { clinicId: clinic.clinicId, meetingId, startVersion: 1 },
    { commandId: randomId(), invoiceId, reason: 'other' },
  );
  waived.catch(() => undefined);
  await service.startWorkers();
  const status = await waitUntil(
    () => service.temporal.chargeStatus(meetingId, 1).catch(() => null),
    (charge) => charge !== null && charge.invoices[0]?.state !== 'proposed',
    60_000,
  );
  const kept = await waitUntil(
    () => service.records.charges.find(meetingId, 1),
    (charge) => charge !== null && charge.course.invoices[0]?.state !== 'proposed',
    60_000,
  );
  return { state: status?.invoices[0]?.state, kept: kept?.course.invoices[0]?.state };
}

async function moveAsAProcessDied(harness: Harness) {
  const { service, clinic } = harness;
  const mobile = nextMobile();
  const patientId = await clinic.addPatient({ mobile });
  // Its door is open: the clock has brought that, and the workflow saves it as soon as it runs.
  const startAt = new Date(Date.now() + 10 * 60_000).toISOString();
  const { meetingId, path: address } = await clinic.book({ patientId, startAt });
  const savedVersion = async () => (await service.records.meetings.get(meetingId)).course.version;
  const before = await savedVersion();
  await workUntilKilled(harness, 'saved');
  if ((await savedVersion()) === before) throw new Error('the process had saved nothing of this meeting');
  const later = new Date(Date.now() + 11 * 24 * 3_600_000).toISOString();
  const moved = clinic.call('POST', `${address}/rebook`, {
    body: { startAt: later, by: 'clinic', agreed: true },
  });
  // It has come before a worker is there.
  await waitUntil(
    () => service.records.commands.pendingFor(meetingId),
    (pending) => pending,
  );
  await service.startWorkers();
  await moved;
  const { course } = await waitUntil(
    () => service.records.meetings.get(meetingId),
    (meeting) => meeting.course.time.startVersion === 2,
    60_000,
  );
  const rows = await waitUntil(
    () => service.records.ledger.ofMeeting(meetingId),
    (now) => now.some(({ kind, state }) => kind === 'change' && hasReached(state)),
    60_000,
  );
  return {
    startAt: course.time.startAt,
    movedTo: later,
    told: rows.filter(({ state }) => hasReached(state)).map(({ kind }) => kind),
  };
}

let proposal: ReturnType<typeof proposalAsAProcessDied>;
let handingOver: ReturnType<typeof handingOverAsAProcessDied>;
let move: ReturnType<typeof moveAsAProcessDied>;
beforeAll(() => {
  proposal = onItsOwn(proposalAsAProcessDied);
  handingOver = onItsOwn(handingOverAsAProcessDied);
  move = onItsOwn(moveAsAProcessDied);
  // Each is told by the test that waits for it.
  for (const course of [proposal, handingOver, move]) course.catch(() => undefined);
});

it('R5.8 a proposal is of what the meeting came to, also where a process died as it was written', async () => {
  const { outcome, causes } = await proposal;
  expect(outcome).toBeDefined();
  expect(causes).toEqual([outcome]);
}, 240_000);

it('R5.8 billing is handed nothing that staff can still waive, also where a process died as it went out', async () => {
  const { state, kept } = await handingOver;
  expect(state).toBeDefined();
  expect(state).toBe(kept);
}, 240_000);

it('R2.8 a move that comes as a process dies is saved, whatever that process had saved', async () => {
  const { startAt, movedTo, told } = await move;
  expect(startAt).toBe(movedTo);
  expect(told).toContain('change');
}, 240_000);
