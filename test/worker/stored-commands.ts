import { carryOut } from '../../use-cases/carry-out';
import type { CommandDeps } from '../../use-cases/command';
import type { Answer, Command } from '../../records/commands';
import type { Actor } from '../../rules/actor';
import { TemporalUnavailable } from '../../temporal/gateway';
import { tasksOf } from '../api/clinic/after-meetings';
import { DAY, inMs, testClock } from '../api/helpers';
import { createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { testKeys } from '../support/keys';
import { testPeople } from '../support/patient';
import { startService, type Service } from '../support/service';

// What `withStoredCommands` sets before the tests of a file.
export const clock = testClock();
export let service: Service;
export let clinic: TestClinic;
export let deps: CommandDeps;
export let patientId: string;

/** For the reconciler no time passes, so that it leaves commands to the test. */
export const holdReconciler = (): void => clock.holdAt(new Date());

/** Hands in a command and leaves it there. */
export async function stored(
  actor: Actor,
  wanted: Pick<Command, 'operation' | 'params' | 'body'>,
  key = `a-key-${Math.random()}`,
): Promise<Command> {
  const request = { clinicId: clinic.clinicId, actor, reason: null, ...wanted };
  const accepted = await service.records.commands.accept(key, request, clock.now());
  if (accepted.kind !== 'carry-out') throw new Error(`not new: ${accepted.kind}`);
  return accepted.command;
}
export const patient = (): Actor => ({ kind: 'patient', personId: patientId });
export const cancelBy = (actor: Actor, { meetingId }: TestMeeting): Promise<Command> =>
  stored(actor, {
    operation: 'meeting.cancel',
    params: { meetingId },
    body: { by: 'patient', receivedAt: null, forStartVersion: 1 },
  });
export const booked = (startAt = inMs(5 * DAY), more: object = {}): Promise<TestMeeting> =>
  clinic.book({ patientId, startAt, ...more });
export const notCarriedOut = async (meeting: TestMeeting) =>
  (await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'not-carried-out');

/** Carried out with something that fails: answers with what came of it. */
export const failing = (command: Command, broken: Partial<CommandDeps>): Promise<Answer | 'failed'> =>
  carryOut({ ...deps, ...broken }, command).catch(() => 'failed' as const);
export const away = (): Partial<CommandDeps> => ({
  temporal: { ...service.temporal, cancelMeeting: () => Promise.reject(new TemporalUnavailable(null)) },
});
export const ownFault = (): Partial<CommandDeps> => ({
  temporal: { ...service.temporal, cancelMeeting: () => Promise.reject(new Error('a fault of ours')) },
});

/** A service with a clinic and a patient; for a whole test file. */
export function withStoredCommands(): void {
  beforeAll(async () => {
    service = await startService({ clock });
    clinic = await createClinic(service);
    const { records, temporal } = service;
    deps = { records, temporal, clock, roomKey: testKeys.roomKey };
    patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  });
  afterEach(() => clock.release());
  afterAll(() => service.close());
}
