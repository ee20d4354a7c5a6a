import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { changeIf, collection, isDuplicate } from './schema';

/** What became of one e-mail to one of the clinic's own addresses. */
export type ClinicMailState = 'planned' | 'sending' | 'sent' | 'failed' | 'unknown';

interface ClinicMailRow {
  _id: string;
  state: ClinicMailState;
  claimedUntil: Date;
  createdAt: Date;
}

/**
 * E-mail to the clinic's own mailboxes, each of which is handed over once (R6.3). It holds neither text nor
 * address.
 */
export interface ClinicMails {
  /**
   * Takes an e-mail to send it; false where it was sent, or somebody has it, or nobody knows whether it was.
   */
  claim(mailKey: string, now: Date, forMs: number): Promise<boolean>;
  settle(mailKey: string, state: Exclude<ClinicMailState, 'sending'>, now: Date): Promise<void>;
}

const KEPT_SECONDS = 90 * 24 * 3600;

export function createClinicMails(connection: Connection): ClinicMails {
  const rows = collection<ClinicMailRow>(
    connection,
    'clinicMails',
    { state: String, claimedUntil: Date, createdAt: Date },
    [[{ createdAt: 1 }, { expireAfterSeconds: KEPT_SECONDS }]],
  );
  return {
    async claim(mailKey, now, forMs) {
      const _id = idOf(mailKey);
      const claimedUntil = new Date(now.getTime() + forMs);
      try {
        await rows.create({ _id, state: 'sending', claimedUntil, createdAt: now });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      // One whose process died between sending and noting may have been sent.
      const isLeft = (row: ClinicMailRow): boolean => row.state === 'sending' && row.claimedUntil <= now;
      const isPlanned = (row: ClinicMailRow): boolean => row.state === 'planned';
      const found = await changeIf(
        rows,
        _id,
        (row) => isLeft(row) || isPlanned(row),
        (row) => ({ $set: isPlanned(row) ? { state: 'sending', claimedUntil } : { state: 'unknown' } }),
      );
      return found !== null && isPlanned(found);
    },
    async settle(mailKey, state, now) {
      await changeIf(rows, idOf(mailKey), (row) => row.state === 'sending', {
        $set: { state, claimedUntil: now },
      });
    },
  };
}

/** By a hash: the key ends with an address. */
const idOf = (mailKey: string): string => createHash('sha256').update(mailKey).digest('base64url');
