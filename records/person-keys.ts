import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { KeyRing } from '../platform/keys/key-ring';
import { seal, unseal } from '../platform/keys/seal';
import { bytesOf, collection, countBy, isDuplicate } from './schema';

interface PersonKeyRow {
  _id: string;
  wrappedBy: string;
  wrapped: Buffer;
}

/**
 * One data key per person, wrapped by the service's field keys. Data that it seals can be read for as long as
 * its row is there. To delete the row erases the person's data everywhere, backups of the other collections
 * included (decision 7).
 */
export interface PersonKeys {
  /** Seals a JSON value for one person; `place` binds it to where it is kept. */
  seal(personId: string, place: string, value: unknown): Promise<Buffer>;
  /** @throws when the person was erased, or the value was moved from another place */
  unseal<T>(personId: string, place: string, sealed: Buffer): Promise<T>;
  /**
   * For contents of many parts: the key is read once, and never made. @throws when the person was erased, or
   * nothing was sealed for them before
   */
  forBytes(personId: string): Promise<ByteSeal>;
  /**
   * Wraps the next keys that are wrapped by an older field key with the newest. What was sealed with them
   * stays as it is.
   *
   * @param after the person's id that the call before ended with; null to begin
   */
  rewrap(after: string | null, limit: number): Promise<Rewrapped>;
  /** How many are wrapped by each field key, by its id. */
  wrappedBy(): Promise<Record<string, number>>;
}

/** Seals and opens bytes with one person's key; `place` binds them to where they are kept. */
export interface ByteSeal {
  seal(place: string, plain: Uint8Array): Buffer;
  /** @throws when they were moved from another place, or changed */
  unseal(place: string, sealed: Uint8Array): Buffer;
}

/** What one round of wrapping came to. */
export interface Rewrapped {
  rewrapped: number;
  /** Persons whose key cannot be unwrapped: by a field key that this process has not got, or not with it. */
  failed: string[];
  /** Where the next round goes on; null where nothing is left. */
  next: string | null;
}

export function createPersonKeys(connection: Connection, fieldKeys: KeyRing): PersonKeys {
  const rows = collection<PersonKeyRow>(connection, 'personKeys', { wrappedBy: String, wrapped: Buffer }, [
    [{ wrappedBy: 1, _id: 1 }],
  ]);
  const bound = (personId: string): string => `person-key:${personId}`;

  function unwrap(row: PersonKeyRow): Buffer {
    const key = fieldKeys.find(row.wrappedBy);
    if (!key) throw new Error(`no field key with the id ${row.wrappedBy}`);
    return unseal(key, bytesOf(row.wrapped), bound(row._id));
  }

  async function keyOf(personId: string): Promise<Buffer> {
    const row = await rows.findById(personId).lean<PersonKeyRow>();
    if (!row) throw new Error('this person has no key: erased, or never recorded');
    return unwrap(row);
  }

  async function keyMadeIfMissing(personId: string): Promise<Buffer> {
    const row = await rows.findById(personId).lean<PersonKeyRow>();
    if (row) return unwrap(row);
    const key = randomBytes(32);
    try {
      const wrapped = seal(fieldKeys.current.key, key, bound(personId));
      await rows.create({ _id: personId, wrappedBy: fieldKeys.current.id, wrapped });
      return key;
    } catch (error) {
      if (isDuplicate(error)) return keyOf(personId);
      throw error;
    }
  }

  return {
    async forBytes(personId) {
      const key = await keyOf(personId);
      const at = (place: string): string => `${place}:${personId}`;
      return {
        seal: (place, plain) => seal(key, plain, at(place)),
        unseal: (place, sealed) => unseal(key, sealed, at(place)),
      };
    },
    async seal(personId, place, value) {
      return seal(
        await keyMadeIfMissing(personId),
        Buffer.from(JSON.stringify(value)),
        `${place}:${personId}`,
      );
    },
    async unseal<T>(personId: string, place: string, sealed: Buffer) {
      const plain = unseal(await keyOf(personId), bytesOf(sealed), `${place}:${personId}`);
      return JSON.parse(plain.toString()) as T;
    },
    async rewrap(after, limit) {
      const { id, key } = fieldKeys.current;
      const found = await rows
        .find({ wrappedBy: { $ne: id }, ...(after === null ? {} : { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PersonKeyRow[]>();
      const failed: string[] = [];
      let rewrapped = 0;
      for (const row of found) {
        let wrapped: Buffer;
        try {
          wrapped = seal(key, unwrap(row), bound(row._id));
        } catch {
          failed.push(row._id);
          continue;
        }
        // One who is erased meanwhile stays erased: an update makes no row.
        const { modifiedCount } = await rows.updateOne(
          { _id: row._id, wrappedBy: row.wrappedBy },
          { $set: { wrappedBy: id, wrapped } },
        );
        rewrapped += modifiedCount;
      }
      return { rewrapped, failed, next: found.length < limit ? null : found.at(-1)!._id };
    },
    wrappedBy: () => countBy(rows, '$wrappedBy'),
  };
}
