import { randomBytes } from 'node:crypto';
import { parseKeyRing, type KeyRing } from '../../platform/keys/key-ring';
import { createRecords, type Records } from '../../records';
import { connectRecords } from '../../records/connection';
import { stayWriter } from '../../use-cases/key-writers';
import { KeysMissing, SEEN_EVERY_MS } from '../../records/keys-in-use';
import type { Person } from '../../records/people';
import { keyNeeds, rehashNumbers, retireKey, rewrapKeys } from '../../ops/rotate-keys';
import { parseIdentity } from '../../rules/personal-number';
import { toInstant } from '../../rules/instant';

/**
 * Rotation of the keys of what MongoDB holds (design, decision 7), as an operator does it while the service
 * runs.
 */
const ring = (...ids: string[]): KeyRing =>
  parseKeyRing(ids.map((id) => `${id}:${Buffer.alloc(32, id).toString('base64')}`).join(','));
const now = new Date('2026-11-23T08:00:00Z');
const clinicId = 'clinic-1';
/** Skatteverket's published test numbers. */
const numbers = ['198112189876', '199001012385', '201701012393'];

let uri: string;
let opened: Records[] = [];

beforeEach(() => {
  uri = (process.env.TEST_MONGODB_URI ?? '').replace('DATABASE', `k${randomBytes(6).toString('hex')}`);
});
afterEach(async () => {
  const connection = await connectRecords(uri);
  await connection.dropDatabase();
  await connection.close();
  await Promise.all(opened.map((records) => records.close()));
  opened = [];
});

/** The records as a process with these keys sees them. */
async function withKeys(fieldKeys: KeyRing, hashKeys: KeyRing, payloadKeys?: KeyRing): Promise<Records> {
  const records = createRecords(await connectRecords(uri), { fieldKeys, hashKeys });
  opened.push(records);
  await records.prepare(payloadKeys);
  return records;
}

const person = (index: number): Person => ({
  personId: `person-${index}`,
  clinicId,
  personal: {
    name: 'Tolvan Testperson',
    identity: parseIdentity(numbers[index]!),
    birthDate: '1981-12-18',
    mobile: { number: `+4670174060${5 + index}`, recordedAt: toInstant(now) },
    email: null,
    unsuitableWays: [],
  },
  language: 'sv',
  noticesBy: 'sms',
  protectedIdentity: false,
  smsConsent: null,
  careHistoryConsent: null,
  guardianStops: [],
  changedAt: null,
});
const addAll = async (records: Records): Promise<void> => {
  for (const index of numbers.keys()) await records.people.add(person(index), now);
};
const found = (records: Records, index: number) =>
  records.people.findByIdentity(clinicId, parseIdentity(numbers[index]!)!);
const nobodyRuns = (): Promise<number> => Promise.resolve(0);
const DAY = 24 * 3_600_000;
/** The last process that wrote with these keys was seen so long ago that it counts no more. */
const givenUp = async (...keys: string[]): Promise<void> => {
  const connection = await connectRecords(uri);
  await connection
    .db!.collection('keysInUse')
    .updateMany(
      { _id: { $in: keys } as never },
      { $set: { lastWriterAt: new Date(now.getTime() - 8 * DAY) } },
    );
  await connection.close();
};

describe('FIELD_KEYS', () => {
  it('R4.2 are not retired while they hold who has claimed an invitation, and the command seals that anew', async () => {
    const older = await withKeys(ring('a'), ring('h'));
    await older.claims.arrive({ clinicId, meetingId: 'm', participantId: 'p' }, 'hash');
    const { claimId } = (await older.claims.own('p', 'hash'))!;
    const who = { name: 'Tolvan Testperson', identity: parseIdentity(numbers[0]!)! };
    await older.transaction(async (session) => {
      await older.claims.ask(claimId, who, toInstant(now), session);
    });
    const rotated = await withKeys(ring('b', 'a'), ring('h'));
    await givenUp('FIELD_KEYS:a');
    expect(await retireKey(rotated, { setting: 'FIELD_KEYS', keyId: 'a' }, nobodyRuns, now)).toMatch(
      '1 claims',
    );
    expect(await rewrapKeys(rotated)).toEqual({ changed: 1, failed: [] });
    expect(await retireKey(rotated, { setting: 'FIELD_KEYS', keyId: 'a' }, nobodyRuns, now)).toBeNull();
    const newest = await withKeys(ring('b'), ring('h'));
    expect((await newest.claims.ofMeeting('m')).map((claim) => claim.who)).toEqual([who]);
  });

  it('rotate: the old key is readable, what is new is written with the new one, and after the command the old one is not needed', async () => {
    await addAll(await withKeys(ring('a'), ring('h')));
    const rotated = await withKeys(ring('b', 'a'), ring('h'));
    await rotated.webhooks.set(
      { clinicId, commandId: 'c', receivedAt: toInstant(now) },
      'https://pas.example',
    );
    expect(await rotated.people.find(clinicId, 'person-0')).toEqual(person(0));
    expect(await rotated.personKeys.wrappedBy()).toEqual({ a: 3 });
    await givenUp('FIELD_KEYS:a');
    expect(await retireKey(rotated, { setting: 'FIELD_KEYS', keyId: 'a' }, nobodyRuns, now)).toMatch(
      '3 persons',
    );

    expect(await rewrapKeys(rotated)).toEqual({ changed: 3, failed: [] });
    expect(await rewrapKeys(rotated)).toEqual({ changed: 0, failed: [] });
    expect(await rotated.personKeys.wrappedBy()).toEqual({ b: 3 });
    expect(await retireKey(rotated, { setting: 'FIELD_KEYS', keyId: 'a' }, nobodyRuns, now)).toBeNull();

    const without = await withKeys(ring('b'), ring('h'));
    for (const index of numbers.keys()) {
      expect(await without.people.find(clinicId, `person-${index}`)).toEqual(person(index));
    }
  });

  it('are wrapped anew also where an earlier run was killed in the middle, and seal webhooks anew', async () => {
    const old = await withKeys(ring('a'), ring('h'));
    await addAll(old);
    const { secret } = await old.webhooks.set(
      { clinicId, commandId: 'c', receivedAt: toInstant(now) },
      'https://pas.example',
    );
    const rotated = await withKeys(ring('b', 'a'), ring('h'));
    // As far as one that was killed had come.
    expect(await rotated.personKeys.rewrap(null, 1)).toMatchObject({ rewrapped: 1, next: 'person-0' });
    expect(await rotated.personKeys.wrappedBy()).toEqual({ a: 2, b: 1 });
    expect(await rewrapKeys(rotated)).toEqual({ changed: 2 + 1, failed: [] });
    const without = await withKeys(ring('b', 'a'), ring('h'));
    expect(await without.webhooks.endpoint(clinicId, now)).toMatchObject({ secrets: [secret] });
    expect(await without.webhooks.sealedBy()).toEqual({ b: 1 });
  });

  it('are told by person where one cannot be unwrapped, and the others go on', async () => {
    await addAll(await withKeys(ring('a'), ring('h')));
    const { connection, rotated } = await (async () => {
      const rotated = await withKeys(ring('b', 'a'), ring('h'));
      return { rotated, connection: await connectRecords(uri) };
    })();
    await connection
      .db!.collection('personKeys')
      .updateOne({ _id: 'person-1' as never }, { $set: { wrappedBy: 'gone' } });
    await connection.close();
    expect(await rewrapKeys(rotated)).toEqual({ changed: 2, failed: ['person-1'] });
  });
});

describe('HASH_KEYS', () => {
  it('rotate: a person is found under both keys meanwhile, once only, and under the new one alone afterwards', async () => {
    await addAll(await withKeys(ring('f'), ring('a')));
    const rotated = await withKeys(ring('f'), ring('b', 'a'));
    expect(await found(rotated, 0)).toEqual(person(0));
    // The unique index knows the new hash alone: the same number is refused all the same.
    expect(await rotated.people.add({ ...person(0), personId: 'again' }, now)).toBe(false);
    expect(await rotated.people.add(person(0), now)).toBe(true);

    expect(await rotated.people.rehash(null, 2)).toMatchObject({ rehashed: 2, next: 'person-1' });
    expect(await Promise.all([0, 1, 2].map((index) => found(rotated, index)))).toEqual([0, 1, 2].map(person));
    expect(await rehashNumbers(rotated, now)).toEqual({ changed: 1, failed: [] });
    expect(await rehashNumbers(rotated, now)).toEqual({ changed: 0, failed: [] });
    await givenUp('HASH_KEYS:a');
    expect(await retireKey(rotated, { setting: 'HASH_KEYS', keyId: 'a' }, nobodyRuns, now)).toBeNull();
    const without = await withKeys(ring('f'), ring('b'));
    expect(await Promise.all([0, 1, 2].map((index) => found(without, index)))).toEqual([0, 1, 2].map(person));
    expect(await without.people.add({ ...person(0), personId: 'again' }, now)).toBe(false);
  });

  it('lost for good are replaced: persons are found again by what their field keys open', async () => {
    await addAll(await withKeys(ring('f'), ring('a')));
    await expect(withKeys(ring('f'), ring('b'))).rejects.toThrow('HASH_KEYS has no key a');
    const connection = await connectRecords(uri);
    await connection.db!.collection('keysInUse').deleteOne({ _id: 'HASH_KEYS:a' as never });
    await connection.close();
    const records = await withKeys(ring('f'), ring('b'));
    expect(await found(records, 0)).toBeNull();
    expect(await rehashNumbers(records, now)).toEqual({ changed: 3, failed: [] });
    expect(await found(records, 0)).toEqual(person(0));
  });

  it('R2.7 rotate for the numbers of uncertain SMS too, so that they are still looked for', async () => {
    const old = await withKeys(ring('f'), ring('a'));
    await addAll(old);
    for (const [index, to] of ['+46701740605', '+46701740699'].entries()) {
      const row = await old.ledger.plan(
        {
          subjectId: 'meeting-1',
          clinicId,
          occasion: 1,
          kind: 'booking',
          participantId: `p-${index}`,
          personId: `person-${index}`,
          channel: 'sms',
          lastUsefulAt: toInstant(now),
        },
        now,
      );
      await old.ledger.step(row.rowId, {
        from: ['planned'],
        to: 'handing-over',
        reason: null,
        at: now,
        handOver: { leaseUntil: now, channel: 'sms', to, reportToken: null },
      });
    }
    const rotated = await withKeys(ring('f'), ring('b', 'a'));
    // The second one's person has another number by now: of the one that it went to we have the hash only.
    expect(await rehashNumbers(rotated, now)).toEqual({
      changed: 3 + 1,
      failed: ['meeting-1:1:booking:p-1'],
    });
    await givenUp('HASH_KEYS:a');
    expect(await retireKey(rotated, { setting: 'HASH_KEYS', keyId: 'a' }, nobodyRuns, now)).toMatch(
      '1 notices',
    );
    const later = new Date(now.getTime() + 5 * 24 * 3_600_000);
    expect(await retireKey(rotated, { setting: 'HASH_KEYS', keyId: 'a' }, nobodyRuns, later)).toBeNull();
    const without = await withKeys(ring('f'), ring('b'));
    expect(await without.ledger.uncertainTo('+46701740605')).toHaveLength(1);
  });
});

describe('a process without a key that is needed', () => {
  const problems = (records: Promise<unknown>): Promise<string> =>
    records.then(
      () => 'it started',
      (error: unknown) => {
        if (error instanceof KeysMissing) return error.message;
        throw error;
      },
    );

  it('is refused with all that is missing by name, and no value', async () => {
    await withKeys(ring('a'), ring('a'), ring('a'));
    const message = await problems(withKeys(ring('b'), ring('c'), ring('d')));
    expect(message.match(/(?<=^ {2}- )\w+ has no key \w+/gm)?.sort()).toEqual([
      'FIELD_KEYS has no key a',
      'HASH_KEYS has no key a',
      'PAYLOAD_KEYS has no key a',
    ]);
    expect(message).not.toContain(Buffer.alloc(32, 'a').toString('base64'));
    // Nothing of the wrong start is noted: the right keys still start.
    await withKeys(ring('a'), ring('a'), ring('a'));
  });

  it('is refused where a key’s id stands for another key', async () => {
    await withKeys(ring('a'), ring('h'));
    const other = parseKeyRing(`a:${Buffer.alloc(32, 'z').toString('base64')}`);
    expect(await problems(withKeys(other, ring('h')))).toContain('FIELD_KEYS has another key a');
  });

  it('is refused also when it is a process from before the rotation', async () => {
    await withKeys(ring('a'), ring('h'));
    await withKeys(ring('b', 'a'), ring('h'));
    expect(await problems(withKeys(ring('a'), ring('h')))).toContain('FIELD_KEYS has no key b');
  });

  it('keeps no value of a key, nor enough to try one by its start', async () => {
    const records = await withKeys(ring('a'), ring('h'), ring('p'));
    const stored = JSON.stringify(await records.keysInUse.list());
    for (const id of ['a', 'h', 'p']) {
      expect(stored).not.toContain(Buffer.alloc(32, id).toString('base64').slice(0, 8));
      expect(stored).not.toContain(Buffer.alloc(32, id).toString('hex').slice(0, 8));
    }
  });
});

describe('a key is retired', () => {
  const retireFrom =
    (records: Records) =>
    (keyId: string, workflowsUnder: (before: Date) => Promise<number> = nobodyRuns, at = now) =>
      retireKey(records, { setting: 'PAYLOAD_KEYS', keyId }, workflowsUnder, at);

  it('never while it is the newest, unknown, or has workflows under it', async () => {
    await withKeys(ring('f'), ring('h'), ring('a'));
    const rotated = await withKeys(ring('f'), ring('h'), ring('b', 'a'));
    await givenUp('PAYLOAD_KEYS:a');
    const retire = retireFrom(rotated);
    expect(await retire('b')).toMatch('put a newer key before it');
    expect(await retire('x')).toMatch('no key x');
    expect(await retire('a', () => Promise.resolve(2))).toMatch('2 workflows');
    expect((await keyNeeds(rotated, now)).map(({ setting, keyId }) => `${setting} ${keyId}`)).toEqual([
      'FIELD_KEYS f',
      'HASH_KEYS h',
      'PAYLOAD_KEYS a',
      'PAYLOAD_KEYS b',
    ]);
    expect(await retire('a')).toBeNull();
    await withKeys(ring('f'), ring('h'), ring('b'));
  });

  it('not before seven days after the last process that wrote with it, also one that was started after the rotation', async () => {
    await withKeys(ring('f'), ring('h'), ring('a', 'b'));
    const rotated = await withKeys(ring('f'), ring('h'), ring('b', 'a'));
    await givenUp('PAYLOAD_KEYS:a', 'PAYLOAD_KEYS:b');
    // One that nobody has told of the rotation begins again with the keys as they were.
    await withKeys(ring('f'), ring('h'), ring('a', 'b'));
    await rotated.seeWriter(ring('b', 'a'));
    const { lastWriterAt } = (await rotated.keysInUse.list()).find(({ keyId }) => keyId === 'a')!;
    const possibleAt = new Date(lastWriterAt.getTime() + 7 * DAY);
    const retire = retireFrom(rotated);
    const shortlyBefore = new Date(possibleAt.getTime() - 1);
    const counted: Date[] = [];
    const count = (before: Date): Promise<number> => Promise.resolve(counted.push(before) - 1);
    const refusal = await retire('a', count, shortlyBefore);
    expect(refusal).toContain(
      `a process that writes with a of PAYLOAD_KEYS was seen at ${lastWriterAt.toISOString()}`,
    );
    expect(refusal).toContain(`it can be retired from ${possibleAt.toISOString()} on`);
    // Also where it is seen between the question and the answer.
    expect(await rotated.keysInUse.retire('PAYLOAD_KEYS', 'a', shortlyBefore)).toBe(false);
    expect(await rotated.keysInUse.list()).toHaveLength(4);
    expect(await retire('a', count, possibleAt)).toBeNull();
    // Whatever began until then may carry something that was written with it.
    expect(counted).toEqual([possibleAt]);
  });

  it('not while a process that runs on writes with it', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    const keys = ring('a');
    const seen: (KeyRing | undefined)[] = [];
    const failed: unknown[] = [];
    const seeWriter = (payloadKeys?: KeyRing): Promise<void> => {
      seen.push(payloadKeys);
      return seen.length === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve();
    };
    const stop = stayWriter({ seeWriter }, keys, { warn: (line: unknown) => void failed.push(line) });
    try {
      await jest.advanceTimersByTimeAsync(2 * SEEN_EVERY_MS);
      expect(seen).toEqual([keys, keys]);
      expect(failed).toEqual([{ err: new Error('the database is away') }]);
      stop();
      await jest.advanceTimersByTimeAsync(2 * SEEN_EVERY_MS);
      expect(seen).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });
});
