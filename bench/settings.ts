import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseKeyRing, type KeyRing } from '../platform/keys/key-ring';

const settingsFile = z.object({
  temporalAddress: z.string(),
  /** The dev server that was started for this run, or one that ran already. */
  temporalKind: z.enum(['dev-server', 'cluster']),
  namespace: z.string(),
  /** With `DATABASE` where a measure's own database is named. */
  mongodbUri: z.string(),
  databaseKind: z.enum(['mongod', 'secantusd']),
  /** Before the names of all that stays on a server which outlives the run; else empty. */
  prefix: z.string(),
  /** For logs and bundles; removed afterwards. */
  folder: z.string(),
  checkout: z.string(),
  /** The file that the figures go to. */
  resultFile: z.string(),
  /** The server that skips time, as a program. */
  testServer: z.string(),
  /** Where to ask what time it is at a Temporal server that skips time; null for the system's own. */
  clockUrl: z.string().nullable().default(null),
  /** Processes of the servers; none where they are on another machine. */
  pids: z.object({ temporal: z.array(z.number()), database: z.array(z.number()) }),
  /** The machine's load average before anything began. */
  loadBefore: z.number(),
  /** What share of all cores others used then, 0 to 1. */
  busyBefore: z.number(),
  secrets: z.record(z.string(), z.string()),
});

/**
 * Where the servers of this run are, and the secrets made for it: what the launcher hands to the bench and
 * its processes.
 */
export type BenchSettings = z.infer<typeof settingsFile>;

export const readSettings = (file: string): BenchSettings =>
  settingsFile.parse(JSON.parse(readFileSync(file, 'utf8')));

/** The keys that the service works with in this run. */
export interface BenchKeys {
  fieldKeys: KeyRing;
  hashKeys: KeyRing;
  payloadKeys: KeyRing;
  linkKeys: KeyRing;
  roomKey: Buffer;
  jitsiAppSecret: string;
  jitsiEventsSecret: string;
}

export function keysOf({ secrets }: BenchSettings): BenchKeys {
  const secret = (name: string): string => {
    const value = secrets[name];
    if (!value) throw new Error(`the secret ${name} was not made`);
    return value;
  };
  return {
    fieldKeys: parseKeyRing(secret('FIELD_KEYS')),
    hashKeys: parseKeyRing(secret('HASH_KEYS')),
    payloadKeys: parseKeyRing(secret('PAYLOAD_KEYS')),
    linkKeys: parseKeyRing(secret('LINK_KEYS')),
    roomKey: Buffer.from(secret('ROOM_KEY'), 'base64'),
    jitsiAppSecret: secret('JITSI_APP_SECRET'),
    jitsiEventsSecret: secret('JITSI_EVENTS_SECRET'),
  };
}

/** A name of this run alone, of a database and of a task queue. */
export const named = ({ prefix }: Pick<BenchSettings, 'prefix'>, name: string): string => `${prefix}${name}`;

/** The address of one database on the server of this run. */
export const databaseUri = ({ mongodbUri }: BenchSettings, database: string): string =>
  mongodbUri.replace('DATABASE', database);
