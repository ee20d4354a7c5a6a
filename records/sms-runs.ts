import type { Connection } from 'mongoose';
import { toInstant, type Instant } from '../rules/instant';
import { FAILING_FOR_MS, FAILURES_IN_A_ROW, RUN_OVER_MS } from '../rules/late';
import { collection } from './schema';

/** SMS that failed in a row, without one that was taken in between. */
export interface SmsRun {
  /** Of this clinic; null for the account, over all clinics. */
  clinicId: string | null;
  failures: number;
  since: Instant;
  /** Why the last of them failed, in machine words. */
  reason: string;
}

interface SmsRunRow {
  _id: string;
  failures: number;
  since?: string;
  /** When the last of them failed. */
  lastAt?: string;
  reason?: string;
}

/** Whether a clinic's SMS, and the account's, are taken by the provider at all. */
export interface SmsRuns {
  /** The provider has taken an SMS of the clinic. */
  taken(clinicId: string): Promise<void>;
  /** It has refused one, or nobody knows. */
  failed(clinicId: string, reason: string, at: Date): Promise<void>;
  /**
   * Runs that are long enough to tell of: a clinic's own, and where the account's is, that of each clinic
   * which has failures.
   */
  failing(now: Date): Promise<SmsRun[]>;
}

/** No clinic has this id: ours have 22 characters. */
const ACCOUNT = 'account';

export function createSmsRuns(connection: Connection): SmsRuns {
  const rows = collection<SmsRunRow>(
    connection,
    'smsRuns',
    { failures: Number, since: String, lastAt: String, reason: String },
    [[{ failures: 1 }]],
  );
  const each = (clinicId: string, change: (_id: string) => Promise<unknown>): Promise<unknown> =>
    Promise.all([clinicId, ACCOUNT].map(change));

  return {
    async taken(clinicId) {
      const known = await rows.find({ _id: { $in: [clinicId, ACCOUNT] } }).lean<SmsRunRow[]>();
      for (const { _id } of known.filter(({ failures }) => failures > 0))
        await rows.updateOne({ _id }, { $set: { failures: 0 }, $unset: { since: 1, lastAt: 1, reason: 1 } });
    },
    async failed(clinicId, reason, at) {
      const lastAt = toInstant(at);
      await each(clinicId, async (_id) => {
        const row = await rows.findById(_id).lean<SmsRunRow>();
        const first = { $set: { failures: 1, since: lastAt, lastAt, reason } };
        const oneMore = { $inc: { failures: 1 }, $min: { since: lastAt }, $set: { lastAt, reason } };
        await rows.updateOne({ _id }, row && isOver(row, at) ? first : oneMore, { upsert: true });
      });
    },
    async failing(now) {
      const all = await rows.find({ failures: { $gt: 0 } }).lean<SmsRunRow[]>();
      const found = all.filter((row) => !isOver(row, now));
      const isLong = ({ failures, since = toInstant(now) }: SmsRunRow): boolean =>
        failures >= FAILURES_IN_A_ROW && now.getTime() - Date.parse(since) >= FAILING_FOR_MS;
      const ofAccount = found.some((row) => row._id === ACCOUNT && isLong(row));
      return found
        .filter((row) => isLong(row) || (ofAccount && row._id !== ACCOUNT))
        .map(({ _id, failures, since, reason }) => ({
          clinicId: _id === ACCOUNT ? null : _id,
          failures,
          since: since ?? toInstant(now),
          reason: reason ?? '',
        }));
    },
  };
}

/** Nothing has been tried for so long that it tells of now. */
const isOver = ({ lastAt }: SmsRunRow, now: Date): boolean =>
  lastAt !== undefined && now.getTime() - Date.parse(lastAt) >= RUN_OVER_MS;
