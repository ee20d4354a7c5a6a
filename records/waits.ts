import type { Connection } from 'mongoose';
import type { ParticipantRole } from '../rules/meeting';
import { collection, isDuplicate } from './schema';

/** Somebody whose page stands open at a meeting's door, or who was there a moment ago. */
export interface WaitAtDoor {
  participantId: string;
  clinicId: string;
  meetingId: string;
  startVersion: number;
  role: ParticipantRole;
  /** Since when without a break. */
  since: Date;
  seenAt: Date;
}

type WaitRow = Omit<WaitAtDoor, 'participantId'> & { _id: string };

/**
 * Who stands at which door now, so that staff see who waits and for how long. It is no evidence (R5.6): that
 * has its own records.
 */
export interface Waits {
  /** The participant's page has asked just now; it asks every few seconds, and few of these are written. */
  seen(who: Omit<WaitAtDoor, 'since' | 'seenAt'>, now: Date): Promise<void>;
  /** Those of these participants who stand there now. */
  ofParticipants(participantIds: string[], now: Date): Promise<WaitAtDoor[]>;
  /** All who stand at the clinic's doors now. */
  ofClinic(clinicId: string, now: Date): Promise<WaitAtDoor[]>;
}

/** One who has been written down so recently is not written again. */
const WRITE_EVERY_MS = 20_000;
/** One whose page has been silent for so long has gone: it asks every 15 s at the least. */
const GONE_AFTER_MS = 45_000;
/** What is of no more use goes after this long. */
const KEPT_SECONDS = 3_600;
/** So many are remembered in a process; beyond that it begins anew, and a few are written once more. */
const MOST_REMEMBERED = 5_000;

export function createWaits(connection: Connection): Waits {
  const rows = collection<WaitRow>(
    connection,
    'waits',
    {
      clinicId: String,
      meetingId: String,
      startVersion: Number,
      role: String,
      since: Date,
      seenAt: Date,
    },
    [[{ clinicId: 1, seenAt: 1 }], [{ seenAt: 1 }, { expireAfterSeconds: KEPT_SECONDS }]],
  );
  /** What this process wrote last of each. */
  const written = new Map<string, { startVersion: number; seenAt: Date }>();
  const goneBefore = (now: Date): Date => new Date(now.getTime() - GONE_AFTER_MS);
  const waitOf = ({ _id, ...row }: WaitRow): WaitAtDoor => ({ participantId: _id, ...row });

  return {
    async seen({ participantId, ...who }, now) {
      const last = written.get(participantId);
      const sinceMs = last ? now.getTime() - last.seenAt.getTime() : Infinity;
      if (last?.startVersion === who.startVersion && sinceMs >= 0 && sinceMs < WRITE_EVERY_MS) return;
      if (written.size >= MOST_REMEMBERED) written.clear();
      // Two pages of the same person at once write once.
      written.set(participantId, { startVersion: who.startVersion, seenAt: now });
      const row = await rows.findById(participantId).lean<WaitRow>();
      const goesOn = row !== null && row.startVersion === who.startVersion && row.seenAt > goneBefore(now);
      const since = goesOn ? row.since : now;
      const $set = { ...who, since, seenAt: now };
      try {
        await rows.updateOne({ _id: participantId }, { $set }, { upsert: true });
      } catch (error) {
        // Another process has just written the first of it.
        if (!isDuplicate(error)) throw error;
      }
    },
    async ofParticipants(participantIds, now) {
      const found = await rows.find({ _id: { $in: participantIds } }).lean<WaitRow[]>();
      return found.filter(({ seenAt }) => seenAt > goneBefore(now)).map(waitOf);
    },
    async ofClinic(clinicId, now) {
      const found = await rows.find({ clinicId, seenAt: { $gt: goneBefore(now) } }).lean<WaitRow[]>();
      return found.map(waitOf);
    },
  };
}
