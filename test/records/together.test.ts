import { mongo } from 'mongoose';
import { isDatabaseAway } from '../../records/away';
import type { AuditEntry } from '../../records/audit';
import { testSettings } from '../support/clinic';
import { watchCosts } from '../support/costs';
import { startService, type Service } from '../support/service';

/** Decision 14 in the database: rows that come together are written together, each with its own result. */
let service: Service;
beforeAll(async () => {
  service = await startService({ workers: false });
});
afterAll(() => service.close());

const entry = (number: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date(Date.UTC(2026, 10, 1) + number).toISOString(),
  clinicId: 'clinic',
  actor: { kind: 'staff', staffId: 'clinician-1', role: 'clinician' },
  operation: `test.${number}`,
  subjectId: null,
  personId: 'person',
  reason: null,
  allowed: true,
  ...more,
});

it('decision 14: a row that the database cannot take fails alone', async () => {
  const costs = watchCosts(service.database);
  const MOST = 40;
  const tooLarge = 7;
  let results: PromiseSettledResult<void>[] = [];
  const { commits } = await costs.ofAll(async () => {
    results = await Promise.allSettled(
      Array.from({ length: MOST }, async (_, number) => {
        // Some come in the same breath, some while others are under way.
        for (let turn = 0; turn < number % 5; turn += 1) await new Promise(setImmediate);
        const reason = number === tooLarge ? 'x'.repeat(17 * 1024 * 1024) : null;
        return service.records.audit.write([entry(number, { reason })]);
      }),
    );
  });
  expect(results.map(({ status }) => status === 'rejected')).toEqual(
    results.map((_, number) => number === tooLarge),
  );
  const rows = await service.records.audit.ofPerson('clinic', 'person', 100);
  expect(rows.map(({ operation }) => operation).reverse()).toEqual(
    results.flatMap((_, number) => (number === tooLarge ? [] : [`test.${number}`])),
  );
  expect(commits).toBeLessThan(MOST);
});

it('item 5: the ids of audit rows are in the order of time', async () => {
  for (const number of [1_003, 1_001, 1_002]) await service.records.audit.write([entry(number)]);
  const byId = await service.database
    .collection('audit')
    .find({ clinicId: 'clinic', personId: 'person', at: { $gt: entry(1_000).at } })
    .sort({ _id: 1 })
    .toArray();
  expect(byId.map(({ operation }) => operation as string)).toEqual(['test.1001', 'test.1002', 'test.1003']);
});

it('decision 6, 14: of commands that come together under one key one is new, and each gets its own answer', async () => {
  const { commands } = service.records;
  const keys = Array.from({ length: 24 }, (_, index) => `key-${index % 8}`);
  const request = (key: string) => ({
    clinicId: 'clinic',
    operation: 'test.command',
    actor: { kind: 'staff' as const, staffId: 'clinician-1', role: 'clinician' },
    reason: null,
    params: {},
    body: { key },
  });
  const now = new Date();
  const accepted = await Promise.all(keys.map((key) => commands.accept(key, request(key), now)));
  const fresh = accepted.flatMap((each) => (each.kind === 'carry-out' ? each.command : []));
  expect(fresh.map(({ body }) => (body as { key: string }).key).sort()).toEqual([...new Set(keys)].sort());
  expect(accepted.filter(({ kind }) => kind === 'under-way')).toHaveLength(16);

  await Promise.all(
    fresh.map(({ commandId, body, sealedBy }) =>
      commands.answer(commandId, { status: 200, body }, undefined, sealedBy),
    ),
  );
  // A second answer changes nothing.
  await commands.answer(fresh[0]!.commandId, { status: 500, body: 'late' });
  const again = await Promise.all(keys.map((key) => commands.accept(key, request(key), now)));
  expect(again).toEqual(keys.map((key) => ({ kind: 'answered', answer: { status: 200, body: { key } } })));
});

it('decision 14: what is read or written at the same time costs two commands, however many ask', async () => {
  const { records } = service;
  const costs = watchCosts(service.database);
  const all = (ask: () => Promise<unknown>): Promise<unknown> => Promise.all(Array.from({ length: 20 }, ask));
  await records.clinics.save({ clinicId: 'read-by-all', settings: testSettings }, 'a-key-of-the-test');
  for (const ask of [
    () => records.clinics.byId('read-by-all'),
    () => records.clinics.byApiKey('a-key-of-the-test'),
    () => records.meetings.find('read-by-all', 'no-such-meeting'),
    () => records.people.find('read-by-all', 'no-such-person'),
  ]) {
    const { commands, commits } = await costs.ofAll(() => all(ask));
    expect([commands.length, commits]).toEqual([2, 0]);
  }
  const { commands, commits } = await costs.ofAll(() => all(() => records.audit.write([entry(2_000)])));
  expect([commands.length, commits]).toEqual([1, 1]);
  // Nothing is kept: who asks later sees what has changed.
  await records.clinics.changeSettings('read-by-all', { ...testSettings, name: 'Ny' }, entry(0).at);
  expect((await records.clinics.byId('read-by-all')).settings.name).toBe('Ny');
});

it('a write of several that does not reach the database is told as one that may succeed a moment later', async () => {
  const nobody = new mongo.MongoClient('mongodb://127.0.0.1:9/nobody', { serverSelectionTimeoutMS: 50 });
  const failure: unknown = await nobody
    .db()
    .collection('rows')
    .insertMany([{ one: 1 }, { two: 2 }], { ordered: false })
    .catch((error: unknown) => error);
  await nobody.close();
  expect(isDatabaseAway(failure)).toBe(true);
  expect(isDatabaseAway(new mongo.MongoServerError({ message: 'refused', code: 11000 }))).toBe(false);
});
