import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import { collection } from './schema';

/** Whom a link is for: one participant of one meeting, or of one message case. */
export type LinkedParticipant =
  { meetingId: string; participantId: string } | { caseId: string; participantId: string };

interface LinkRow {
  _id: string;
  meetingId?: string;
  caseId?: string;
  participantId: string;
}

/**
 * The links that were made, found by a hash of their code. The code itself is derived when it is needed and
 * never kept (design, decision 7). Whoever makes a link stores it here first, so each key of a rotation has
 * its own row.
 */
export interface Links {
  /** @param session of a transaction that it is to be kept with */
  save(code: string, participant: LinkedParticipant, session?: ClientSession): Promise<void>;
  /** By {@link hashOfCode}. */
  find(codeHash: string): Promise<LinkedParticipant | null>;
  /** The one of these codes that was made, as its {@link hashOfCode}; null for none. */
  known(codes: string[]): Promise<string | null>;
}

export function createLinks(connection: Connection): Links {
  const rows = collection<LinkRow>(connection, 'links', {
    meetingId: String,
    caseId: String,
    participantId: String,
  });
  return {
    async save(code, participant, session) {
      await rows.updateOne(
        { _id: hashOfCode(code) },
        { $setOnInsert: participant },
        { upsert: true, ...(session ? { session } : {}) },
      );
    },
    async find(codeHash) {
      const row = await rows.findById(codeHash).lean<LinkRow>();
      if (!row) return null;
      const { meetingId, caseId, participantId } = row;
      if (caseId !== undefined) return { caseId, participantId };
      return meetingId === undefined ? null : { meetingId, participantId };
    },
    async known(codes) {
      const row = await rows.findOne({ _id: { $in: codes.map(hashOfCode) } }, { _id: 1 }).lean<LinkRow>();
      return row?._id ?? null;
    },
  };
}

/**
 * A code has 128 bits of a keyed hash, so a slow hash would add nothing; found by its hash, it is never
 * compared byte by byte.
 */
export const hashOfCode = (code: string): string => createHash('sha256').update(code).digest('base64url');
