import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { connectRecords } from '../../records/connection';
import { changeIf, collection } from '../../records/schema';
import { explainsScan, isServed, shapesOf, watched, watchShapes } from '../support/shapes';

/**
 * No question of the service scans (issue "One wake, one step"): the watch over all tests itself, and the
 * compare-and-set that keeps to it.
 */
interface Thing {
  _id: string;
  clinicId: string;
  state: string;
  dueAt: string;
  token: string | null;
  count: number;
}

let connection: Connection;
let things: ReturnType<typeof collection<Thing>>;

const uri = (): string =>
  process.env.TEST_MONGODB_URI!.replace('DATABASE', `t${randomBytes(6).toString('hex')}`);

beforeAll(async () => {
  connection = await connectRecords(watched(uri()));
  const fields = { clinicId: String, state: String, dueAt: String, token: String, count: Number };
  things = collection<Thing>(connection, 'things', fields, [
    [{ clinicId: 1, state: 1, dueAt: 1 }],
    [{ token: 1 }, { unique: true, partialFilterExpression: { token: { $type: 'string' } } }],
  ]);
  await things.createIndexes();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

const thing = (_id: string): Thing => ({
  _id,
  clinicId: 'a',
  state: 'free',
  dueAt: '2026',
  token: _id,
  count: 0,
});

describe('the judge over shapes and indexes', () => {
  const indexes = [
    { key: { clinicId: 1, state: 1, dueAt: 1 } },
    { key: { token: 1 }, partialFilterExpression: { token: { $type: 'string' } } },
  ];
  it.each([
    [{ _id: 'x' }],
    [{ _id: { $in: ['x', 'y'] } }],
    [{ clinicId: 'a' }],
    [{ clinicId: 'a', state: 'free' }],
    [{ state: 'free', clinicId: 'a' }],
    [{ clinicId: 'a', state: { $in: ['free', 'taken'] } }],
    [{ clinicId: 'a', state: 'free', dueAt: { $gt: '2025', $lt: '2027' } }],
    [{ clinicId: 'a', state: null }],
  ])('finds %j served, and so does the database', async (filter) => {
    await things.updateOne({ _id: 'x' }, { $setOnInsert: thing('x') }, { upsert: true });
    for (const { shape } of shapesOf({ find: 'things', filter })) expect(isServed(shape, indexes)).toBe(true);
    expect(await explainsScan(connection.db!, 'things', filter)).toBe(false);
  });

  it.each([
    [{}],
    [{ _id: 'x', clinicId: 'a' }],
    [{ _id: { $gt: 'x' } }],
    [{ state: 'free' }],
    [{ clinicId: 'a', dueAt: '2026' }],
    [{ clinicId: 'a', state: 'free', count: 0 }],
    [{ clinicId: 'a', state: { $in: ['free'] }, dueAt: '2026' }],
    [{ clinicId: 'a', state: { $ne: 'free' } }],
    [{ $or: [{ clinicId: 'a' }, { _id: 'x' }] }],
    [{ token: 'x' }],
  ])('finds %j not served', (filter) => {
    for (const kind of ['find', 'distinct', 'update', 'delete', 'aggregate']) {
      const command = {
        find: { find: 'things', filter },
        distinct: { distinct: 'things', query: filter },
        update: { update: 'things', updates: [{ q: filter }] },
        delete: { delete: 'things', deletes: [{ q: filter }] },
        aggregate: { aggregate: 'things', pipeline: [{ $match: filter }] },
      }[kind]!;
      const found = shapesOf(command);
      expect(found).toHaveLength(1);
      expect(isServed(found[0]!.shape, indexes)).toBe(false);
    }
  });
});

describe('the watch', () => {
  it('names what scans by collection, fields and order, and nothing else', async () => {
    const watch = watchShapes(connection);
    await things.findOne({ clinicId: 'a', state: 'free' }).sort({ dueAt: 1 });
    await things.findById('x');
    expect(await watch.scans()).toEqual([]);
    await things.findOne({ _id: 'x', clinicId: 'a' }).sort({ dueAt: -1 });
    await things.updateMany({ clinicId: 'a', state: { $ne: 'free' } }, { $set: { count: 1 } });
    await things.countDocuments({ token: 'x' });
    await things.findOneAndUpdate({ _id: 'x' }, { $inc: { count: 1 } });
    expect(await watch.scans()).toEqual([
      'aggregate things: token value',
      'find things: _id value, clinicId value; in order of dueAt -1',
      'findAndModify things: _id value',
      'update things: clinicId value, state $ne',
    ]);
  });
});

describe('a compare-and-set by the id alone', () => {
  it('lets one of many at once win, and the others see what it left', async () => {
    await things.create(thing('race'));
    const tries = Array.from({ length: 12 }, (_, number) =>
      changeIf(things, 'race', ({ state }) => state === 'free', {
        $set: { state: `taken-${number}` },
        $inc: { count: 1 },
      }),
    );
    const won = (await Promise.all(tries)).filter((before) => before !== null);
    expect(won).toMatchObject([{ state: 'free', count: 0 }]);
    expect(await things.findById('race').lean()).toMatchObject({ count: 1 });
  });

  it('changes nothing where there is none, where it is not as expected, and where its transaction comes to nothing', async () => {
    await things.create(thing('kept'));
    const taken = { $set: { state: 'taken' } };
    expect(await changeIf(things, 'nobody', () => true, taken)).toBeNull();
    expect(await changeIf(things, 'kept', ({ count }) => count === 7, taken)).toBeNull();
    const given = connection.transaction(async (session) => {
      expect(await changeIf(things, 'kept', () => true, taken, session)).toMatchObject({ state: 'free' });
      throw new Error('given up');
    });
    await expect(given).rejects.toThrow('given up');
    expect(await things.findById('kept').lean()).toMatchObject({ state: 'free' });
    expect(await things.countDocuments({ _id: 'nobody' })).toBe(0);
  });
});
