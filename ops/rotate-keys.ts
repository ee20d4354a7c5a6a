import type { Records } from '../records';
import { givenUpAt, type KeyInUse, type KeySetting } from '../records/keys-in-use';

/** So many persons are read at once. */
const AT_ONCE = 200;

/**
 * What a rotation came to. It changes nothing that is done already, so it may be stopped anywhere and run
 * again.
 */
export interface Rotated {
  /** How many it has changed. */
  changed: number;
  /**
   * Opaque ids of what stays under the old key, since it could not be read or changed; look at each by hand.
   */
  failed: string[];
}

/**
 * Wraps each person's key, and seals each webhook's secrets and who has claimed an invitation (R4.2), with
 * the newest of FIELD_KEYS. Runs beside the service. Stored commands stay as they are: they go after seven
 * days.
 *
 * @param progress told after each round how many are done
 */
export async function rewrapKeys(
  { personKeys, webhooks, claims }: Pick<Records, 'personKeys' | 'webhooks' | 'claims'>,
  progress: (changed: number) => void = () => undefined,
): Promise<Rotated> {
  const persons = await inRounds(async (after) => {
    const { rewrapped, ...round } = await personKeys.rewrap(after, AT_ONCE);
    return { changed: rewrapped, ...round };
  }, progress);
  return { ...persons, changed: persons.changed + (await webhooks.reseal()) + (await claims.reseal()) };
}

/**
 * Makes the hashes that persons are found by anew with the newest of HASH_KEYS, and those of numbers that
 * uncertain SMS and the caps are looked for by. Runs beside the service, which finds under each of the keys.
 */
export async function rehashNumbers(
  { people, ledger }: Pick<Records, 'people' | 'ledger'>,
  now: Date,
  progress: (changed: number) => void = () => undefined,
): Promise<Rotated> {
  const persons = await inRounds(async (after) => {
    const { rehashed, ...round } = await people.rehash(after, AT_ONCE);
    return { changed: rehashed, ...round };
  }, progress);
  const { failed } = persons;
  let { changed } = persons;
  for (const { rowId, clinicId, personId } of await ledger.hashedByOlderKey(sinceFor(now))) {
    const number = (await people.find(clinicId, personId))?.personal.mobile?.number;
    // The number has changed since: we know its old hash only, and it counts as long as the old key is there.
    if (number !== undefined && (await ledger.rehashAddress(rowId, number))) changed += 1;
    else failed.push(rowId);
  }
  return { changed, failed };
}

/** A key in use, with how many things need it, by what they are. */
export interface KeyNeed extends Pick<KeyInUse, 'setting' | 'keyId' | 'lastWriterAt'> {
  /** Null where only Temporal can tell: of PAYLOAD_KEYS. */
  needs: Record<string, number> | null;
}

/** Which keys are in use, and what for. */
export async function keyNeeds(
  records: Pick<
    Records,
    'keysInUse' | 'personKeys' | 'webhooks' | 'claims' | 'people' | 'commands' | 'ledger'
  >,
  now: Date,
): Promise<KeyNeed[]> {
  const inUse = await records.keysInUse.list();
  const ofCommands = await records.commands.keysNeeded();
  const needed: Record<Exclude<KeySetting, 'PAYLOAD_KEYS'>, Record<string, Record<string, number>>> = {
    FIELD_KEYS: {
      persons: await records.personKeys.wrappedBy(),
      webhooks: await records.webhooks.sealedBy(),
      claims: await records.claims.sealedBy(),
      commands: ofCommands.fieldKeys,
    },
    HASH_KEYS: {
      persons: await records.people.hashedBy(),
      commands: ofCommands.hashKeys,
      notices: await records.ledger.hashedBy(sinceFor(now)),
    },
  };
  return inUse.map(({ setting, keyId, lastWriterAt }) => ({
    setting,
    keyId,
    lastWriterAt,
    needs:
      setting === 'PAYLOAD_KEYS'
        ? null
        : Object.fromEntries(
            Object.entries(needed[setting]).map(([what, counts]) => [what, counts[keyId] ?? 0]),
          ),
  }));
}

/**
 * Forgets that a key was in use, so that it may be taken out of its ring: when nobody has been seen to write
 * with it for seven days and nothing needs it.
 *
 * @param workflowsUnder how many workflows that have not ended began before an instant, as Temporal knows
 * them
 * @returns why it cannot be, or null where it is done
 */
export async function retireKey(
  records: Parameters<typeof keyNeeds>[0],
  { setting, keyId }: { setting: KeySetting; keyId: string },
  workflowsUnder: (before: Date) => Promise<number>,
  now: Date,
): Promise<string | null> {
  const key = (await keyNeeds(records, now)).find((each) => each.setting === setting && each.keyId === keyId);
  if (!key) return `${setting} has no key ${keyId} in use`;
  // A process that began before the rotation, or was started since with the keys as they were, goes on
  // writing with it.
  const from = givenUpAt(key);
  if (now < from) {
    return `a process that writes with ${keyId} of ${setting} was seen at ${key.lastWriterAt.toISOString()}: put a newer key before it and start every process again; it can be retired from ${from.toISOString()} on, if none is seen until then`;
  }
  const needs = key.needs ?? { workflows: await workflowsUnder(from) };
  const left = Object.entries(needs).filter(([, count]) => count > 0);
  if (left.length > 0) {
    return `${keyId} of ${setting} is still needed: ${left.map(([what, count]) => `${count} ${what}`).join(', ')}`;
  }
  const isRetired = await records.keysInUse.retire(setting, keyId, now);
  return isRetired ? null : `a process that writes with ${keyId} of ${setting} has been seen just now`;
}

/**
 * An uncertain SMS is looked for by its number's hash for three days (rules/reconciliation.ts), and the caps
 * count one day back.
 */
const LOOKED_FOR_MS = 4 * 24 * 3_600_000;
const sinceFor = (now: Date): Date => new Date(now.getTime() - LOOKED_FOR_MS);

async function inRounds(
  round: (after: string | null) => Promise<Rotated & { next: string | null }>,
  progress: (changed: number) => void,
): Promise<Rotated> {
  const all: Rotated = { changed: 0, failed: [] };
  let after: string | null = null;
  do {
    const { changed, failed, next } = await round(after);
    all.changed += changed;
    all.failed.push(...failed);
    progress(all.changed);
    after = next;
  } while (after !== null);
  return all;
}
