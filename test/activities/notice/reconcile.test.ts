import pino from 'pino';
import type { Records } from '../../../records';
import type { LedgerRow } from '../../../records/ledger';
import { defaultNoticeRules } from '../../../rules/notices';
import { createSmsHistoryLooks } from '../../../worker/sms-history';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { createClinic, nextMobile, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { createBench, LEASE_MS, testTime, type Bench } from './harness';
import { createProvider, report, type TestProvider } from './provider';

/**
 * Hand-overs whose end is unknown, looked for in the history of a provider that does as the test says (R2.7;
 * decision 5).
 */
let service: Service;
let records: Records;
let raw: RawDatabase;
let clinic: TestClinic;
const noQuietHours = { noticeRules: { ...defaultNoticeRules, quietHours: null } };
beforeAll(async () => {
  service = await startService({ workers: false });
  ({ records } = service);
  raw = await openDatabase(service);
  clinic = await createClinic(service, noQuietHours);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});
// What a test left to be looked for is nothing to the next one.
beforeEach(async () => {
  await raw.db.collection('ledger').updateMany({}, { $unset: { lookAgainAt: 1 } });
  await raw.db.collection('leases').deleteMany({});
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What the provider does with a call that we never hear the end of. */
const takenBut = (provider: TestProvider, status?: 'created' | 'delivered' | 'failed'): void => {
  provider.answer = (sms) => {
    provider.take(sms, status);
    return { kind: 'uncertain', reason: 'time-out' };
  };
};
const lost = (provider: TestProvider): void => {
  provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
};

/** Hands a notice over, as far as its uncertain answer. */
async function uncertain(bench: Bench, kind: 'booking' | 'soon' = 'booking'): Promise<string> {
  const [rowId = ''] = await bench.prepare(kind);
  await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'look-again' });
  return rowId;
}

/** Workflows that were told to look. */
const nudged: string[] = [];
const temporal = {
  tellFact: (meetingId: string) => {
    nudged.push(meetingId);
    return Promise.resolve();
  },
  nudgeMeeting: () => Promise.reject(new Error('no meeting of 0.1.0 is here')),
  nudgeCase: () => Promise.reject(new Error('no message case is here')),
};

const loop = ({ clock, provider }: Bench) =>
  createSmsHistoryLooks(
    { records, temporal, clock, elks: provider, sms: { sender: 'Vardmote' } },
    pino({ level: 'silent' }),
  );

const loops = new WeakMap<Bench, ReturnType<typeof loop>>();
/** Lets time pass for the bench's own loop, and does what it does in it. */
async function pass(bench: Bench, ms: number, stepMs: number): Promise<void> {
  const looks = loops.get(bench) ?? loop(bench);
  loops.set(bench, looks);
  for (let passed = 0; passed < ms; passed += stepMs) {
    bench.clock.ms += stepMs;
    await looks.doAll();
  }
}

const tasksOf = async ({ meeting }: Bench): Promise<string[]> =>
  (await records.tasks.ofMeeting(meeting.meetingId))
    .filter(({ kind }) => kind === 'nobody-reached')
    .map(({ state, because }) => `${state} ${because.join()}`);

describe('one that stays unknown', () => {
  it('is looked for again with growing pauses, then given up with its reason, and never sent again', async () => {
    const bench = await createBench(service, clinic);
    lost(bench.provider);
    const rowId = await uncertain(bench);
    expect(await bench.handOver(rowId)).toBe('unknown');
    const { history } = bench.provider;
    const asked: number[] = [history.asked];
    for (const ms of [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, 100 * HOUR]) {
      await pass(bench, ms - SECOND, ms - SECOND);
      expect(history.asked).toBe(asked.at(-1));
      await pass(bench, SECOND, SECOND);
      asked.push(history.asked);
    }
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 6]);
    expect(await bench.row(rowId)).toMatchObject({
      state: 'unknown',
      reason: 'not-in-the-history',
      looks: 6,
    });
    expect(bench.sent).toHaveLength(1);
    expect(await tasksOf(bench)).toEqual(['open time-out']);
  });

  it('is found by a later look, when the history shows it: the task goes', async () => {
    const bench = await createBench(service, clinic);
    takenBut(bench.provider, 'delivered');
    bench.provider.history.hidden = true;
    const rowId = await uncertain(bench);
    expect(await bench.handOver(rowId)).toBe('unknown');
    expect(await tasksOf(bench)).toEqual(['open time-out']);
    bench.provider.history.hidden = false;
    await pass(bench, 40 * SECOND, 5 * SECOND);
    expect(await bench.row(rowId)).toMatchObject({ state: 'delivered', reason: 'providers-history' });
    expect(await tasksOf(bench)).toEqual(['withdrawn time-out']);
    const { asked } = bench.provider.history;
    await pass(bench, 10 * HOUR, HOUR);
    expect(bench.provider.history.asked).toBe(asked);
  });

  it('that failed, as the history says, is a task', async () => {
    const bench = await createBench(service, clinic);
    takenBut(bench.provider, 'failed');
    expect(await bench.handOver(await uncertain(bench))).toBe('failed');
    expect(await tasksOf(bench)).toEqual(['open providers-history']);
  });

  it('a history that cannot be read is asked again for three days, and says nothing', async () => {
    const bench = await createBench(service, clinic);
    takenBut(bench.provider);
    bench.provider.history.unread = 'http-503';
    const rowId = await uncertain(bench);
    expect(await bench.handOver(rowId)).toBe('unknown');
    await pass(bench, 66 * HOUR, HOUR);
    expect((await bench.row(rowId)).reason).toBe('time-out');
    await pass(bench, 8 * HOUR, HOUR);
    expect(await bench.row(rowId)).toMatchObject({ state: 'unknown', reason: 'history-unavailable' });
    const { asked } = bench.provider.history;
    await pass(bench, 20 * HOUR, HOUR);
    expect(bench.provider.history.asked).toBe(asked);
  });

  it('whose report comes first is not looked for', async () => {
    const bench = await createBench(service, clinic);
    takenBut(bench.provider);
    const rowId = await uncertain(bench);
    const [message] = bench.provider.messages;
    expect((await report(message!.reportUrl, { ...message!, status: 'delivered' })).status).toBe(204);
    expect(await bench.handOver(rowId)).toBe('delivered');
    await pass(bench, HOUR, MINUTE);
    expect(bench.provider.history.asked).toBe(0);
  });

  it('and whose meeting has ended is looked for too; there is nobody to tell of it any more', async () => {
    const bench = await createBench(service, clinic);
    lost(bench.provider);
    const rowId = await uncertain(bench);
    await bench.handOver(rowId);
    expect(await tasksOf(bench)).toEqual(['open time-out']);
    await raw.db
      .collection('meetings')
      .updateOne({ _id: bench.meeting.meetingId as never }, { $set: { 'course.state': 'ended' } });
    await pass(bench, MINUTE, 10 * SECOND);
    expect(await bench.row(rowId)).toMatchObject({ state: 'unknown', looks: 2 });
    expect(await tasksOf(bench)).toEqual(['withdrawn time-out']);
  });
});

describe('one left behind by a process that died', () => {
  async function leftBehind(bench: Bench): Promise<string> {
    const [rowId = ''] = await bench.prepare('booking');
    const { answer } = bench.provider;
    bench.provider.answer = async (sms) => {
      await answer(sms);
      return new Promise(() => undefined);
    };
    void bench.handOver(rowId);
    await waitUntil(
      () => bench.sent.length,
      (count) => count === 1,
    );
    return rowId;
  }

  it('is found though no activity comes back to it: not within its lease, and soon after', async () => {
    const bench = await createBench(service, clinic);
    const rowId = await leftBehind(bench);
    await pass(bench, LEASE_MS, 5 * SECOND);
    expect((await bench.row(rowId)).state).toBe('handing-over');
    await pass(bench, 10 * SECOND, 5 * SECOND);
    expect((await bench.row(rowId)).state).toBe('sent');
  });

  it('and was not sent is unknown and a task, also where no activity comes back to it', async () => {
    const bench = await createBench(service, clinic);
    lost(bench.provider);
    const rowId = await leftBehind(bench);
    await pass(bench, LEASE_MS + 10 * SECOND, 5 * SECOND);
    expect((await bench.row(rowId)).state).toBe('unknown');
    expect(await tasksOf(bench)).toEqual(['open process-died-while-handing-over']);
  });

  it('an e-mail has no history: it is unknown and a task', async () => {
    const bench = await createBench(service, clinic, {
      person: { email: 'tolvan@example.com', noticesBy: 'email' },
    });
    const [rowId = ''] = await bench.prepare('booking');
    const now = bench.clock.now();
    await records.ledger.step(rowId, {
      from: ['planned'],
      to: 'handing-over',
      reason: null,
      at: now,
      handOver: {
        leaseUntil: new Date(now.getTime() + LEASE_MS),
        channel: 'email',
        to: 'tolvan@example.com',
        reportToken: null,
      },
      lookAgainAt: new Date(now.getTime() + LEASE_MS),
    });
    await pass(bench, LEASE_MS + 5 * SECOND, 5 * SECOND);
    await pass(bench, 10 * HOUR, HOUR);
    expect(await bench.row(rowId)).toMatchObject({
      state: 'unknown',
      reason: 'process-died-while-handing-over',
      looks: 0,
    });
    expect(await tasksOf(bench)).toEqual(['open process-died-while-handing-over']);
    expect(bench.provider.history.asked).toBe(0);
  });
});

describe('several to one number', () => {
  /** Meetings at different clinics whose patients have one number, such as two children with a guardian's. */
  async function benches(count: number): Promise<Bench[]> {
    const [mobile, clock] = [nextMobile(), testTime()];
    const provider = createProvider(clock);
    const all: Bench[] = [];
    for (let index = 0; index < count; index += 1) {
      const at = await createClinic(service, noQuietHours);
      all.push(await createBench(service, at, { person: { mobile }, clock, provider }));
    }
    return all;
  }
  const rowsOf = (all: Bench[], rowIds: string[]): Promise<LedgerRow[]> =>
    Promise.all(rowIds.map((rowId, index) => all[index]!.row(rowId)));

  it('as many messages as uncertain ones: each takes one, and none the same', async () => {
    const all = await benches(3);
    takenBut(all[0]!.provider);
    const rowIds: string[] = [];
    for (const bench of all) rowIds.push(await uncertain(bench));
    await Promise.allSettled(all.map((bench, index) => bench.handOver(rowIds[index]!)));
    const rows = await rowsOf(all, rowIds);
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(new Set(rows.map(({ providerId }) => providerId)).size).toBe(3);
  });

  it('fewer: nobody knows which, and nobody gets it again', async () => {
    const all = await benches(2);
    const { provider } = all[0]!;
    takenBut(provider);
    const rowIds = [await uncertain(all[0]!)];
    lost(provider);
    rowIds.push(await uncertain(all[1]!));
    for (const [index, bench] of all.entries()) expect(await bench.handOver(rowIds[index]!)).toBe('unknown');
    await pass(all[0]!, 8 * HOUR, 10 * MINUTE);
    const rows = await rowsOf(all, rowIds);
    expect(rows.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'unknown cannot-be-told-apart',
      'unknown cannot-be-told-apart',
    ]);
    // The report of the one that was sent tells which, and that the other's is not there.
    const [message] = provider.messages;
    expect((await report(message!.reportUrl, { ...message!, status: 'delivered' })).status).toBe(204);
    expect((await rowsOf(all, rowIds)).map(({ state }) => state)).toEqual(['delivered', 'unknown']);
  });

  it('those that can be told apart by their time are', async () => {
    const all = await benches(2);
    const { provider, clock } = all[0]!;
    takenBut(provider);
    const rowIds = [await uncertain(all[0]!)];
    clock.ms += 10 * MINUTE;
    lost(provider);
    rowIds.push(await uncertain(all[1]!));
    expect(await all[1]!.handOver(rowIds[1]!)).toBe('unknown');
    expect(await all[0]!.handOver(rowIds[0]!)).toBe('sent');
  });

  it('a message that another row is known by explains nothing', async () => {
    const all = await benches(2);
    const { provider } = all[0]!;
    const [known = ''] = await all[0]!.prepare('booking');
    expect(await all[0]!.handOver(known)).toBe('sent');
    lost(provider);
    const rowId = await uncertain(all[1]!);
    expect(await all[1]!.handOver(rowId)).toBe('unknown');
    expect((await all[0]!.row(known)).providerId).toBe(provider.messages[0]!.providerId);
  });

  it('one that is under way may have made the message: wait for it', async () => {
    const all = await benches(2);
    const { provider } = all[0]!;
    lost(provider);
    const rowId = await uncertain(all[0]!);
    const [underWay = ''] = await all[1]!.prepare('booking');
    let answer: () => void = () => undefined;
    provider.answer = (sms) => {
      const taken = provider.take(sms);
      return new Promise((resolve) => (answer = () => resolve(taken)));
    };
    const sending = all[1]!.handOver(underWay);
    await waitUntil(
      () => provider.messages.length,
      (count) => count === 1,
    );
    expect(await all[0]!.handOver(rowId)).toBe('unknown');
    answer();
    expect(await sending).toBe('sent');
    await pass(all[0]!, MINUTE, 10 * SECOND);
    expect((await all[0]!.row(rowId)).state).toBe('unknown');
  });

  it('a message taken for another’s is given to its own by its report, and the other is looked for anew', async () => {
    const all = await benches(2);
    const { provider } = all[0]!;
    takenBut(provider);
    const rowIds: string[] = [];
    for (const bench of all) rowIds.push(await uncertain(bench));
    for (const [index, bench] of all.entries()) await bench.handOver(rowIds[index]!);
    const [first, second] = await rowsOf(all, rowIds);
    const swapped = provider.messages.find(({ providerId }) => providerId === second!.providerId)!;
    // The second row's message is reported with the first row's token: the history could not tell.
    const urlOfFirst = provider.calls[0]!.reportUrl;
    const told = { providerId: swapped.providerId, status: 'failed' };
    expect((await report(urlOfFirst, told)).status).toBe(204);
    expect(await all[0]!.row(rowIds[0]!)).toMatchObject({ state: 'failed', providerId: swapped.providerId });
    expect(await all[1]!.row(rowIds[1]!)).toMatchObject({ state: 'unknown', providerId: null });
    await pass(all[1]!, 5 * SECOND, 5 * SECOND);
    expect(await all[1]!.row(rowIds[1]!)).toMatchObject({ state: 'sent', providerId: first!.providerId });
    // What the report said of it stands: nobody takes it for his again.
    const again = { providerId: swapped.providerId, status: 'delivered' };
    expect((await report(provider.calls[1]!.reportUrl, again)).status).toBe(404);
    expect((await all[1]!.row(rowIds[1]!)).providerId).toBe(first!.providerId);
  });
});

describe('a number that has changed meanwhile', () => {
  it('is not asked for: what was sent to another number tells nothing of this one', async () => {
    const bench = await createBench(service, clinic);
    lost(bench.provider);
    const rowId = await uncertain(bench);
    const mobile = nextMobile();
    await clinic.call('PATCH', `/clinic/people/${bench.patientId}`, { body: { mobile } });
    bench.provider.take({ from: 'Vardmote', to: mobile, message: '', reportUrl: '' });
    expect(await bench.handOver(rowId)).toBe('unknown');
    expect(await bench.row(rowId)).toMatchObject({ state: 'unknown', reason: 'number-changed' });
    expect(bench.provider.history.asked).toBe(0);
  });

  it('the ledger keeps no number', async () => {
    const bench = await createBench(service, clinic);
    const [rowId = ''] = await bench.prepare('booking');
    await bench.handOver(rowId);
    const row = await raw.db.collection('ledger').findOne({ _id: rowId as never });
    expect(row?.addressHash).toMatch(/^test-1:[\w-]{43}$/);
    expect(JSON.stringify(row)).not.toContain(bench.sent[0]!.to.slice(-9));
  });
});

describe('the loop', () => {
  it('is one process at a time', async () => {
    const bench = await createBench(service, clinic);
    lost(bench.provider);
    await bench.handOver(await uncertain(bench));
    const { history } = bench.provider;
    bench.clock.ms += MINUTE;
    const [one, two] = [loop(bench), loop(bench)];
    await Promise.all([one.doAll(), two.doAll()]);
    expect(history.asked).toBe(2);
    bench.clock.ms += 10 * MINUTE;
    one.stop();
    await one.doAll();
    expect(history.asked).toBe(2);
    await two.doAll();
    expect(history.asked).toBe(3);
  });

  it('takes up again what a process left that died between what it found and what follows from that', async () => {
    const bench = await createBench(service, clinic);
    takenBut(bench.provider);
    bench.provider.history.hidden = true;
    const rowId = await uncertain(bench);
    await bench.handOver(rowId);
    expect(await tasksOf(bench)).toEqual(['open time-out']);
    bench.provider.history.hidden = false;
    const dying: Records = { ...records, transaction: () => Promise.reject(new Error('killed')) };
    bench.clock.ms += 30 * SECOND;
    await createSmsHistoryLooks(
      { records: dying, temporal, clock: bench.clock, elks: bench.provider, sms: { sender: 'Vardmote' } },
      pino({ level: 'silent' }),
    ).doAll();
    expect((await bench.row(rowId)).state).toBe('sent');
    expect(await tasksOf(bench)).toEqual(['open time-out']);
    // Its lease has passed.
    await pass(bench, 2 * MINUTE, 30 * SECOND);
    expect(await tasksOf(bench)).toEqual(['withdrawn time-out']);
  });
});

describe('B5 a row that waits and to which nobody comes back', () => {
  const ended = (outcome: string) => ({
    'course.state': 'ended',
    'course.outcome': { outcome, because: [], decidedBy: 'staff', way: null },
  });
  const [skipped, expired] = ['skipped', 'expired'] as const;
  const pastItsUse = 'past-its-last-useful-moment';

  it.each([
    { what: 'is as it was', set: {}, state: expired, reason: pastItsUse, tasks: [`open ${pastItsUse}`] },
    {
      what: 'was moved',
      set: { 'course.time.startVersion': 2 },
      state: skipped,
      reason: 'meeting-moved',
      tasks: [],
    },
    {
      what: 'was cancelled',
      set: ended('cancelled-by-clinic'),
      state: skipped,
      reason: 'meeting-cancelled',
      tasks: [],
    },
    { what: 'has ended', set: ended('back-up-routine'), state: expired, reason: pastItsUse, tasks: [] },
  ])(
    'ends after its last useful moment and is never sent: its meeting $what',
    async ({ set, state, reason, tasks }) => {
      const bench = await createBench(service, clinic);
      const [rowId = ''] = await bench.prepare('booking', new Date(bench.clock.ms + HOUR));
      if (Object.keys(set).length > 0)
        await raw.db
          .collection('meetings')
          .updateOne({ _id: bench.meeting.meetingId as never }, { $set: set });
      await pass(bench, HOUR, 20 * MINUTE);
      expect((await bench.row(rowId)).state).toBe('planned');
      nudged.length = 0;
      await pass(bench, 2 * MINUTE, MINUTE);
      expect(await bench.row(rowId)).toMatchObject({ state, reason });
      expect(nudged).toEqual([bench.meeting.meetingId]);
      expect(await tasksOf(bench)).toEqual(tasks);
      // Should its hand-over come after all.
      expect(await bench.handOver(rowId)).toBe(state);
      await pass(bench, HOUR, 20 * MINUTE);
      expect((await bench.row(rowId)).history).toHaveLength(2);
      expect([bench.sent.length, bench.provider.history.asked]).toEqual([0, 0]);
    },
  );

  it('ends likewise where it was surely not sent and is tried no more, and where what follows was cut off', async () => {
    const bench = await createBench(service, clinic);
    bench.provider.answer = () => ({ kind: 'not-sent', reason: 'http-429', retryable: true });
    const [rowId = ''] = await bench.prepare('booking', new Date(bench.clock.ms + HOUR));
    await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'not-sent' });
    bench.clock.ms += HOUR + MINUTE;
    let transactions = 0;
    const dying: Records = {
      ...records,
      // The first ends the row.
      transaction: (work) =>
        (transactions += 1) === 1 ? records.transaction(work) : Promise.reject(new Error('killed')),
    };
    await createSmsHistoryLooks(
      { records: dying, temporal, clock: bench.clock, elks: bench.provider, sms: { sender: 'Vardmote' } },
      pino({ level: 'silent' }),
    ).doAll();
    expect((await bench.row(rowId)).state).toBe('expired');
    expect(await tasksOf(bench)).toEqual([]);
    await pass(bench, 2 * MINUTE, 30 * SECOND);
    expect(await tasksOf(bench)).toEqual([`open ${pastItsUse}`]);
    expect(bench.sent).toHaveLength(1);
  });
});
