import { existsSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { randomId } from '../../keys/random-id';
import { keepBooking } from '../../records/keep';
import { meetingTime } from '../../rules/meeting';
import { defaultNoticeRules } from '../../rules/notices';
import { firstSnapshot } from '../../workflows/meeting/snapshot';
import { createClinic, nextMobile, type TestClinic } from '../support/clinic';
import { startProcess } from '../support/killed-process';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';
import type { KilledMeetingsWorkerSettings } from './killed-meetings-worker';

/**
 * A process that dies when an activity has done its work, but before its workflow task is completed: what Temporal does not know of has not
 * happened for the workflow, which may decide otherwise the second time. What others act on must not have gone out by then (R5.8).
 */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(async () => {
  await service.close();
});
afterEach(async () => {
  await service.stopWorkers();
});

/** Runs the workers in another process until it is killed after what is named. */
async function workUntilKilled(killAfter: KilledMeetingsWorkerSettings['killAfter']): Promise<void> {
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
  expect(existsSync(killed)).toBe(true);
}

/** A meeting that ends in a moment, whose clinic has waited for its patient all the time. */
async function meetingAboutToEnd(): Promise<{ meetingId: string; staff: string; patient: string }> {
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
  await keepBooking(
    service.records,
    { ...booking, meetingId, bookedAt },
    { ...model.times[0]!, startAt, endAt: time.endAt, roomName: `room-${meetingId}` },
    firstSnapshot(input),
  );
  const row = await service.records.ledger.plan(
    {
      meetingId,
      clinicId: model.clinicId,
      startVersion: 1,
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

it('R5.8 a proposal is of what the meeting came to, also where a process died as it was written', async () => {
  const { meetingId, staff, patient } = await meetingAboutToEnd();
  await workUntilKilled('proposal');
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
  expect(charge?.course.invoices.map(({ cause }) => cause)).toEqual([course.outcome?.outcome]);
}, 180_000);

it('R5.8 billing is handed nothing that staff can still waive, also where a process died as it went out', async () => {
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
  await workUntilKilled('handed-over');
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
  expect(status?.invoices[0]?.state).toBe(kept?.course.invoices[0]?.state);
}, 180_000);

it('R2.8 a move that comes as a process dies is saved, whatever that process had saved', async () => {
  const mobile = nextMobile();
  const patientId = await clinic.addPatient({ mobile });
  const startAt = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  const { meetingId, path: address } = await clinic.book({ patientId, startAt });
  await workUntilKilled('saved');
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
  expect(course.time.startAt).toBe(later);
  await waitUntil(
    () => service.records.ledger.ofMeeting(meetingId),
    (rows) =>
      rows.some(({ kind, state }) => kind === 'change' && (state === 'sent' || state === 'delivered')),
    60_000,
  );
}, 180_000);
