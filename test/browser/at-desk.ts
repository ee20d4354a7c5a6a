import type { BrowserContext } from 'playwright-core';
import type { StaffMember } from '../../records/staff';
import type { Harness } from './harness';

/** Logs a browser in to the desk, by a session made behind the login's back. */
export async function logInStaff(
  harness: Harness,
  context: BrowserContext,
  { clinicId, memberId, login, name }: StaffMember,
): Promise<void> {
  const value = await harness.service.records.staffSessions.start(
    { login: login ?? '', name, roles: null },
    { clinicId, memberId },
    harness.service.clock.now(),
  );
  await context.addCookies([
    { name: 'vardmote-desk', value, url: harness.apiUrl, httpOnly: true, sameSite: 'Lax' },
  ]);
}
