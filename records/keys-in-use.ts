import type { Connection } from 'mongoose';
import { keyedHash, type KeyRing } from '../keys/key-ring';
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
  /** Since when it has been seen that another one is the newest; null for the newest. What is older may have been written with it. */
  olderSince: Date | null;
}

/** A process has not got the keys that what is stored needs. It must not start: it would fail over and over, or find nobody. */
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
  take(rings: Partial<Record<KeySetting, KeyRing>>, now: Date): Promise<void>;
  list(): Promise<KeyInUse[]>;
  /** Nothing needs the key any more. */
  retire(setting: KeySetting, keyId: string): Promise<void>;
}

type KeyRow = KeyInUse & { _id: string };

export function createKeysInUse(connection: Connection): KeysInUse {
  const rows = collection<KeyRow>(connection, 'keysInUse', {
    setting: String,
    keyId: String,
    check: String,
    olderSince: Date,
  });

  async function list(): Promise<KeyInUse[]> {
    return (await rows.find().sort({ _id: 1 }).lean<KeyRow[]>()).map(withoutId);
  }

  return {
    list,
    async take(rings, now) {
      const inUse = await list();
      const given = keySettings.flatMap((setting) => {
        const ring = rings[setting];
        return ring ? [{ setting, ring }] : [];
      });
      const problems = given.flatMap(({ setting, ring }) =>
        inUse.filter((key) => key.setting === setting).flatMap((key) => problemOf(key, ring)),
      );
      if (problems.length > 0) throw new KeysMissing(problems);
      for (const { setting, ring } of given) {
        const { id: keyId } = ring.current;
        await rows.updateOne(
          { _id: `${setting}:${keyId}` },
          {
            $set: { olderSince: null },
            $setOnInsert: { setting, keyId, check: checkOf(setting, ring, keyId) },
          },
          { upsert: true },
        );
        await rows.updateMany(
          { setting, keyId: { $ne: keyId }, olderSince: null },
          { $set: { olderSince: now } },
        );
      }
    },
    async retire(setting, keyId) {
      await rows.deleteOne({ _id: `${setting}:${keyId}`, olderSince: { $ne: null } });
    },
  };
}

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
