import type { Connection } from 'mongoose';
import { randomId } from '../keys/random-id';
import type { Instant } from '../rules/instant';
import { collection, withoutId } from './schema';

/** One reading or change of a patient's data, or a refused one: who, which clinic, when, what, whose and why (R8.2). */
export interface AuditEntry {
  at: Instant;
  clinicId: string;
  /** The clinic's own reference to the member of staff, as named in the request. */
  staffId: string;
  role: string;
  operation: string;
  /** What it was done to, by id; null for a list. */
  subjectId: string | null;
  /** Whose data, by the person's id; null where it is nobody's. */
  personId: string | null;
  reason: string | null;
  allowed: boolean;
}

export interface Audit {
  write(entries: AuditEntry[]): Promise<void>;
  /** Newest first: who has read or changed this person's data (R8.2). */
  ofPerson(clinicId: string, personId: string, limit: number): Promise<AuditEntry[]>;
}

export function createAudit(connection: Connection): Audit {
  const rows = collection<AuditEntry & { _id: string }>(
    connection,
    'audit',
    {
      at: String,
      clinicId: String,
      staffId: String,
      role: String,
      operation: String,
      subjectId: String,
      personId: String,
      reason: String,
      allowed: Boolean,
    },
    [[{ clinicId: 1, personId: 1, at: -1 }]],
  );
  return {
    async write(entries) {
      await rows.insertMany(entries.map((entry) => ({ _id: randomId(), ...entry })));
    },
    async ofPerson(clinicId, personId, limit) {
      const found = await rows
        .find({ clinicId, personId })
        .sort({ at: -1 })
        .limit(limit)
        .lean<(AuditEntry & { _id: string })[]>();
      return found.map(withoutId);
    },
  };
}
