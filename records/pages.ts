import type { Model, QueryFilter } from 'mongoose';

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Where a page ended: the value that the list is in order of, and the row's id. */
export interface Cursor {
  value: string;
  id: string;
}

/** @throws RangeError for what is no cursor of ours */
export function parseCursor(cursor: string): Cursor {
  const [value, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!id || !value || Number.isNaN(Date.parse(value))) throw new RangeError('not a cursor');
  return { value, id };
}

/** What a list of a clinic is in order of, and of which values; `from` included, `until` excluded. */
interface Order<Value extends string | Date> {
  field: string;
  /** What the field holds for a value of the cursor. */
  valueOf: (text: string) => Value;
  from?: Value;
  until?: Value;
}

/**
 * Rows after a cursor, in the order of a field and then of the id, up to a limit. The first question asks for
 * the other rows with the last value of the page before. The second asks for those with a later value. An
 * index of the filter's fields, the field and the id serves each.
 */
export async function rowsAfter<Row extends { _id: string }, Value extends string | Date>(
  rows: Model<Row>,
  filter: Record<string, unknown>,
  { field, valueOf, from, until }: Order<Value>,
  cursor: string | null,
  most: number,
): Promise<Row[]> {
  const read = (where: Record<string, unknown>, limit: number): Promise<Row[]> =>
    rows
      .find({ ...filter, ...where } as QueryFilter<Row>)
      .sort({ [field]: 1, _id: 1 })
      .limit(limit)
      .lean<Row[]>()
      .exec();
  const end = until === undefined ? {} : { $lt: until };
  const { value, id } = cursor === null ? {} : parseCursor(cursor);
  const at = value === undefined ? undefined : valueOf(value);
  if (at === undefined || (from !== undefined && at < from)) {
    const range = { ...(from === undefined ? {} : { $gte: from }), ...end };
    return read(Object.keys(range).length > 0 ? { [field]: range } : {}, most);
  }
  if (until !== undefined && at >= until) return [];
  const same = await read({ [field]: at, _id: { $gt: id } }, most);
  if (same.length >= most) return same;
  return [...same, ...(await read({ [field]: { $gt: at, ...end } }, most - same.length))];
}

/**
 * The same of several filters, each of which has its own index, in one order. No row may fit two of them.
 * @param field holds text
 */
export async function rowsAfterOfEach<
  Row extends { _id: string } & Record<Field, string>,
  Field extends string,
>(
  rows: Model<Row>,
  filters: Record<string, unknown>[],
  field: Field,
  cursor: string | null,
  most: number,
): Promise<Row[]> {
  const found = await Promise.all(
    filters.map((filter) => rowsAfter(rows, filter, { field, valueOf: asText }, cursor, most)),
  );
  return found
    .flat()
    .sort((a, b) => compare(a[field], b[field]) || compare(a._id, b._id))
    .slice(0, most);
}

/** As the database orders texts. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const asText = (text: string): string => text;

/** The page in rows of which one more than its limit was read. */
export function pageOf<Row extends { _id: string }, T>(
  rows: Row[],
  limit: number,
  valueOf: (row: Row) => string,
  itemOf: (row: Row) => T,
): Page<T> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last ? Buffer.from(`${valueOf(last)} ${last._id}`).toString('base64url') : null;
  return { items: rows.slice(0, limit).map(itemOf), next };
}
