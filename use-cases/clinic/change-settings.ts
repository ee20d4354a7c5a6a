import { fromNoticeHours } from '../../rules/cancellation';
import type { SettingsBody } from './bodies';
import { pictures } from '../../files/pictures';
import { problem, wrongField, type CarryOut } from '../command';

/**
 * Replaces the clinic's settings. Meetings booked before keep what they were promised (design, decision 3).
 *
 * From a page it comes with `asRead`: when the settings were changed last, as the page has read them; empty
 * for never. Then nothing that somebody changed since is overwritten, and the fees, which that page does not
 * have, stay as they are.
 */
export const changeSettings: CarryOut<SettingsBody> = async ({ records }, command) => {
  const { clinicId, commandId, params, body, receivedAt } = command;
  // Absent in what an earlier release stored.
  const logo = (body as Partial<SettingsBody>).presentation?.logo ?? null;
  // Decoded where all pictures are, away from this process; browsers decode it on every page from now on.
  const drawn = logo === null ? null : await pictures.remake(Buffer.from(logo, 'base64'), 'image/png');
  if (typeof drawn === 'string')
    return wrongField('/body/presentation/logo', drawn, 'must be a PNG that can be drawn');
  const answer = { status: 200, body };
  const { asRead } = params;
  if (asRead === undefined) {
    await records.clinics.changeSettings(clinicId, fromNoticeHours(body), receivedAt);
    return answer;
  }
  const { fees, ...settings } = fromNoticeHours(body);
  const isChanged = await records.transaction(async (session) => {
    const read = asRead === '' ? null : asRead;
    const changed = await records.clinics.changeSettingsAsRead(clinicId, settings, read, receivedAt, session);
    // With the settings: a second run of the same command would find its own, and say that they are others'.
    if (changed) await records.commands.answer(commandId, answer, session);
    return changed;
  });
  return isChanged
    ? answer
    : problem(409, 'overtaken', 'Somebody has changed the settings meanwhile. Read them again.');
};
