import { bookMeeting } from '../../use-cases/meeting/book';
import { systemClock } from '../../rules/clock';
import type { Bench } from '../bench';
import { times } from '../load/load';
import type { Child } from '../processes/child';
import { keysOf } from '../settings';
import { bookingCommand } from '../rig/booking-command';
import { whoseNoticesWait } from '../rig/clinic-settings';
import { addPatients } from '../rig/patients';
import { openServiceRig, type ServiceRig, type ServiceRigOptions } from '../rig/service-rig';

/** A rig on which meetings are opened that only wait. */
export interface OpenMeetings {
  service: ServiceRig;
  worker: Child<null>;
  /** Answers with the meetings' ids. */
  open(count: number, startAt: Date): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Opens meetings by the command itself, without HTTP: it is the worker that is measured. Their notices of the
 * booking wait for a morning that comes after the bench, so that each just waits, as a booked meeting does
 * for nearly all of its life.
 * @param options.patients whose meetings they are, in turn
 */
export async function openMeetings(
  bench: Bench,
  name: string,
  options: ServiceRigOptions & { patients: number },
): Promise<OpenMeetings> {
  const clinic = { ...whoseNoticesWait(), ...options.clinic };
  const service = await openServiceRig(bench, name, { ...options, clinic });
  const { records, temporal, clinicId } = service;
  const { roomKey } = keysOf(bench.settings);
  const patients = await addPatients(records, clinicId, options.patients);
  const deps = { records, temporal, clock: systemClock, roomKey };
  return {
    service,
    worker: service.worker,
    close: () => service.close(),
    async open(count, startAt) {
      const meetingIds: string[] = [];
      await times(count, async (number) => {
        const patientId = patients[number % patients.length]!;
        const command = bookingCommand(clinicId, patientId, startAt);
        const { status } = await bookMeeting(deps, command);
        if (status !== 201) throw new Error(`a booking was answered ${status}`);
        meetingIds.push(command.targetId);
      });
      return meetingIds;
    },
  };
}
