import type { Logger } from 'pino';
import { createEndLeft } from '../activities/notice/end-left';
import { createReconcile, type ReconcileDeps } from '../activities/notice/reconcile';
import { LOOK_TAKES_MS } from '../rules/reconciliation';
import { tellOfRow } from '../use-cases/notice/nudge';
import type { TemporalGateway } from '../temporal/gateway';
import { createLeasedWork, startLeasedWork, type LeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 1_000;
const IDLE_MS = 15_000;
/** Longer than one look takes (20 s at the provider); one that died is followed by another after this. */
const LEASE_MS = 45_000;

/** What the looking needs. */
export type LooksDeps = ReconcileDeps &
  LeasedWorkDeps & { temporal: Pick<TemporalGateway, 'tellFact' | 'nudgeMeeting' | 'nudgeCase'> };

/**
 * Looks in the provider's history for hand-overs that stay unknown, with growing pauses (R2.7; design,
 * decision 5): also for those that no activity comes back to, since their meeting is over or their process
 * has died. It also ends rows that still wait when they help nobody any more (R2.6).
 */
export function createSmsHistoryLooks(deps: LooksDeps, log: Logger): LeasedWork {
  const { records, clock } = deps;
  const reconcile = createReconcile(deps);
  const endLeft = createEndLeft(deps);

  /** Looks for one that is due, or ends it; true when there may be more. */
  async function lookForOne(): Promise<boolean> {
    const row = await records.ledger.takeDueLook(clock.now(), LOOK_TAKES_MS);
    if (!row) return false;
    const { rowId } = row;
    try {
      if (row.state === 'planned') {
        if (!(await endLeft(rowId))) return true;
        await tellOfRow(deps, row);
        log.warn({ rowId }, 'a notice was left that nobody came back to: it has ended, unsent');
        return true;
      }
      const state = await reconcile(rowId);
      if (state !== row.state) await tellOfRow(deps, row);
      log.info({ rowId, was: row.state, state }, 'an SMS was looked for in the provider’s history');
    } catch (error) {
      log.warn({ err: error, rowId }, 'an SMS could not be looked for');
    }
    return true;
  }

  return createLeasedWork(deps, { name: 'sms-history', forMs: LEASE_MS }, lookForOne);
}

/**
 * Looks beside the workers, one process at a time. Answers with what stops it, and waits for the look under
 * way.
 */
export function startSmsHistoryLooks(deps: LooksDeps, log: Logger): () => Promise<void> {
  const pace = { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS };
  return startLeasedWork(createSmsHistoryLooks(deps, log), pace, (error) =>
    log.warn({ err: error }, 'the looking in the provider’s history tries again'),
  );
}
