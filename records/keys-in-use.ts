import type { Connection } from 'mongoose';
import { keyedHash, type KeyRing } from '../platform/keys/key-ring';
import { collection, withoutId } from './schema';

/** The settings with keys that something stored depends on. */
export const keySettings = ['FIELD_KEYS', 'HASH_KEYS', 'PAYLOAD_KEYS'] as const;
export type KeySetting = (typeof keySettings)[number];

/** A key that something may have been written with: its id and never its value. */
export interface KeyInUse {
  setting: KeySetting;
  keyId: string;
  /** Tells another key with the same id: 64 bits of a keyed hash, from which nobody gets the key. */
  check: string;
  /** When a process was last seen that has it for its newest key, and so writes with it. */
  lastWriterAt: Date;
}

/** How often a process that runs on says which keys it writes with. */
export const SEEN_EVERY_MS = 3_600_000;

/**
 * How long nobody must have been seen to write with a key before it counts as given up. It is as long as
 * stored commands live, and far longer than a running process can be without the database.
 */
const GIVEN_UP_AFTER_MS = 7 * 24 * 3_600_000;

/** From when on nobody writes with the key, unless somebody is seen to until then. */
export const givenUpAt = ({ lastWriterAt }: Pick<KeyInUse, 'lastWriterAt'>): Date =>
  new Date(lastWriterAt.getTime() + GIVEN_UP_AFTER_MS);

/** The rings of a process; without PAYLOAD_KEYS where it has none. */
export type KeyRings = Partial<Record<KeySetting, KeyRing>>;

/**
 * A process has not got the keys that what is stored needs. It must not start: it would fail over and over,
 * or find nobody.
 */
export class KeysMissing extends Error {
  constructor(problems: string[]) {
    super(`These keys are missing or wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'KeysMissing';
  }
}

/** Which keys what is stored may need, so that a process without one of them says so at its start. */
export interface KeysInUse {
  /**
   * Compares the rings of a process with the keys in use, and notes the newest of each ring as in use.
   *
   * @throws KeysMissing with all that is wrong, before anything is noted
   */
  take(rings: KeyRings, now: Date): Promise<void>;
  /** Notes that a process with these rings runs, and writes with the newest of each. */
  seeWriter(rings: KeyRings, now: Date): Promise<void>;
  list(): Promise<KeyInUse[]>;
  /** Nothing needs the key any more; false where somebody has been seen to write with it meanwhile. */
  retire(setting: KeySetting, keyId: string, now: Date): Promise<boolean>;
}

type KeyRow = KeyInUse & { _id: string };

export function createKeysInUse(connection: Connection): KeysInUse {
  const rows = collection<KeyRow>(connection, 'keysInUse', {
    setting: String,
    keyId: String,
    check: String,
    lastWriterAt: Date,
  });

  async function list(): Promise<KeyInUse[]> {
    return (await rows.find().sort({ _id: 1 }).lean<KeyRow[]>()).map(withoutId);
  }

  async function seeWriter(rings: KeyRings, now: Date): Promise<void> {
    for (const { setting, ring } of given(rings)) {
      const { id: keyId } = ring.current;
      await rows.updateOne(
        { _id: `${setting}:${keyId}` },
        {
          $max: { lastWriterAt: now },
          $setOnInsert: { setting, keyId, check: checkOf(setting, ring, keyId) },
        },
        { upsert: true },
      );
    }
  }

  return {
    list,
    seeWriter,
    async take(rings, now) {
      // Of keys from before writers were noted nobody knows when they were written with last.
      await rows.updateMany({ lastWriterAt: null }, { $set: { lastWriterAt: now } });
      const inUse = await list();
      const problems = given(rings).flatMap(({ setting, ring }) =>
        inUse.filter((key) => key.setting === setting).flatMap((key) => problemOf(key, ring)),
      );
      if (problems.length > 0) throw new KeysMissing(problems);
      await seeWriter(rings, now);
    },
    async retire(setting, keyId, now) {
      const seenBefore = new Date(now.getTime() - GIVEN_UP_AFTER_MS);
      const { deletedCount } = await rows.deleteOne({
        _id: `${setting}:${keyId}`,
        lastWriterAt: { $lte: seenBefore },
      });
      return deletedCount === 1;
    },
  };
}

const given = (rings: KeyRings): { setting: KeySetting; ring: KeyRing }[] =>
  keySettings.flatMap((setting) => {
    const ring = rings[setting];
    return ring ? [{ setting, ring }] : [];
  });

function problemOf({ setting, keyId, check }: KeyInUse, ring: KeyRing): string[] {
  if (!ring.find(keyId)) {
    return [`${setting} has no key ${keyId}, which something stored needs: put it back, behind the newest`];
  }
  if (checkOf(setting, ring, keyId) === check) return [];
  return [
    `${setting} has another key ${keyId} than the one that what is stored was written with: a new key needs a new id`,
  ];
}

const checkOf = (setting: KeySetting, ring: KeyRing, keyId: string): string =>
  keyedHash(ring.find(keyId)!, 'key-check', `${setting}:${keyId}`).subarray(0, 8).toString('base64url');
