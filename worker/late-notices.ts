import type { Logger } from 'pino';
import { createEnterWaiting } from '../activities/notice/enter-waiting';
import { tellOfRow } from '../use-cases/notice/nudge';
import type { Records } from '../records';
import { reviewCaseReach } from '../use-cases/notice/case-reach';
import { isOfCase, isOfMeeting, type LedgerRow } from '../records/ledger';
import type { WaitingRow } from '../records/late-notices';
import { reviewReach } from '../use-cases/notice/meeting-reach';
import type { Clock } from '../rules/clock';
import { isAtRate, RATE_LOOK_MS, type WaitCause } from '../rules/late';
import { isRefusal } from '../rules/ledger';
import type { TemporalGateway } from '../temporal/gateway';
import { createLeasedWork, startLeasedWork, type LeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 2_000;
const IDLE_MS = 20_000;
/** Longer than one row takes; one that died is followed by another after this. */
const LEASE_MS = 45_000;
/** A row whose review ended in an error of ours is taken again after this. */
const CLAIM_MS = 60_000;

/** What the looking needs. */
export interface LateNoticesDeps extends LeasedWorkDeps {
  records: Records;
  clock: Clock;
  temporal: Pick<TemporalGateway, 'tellFact' | 'nudgeMeeting' | 'nudgeCase'>;
  /** The provider's rate. */
  smsPerMinute: number;
  /** The cap of its account. */
  smsPerDay: number;
}

/**
 * Tells staff of notices that should have gone and have not, while a call still helps (R2.10): the provider
 * refuses, or they wait for their turn. When the notice gets through in time, its hand-over withdraws the
 * task. Administrators see some minutes earlier that a notice is overdue, or why it waits. What still waits in
 * the queue by then is entered first, so that it has a row to be late.
 */
export function createLateNotices(deps: LateNoticesDeps, log: Logger): LeasedWork {
  const { records, clock, smsPerMinute } = deps;
  const enterWaiting = createEnterWaiting({ ...deps, log });

  /** Looks at one that was due and waits; true when there may be more. */
  async function lookAtOne(): Promise<boolean> {
    const taken = await records.ledger.takeLate(clock.now(), CLAIM_MS);
    if (!taken) return enterWaiting();
    const { row, lateAt } = taken;
    const { rowId } = row;
    try {
      if (lateAt !== null) {
        await lookWhyItWaits(taken, lateAt);
        return true;
      }
      if (row.late) await tellStaff(row);
      await records.ledger.noteToldLate(rowId);
    } catch (error) {
      log.warn({ err: error, rowId }, 'a late notice could not be told');
    }
    return true;
  }

  async function tellStaff(row: LedgerRow): Promise<void> {
    const { rowId, subjectId, state, reason } = row;
    log.info({ rowId, state, reason }, 'a notice is late');
    if (isOfMeeting(row)) await reviewReach(records, subjectId, clock.now());
    else if (isOfCase(row)) await reviewCaseReach(records, subjectId, clock.now());
    await tellOfRow(deps, row);
  }

  /** Shows administrators why it waits, where that is news. What waits for the rate is looked at again. */
  async function lookWhyItWaits(taken: WaitingRow, lateAt: Date): Promise<void> {
    const { row } = taken;
    const cause = await whyItWaits(row);
    const lookAgainAt = new Date(clock.now().getTime() + RATE_LOOK_MS);
    await records.ledger.noteWaits(
      taken,
      cause,
      cause === 'rate' && lookAgainAt < lateAt ? lookAgainAt : lateAt,
    );
    if (cause !== null && cause !== row.waits) await tellOfRow(deps, row);
  }

  /** Null where it does not wait, or was refused, which administrators see already. */
  async function whyItWaits({ state, reason, channel }: LedgerRow): Promise<WaitCause | null> {
    if (state !== 'planned' || isRefusal(reason)) return null;
    if (channel !== 'sms') return 'overdue';
    const aMinuteAgo = new Date(clock.now().getTime() - 60_000);
    const handedOver = (await records.ledger.handedOverSince(aMinuteAgo))
      .filter((each) => each.channel === 'sms')
      .reduce((sum, { count }) => sum + count, 0);
    return isAtRate(handedOver, smsPerMinute) ? 'rate' : 'overdue';
  }

  return createLeasedWork(deps, { name: 'late-notices', forMs: LEASE_MS }, lookAtOne);
}

/**
 * Looks beside the workers, one process at a time. Answers with what stops it, and waits for the row under
 * way.
 */
export function startLateNotices(deps: LateNoticesDeps, log: Logger): () => Promise<void> {
  const pace = { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS };
  return startLeasedWork(createLateNotices(deps, log), pace, (error) =>
    log.warn({ err: error }, 'the looking for late notices tries again'),
  );
}
