import { clinicRoutes } from '../../../api/clinic/routes';
import type { ClinicRoute } from '../../../api/route';
import { createClinic, type CallAnswer, type CallOptions, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import {
  openDatabase,
  pathWith,
  populate,
  rightBodies,
  rightFile,
  rightQueries,
  waitForNoWorkflow,
  type AuditRow,
  type Ids,
  type RawDatabase,
} from '../helpers';

// What `withEveryRoute` sets before the tests of a file.
export let service: Service;
export let clinic: TestClinic;
export let other: TestClinic;
export let ids: Ids;
export let raw: RawDatabase;

export const patient = {
  name: 'Tolvan Okänd-Testsson',
  personalNumber: '198112189876',
  birthDate: '1981-12-18',
  mobile: '+46701740699',
  email: 'tolvan.okand@example.org',
};

export const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);
export const table = routes.map((route) => [route.operation, route] as const);

export const BODY: typeof rightBodies = {
  ...rightBodies,
  'person.add': () => ({ name: 'Kim Testsson', birthDate: '1990-01-01' }),
  'person.change': () => ({ language: 'sv' }),
  // Who has it keeps it: else the rows after it would be about somebody else's patient.
  'meeting.take-over': () => ({ from: 'clinician-1', to: 'clinician-1', reason: 'absent' }),
};

/** A request that is right in everything but what the test says. */
export const send = (
  route: ClinicRoute,
  by: TestClinic,
  options: CallOptions = {},
  given = ids,
): Promise<CallAnswer> =>
  by.call(route.method.toUpperCase(), pathWith(route.path, given) + (rightQueries[route.operation] ?? ''), {
    role: route.roles[0]!,
    reason: 'a test of access',
    ...(route.upload ? rightFile() : { body: BODY[route.operation]?.(given) }),
    ...options,
    headers: { ...(route.upload ? rightFile().headers : {}), ...options.headers },
  });

/** What the audit log got through a call. */
export async function auditOf(
  call: () => Promise<CallAnswer>,
): Promise<{ answer: CallAnswer; rows: AuditRow[] }> {
  const before = new Set((await raw.audit()).map((row) => JSON.stringify(row)));
  const answer = await call();
  return { answer, rows: (await raw.audit()).filter((row) => !before.has(JSON.stringify(row))) };
}

/** A service with a clinic that has one of everything, and another clinic; for a whole test file. */
export function withEveryRoute(): void {
  beforeAll(async () => {
    // Every route is tried with a wrong key, all in the same minute.
    service = await startService({ workers: false, wrongKeysPerMinute: 1_000 });
    waitForNoWorkflow(service);
    clinic = await createClinic(service);
    other = await createClinic(service);
    ids = await populate(service, clinic, patient);
    await populate(service, other);
    raw = await openDatabase(service);
    await clinic.call('PUT', `/clinic/meetings/${ids.meetingId}/forms/${ids.formId}/answers`, {
      body: rightBodies['form.fill-in']!(ids),
    });
  });
  afterAll(async () => {
    await raw.close();
    await service.close();
  });
}
