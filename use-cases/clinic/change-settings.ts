import { fromNoticeHours } from '../../rules/cancellation';
import type { SettingsBody } from './bodies';
import type { CarryOut } from '../command';

/**
 * Replaces the clinic's settings. Meetings booked before keep what they were promised (design, decision 3).
 */
export const changeSettings: CarryOut<SettingsBody> = async ({ records }, { clinicId, body, receivedAt }) => {
  await records.clinics.changeSettings(clinicId, fromNoticeHours(body), receivedAt);
  return { status: 200, body };
};
