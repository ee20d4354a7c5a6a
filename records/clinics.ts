import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { FeeRow } from '../rules/fee';
import type { NoticeRules } from '../rules/notices';
import type { Instant } from '../rules/instant';
import { collection, json, notLater } from './schema';

/** What a clinic decides for itself; what a meeting was promised is copied into its terms at booking. */
export interface ClinicSettings {
  name: string;
  /** Shown to patients, once logged in (R3.5). */
  phone: string;
  /** Shown on every page and refusal (R3.5). */
  supportPhone: string;
  /** Default of a meeting's cancellation notice, in hours (R5.3). */
  noticeHours: number;
  graceMinutes: number;
  doorOpensMinutesBefore: number;
  overrunMinutes: number;
  /** A clinic can leave the link out of its SMS (R2.3). */
  linkInSms: boolean;
  noticeRules: NoticeRules;
  fees: FeeRow[];
}

export interface Clinic {
  clinicId: string;
  settings: ClinicSettings;
}

interface ClinicRow {
  _id: string;
  settings: ClinicSettings;
  changedAt: Instant | null;
  /** SHA-256 of each key that opens the API; keys have 256 random bits, so a slow hash would add nothing. */
  keyHashes: string[];
}

export interface Clinics {
  /** Adds a clinic, or gives an existing one the settings and the key as well. */
  save(clinic: Clinic, apiKey: string): Promise<void>;
  byApiKey(apiKey: string): Promise<Clinic | null>;
  byId(clinicId: string): Promise<Clinic>;
  /** Replaces the settings, unless some received later stand already. */
  changeSettings(clinicId: string, settings: ClinicSettings, receivedAt: Instant): Promise<void>;
}

export function createClinics(connection: Connection): Clinics {
  const rows = collection<ClinicRow>(
    connection,
    'clinics',
    { settings: json, changedAt: String, keyHashes: [String] },
    [[{ keyHashes: 1 }, { unique: true, sparse: true }]],
  );
  const clinicOf = (row: ClinicRow): Clinic => ({ clinicId: row._id, settings: row.settings });

  return {
    async save({ clinicId, settings }, apiKey) {
      await rows.updateOne(
        { _id: clinicId },
        { $setOnInsert: { settings, changedAt: null }, $addToSet: { keyHashes: hashOf(apiKey) } },
        { upsert: true },
      );
    },
    async byApiKey(apiKey) {
      const row = await rows.findOne({ keyHashes: hashOf(apiKey) }).lean<ClinicRow>();
      return row && clinicOf(row);
    },
    async byId(clinicId) {
      const row = await rows.findById(clinicId).lean<ClinicRow>();
      if (!row) throw new Error(`no clinic ${clinicId}`);
      return clinicOf(row);
    },
    async changeSettings(clinicId, settings, changedAt) {
      await rows.updateOne(
        { _id: clinicId, ...notLater('changedAt', changedAt) },
        { $set: { settings, changedAt } },
      );
    },
  };
}

const hashOf = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
