import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { createRecords, type Records } from '../../records';
import { connectRecords } from '../../records/connection';
import { testKeys } from './keys';
import type { Service } from './service';

/**
 * A row of a service as an earlier release had written it, without some fields, in a database of its own that no
 * process of this release has prepared yet. An index cannot be dropped in a database that is in use: the embedded one
 * stops taking writes then, also those of other tests.
 *
 * @returns what `work` made of the records there
 */
export async function withRowOfBefore<T>(
  service: Service,
  { collection, _id, without }: { collection: string; _id: string; without: string[] },
  work: (records: Records) => Promise<T>,
): Promise<T> {
  const uriOf = (name: string): string => process.env.TEST_MONGODB_URI?.replace('DATABASE', name) ?? '';
  const uri = uriOf(`t${randomBytes(6).toString('hex')}`);
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  const connection = await connectRecords(uri);
  try {
    const rows = service.database.db!.collection<{ _id: string }>(collection);
    const row = await rows.findOne({ _id });
    if (!row) throw new Error(`no row ${_id}`);
    const kept = Object.entries(row).filter(([field]) => !without.includes(field));
    await client
      .db()
      .collection<{ _id: string }>(collection)
      .insertOne(Object.fromEntries(kept) as { _id: string });
    return await work(createRecords(connection, testKeys));
  } finally {
    await connection.dropDatabase();
    await Promise.all([connection.close(), client.close()]);
  }
}
