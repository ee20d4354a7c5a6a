import { randomId } from '../../platform/keys/random-id';
import type { Records } from '../../records';
import type { StoredEvent } from '../../records/events';
import { openDatabase, type RawDatabase } from '../api/helpers';
import { meetingEvent, setWebhook, writeEvents } from '../support/events';
import { startService, type Service } from '../support/service';

/** Decision 11: the outbox is written with the cause, in the order of commits, each event once. */
let service: Service;
let records: Records;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false });
  ({ records } = service);
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const at = new Date('2026-11-23T08:00:00.000Z');
const all = async (clinicId: string): Promise<StoredEvent[]> => {
  const query = { clinicId, from: null, until: null, state: null, limit: 100 };
  const items: StoredEvent[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await records.events.list({ ...query, cursor });
    items.push(...page.items);
    if (!page.next) return items;
    cursor = page.next;
  }
};
const sequences = async (clinicId: string): Promise<string[]> =>
  (await all(clinicId)).map(({ eventId, sequence }) => `${sequence} ${eventId.split(':').at(-1)}`);

describe('adding', () => {
  it('numbers the events of a subject from 1 without gaps, in their order', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await records.transaction((session) =>
      records.events.add(session, { clinicId, subject }, [
        meetingEvent(subject, 7, at),
        meetingEvent(subject, 8, at),
      ]),
    );
    await writeEvents(records, clinicId, subject, [9], at);
    expect(await sequences(clinicId)).toEqual(['1 7', '2 8', '3 9']);
  });

  it('passes over an event that is there already, also beside a new one, and leaves no gap for it', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await writeEvents(records, clinicId, subject, [1, 1], at);
    await records.transaction((session) =>
      records.events.add(session, { clinicId, subject }, [
        meetingEvent(subject, 1, at),
        meetingEvent(subject, 2, at),
      ]),
    );
    expect(await sequences(clinicId)).toEqual(['1 1', '2 2']);
  });

  it('leaves nothing, and no gap, where its cause is not committed', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await expect(
      records.transaction(async (session) => {
        await records.events.add(session, { clinicId, subject }, [meetingEvent(subject, 1, at)]);
        throw new Error('the cause failed');
      }),
    ).rejects.toThrow('the cause failed');
    expect(await all(clinicId)).toEqual([]);
    await writeEvents(records, clinicId, subject, [2], at);
    expect(await sequences(clinicId)).toEqual(['1 2']);
  });

  it('keeps the order of commits under many writers at once, each event once', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    await Promise.all([...numbers, ...numbers].map((n) => writeEvents(records, clinicId, subject, [n], at)));
    const events = await all(clinicId);
    expect(events.map(({ sequence }) => sequence)).toEqual(numbers.map((n) => n + 1));
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(8);
  });

  it('refuses an id with a dot, which Standard Webhooks could not sign unambiguously', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    const event = { ...meetingEvent(subject, 1, at), eventId: 'meeting.booked' };
    await expect(
      records.transaction((session) => records.events.add(session, { clinicId, subject }, [event])),
    ).rejects.toThrow(RangeError);
  });
});

describe('reading', () => {
  it('goes page by page through all, by time and then in the order of each subject', async () => {
    const clinicId = randomId();
    const subjects = [randomId(), randomId()];
    for (const subject of subjects) await writeEvents(records, clinicId, subject, [1, 2, 3], at);
    await writeEvents(records, clinicId, subjects[0]!, [4], new Date(at.getTime() - 60_000));
    const query = { clinicId, from: null, until: null, state: null, limit: 2 };
    const seen: StoredEvent[] = [];
    let cursor: string | null = null;
    do {
      const page = await records.events.list({ ...query, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items);
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual(await all(clinicId));
    expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(7);
    expect(seen[0]!.sequence).toBe(4);
    for (const subject of subjects) {
      const later = seen.slice(1).filter((event) => event.subject === subject);
      expect(later.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    }
  });

  it('shows a clinic its own only, of the time and the state asked for', async () => {
    const [clinicId, other, subject] = [randomId(), randomId(), randomId()];
    await writeEvents(records, clinicId, subject, [1], at);
    await writeEvents(records, clinicId, subject, [2], new Date(at.getTime() + 1));
    await writeEvents(records, other, randomId(), [1], at);
    const list = async (part: object): Promise<number[]> =>
      (
        await records.events.list({
          clinicId,
          from: null,
          until: null,
          state: null,
          cursor: null,
          limit: 10,
          ...part,
        })
      ).items.map(({ sequence }) => sequence);
    expect(await list({})).toEqual([1, 2]);
    expect(await list({ until: new Date(at.getTime() + 1).toISOString() })).toEqual([1]);
    expect(await list({ from: new Date(at.getTime() + 1).toISOString() })).toEqual([2]);
    expect(await list({ state: 'waiting' })).toEqual([1, 2]);
    expect(await list({ state: 'dead' })).toEqual([]);
  });
});

describe('claiming', () => {
  const later = (ms: number): Date => new Date(at.getTime() + ms);

  it('gives a subject to one at a time, and to another when the claim has run out', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await setWebhook(records, clinicId, 'http://127.0.0.1:1/', at);
    await writeEvents(records, clinicId, subject, [1, 2], at);
    const claims = await Promise.all(
      Array.from({ length: 6 }, () => records.events.claim(clinicId, at, 30_000)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const [first] = claims.filter((claim) => claim !== null);
    expect(first!.event.sequence).toBe(1);
    expect(await records.events.claim(clinicId, later(29_999), 30_000)).toBeNull();
    const second = await records.events.claim(clinicId, later(30_000), 30_000);
    expect(second!.event.eventId).toBe(first!.event.eventId);
    // The one that was given up on comes back: what it did counts, and the claim of the other stands.
    await records.events.settle(first!, { kind: 'delivered' }, later(30_001));
    expect(await records.events.claim(clinicId, later(30_002), 30_000)).toBeNull();
    await records.events.settle(
      second!,
      { kind: 'failed', reason: 'x', retryAt: later(99_999) },
      later(30_003),
    );
    const third = await records.events.claim(clinicId, later(30_004), 30_000);
    expect(third!.event.sequence).toBe(2);
  });

  it('an event written while the subject is being sent is not forgotten when it is let go', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await setWebhook(records, clinicId, 'http://127.0.0.1:1/', at);
    await writeEvents(records, clinicId, subject, [1], at);
    const claim = await records.events.claim(clinicId, at, 30_000);
    await writeEvents(records, clinicId, subject, [2], later(1));
    expect(await records.events.claim(clinicId, later(2), 30_000)).toBeNull();
    await records.events.settle(claim!, { kind: 'delivered' }, later(3));
    expect((await records.events.claim(clinicId, later(3), 30_000))!.event.sequence).toBe(2);
  });

  it('a replay asked for during a try is not undone by it', async () => {
    const [clinicId, subject] = [randomId(), randomId()];
    await setWebhook(records, clinicId, 'http://127.0.0.1:1/', at);
    await writeEvents(records, clinicId, subject, [1], at);
    const claim = await records.events.claim(clinicId, at, 30_000);
    const range = [at.toISOString(), later(1).toISOString(), later(2).toISOString()] as const;
    expect(await records.events.replay(clinicId, ...range)).toBe(1);
    await records.events.settle(claim!, { kind: 'delivered' }, later(3));
    const again = await records.events.claim(clinicId, later(4), 30_000);
    expect(again!.event.sequence).toBe(1);
    await records.events.settle(again!, { kind: 'delivered' }, later(5));
    expect(await records.events.claim(clinicId, later(6), 30_000)).toBeNull();
    // The command carried out a second time finds it done.
    expect(await records.events.replay(clinicId, ...range)).toBe(1);
    expect(await records.events.claim(clinicId, later(7), 30_000)).toBeNull();
  });
});

it('R8.4 what is delivered is deleted after 90 days, by an index', async () => {
  const [clinicId, subject] = [randomId(), randomId()];
  await setWebhook(records, clinicId, 'http://127.0.0.1:1/', at);
  await writeEvents(records, clinicId, subject, [1], at);
  const claim = await records.events.claim(clinicId, at, 30_000);
  await records.events.settle(claim!, { kind: 'delivered' }, at);
  const row = await raw.db.collection('events').findOne({ subject });
  expect(row!.expiresAt).toEqual(new Date(at.getTime() + 90 * 24 * 3_600_000));
  const indexes = await raw.db.collection('events').indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
});
