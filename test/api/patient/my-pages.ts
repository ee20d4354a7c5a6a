import { createClinic, type CallAnswer, type TestClinic, type TestMeeting } from '../../support/clinic';
import type { ClinicSettings } from '../../../records/clinics';
import { testPeople } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { openDatabase, type RawDatabase, type TestClock } from '../helpers';

/** Patients' pages of their meetings: what tests of them start with, and ask and read. */

/** A service with a clinic of those settings, and a patient of it. */
export async function startForPatient(
  clock: TestClock,
  settings: Partial<ClinicSettings> = {},
): Promise<{ service: Service; clinic: TestClinic; raw: RawDatabase; patientId: string }> {
  const service = await startService({ clock });
  const clinic = await createClinic(service, settings);
  const raw = await openDatabase(service);
  const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  return { service, clinic, raw, patientId };
}

/** The address of the patient's own page of a meeting. */
export const pageOf = ({ patientParticipantId }: TestMeeting, page = ''): string =>
  `/my/meetings/${patientParticipantId}${page}`;

/** The meeting as the clinic reads it. */
export const read = async (clinic: TestClinic, { path }: TestMeeting): Promise<CallAnswer['body']> =>
  (await clinic.call('GET', path)).body;

/** The box that has to be ticked before a meeting is cancelled. */
export const sure = { sure: 'yes' };
