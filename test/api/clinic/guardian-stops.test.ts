import { createClinic, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { bornYearsAgo, expectProblem, openDatabase, type RawDatabase } from '../helpers';

/** The stop of a guardian over the API: who, since when, by whom and why (R7.3, R7.10, R8.1, R8.2). */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let childId: string;
let guardianId: string;
beforeAll(async () => {
  service = await startService({ workers: false });
  raw = await openDatabase(service);
});
beforeEach(async () => {
  clinic = await createClinic(service);
  childId = await clinic.addPatient({ birthDate: bornYearsAgo(8) });
  guardianId = await clinic.addPatient({}, false);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const reason = 'Barnet har berättat';
const stop = (body: object = {}, options: object = {}, of = childId) =>
  clinic.call('POST', `/clinic/people/${of}/guardian-stops`, {
    body: { guardianId, reason, ...body },
    ...options,
  });
const lift = (body: object = {}, options: object = {}, of = childId) =>
  clinic.call('POST', `/clinic/people/${of}/guardian-stops/lift`, {
    body: { guardianId, ...body },
    ...options,
  });
const stopsOf = async (personId: string) =>
  (await clinic.call('GET', `/clinic/people/${personId}`)).body.guardianStops as object[];

it('R7.3 is kept on the child: which guardian, since when and by whom; the reason is sealed', async () => {
  expect(await stopsOf(childId)).toEqual([]);
  const from = new Date().toISOString();
  const { status, body } = await stop({}, { staffId: 'nurse-1' });
  expect(status).toBe(200);
  const [kept] = body.guardianStops as { since: string }[];
  expect(kept).toEqual({
    guardianId,
    since: expect.any(String) as string,
    by: 'nurse-1',
    liftedAt: null,
    liftedBy: null,
  });
  expect(kept!.since >= from && kept!.since <= new Date().toISOString()).toBe(true);
  const row = await raw.db.collection<{ _id: string }>('people').findOne({ _id: childId });
  expect(JSON.stringify(row)).not.toContain(reason);
  expect(await service.records.people.stopsWithReasons(clinic.clinicId, childId)).toEqual([
    { ...kept, reason },
  ]);
  // The guardian's own record knows nothing of it.
  expect(await stopsOf(guardianId)).toEqual([]);
});

it('R8.2 R7.10 the child’s log names both people; the guardian’s own log has nothing', async () => {
  await stop();
  await lift();
  for (const operation of ['person.stop-guardian', 'person.allow-guardian']) {
    const rows = await raw.audit({ operation });
    const ofChild = rows.filter((row) => row.personId === childId);
    expect(ofChild.map(({ subjectId }) => subjectId)).toEqual([childId, guardianId]);
    expect(rows.filter((row) => row.personId === guardianId)).toEqual([]);
  }
  const log = await clinic.call('GET', `/clinic/people/${guardianId}/audit`, {
    role: 'operations-manager',
    reason: 'a test',
  });
  expect(JSON.stringify(log.body)).not.toMatch(/guardian/);
  expect(service.logLines.join('\n')).not.toContain(reason);
});

it('R7.3 twice is once: the first stands, and is lifted once', async () => {
  const first = (await stop()).body.guardianStops;
  expect((await stop({ reason: 'Igen' }, { staffId: 'another' })).body.guardianStops).toEqual(first);
  const lifted = (await lift({}, { staffId: 'manager-1' })).body.guardianStops as object[];
  expect(lifted).toMatchObject([{ guardianId, liftedBy: 'manager-1' }]);
  expect((await lift()).body.guardianStops).toEqual(lifted);
  // A new stop is one of its own, and the earlier one says for which time it held.
  const again = (await stop({ reason: 'På nytt' })).body.guardianStops as object[];
  expect(again).toMatchObject([{ liftedBy: 'manager-1' }, { guardianId, liftedAt: null, liftedBy: null }]);
  expect(
    (await service.records.people.stopsWithReasons(clinic.clinicId, childId)).map((each) => each.reason),
  ).toEqual(['På nytt', reason]);
});

it('R7.3 two at the same moment leave one; of two guardians neither is lost', async () => {
  const otherId = await clinic.addPatient({}, false);
  const answers = await Promise.all([stop(), stop(), stop({ guardianId: otherId })]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const stops = (await stopsOf(childId)) as { guardianId: string }[];
  expect(stops.map((each) => each.guardianId).sort()).toEqual([guardianId, otherId].sort());
});

it('R7.3 decision 16: of two stops the first received stands, in whatever order they are carried out', async () => {
  const { people } = service.records;
  const stopAt = (since: string, by: string) =>
    people.stopGuardian(clinic.clinicId, childId, {
      guardianId,
      since,
      by,
      liftedAt: null,
      liftedBy: null,
      reason: `says ${by}`,
    });
  const [first, second] = ['2026-11-23T09:00:00.000Z', '2026-11-23T09:00:00.001Z'] as const;
  expect(await stopAt(second, 'second')).toBe(true);
  expect(await stopAt(first, 'first')).toBe(true);
  expect(await stopAt(second, 'second')).toBe(false);
  expect(await people.stopsWithReasons(clinic.clinicId, childId)).toMatchObject([
    { since: first, by: 'first', reason: 'says first' },
  ]);
});

it('decision 6: the same key again gets the same answer, also after it was lifted, and stops nobody anew', async () => {
  const first = await stop({}, { key: 'one-and-the-same-key' });
  await lift();
  const again = await stop({}, { key: 'one-and-the-same-key' });
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(await stopsOf(childId)).toMatchObject([{ liftedBy: 'clinician-1' }]);
});

it('R7.8 another change of the child does not lose it, and it loses no other change', async () => {
  await Promise.all([
    stop(),
    clinic.call('PATCH', `/clinic/people/${childId}`, { body: { name: 'Tilde Testperson' } }),
  ]);
  await clinic.call('PUT', `/clinic/people/${childId}/identity`, {
    body: { personalNumber: null, birthDate: bornYearsAgo(7) },
  });
  const read = (await clinic.call('GET', `/clinic/people/${childId}`)).body;
  expect(read).toMatchObject({
    name: 'Tilde Testperson',
    birthDate: bornYearsAgo(7),
    guardianStops: [{ guardianId, liftedAt: null }],
  });
});

it('R7.3 R8.1 is refused for nobody of the clinic, for the child itself, and where nobody was stopped', async () => {
  const other = await createClinic(service);
  const theirs = await other.addPatient({}, false);
  const unknown = 'x'.repeat(22);
  for (const nobody of [unknown, theirs]) {
    expectProblem(await stop({}, {}, nobody), 404);
    expectProblem(await lift({}, {}, nobody), 404);
    const answer = await stop({ guardianId: nobody });
    expect([answer.body.title, expectProblem(answer, 422).map(({ field }) => field)]).toEqual([
      'unknown-person',
      ['/body/guardianId'],
    ]);
  }
  const own = await stop({ guardianId: childId });
  expectProblem(own, 422);
  expect(own.body).toMatchObject({ title: 'not-entitled' });
  expectProblem(await lift(), 404);
  const byAnother = await other.call('POST', `/clinic/people/${childId}/guardian-stops`, {
    body: { guardianId: theirs, reason },
  });
  expectProblem(byAnother, 404);
  expect(await stopsOf(childId)).toEqual([]);
});
