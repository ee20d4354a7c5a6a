import type { ClientSession, Connection } from 'mongoose';
import type { Suitability } from '../rules/suitability';
import type { PersonKeys } from './person-keys';
import { collection } from './schema';

interface SuitabilityRow {
  _id: string;
  patientId: string;
  sealed: Buffer;
}

/** An assessment as it is stored. */
export type SealedSuitability = SuitabilityRow;

/**
 * The assessment before a meeting was booked, and who made it (R1.2). It is sealed, since it tells of the
 * patient's health.
 */
export interface Suitabilities {
  /** Seals it for {@link add}: what needs the patient's key is done before the transaction. */
  seal(meetingId: string, patientId: string, suitability: Suitability): Promise<SealedSuitability>;
  /** Saves it with a new meeting, in the transaction of the booking. */
  add(sealed: SealedSuitability, session: ClientSession): Promise<void>;
  /** Null for a meeting that has none. */
  read(meetingId: string): Promise<Suitability | null>;
}

const PLACE = 'suitability';

export function createSuitabilities(connection: Connection, personKeys: PersonKeys): Suitabilities {
  const rows = collection<SuitabilityRow>(connection, 'suitabilities', { patientId: String, sealed: Buffer });
  const place = (meetingId: string): string => `${PLACE}:${meetingId}`;
  return {
    async seal(meetingId, patientId, suitability) {
      const sealed = await personKeys.seal(patientId, place(meetingId), suitability);
      return { _id: meetingId, patientId, sealed };
    },
    async add({ _id, ...sealed }, session) {
      // An earlier release kept it before the booking: a run that ended between the two has left it.
      await rows.updateOne({ _id }, { $setOnInsert: sealed }, { upsert: true, session });
    },
    async read(meetingId) {
      const row = await rows.findById(meetingId).lean<SuitabilityRow>();
      return row && personKeys.unseal<Suitability>(row.patientId, place(meetingId), row.sealed);
    },
  };
}
