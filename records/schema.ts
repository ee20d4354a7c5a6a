import {
  Schema,
  type Connection,
  type IndexDefinition,
  type IndexOptions,
  type Model,
  type SchemaDefinition,
} from 'mongoose';

/** Any JSON value that another module's type describes: a snapshot, terms, settings. */
export const json = Schema.Types.Mixed;

/**
 * A collection with its own string ids, no versions of mongoose's, and refusal of every field that the schema does not name.
 */
export function collection<T extends { _id: string }>(
  connection: Connection,
  name: string,
  fields: Record<Exclude<keyof T & string, '_id'>, unknown>,
  indexes: [IndexDefinition, IndexOptions?][] = [],
): Model<T> {
  // The type parameter T is what callers hold on to; mongoose's own inference from schema literals is not wanted here.
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

/** Matches a row in which nothing later stands: a command that was held up must not undo one that came after it. */
export const notLater = (field: string, at: string): Record<string, unknown> => ({
  $or: [{ [field]: null }, { [field]: { $lte: at } }],
});

/** Matches the text; says so that an index of texts alone (`$type: 'string'`) can be used for it. */
export const isText = (text: string): { $eq: string; $type: 'string' } => ({ $eq: text, $type: 'string' });

/** The bytes of a binary field: lean reads give BSON's Binary where a Buffer was written. */
export const bytesOf = (value: Buffer | { buffer: Uint8Array }): Uint8Array =>
  Buffer.isBuffer(value) ? value : value.buffer;

/** How many rows there are of each value of an expression, such as `$sealedBy`; those without any are not counted. */
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
