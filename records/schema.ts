import {
  mongo,
  Schema,
  type ClientSession,
  type Connection,
  type IndexDefinition,
  type IndexOptions,
  type Model,
  type SchemaDefinition,
  type UpdateQuery,
} from 'mongoose';
import { createWrittenTogether, type Written } from '../platform/written-together';

/** Any JSON value that another module's type describes: a snapshot, terms, settings. */
export const json = Schema.Types.Mixed;

/**
 * A collection with its own string ids, no versions of mongoose's, and refusal of every field that the schema
 * does not name.
 */
export function collection<T extends { _id: string }>(
  connection: Connection,
  name: string,
  fields: Record<Exclude<keyof T & string, '_id'>, unknown>,
  indexes: [IndexDefinition, IndexOptions?][] = [],
): Model<T> {
  // The type parameter T is what callers hold on to; mongoose's own inference from schema literals is not
  // wanted here.
  const definition = { _id: { type: String, required: true }, ...fields } as SchemaDefinition;
  const schema: Schema = new Schema(definition, {
    collection: name,
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
    minimize: false,
    id: false,
  });
  for (const [index, options] of indexes) schema.index(index, options);
  return connection.model(name, schema) as unknown as Model<T>;
}

/** A row as its module hands it out: without the database's id. */
export function withoutId<T extends { _id: string }>(row: T): Omit<T, '_id'> {
  const { _id, ...rest } = row;
  return rest;
}

/**
 * Compare-and-set of one document that reads and writes by `_id` alone. A filter of more fields would scan
 * the embedded database's collection, and its findOneAndUpdate always does. Of several at once one wins:
 * their writes conflict, and the others begin again and see what it left.
 *
 * @param session of the caller's transaction; without one it has its own
 * @returns the document as it was before; null where there is none, or it is not as expected
 */
export async function changeIf<Row extends { _id: string }>(
  rows: Model<Row>,
  _id: string,
  isExpected: (row: Row) => boolean,
  change: UpdateQuery<Row> | ((row: Row) => UpdateQuery<Row>),
  session?: ClientSession,
): Promise<Row | null> {
  if (!session) return rows.db.transaction((own) => changeIf(rows, _id, isExpected, change, own));
  const row = await rows.findById(_id).session(session).lean<Row>();
  if (!row || !isExpected(row)) return null;
  await rows.updateOne({ _id }, typeof change === 'function' ? change(row) : change, { session });
  return row;
}

/**
 * Counts up the document's `writes` and reads it, inside a transaction. It writes first: from then on nobody
 * else does until the end.
 *
 * @returns null where there is none
 */
export async function readForWriting<Row extends { _id: string; writes: number }>(
  rows: Model<Row>,
  _id: string,
  session: ClientSession,
): Promise<Row | null> {
  await rows.updateOne({ _id }, { $inc: { writes: 1 } }, { session });
  return rows.findById(_id).session(session).lean<Row>();
}

/**
 * Inserts one new row in a transaction, as it is given: nothing casts it.
 *
 * @throws the database's error of a duplicate ({@link isDuplicate}) where it is there already
 */
export async function insertNew<Row extends { _id: string }>(
  rows: Model<Row>,
  row: Row,
  session: ClientSession,
): Promise<void> {
  await rows.collection.insertOne(row as never, { session, ignoreUndefined: true });
}

/**
 * Inserts independent rows, those that come at the same time together (design, decision 14). A row that is
 * there already, or that the database does not take, fails alone. What is written is as given: nothing casts
 * it.
 */
export const insertsTogether = <Row extends { _id: string }>(
  rows: Model<Row>,
): ((row: Row) => Promise<void>) =>
  createWrittenTogether((together) =>
    eachAlone(together, undefined, async (some) => {
      await rows.collection.insertMany(some as never[], { ordered: false, ignoreUndefined: true });
    }),
  );

/**
 * Changes documents by `_id`, and by what an index has with it, those that come together likewise. True where
 * the document was there as the filter has it; false where nobody knows, since one of those in the same write
 * was not.
 */
export const changesTogether = <Row extends { _id: string }>(
  rows: Model<Row>,
): ((change: { filter: { _id: string } & Partial<Row>; set: Partial<Row> }) => Promise<boolean>) =>
  createWrittenTogether((together) =>
    eachAlone(together, false, async (some) => {
      const { matchedCount } = await rows.collection.bulkWrite(
        some.map(({ filter, set }) => ({ updateOne: { filter: filter as never, update: { $set: set } } })),
        { ordered: false },
      );
      return matchedCount === some.length;
    }),
  );

/**
 * What became of each of several writes: the driver tells which failed. Where they could not even be sent,
 * such as for one that is too large, each is written by itself.
 *
 * @param unsure what is known of the others where one of them failed
 */
async function eachAlone<T, Result>(
  together: T[],
  unsure: Result,
  write: (some: T[]) => Promise<Result>,
): Promise<Written<Result>> {
  try {
    return { failures: new Map(), result: await write(together) };
  } catch (error) {
    const failures = failuresIn(error);
    if (failures) return { failures, result: unsure };
    const wasSent = error instanceof mongo.MongoError && !(error instanceof mongo.MongoAPIError);
    if (wasSent || together.length === 1) throw error;
    const alone = new Map<number, unknown>();
    for (const [place, one] of together.entries()) {
      try {
        const written = await eachAlone([one], unsure, write);
        if (written.failures.has(0)) alone.set(place, written.failures.get(0));
      } catch (failure) {
        alone.set(place, failure);
      }
    }
    return { failures: alone, result: unsure };
  }
}

/** The writes that failed by themselves, by their place; null where nobody knows of any of them. */
function failuresIn(error: unknown): ReadonlyMap<number, unknown> | null {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) return null;
  const failed = [error.writeErrors].flat();
  return failed.length === 0
    ? null
    : new Map(
        failed.map(({ index, errmsg, code }) => [
          index,
          new mongo.MongoServerError({ message: errmsg ?? 'not written', code }),
        ]),
      );
}

/** Nothing later stands there: a command that was held up must not undo one that came after it. */
export const notLater = (standing: string | null | undefined, at: string): boolean =>
  standing == null || standing <= at;

/** The bytes of a binary field: lean reads give BSON's Binary where a Buffer was written. */
export const bytesOf = (value: Buffer | { buffer: Uint8Array }): Uint8Array =>
  Buffer.isBuffer(value) ? value : value.buffer;

/**
 * How many rows there are of each value of an expression, such as `$sealedBy`; those without any are not
 * counted.
 */
export async function countBy<T>(rows: Model<T>, expression: unknown): Promise<Record<string, number>> {
  const groups = await rows.aggregate<{ _id: unknown; count: number }>([
    { $group: { _id: expression, count: { $sum: 1 } } },
  ]);
  return Object.fromEntries(
    groups.flatMap(({ _id, count }) => (typeof _id === 'string' ? [[_id, count]] : [])),
  );
}

/** For {@link countBy}: the id of the key in a `keyId:hash`; nothing where there is no hash. */
export const keyIdOf = (field: `$${string}`): unknown => ({
  $cond: [{ $eq: [{ $type: field }, 'string'] }, { $arrayElemAt: [{ $split: [field, ':'] }, 0] }, null],
});

export const secondsBetween = (from: Date, until: Date): number =>
  Math.max(0, (until.getTime() - from.getTime()) / 1000);

/** A write that found a row with the same key already there. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11000;
}

/**
 * Whether there are rows from before a field had an index: then the field is to be filled in before the index is
 * made.
 */
export async function isOlderThanIndexOf<T>(rows: Model<T>, field: string): Promise<boolean> {
  if ((await rows.estimatedDocumentCount()) === 0) return false;
  const indexes = await rows.collection.indexes();
  return !indexes.some(({ key }) => field in (key as object));
}
