import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import mongoose from 'mongoose';
import { createByteSearch } from './byte-search';

/**
 * Everything personal that the tests have handed to the service, whichever test it was: names, numbers,
 * phones, addresses, answers and what was sent. It is searched for where it must not be: in a service's
 * database and logs when its test ends, and in the servers' files and logs after all tests.
 */
const noted = new Set<string>();

/** Fields of the API whose texts are a person's. */
const PERSONAL_FIELDS = new Set(['name', 'personalNumber', 'mobile', 'email', 'answers', 'subject', 'text']);

/** Notes what is personal in the body of a request to the clinic's API. */
export function notePersonal(url: string, body: unknown): void {
  if (!/^\/clinic\/(people|cases|meetings\/[^/]+\/(forms|chat))/.test(url)) return;
  if (typeof body !== 'object' || body === null) return;
  for (const [field, value] of Object.entries(body)) if (PERSONAL_FIELDS.has(field)) noteTexts(value);
}

/** Notes each text in a value. */
export function noteTexts(value: unknown): void {
  // Blanks are nobody's, and everywhere.
  if (typeof value === 'string') {
    if (value.trim() !== '') noted.add(value);
  } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(noteTexts);
}

const fileIn = (folder: string): string => path.join(folder, 'personal.jsonl');

/** Keeps what was noted for the search after all tests. */
export function keepPersonal(folder: string): void {
  appendFileSync(fileIn(folder), [...noted].map((text) => `${JSON.stringify(text)}\n`).join(''));
}

/** All that any test has noted. */
export function allPersonal(folder: string): string[] {
  const file = fileIn(folder);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as string);
}

/** Where anything that was noted stands in a database, byte by byte as it is sent there, or in log lines. */
export async function personalIn(uri: string, logLines: string[]): Promise<string[]> {
  const search = createByteSearch(noted);
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  const places: string[] = [];
  try {
    for (const collection of await client.db().collections()) {
      // The driver hands out the documents as the database has them.
      for await (const row of collection.find({}, { raw: true })) {
        const found = search.in(row as unknown as Buffer);
        if (found.size > 0) places.push(`${collection.collectionName}: ${[...found].join(', ')}`);
      }
    }
  } finally {
    await client.close();
  }
  for (const text of search.in(Buffer.from(logLines.join('')))) places.push(`log: ${text}`);
  return [...new Set(places)];
}
