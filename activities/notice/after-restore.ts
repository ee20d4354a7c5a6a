import { ApplicationFailure } from '@temporalio/common';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { LedgerRow, PlannedRow } from '../../records/ledger';
import type { Restore } from '../../records/restores';
import { wayTo } from '../../rules/calendar/who-hears';
import { msOf, type Instant } from '../../rules/instant';
import { MAY_HAVE_GONE, mayHaveGone } from '../../rules/restore';
import type { ActivityDeps } from '../deps';
import type { NoticeSubjects } from './subjects';

/** How soon to look again while an operator holds all notices, or the provider's history cannot be read. */
const AGAIN_MS = 15_000;

/** What a restore asks of a notice before it is handed over. */
export interface AfterRestore {
  /**
   * Keeps a notice from going out twice after a restore (R2.7): a ledger of an earlier moment holds for
   * planned what has gone since. Until an operator lets notices go they wait; then each that was due before
   * is looked for in the provider's history first. One that may have gone is not sent again but told to
   * staff; an e-mail, of which there is no history, always.
   *
   * @param dueAt when the plan has it, where whoever asks knows
   * @returns the row as it has ended, or null where it may be handed over
   * @throws ApplicationFailure to come again
   */
  check(row: LedgerRow, dueAt: Instant | null, restores: Restore[]): Promise<LedgerRow | null>;
  /** Whether a notice is to be checked: what is due after a restore that is over is not. */
  concerns(notice: { dueAt: Instant | null; again: boolean }, restores: Restore[]): boolean;
  /**
   * A row that was entered after the restored ledger's moment: its workflow remembers it.
   * @throws where nothing was restored: then it never was
   */
  planAgain(rowId: string): Promise<PlannedRow>;
}

export function createAfterRestore(
  { records, clock, elks, sms }: Pick<ActivityDeps, 'records' | 'clock' | 'elks' | 'sms'>,
  subjects: NoticeSubjects,
): AfterRestore {
  return {
    async check(row, dueAt, restores) {
      const now = clock.now();
      // What is past its last useful moment ends as such, held or not.
      if (row.state !== 'planned' || now.getTime() >= msOf(row.lastUsefulAt)) return null;
      if (restores.some(({ releasedAt }) => releasedAt === null)) {
        throw comeAgain('notices are held after a restore, until an operator lets them go');
      }
      if (!(await hasPerhapsGone(row, dueAt ?? (await subjects.of(row.kind).due(row)), restores)))
        return null;
      const { rowId } = row;
      await records.ledger.step(rowId, { from: ['planned'], to: 'unknown', reason: MAY_HAVE_GONE, at: now });
      const ended = await records.ledger.get(rowId);
      await followDeliveries(records, [ended], now);
      return ended;
    },
    concerns: ({ dueAt, again }, restores) =>
      restores.some(({ releasedAt }) => releasedAt === null) ||
      // One that an operator gives again may have gone since it was planned first.
      mayHaveGone(again ? null : dueAt, restores) !== null,
    async planAgain(rowId) {
      const [subjectId = '', occasion, kind = '', participantId = ''] = rowId.split(':');
      if ((await records.restores.all()).length === 0) throw new Error(`no SMS ${rowId} in the ledger`);
      const lost = { subjectId, occasion: Number(occasion), kind: kind as LedgerRow['kind'], participantId };
      return subjects.of(lost.kind).planAgain(lost);
    },
  };

  async function hasPerhapsGone(
    row: LedgerRow,
    dueAt: Instant | null,
    restores: Restore[],
  ): Promise<boolean> {
    const window = mayHaveGone(firstDueAt(row, dueAt), restores);
    if (!window) return false;
    const person = await records.people.find(row.clinicId, row.personId);
    const { settings } = await records.clinics.byId(row.clinicId);
    if (!person) throw new Error('the recipient has no record');
    const way = wayTo({ ...person, ...person.personal }, settings, clock.now());
    // Nothing goes there now, and the hand-over says why.
    if (way.channel === null) return false;
    if (way.channel === 'email') return true;
    const history = await elks.sentBetween({ from: sms.sender, to: way.to, ...window });
    if (history.kind === 'unread') throw comeAgain('the provider’s history cannot be read after a restore');
    // What cannot be read may be this very notice.
    if (history.odd > 0) return true;
    const known = await records.ledger.knownAmong(history.messages.map(({ providerId }) => providerId));
    return history.messages.some(({ providerId }) => !known.has(providerId));
  }
}

/** A notice that an operator gives again is due anew; it may have gone since it was planned first. */
function firstDueAt({ history: [first] }: LedgerRow, dueAt: Instant | null): Instant | null {
  return dueAt !== null && first && msOf(first.at) < msOf(dueAt) ? first.at : dueAt;
}

const comeAgain = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ message, type: 'wait', nextRetryDelay: AGAIN_MS });
