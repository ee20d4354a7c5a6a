import type { ClinicSettings } from '../../records/clinics';
import type { CarryOut } from '../command';

/**
 * Replaces the clinic's settings. Meetings booked before keep what they were promised (design, decision 3).
 */
export const changeSettings: CarryOut<ClinicSettings> = async (
  { records },
  { clinicId, body, receivedAt },
) => {
  await records.clinics.changeSettings(clinicId, body, receivedAt);
  return { status: 200, body };
};
