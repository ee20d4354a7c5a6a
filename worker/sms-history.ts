import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createReconcile, type ReconcileDeps } from '../activities/reconcile';
import { tellMeeting } from '../commands/tell-meeting';
import type { TemporalGateway } from '../temporal/gateway';
import { startLoop } from './loop';

const EVERY_MS = 1_000;
/** Longer than one look takes (20 s at the provider); one that died is followed by another after this. */
const LEASE_MS = 45_000;
/** A row whose look ended in an error of ours is taken again after this. */
const CLAIM_MS = 60_000;

/** What the looking needs. */
export type LooksDeps = ReconcileDeps & { temporal: Pick<TemporalGateway, 'nudgeMeeting'> };

/** The looking for hand-overs whose end is unknown, to be called again and again. */
export interface SmsHistoryLooks {
  /** Looks for all that are due, one after the other, if this process has the lease. */
  lookForDue(): Promise<void>;
  /** Begins no more. */
  stop(): void;
}

/**
 * Looks in the provider's history for hand-overs that stay unknown, with growing pauses (R2.7; design, decision 5): also for those that no
 * activity comes back to, since their meeting is over or their process has died.
 */
export function createSmsHistoryLooks(deps: LooksDeps, log: Logger): SmsHistoryLooks {
  const { records, clock } = deps;
  const reconcile = createReconcile(deps);
  const holder = randomUUID();
  let stopped = false;

  /** True when there may be more to do at once. */
  async function lookForOne(): Promise<boolean> {
    if (stopped || !(await records.leases.hold('sms-history', holder, clock.now(), LEASE_MS))) return false;
    const row = await records.ledger.takeDueLook(clock.now(), CLAIM_MS);
    if (!row) return false;
    const { rowId } = row;
    try {
      const state = await reconcile(rowId);
      if (state !== row.state) await tellMeeting(deps.temporal, row.meetingId, 'delivery');
      log.info({ rowId, was: row.state, state }, 'an SMS was looked for in the provider’s history');
    } catch (error) {
      log.warn({ err: error, rowId }, 'an SMS could not be looked for');
    }
    return true;
  }

  return {
    async lookForDue() {
      let more = true;
      while (more) more = await lookForOne();
    },
    stop() {
      stopped = true;
    },
  };
}

/** Looks beside the workers, one process at a time. Answers with what stops it, and waits for the look under way. */
export function startSmsHistoryLooks(deps: LooksDeps, log: Logger): () => Promise<void> {
  const looks = createSmsHistoryLooks(deps, log);
  const stopLoop = startLoop(
    EVERY_MS,
    () => looks.lookForDue(),
    (error) => log.warn({ err: error }, 'the looking in the provider’s history tries again'),
  );
  return () => {
    looks.stop();
    return stopLoop();
  };
}
