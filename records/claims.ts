import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import type { KeyRing } from '../platform/keys/key-ring';
import { seal, unseal } from '../platform/keys/seal';
import type { Instant } from '../rules/instant';
import type { LoggedIn } from './sessions';
import { bytesOf, changeIf, collection, countBy } from './schema';

/**
 * The state of a claim on an invitation without an identity (R4.2).
 * - `arrived`: somebody has logged in with its link
 * - `asked`: they want the clinic to know who they are, and staff have to decide
 * - `lapsed`: the meeting ended before staff decided
 */
export const claimStates = ['arrived', 'asked', 'approved', 'refused', 'lapsed'] as const;
export type ClaimState = (typeof claimStates)[number];

/** Somebody who says to be the one that an invitation is for. */
export interface Claim {
  claimId: string;
  clinicId: string;
  meetingId: string;
  participantId: string;
  state: ClaimState;
  /** Kept while staff are asked, and no longer. */
  who: LoggedIn | null;
  askedAt: Instant | null;
  decidedBy: string | null;
  decidedAt: Instant | null;
  /** The command that decided. */
  commandId: string | null;
}

interface ClaimRow extends Omit<Claim, 'claimId' | 'who'> {
  _id: string;
  sealedBy: string | null;
  sealed: Buffer | null;
}

/** What staff decided, and with which command. */
export interface ClaimDecision {
  state: 'approved' | 'refused';
  by: string;
  at: Instant;
  commandId: string;
}

export interface Claims {
  /**
   * Notes that the person came with the link: without that nobody can claim anything. Again changes nothing.
   */
  arrive(about: Pick<Claim, 'clinicId' | 'meetingId' | 'participantId'>, loginHash: string): Promise<void>;
  /** The person's own; null for one who never came with the link. */
  own(participantId: string, loginHash: string): Promise<Claim | null>;
  /** Asks staff, inside the transaction that tells them; false where it was asked or decided before. */
  ask(claimId: string, who: LoggedIn, at: Instant, session: ClientSession): Promise<boolean>;
  ofMeeting(meetingId: string): Promise<Claim[]>;
  /** Keeps the decision and forgets who it was; false where there is one already. */
  decide(claimId: string, decision: ClaimDecision): Promise<boolean>;
  /** Forgets who asked and was not decided about, inside a transaction; answers with their claims. */
  lapse(meetingId: string, session: ClientSession): Promise<string[]>;
  /** Seals anew, with the newest field key, what an older one sealed. @returns how many */
  reseal(): Promise<number>;
  /** How many each field key has sealed. */
  sealedBy(): Promise<Record<string, number>>;
}

export function createClaims(connection: Connection, fieldKeys: KeyRing): Claims {
  const rows = collection<ClaimRow>(
    connection,
    'claims',
    {
      clinicId: String,
      meetingId: String,
      participantId: String,
      state: String,
      sealedBy: String,
      sealed: Buffer,
      askedAt: String,
      decidedBy: String,
      decidedAt: String,
      commandId: String,
    },
    [[{ meetingId: 1 }]],
  );
  const placeOf = (claimId: string): string => `claim:${claimId}`;
  const claimOf = ({ _id, sealed, sealedBy, ...row }: ClaimRow): Claim => {
    const key = sealedBy === null ? undefined : fieldKeys.find(sealedBy);
    if (sealed && !key) throw new Error(`no field key with the id ${String(sealedBy)}`);
    const who = sealed && key ? unseal(key, bytesOf(sealed), placeOf(_id)).toString() : null;
    return { ...row, claimId: _id, who: who === null ? null : (JSON.parse(who) as LoggedIn) };
  };

  return {
    async arrive({ clinicId, meetingId, participantId }, loginHash) {
      await rows.updateOne(
        { _id: idOf(participantId, loginHash) },
        {
          $setOnInsert: {
            clinicId,
            meetingId,
            participantId,
            state: 'arrived',
            sealedBy: null,
            sealed: null,
            askedAt: null,
            decidedBy: null,
            decidedAt: null,
            commandId: null,
          },
        },
        { upsert: true },
      );
    },
    async own(participantId, loginHash) {
      const row = await rows.findById(idOf(participantId, loginHash)).lean<ClaimRow>();
      return row && claimOf(row);
    },
    async ask(claimId, who, askedAt, session) {
      const { id: sealedBy, key } = fieldKeys.current;
      const sealed = seal(key, Buffer.from(JSON.stringify(who)), placeOf(claimId));
      const asked = { $set: { state: 'asked' as const, sealedBy, sealed, askedAt } };
      return (await changeIf(rows, claimId, ({ state }) => state === 'arrived', asked, session)) !== null;
    },
    async ofMeeting(meetingId) {
      const found = await rows.find({ meetingId }).sort({ askedAt: 1 }).lean<ClaimRow[]>();
      return found.map(claimOf);
    },
    async decide(claimId, { state, by, at, commandId }) {
      const decided = await changeIf(rows, claimId, (row) => row.state === 'asked', {
        $set: { state, decidedBy: by, decidedAt: at, commandId, sealedBy: null, sealed: null },
      });
      return decided !== null;
    },
    async lapse(meetingId, session) {
      const rowsOf = await rows.find({ meetingId }, { state: 1 }).session(session).lean<ClaimRow[]>();
      const asked = rowsOf.filter(({ state }) => state === 'asked').map(({ _id }) => _id);
      for (const _id of asked)
        await rows.updateOne(
          { _id },
          { $set: { state: 'lapsed', sealedBy: null, sealed: null } },
          { session },
        );
      return asked;
    },
    async reseal() {
      const { id, key } = fieldKeys.current;
      const older = await rows.find({ sealed: { $ne: null }, sealedBy: { $ne: id } }).lean<ClaimRow[]>();
      let resealed = 0;
      for (const row of older) {
        const sealed = seal(key, Buffer.from(JSON.stringify(claimOf(row).who)), placeOf(row._id));
        // One that is decided meanwhile is forgotten, and stays so.
        const { modifiedCount } = await rows.updateOne(
          { _id: row._id, sealedBy: row.sealedBy },
          { $set: { sealedBy: id, sealed } },
        );
        resealed += modifiedCount;
      }
      return resealed;
    },
    sealedBy: () => countBy(rows, '$sealedBy'),
  };
}

/** One claim per invitation and human, in the form of all our ids. */
const idOf = (participantId: string, loginHash: string): string =>
  createHash('sha256').update(`claim:${participantId}:${loginHash}`).digest('base64url').slice(0, 22);
