import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import { createSharedReads } from '../platform/shared-reads';
import { fromNoticeHours, withNoticeHours, type WithNoticeHours } from '../rules/cancellation';
import { defaultCaseRules, type CaseRules } from '../rules/case';
import { defaultDayLimits, type DayLimits } from '../rules/day-limits';
import type { FeeRow } from '../rules/fee';
import type { NoticeRules } from '../rules/notices';
import type { Instant } from '../rules/instant';
import { defaultPresentation, type Presentation } from '../rules/presentation';
import { defaultSmsLimits, type SmsLimits } from '../rules/sms-caps';
import { changeIf, collection, json, notLater } from './schema';

/** What a clinic decides for itself; what a meeting was promised is copied into its terms at booking. */
export interface ClinicSettings extends SmsLimits, DayLimits {
  name: string;
  /** Shown to patients, once logged in (R3.5). */
  phone: string;
  /** Shown on every page and refusal (R3.5). */
  supportPhone: string;
  /** Default of a meeting's cancellation notice, in hours (R5.3). */
  cancellationNoticeHours: number;
  graceMinutes: number;
  doorOpensMinutesBefore: number;
  overrunMinutes: number;
  /** A clinic can leave the link out of its SMS (R2.3). */
  linkInSms: boolean;
  noticeRules: NoticeRules;
  /** Opening hours and who is told of what waits (R6.2, R6.3). */
  caseRules: CaseRules;
  /** Its colour, logo and texts on pages (R8.6). */
  presentation: Presentation;
  fees: FeeRow[];
}

export interface Clinic {
  clinicId: string;
  settings: ClinicSettings;
}

interface ClinicRow {
  _id: string;
  settings: WithNoticeHours<ClinicSettings>;
  changedAt: Instant | null;
  /** The fees are also replaced alone; absent where 0.1.0 wrote them. */
  feesChangedAt?: Instant | null;
  feesVersion?: number;
  /** SHA-256 of each key that opens the API; keys have 256 random bits, so a slow hash would add nothing. */
  keyHashes: string[];
}

/** A clinic's fees, and what tells whether they have been replaced since they were read. */
export interface FeeTable {
  rows: FeeRow[];
  version: number;
  changedAt: Instant | null;
}

export interface Clinics {
  /** Adds a clinic, or gives an existing one the settings and the key as well. */
  save(clinic: Clinic, apiKey: string): Promise<void>;
  byApiKey(apiKey: string): Promise<Clinic | null>;
  byId(clinicId: string): Promise<Clinic>;
  /** Null where there is none of that id. */
  find(clinicId: string): Promise<Clinic | null>;
  /** Of all clinics. */
  ids(): Promise<string[]>;
  /** Replaces the settings, unless some received later stand already; the fees likewise, for themselves. */
  changeSettings(clinicId: string, settings: ClinicSettings, receivedAt: Instant): Promise<void>;
  /** The settings, and what tells whether they have been changed since they were read. */
  settingsAsRead(clinicId: string): Promise<{ settings: ClinicSettings; changedAt: Instant | null }>;
  /**
   * Replaces the settings but for the fees; false where somebody has changed them since they were read.
   *
   * @param asRead the `changedAt` of {@link settingsAsRead}
   */
  changeSettingsAsRead(
    clinicId: string,
    settings: Omit<ClinicSettings, 'fees'>,
    asRead: Instant | null,
    receivedAt: Instant,
    session: ClientSession,
  ): Promise<boolean>;
  feeTable(clinicId: string): Promise<FeeTable>;
  /** Replaces the fees alone, unless they are no longer of that version (R5.9). */
  replaceFees(
    clinicId: string,
    fees: FeeRow[],
    version: number,
    receivedAt: Instant,
    session?: ClientSession,
  ): Promise<boolean>;
}

/** Settings that a row of an earlier release does not have. */
const sinceAdded = {
  ...defaultSmsLimits,
  ...defaultDayLimits,
  caseRules: defaultCaseRules,
  presentation: defaultPresentation,
};

export function createClinics(connection: Connection): Clinics {
  const rows = collection<ClinicRow>(
    connection,
    'clinics',
    { settings: json, changedAt: String, feesChangedAt: String, feesVersion: Number, keyHashes: [String] },
    [[{ keyHashes: 1 }, { unique: true, sparse: true }]],
  );
  const clinicOf = (row: ClinicRow): Clinic => ({
    clinicId: row._id,
    settings: { ...sinceAdded, ...fromNoticeHours(row.settings) },
  });

  // Every request reads its clinic.
  const readByKey = createSharedReads((keyHash) => rows.findOne({ keyHashes: keyHash }).lean<ClinicRow>());
  const readById = createSharedReads((clinicId) => rows.findById(clinicId).lean<ClinicRow>());

  async function rowOf(clinicId: string): Promise<ClinicRow> {
    const row = await readById(clinicId);
    if (!row) throw new Error(`no clinic ${clinicId}`);
    return row;
  }

  return {
    async save({ clinicId, settings }, apiKey) {
      await rows.updateOne(
        { _id: clinicId },
        {
          $setOnInsert: { settings: withNoticeHours(settings), changedAt: null },
          $addToSet: { keyHashes: hashOf(apiKey) },
        },
        { upsert: true },
      );
    },
    async byApiKey(apiKey) {
      const row = await readByKey(hashOf(apiKey));
      return row && clinicOf(row);
    },
    byId: async (clinicId) => clinicOf(await rowOf(clinicId)),
    async find(clinicId) {
      const row = await rows.findById(clinicId).lean<ClinicRow>();
      return row && clinicOf(row);
    },
    async ids() {
      return (await rows.find({}, { _id: 1 }).lean<{ _id: string }[]>()).map((row) => row._id);
    },
    async changeSettings(clinicId, { fees, ...others }, changedAt) {
      const change = { $set: { ...settingsToSet(others), changedAt } };
      await changeIf(rows, clinicId, (row) => notLater(row.changedAt, changedAt), change);
      // An import of fees that came later undoes no other setting, and no setting undoes the import.
      await changeIf(rows, clinicId, (row) => notLater(row.feesChangedAt, changedAt), {
        $set: { 'settings.fees': fees, feesChangedAt: changedAt },
        $inc: { feesVersion: 1 },
      });
    },
    async settingsAsRead(clinicId) {
      const row = await rowOf(clinicId);
      return { settings: clinicOf(row).settings, changedAt: row.changedAt };
    },
    async changeSettingsAsRead(clinicId, settings, asRead, changedAt, session) {
      const change = { $set: { ...settingsToSet(settings), changedAt } };
      const isAsRead = (row: ClinicRow): boolean => (row.changedAt ?? null) === asRead;
      return (await changeIf(rows, clinicId, isAsRead, change, session)) !== null;
    },
    async feeTable(clinicId) {
      const { settings, feesVersion, feesChangedAt } = await rowOf(clinicId);
      return { rows: settings.fees, version: feesVersion ?? 0, changedAt: feesChangedAt ?? null };
    },
    async replaceFees(clinicId, fees, version, feesChangedAt, session) {
      const change = { $set: { 'settings.fees': fees, feesChangedAt }, $inc: { feesVersion: 1 } };
      const isAsRead = (row: ClinicRow): boolean => (row.feesVersion ?? 0) === version;
      const replaced = await changeIf(rows, clinicId, isAsRead, change, session);
      return replaced !== null;
    },
  };
}

/** Each setting by its own place, so that the fees beside them stay. */
const settingsToSet = (settings: Omit<ClinicSettings, 'fees'>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(withNoticeHours(settings)).map(([name, value]) => [`settings.${name}`, value]),
  );

const hashOf = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
