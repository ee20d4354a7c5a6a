import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { createByteSearch } from './byte-search';
import { allPersonal } from './personal';

/**
 * Stops what the set-up started, and searches all that the servers have written, as bytes, for everything
 * personal that any test has handed to the service (R8.3).
 */
export default async function globalTeardown(): Promise<void> {
  const { TEST_FOLDER: folder = '' } = process.env;
  const canary = `canary-${randomBytes(16).toString('hex')}`;
  await plant(canary);
  await globalThis.stopTestServers?.();

  const personal = createByteSearch([...allPersonal(folder), canary]);
  const places: string[] = [];
  // Temporal may name what was planted in its log, too.
  const unseen = new Set(['temporal', 'database']);
  for (const place of ['temporal', 'database', 'temporal.log', 'database.log']) {
    const file = path.join(folder, place);
    const found = place.endsWith('.log')
      ? new Map([[place, personal.inFile(file)]])
      : personal.inFolder(file);
    const texts = new Set([...found.values()].flatMap((each) => [...each]));
    if (texts.delete(canary)) unseen.delete(place);
    for (const text of texts) places.push(`${place}: ${text}`);
  }
  if (unseen.size > 0)
    throw new Error(`the search is blind: it did not find what it planted in ${[...unseen].join()}`);
  if (places.length > 0) throw new Error(`personal data in the servers’ files:\n${places.join('\n')}`);
}

/**
 * Writes something to both servers that the search must find, where a search that is blind would find nothing
 * and be content.
 */
async function plant(canary: string): Promise<void> {
  const { TEST_TEMPORAL_ADDRESS: address = '', TEST_MONGODB_URI: uri = '' } = process.env;
  const database = await new mongoose.mongo.MongoClient(uri.replace('DATABASE', 'canary')).connect();
  await database.db().collection('canaries').insertOne({ text: canary });
  await database.close();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace: 'test' });
  await client.workflow.start('canary', { taskQueue: 'nobody', workflowId: canary });
  await connection.close();
}
