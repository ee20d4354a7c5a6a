import { bookMeeting } from '../../use-cases/meeting/book';
import { inStockholm } from '../../rules/calendar/stockholm';
import { systemClock } from '../../rules/clock';
import type { Bench } from '../bench';
import { times } from '../load/load';
import type { Child } from '../processes/child';
import { keysOf } from '../settings';
import { bookingCommand } from '../rig/booking-command';
import { clinicSettings } from '../rig/clinic-settings';
import { addPatients } from '../rig/patients';
import { openServiceRig } from '../rig/service-rig';

/** A stand on which meetings are opened that only wait. */
export interface OpenMeetings {
  worker: Child<null>;
  open(count: number, startAt: Date): Promise<void>;
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
  options: { patients: number; execArgv?: string[] },
): Promise<OpenMeetings> {
  const hoursFromNow = (hours: number): string =>
    inStockholm(new Date(Date.now() + hours * 3_600_000)).toFormat('HH:mm');
  const quietHours = { from: hoursFromNow(-1), until: hoursFromNow(-2), unlessBefore: hoursFromNow(-2) };
  const service = await openServiceRig(bench, name, {
    clinic: { noticeRules: { ...clinicSettings.noticeRules, quietHours } },
    execArgv: options.execArgv ?? [],
  });
  const { records, temporal, clinicId } = service;
  const { roomKey } = keysOf(bench.settings);
  const patients = await addPatients(records, clinicId, options.patients);
  const deps = { records, temporal, clock: systemClock, roomKey };
  return {
    worker: service.worker,
    close: () => service.close(),
    async open(count, startAt) {
      await times(count, async (number) => {
        const patientId = patients[number % patients.length]!;
        const { status } = await bookMeeting(deps, bookingCommand(clinicId, patientId, startAt));
        if (status !== 201) throw new Error(`a booking was answered ${status}`);
      });
    },
  };
}
