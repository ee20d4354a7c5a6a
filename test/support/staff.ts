import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { DESK_CALLBACK_PATH } from '../../api/staff/login/provider';
import type { Account } from '../../local/identity-provider/people';
import { createIdentityProvider, staffProfile } from '../../local/identity-provider/provider';
import { randomId } from '../../platform/keys/random-id';
import type { StaffMember } from '../../records/staff';
import type { DeskRole } from '../../rules/staff';
import type { TestClinic } from './clinic';
import { testKeys } from './keys';
import { logInFrom } from './identity-provider';
import { visitor, type Visitor } from './patient';
import type { Service } from './service';

/** Who can be at the stand-in of the staff's login, besides those whom a test adds. */
const accounts: Account[] = ['R001', 'S001', 'S002', 'L001', 'V001', 'X001'].map((id) => ({
  accountId: `SE0000000000-${id}`,
  name: `Testpersonal ${id}`,
  whoIsIt: 'of the tests',
}));

/** The stand-in of the staff's login, a real one, on a port of its own. */
export interface TestStaffProvider {
  startFor(apiUrl: string): Promise<string>;
  close(): void;
}

export function testStaffProvider(): TestStaffProvider {
  let server: Server | null = null;
  return {
    async startFor(apiUrl) {
      server = createServer();
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/staff-identity`;
      const provider = await createIdentityProvider({
        issuer,
        clientId: 'vardmote-desk',
        clientSecret: testKeys.oidcClientSecret,
        redirectUri: `${apiUrl}${DESK_CALLBACK_PATH}`,
        accounts,
        profile: staffProfile,
      });
      server.on('request', express().use('/staff-identity', provider));
      return issuer;
    },
    close() {
      server?.closeAllConnections();
      server?.close();
    },
  };
}

/** Records a member of staff of the clinic. */
export async function addStaff(
  service: Service,
  { clinicId }: Pick<TestClinic, 'clinicId'>,
  {
    id = 'S001',
    roles = ['clinician'],
    ...more
  }: { id?: string; roles?: DeskRole[] } & Partial<StaffMember> = {},
): Promise<StaffMember> {
  const member: StaffMember = {
    memberId: randomId(),
    clinicId,
    name: `Personal ${id}`,
    title: 'sjuksköterska',
    shownName: `Personal ${id}`,
    staffIds: [`staff-${id}`],
    roles,
    login: `SE0000000000-${id}`,
    isActive: true,
    changedAt: new Date().toISOString(),
    ...more,
  };
  if (!(await service.records.staff.add(member))) throw new Error(`${id} is known already`);
  return member;
}

/** A browser in which a member of staff has logged in already, by a session made behind the login's back. */
export async function staffVisitor(service: Service, member: StaffMember): Promise<Visitor> {
  const { clinicId, memberId, login, name } = member;
  const browser = visitor(service.apiUrl);
  const secret = await service.records.staffSessions.start(
    { login: login ?? '', name, roles: null },
    { clinicId, memberId },
    service.clock.now(),
  );
  browser.cookies.set('vardmote-desk', secret);
  return browser;
}

/** Logs in by the whole way; answers with where the desk leads to then. */
export const logInAsStaff = (browser: Visitor, id: string, returnTo = '/desk/today') =>
  logInFrom(browser, '/desk/login', `SE0000000000-${id}`, { returnTo });
