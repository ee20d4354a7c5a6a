import type { Connection } from 'mongoose';
import { randomId } from '../platform/keys/random-id';
import { toInstant, type Instant } from '../rules/instant';
import { collection, withoutId } from './schema';

/**
 * A restore: the database, or Temporal's, was put back from a backup. One or both of them know nothing of
 * what happened between the two instants.
 */
export interface Restore {
  /** The backup is of this instant: the older one, where the two databases are of different ones. */
  dataAsOf: Instant;
  /** When everything had been stopped for it. */
  restoredAt: Instant;
  /** When an operator let notices go again; null while all wait. */
  releasedAt: Instant | null;
}

/** What was restored, and whether notices wait for that. */
export interface Restores {
  note(restore: Pick<Restore, 'dataAsOf' | 'restoredAt'>): Promise<void>;
  /** Lets notices go again; answers with how many restores they waited for. */
  release(at: Date): Promise<number>;
  /** There are none, or a handful. */
  all(): Promise<Restore[]>;
}

export function createRestores(connection: Connection): Restores {
  const rows = collection<Restore & { _id: string }>(connection, 'restores', {
    dataAsOf: String,
    restoredAt: String,
    releasedAt: String,
  });
  return {
    async note(restore) {
      await rows.create({ _id: randomId(), ...restore, releasedAt: null });
    },
    async release(at) {
      const { modifiedCount } = await rows.updateMany(
        { releasedAt: null },
        { $set: { releasedAt: toInstant(at) } },
      );
      return modifiedCount;
    },
    async all() {
      return (await rows.find().sort({ restoredAt: 1 }).lean<(Restore & { _id: string })[]>()).map(withoutId);
    },
  };
}
