import { toInstant } from '../../../rules/instant';
import { defaultNoticeRules } from '../../../rules/notices';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { createClinic, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { createBench, type Bench } from './harness';

/**
 * A ledger put back from an earlier moment holds for planned what has gone since; nobody gets it twice
 * (R2.7).
 */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  raw = await openDatabase(service);
});
afterEach(() => raw.db.collection('restores').deleteMany({}));
afterAll(async () => {
  await raw.close();
  await service.close();
});

const MINUTE = 60_000;
const bench = (person: object = {}): Promise<Bench> => createBench(service, clinic, { person });

/** The ledger's row as it was before it was handed over. */
const asBefore = (rowId: string) =>
  raw.db.collection('ledger').updateOne(
    { _id: rowId as never },
    {
      $set: {
        state: 'planned',
        reason: null,
        handedOverAt: null,
        leaseUntil: null,
        providerId: null,
        providerIdFrom: null,
      },
    },
  );

/**
 * Notes a restore of what was ten minutes ago, at the bench's time, and lets notices go again unless they are
 * to be held.
 */
async function restored({ clock }: Bench, { held = false } = {}): Promise<void> {
  clock.ms += MINUTE;
  await service.records.restores.note({
    dataAsOf: toInstant(new Date(clock.ms - 10 * MINUTE)),
    restoredAt: toInstant(clock.now()),
  });
  if (!held) await service.records.restores.release(clock.now());
}

const openTasks = async ({ meeting }: Bench) =>
  (await service.records.tasks.ofMeeting(meeting.meetingId))
    .filter(({ state }) => state === 'open')
    .map(({ kind, because }) => [kind, ...because]);

describe('after a restore', () => {
  it('what the provider’s history shows as sent is not sent again, and staff are told', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await it.handOver(rowId);
    await asBefore(rowId);
    await restored(it);
    expect(await it.handOver(rowId)).toBe('unknown');
    expect(await it.handOver(rowId)).toBe('unknown');
    expect(it.sent).toHaveLength(1);
    expect((await it.row(rowId)).reason).toBe('may-have-gone-before-the-restore');
    expect(await openTasks(it)).toEqual([['nobody-reached', 'may-have-gone-before-the-restore']]);
  });

  it('also where the ledger has lost the whole row, and the workflow asks for it', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await it.handOver(rowId);
    await raw.db.collection('ledger').deleteOne({ _id: rowId as never });
    await restored(it);
    expect(await it.handOver(rowId)).toBe('unknown');
    expect(it.sent).toHaveLength(1);
  });

  it('what the history does not show is sent', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await restored(it);
    expect(await it.handOver(rowId)).toBe('sent');
    expect(it.sent).toHaveLength(1);
  });

  it('E12 what the history has and cannot be read may be this notice: it is not sent again', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await restored(it);
    it.provider.history.odd = 1;
    expect(await it.handOver(rowId)).toBe('unknown');
    expect(it.sent).toEqual([]);
  });

  it('messages that other rows are known by do not count', async () => {
    const it = await bench();
    const [booking = ''] = await it.prepare('booking');
    await it.handOver(booking);
    const [soon = ''] = await it.prepare('soon');
    await restored(it);
    // Its plan is of a time to come: what is due after the restore has not gone before.
    expect(await it.handOver(soon)).toBe('sent');
    expect(it.sent).toHaveLength(2);
  });

  it('a reminder due after it is sent without a look', async () => {
    const it = await bench();
    const [booking = ''] = await it.prepare('booking');
    await it.handOver(booking);
    await asBefore(booking);
    await restored(it);
    const asked = it.provider.history.asked;
    const [soon = ''] = await it.prepare('soon');
    expect(await it.handOver(soon)).toBe('sent');
    expect(it.provider.history.asked).toBe(asked);
  });

  it('nothing goes while the history cannot be read', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await restored(it);
    it.provider.history.unread = 'http-500';
    await expect(it.handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    expect([it.sent.length, (await it.row(rowId)).state]).toEqual([0, 'planned']);
    it.provider.history.unread = null;
    expect(await it.handOver(rowId)).toBe('sent');
  });

  it('R2.11 an e-mail that was due before is not sent: there is no history to look in', async () => {
    const it = await bench({ email: 'tolvan@example.com', noticesBy: 'email' });
    const [rowId = ''] = await it.prepare('booking');
    await restored(it);
    const before = service.mailbox.messages().length;
    expect(await it.handOver(rowId)).toBe('unknown');
    expect(service.mailbox.messages()).toHaveLength(before);
    expect(await openTasks(it)).toEqual([['nobody-reached', 'may-have-gone-before-the-restore']]);
  });

  it('all notices are held until an operator lets them go, and end where their time passes meanwhile', async () => {
    const it = await bench();
    const lastUsefulAt = new Date(it.clock.ms + 3 * MINUTE);
    const [booking = ''] = await it.prepare('booking', lastUsefulAt);
    const [soon = ''] = await it.prepare('soon');
    await restored(it, { held: true });
    for (const rowId of [booking, soon]) {
      await expect(it.handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    }
    it.clock.ms += 5 * MINUTE;
    expect(await it.handOver(booking)).toBe('expired');
    await expect(it.handOver(soon)).rejects.toMatchObject({ type: 'wait' });
    expect(await service.records.restores.release(it.clock.now())).toBe(1);
    expect(await it.handOver(soon)).toBe('sent');
    expect(it.sent).toHaveLength(1);
  });

  it('a row that was being handed over at the backup’s moment is looked for as ever', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await it.handOver(rowId);
    await raw.db
      .collection('ledger')
      .updateOne(
        { _id: rowId as never },
        { $set: { state: 'handing-over', providerId: null, providerIdFrom: null } },
      );
    it.clock.ms += 5 * MINUTE;
    await restored(it);
    expect(await it.handOver(rowId)).toBe('sent');
    expect(it.sent).toHaveLength(1);
  });
});
