import pino from 'pino';
import { createElksClient } from '../../integrations/sms/elks';
import { createLeaseKeeper } from '../../worker/lease-keeper';
import { startLoops } from '../../worker/loops';
import { HOUR, testClock } from '../api/helpers';
import { watchCosts } from '../support/costs';
import { testKeys } from '../support/keys';
import { startService, type Service } from '../support/service';

/** What the worker's loops ask of the database where there is nothing to do (issue 15, item 5). */
const clock = testClock();
let service: Service;

beforeAll(async () => {
  service = await startService({ clock, workers: false });
});
afterAll(() => service.close());

it('the loops of an idle service make at most one database command a second together', async () => {
  const { records, temporal, mailer, elksUrl } = service;
  const log = pino({ level: 'silent' });
  const costs = watchCosts(service.database);
  const stop = startLoops(
    {
      records,
      temporal,
      clock,
      mailer,
      log,
      elks: createElksClient({ baseUrl: elksUrl, username: 'user', password: 'pass', timeoutMs: 5_000 }),
      smsPerDay: 100,
      smsPerMinute: 100,
      sms: {
        sender: 'Vardmote',
        linkKeys: testKeys.linkKeys,
        publicUrl: 'https://mote.example',
        hooksUrl: 'https://mote.example',
        leaseMs: 10_000,
      },
      roomKey: testKeys.roomKey,
      sender: {
        send: () => Promise.resolve({ kind: 'not-taken', reason: 'no-network', retryAfterMs: null }),
      },
    },
    log,
  );
  try {
    const SECONDS = 12;
    const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const first = await costs.ofAll(() => pass(2_500));
    // Each has looked at least once, and they are quick at first.
    expect(first.commands.length).toBeGreaterThan(8);
    clock.passMs(HOUR);
    // What each does when it wakes from its first, short pause, the lease among it.
    await pass(2_500);
    const { commands, commits } = await costs.ofAll(() => pass(SECONDS * 1_000));
    expect(commands.length).toBeGreaterThan(2);
    expect(commands.length).toBeLessThanOrEqual(SECONDS);
    expect(commits).toBeLessThanOrEqual(2);
  } finally {
    await stop();
  }
});

it('a lease is written only when little of it is left, and a dead process is followed', async () => {
  const costs = watchCosts(service.database);
  const lease = { name: 'of-the-test', forMs: 50_000 };
  const [one, two] = [createLeaseKeeper(service, lease), createLeaseKeeper(service, lease)];
  const cost = await costs.ofAll(async () => {
    expect(await Promise.all([one.hold(), one.hold()])).toEqual([true, true]);
    clock.passMs(15_000);
    expect(await one.hold()).toBe(true);
  });
  expect(cost).toMatchObject({ commits: 1 });
  expect(await two.hold()).toBe(false);
  // With less than three fifths left it is written again; nobody else has it meanwhile.
  clock.passMs(10_000);
  expect(await one.hold()).toBe(true);
  clock.passMs(45_000);
  expect(await two.hold()).toBe(false);
  clock.passMs(6_000);
  expect(one.heldUntil()).toBeLessThanOrEqual(clock.now().getTime());
  expect(await two.hold()).toBe(true);
  expect(await one.hold()).toBe(false);
  // One that ends in peace is followed at once.
  await one.release();
  await two.release();
  clock.passMs(6_000);
  expect(await one.hold()).toBe(true);
});
