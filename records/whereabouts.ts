import type { ClientSession, Connection } from 'mongoose';
import type { PersonKeys } from './person-keys';
import { collection } from './schema';

/** Where a patient is during a meeting, and how to reach them should something happen (R4.8). */
export interface Whereabouts {
  place: string;
  /** As staff wrote it. */
  number: string;
}

interface WhereaboutsRow {
  _id: string;
  patientId: string;
  startVersion: number;
  sealed: Buffer;
  keptUntil: Date;
}

/**
 * What staff ask for at the start of a meeting (R4.8). It is kept for that time of the meeting alone, and
 * erased when the meeting ends: it is in no command, no event and no log.
 */
export interface WhereaboutsRecord {
  /** Replaces what was noted before. @param of `keptUntil`: the door's closing, after which nobody reads it */
  keep(
    of: { meetingId: string; patientId: string; startVersion: number; keptUntil: Date },
    whereabouts: Whereabouts,
  ): Promise<void>;
  /** Null where nothing is noted for this time of the meeting, or no longer. */
  read(meetingId: string, startVersion: number, now: Date): Promise<Whereabouts | null>;
  erase(meetingId: string, session?: ClientSession): Promise<void>;
}

const PLACE = 'whereabouts';

export function createWhereabouts(connection: Connection, personKeys: PersonKeys): WhereaboutsRecord {
  const rows = collection<WhereaboutsRow>(
    connection,
    'whereabouts',
    { patientId: String, startVersion: Number, sealed: Buffer, keptUntil: Date },
    // Should nothing else erase it, the database does.
    [[{ keptUntil: 1 }, { expireAfterSeconds: 0 }]],
  );
  const placeOf = (meetingId: string): string => `${PLACE}:${meetingId}`;
  return {
    async keep({ meetingId, patientId, startVersion, keptUntil }, whereabouts) {
      const sealed = await personKeys.seal(patientId, placeOf(meetingId), whereabouts);
      await rows.updateOne(
        { _id: meetingId },
        { $set: { patientId, startVersion, sealed, keptUntil } },
        { upsert: true },
      );
    },
    async read(meetingId, startVersion, now) {
      const row = await rows.findById(meetingId).lean<WhereaboutsRow>();
      if (!row || row.startVersion !== startVersion || row.keptUntil <= now) return null;
      return personKeys.unseal<Whereabouts>(row.patientId, placeOf(meetingId), row.sealed);
    },
    async erase(meetingId, session) {
      await rows.deleteOne({ _id: meetingId }, session ? { session } : {});
    },
  };
}
