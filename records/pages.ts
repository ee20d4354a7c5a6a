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

/**
 * Matches what comes after a cursor, in the order of a field and then of the id.
 * @param read what the field holds for a value of the cursor, where that is not text
 */
export function cursorAfter(
  field: string,
  cursor: string | null,
  read: (value: string) => unknown = (value) => value,
): Record<string, unknown> {
  if (cursor === null) return {};
  const { value, id } = parseCursor(cursor);
  const at = read(value);
  return { $or: [{ [field]: { $gt: at } }, { [field]: at, _id: { $gt: id } }] };
}

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
