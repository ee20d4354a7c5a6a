import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import type { Channel } from '../rules/consents';
import { toInstant, type Instant } from '../rules/instant';
import { mostWayCodes, WAY_CODE_TRIES, wayCodeCaps, type WayCodeCap } from '../rules/way-codes';
import type { AddressHashes } from './address-hashes';
import type { PersonKeys } from './person-keys';
import { changeIf, collection, isDuplicate } from './schema';

/**
 * A number or an address that somebody typed for themselves, until its code has come back (R2.13). One person
 * has one of each channel.
 */
export interface WayCode {
  codeId: string;
  personId: string;
  clinicId: string;
  channel: Channel;
  /** The number in E.164, or the address. */
  to: string;
  /** Six digits. */
  code: string;
  /** With it, a yes to SMS to the new number was given. */
  sms: boolean;
  expiresAt: Instant;
}

/** Which code, without what it says. */
export type WayCodeOf = Pick<WayCode, 'personId' | 'channel' | 'codeId'>;

interface WayCodeRow extends Omit<WayCode, 'to' | 'code'> {
  _id: string;
  /** Where it goes and what it says, with the person's key. */
  sealed: Buffer;
  tries: number;
  /** When somebody has to hand it over; absent where nobody has to. */
  sendAt?: Date;
  createdAt: Date;
}

interface CountRow {
  _id: string;
  count: number;
  day: Date;
}

export interface WayCodes {
  /**
   * Keeps a code to be sent, in place of an earlier one of the person's; the same `codeId` again changes
   * nothing.
   * @returns the cap that one more would exceed, or null where it is kept
   */
  put(code: WayCode, now: Date): Promise<WayCodeCap | null>;
  /** Null where there is none, or it holds no more. */
  find(personId: string, channel: Channel, now: Date, session?: ClientSession): Promise<WayCode | null>;
  /** Counts a try to write it; false where there have been too many. */
  try(of: WayCodeOf): Promise<boolean>;
  /** It has come back, and what it was for is done. */
  remove(of: WayCodeOf): Promise<void>;
  /** Takes the code that has waited longest to be sent, for `forMs`; null where none is due. */
  takeDue(now: Date, forMs: number): Promise<Omit<WayCode, 'to' | 'code'> | null>;
  /** When to hand it over again; null where it is over. */
  noteSending(of: WayCodeOf, again: Date | null): Promise<void>;
}

const KEPT_SECONDS = 24 * 3_600;
/** Of a code that has been used. */
const OVER: Instant = '1970-01-01T00:00:00.000Z';

const isIt =
  ({ codeId }: WayCodeOf) =>
  (row: WayCodeRow): boolean =>
    row.codeId === codeId;

export function createWayCodes(
  connection: Connection,
  personKeys: PersonKeys,
  addresses: AddressHashes,
): WayCodes {
  const rows = collection<WayCodeRow>(
    connection,
    'wayCodes',
    {
      codeId: String,
      personId: String,
      clinicId: String,
      channel: String,
      sms: Boolean,
      expiresAt: String,
      sealed: Buffer,
      tries: Number,
      sendAt: Date,
      createdAt: Date,
    },
    [
      // Without sendAt, most are not in the sparse index.
      [{ sendAt: 1 }, { sparse: true }],
      [{ createdAt: 1 }, { expireAfterSeconds: KEPT_SECONDS }],
    ],
  );
  const counts = collection<CountRow>(connection, 'wayCodeCounts', { count: Number, day: Date }, [
    [{ day: 1 }, { expireAfterSeconds: 2 * KEPT_SECONDS }],
  ]);
  const idOf = ({ personId, channel }: Pick<WayCode, 'personId' | 'channel'>): string =>
    `${personId}:${channel}`;
  const placeOf = (of: Pick<WayCode, 'personId' | 'channel'>): string => `way-code:${idOf(of)}`;

  /**
   * Counts one more; false where the cap is reached. A counter of its own for each, so that many at once
   * exceed none.
   */
  async function countOne(name: string, most: number, now: Date): Promise<boolean> {
    const day = toInstant(now).slice(0, 10);
    const _id = `${name}:${day}`;
    try {
      await counts.create({ _id, count: 1, day: new Date(day) });
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    return (await changeIf(counts, _id, ({ count }) => count < most, { $inc: { count: 1 } })) !== null;
  }

  /**
   * What each cap counts by; an e-mail address, of which no keyed hash is kept elsewhere, by the same keys.
   */
  const countedBy = ({ personId, clinicId, to }: WayCode): Record<WayCodeCap, string> => ({
    address: createHash('sha256').update(addresses.newest(to.toLowerCase())).digest('base64url'),
    person: personId,
    clinic: clinicId,
  });

  return {
    async put(code, now) {
      const { to, code: digits, ...row } = code;
      const _id = idOf(code);
      const before = await rows.findById(_id).lean<WayCodeRow>();
      if (before?.codeId === code.codeId) return null;
      const names = countedBy(code);
      for (const cap of wayCodeCaps)
        if (!(await countOne(`${cap}:${names[cap]}`, mostWayCodes[cap], now))) return cap;
      const sealed = await personKeys.seal(code.personId, placeOf(code), { to, code: digits });
      await rows.replaceOne(
        { _id },
        { _id, ...row, sealed, tries: 0, sendAt: now, createdAt: now },
        { upsert: true },
      );
      return null;
    },
    async find(personId, channel, now, session) {
      const row = await rows
        .findById(idOf({ personId, channel }))
        .session(session ?? null)
        .lean<WayCodeRow>();
      if (!row || row.expiresAt <= toInstant(now)) return null;
      const { codeId, clinicId, sms, expiresAt } = row;
      const sealed = await personKeys.unseal<Pick<WayCode, 'to' | 'code'>>(
        personId,
        placeOf(row),
        row.sealed,
      );
      return { codeId, personId, clinicId, channel, sms, expiresAt, ...sealed };
    },
    async try(of) {
      const mayTry = (row: WayCodeRow): boolean => isIt(of)(row) && row.tries < WAY_CODE_TRIES;
      return (await changeIf(rows, idOf(of), mayTry, { $inc: { tries: 1 } })) !== null;
    },
    async remove(of) {
      // Not deleted: another code may have taken its place. What it said goes at once, the row after a day.
      await changeIf(rows, idOf(of), isIt(of), {
        $set: { expiresAt: OVER, sealed: Buffer.alloc(0) },
        $unset: { sendAt: 1 },
      });
    },
    async takeDue(now, forMs) {
      const row = await rows
        .findOne({ sendAt: { $lte: now } })
        .sort({ sendAt: 1 })
        .lean<WayCodeRow>();
      if (!row) return null;
      const { _id, codeId, personId, clinicId, channel, sms, expiresAt, sendAt } = row;
      const isAsRead = (now: WayCodeRow): boolean =>
        now.codeId === codeId && now.sendAt?.getTime() === sendAt?.getTime();
      const later = { $set: { sendAt: new Date(now.getTime() + forMs) } };
      return (
        (await changeIf(rows, _id, isAsRead, later)) && {
          codeId,
          personId,
          clinicId,
          channel,
          sms,
          expiresAt,
        }
      );
    },
    async noteSending(of, again) {
      await changeIf(
        rows,
        idOf(of),
        isIt(of),
        again ? { $set: { sendAt: again } } : { $unset: { sendAt: 1 } },
      );
    },
  };
}
