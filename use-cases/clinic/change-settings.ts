import { fromNoticeHours } from '../../rules/cancellation';
import type { SettingsBody } from './bodies';
import { pictures } from '../../files/pictures';
import { wrongField, type CarryOut } from '../command';

/**
 * Replaces the clinic's settings. Meetings booked before keep what they were promised (design, decision 3).
 */
export const changeSettings: CarryOut<SettingsBody> = async ({ records }, { clinicId, body, receivedAt }) => {
  // Absent in what an earlier release stored.
  const logo = (body as Partial<SettingsBody>).presentation?.logo ?? null;
  // Decoded where all pictures are, away from this process; browsers decode it on every page from now on.
  const drawn = logo === null ? null : await pictures.remake(Buffer.from(logo, 'base64'), 'image/png');
  if (typeof drawn === 'string')
    return wrongField('/body/presentation/logo', drawn, 'must be a PNG that can be drawn');
  await records.clinics.changeSettings(clinicId, fromNoticeHours(body), receivedAt);
  return { status: 200, body };
};
