import type { Connection } from 'mongoose';
import type { Suitability } from '../rules/suitability';
import type { PersonKeys } from './person-keys';
import { collection } from './schema';

interface SuitabilityRow {
  _id: string;
  patientId: string;
  sealed: Buffer;
}

/**
 * The assessment before a meeting was booked, and who made it (R1.2). It is sealed, since it tells of the
 * patient's health.
 */
export interface Suitabilities {
  /** Keeps it once; the same meeting again changes nothing. */
  save(meetingId: string, patientId: string, suitability: Suitability): Promise<void>;
  /** Null for a meeting that has none. */
  read(meetingId: string): Promise<Suitability | null>;
}

const PLACE = 'suitability';

export function createSuitabilities(connection: Connection, personKeys: PersonKeys): Suitabilities {
  const rows = collection<SuitabilityRow>(connection, 'suitabilities', { patientId: String, sealed: Buffer });
  const place = (meetingId: string): string => `${PLACE}:${meetingId}`;
  return {
    async save(meetingId, patientId, suitability) {
      const sealed = await personKeys.seal(patientId, place(meetingId), suitability);
      await rows.updateOne({ _id: meetingId }, { $setOnInsert: { patientId, sealed } }, { upsert: true });
    },
    async read(meetingId) {
      const row = await rows.findById(meetingId).lean<SuitabilityRow>();
      return row && personKeys.unseal<Suitability>(row.patientId, place(meetingId), row.sealed);
    },
  };
}
