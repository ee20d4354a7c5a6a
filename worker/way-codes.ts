import { ApplicationFailure } from '@temporalio/common';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps';
import { createGiveNotice } from '../activities/notice/give';
import { createLeasedWork, startLeasedWork, type LeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 500;
const IDLE_MS = 4_000;
/** Longer than one hand-over takes; one that died is followed by another after this. */
const LEASE_MS = 45_000;
/** A code whose hand-over ended in an error of ours is taken again after this. */
const CLAIM_MS = 60_000;
/** Somebody waits before the page: what was surely not sent is tried again soon. */
const AGAIN_MS = 3_000;

/**
 * Sends the codes for numbers and addresses that people typed for themselves (R2.13). They go before
 * everything in the SMS queue, one after the other and few in all (rules/way-codes), by the same hand-over as
 * notices: at most once each, with a row in the ledger.
 */
export function createWayCodeSending(deps: ActivityDeps & LeasedWorkDeps, log: Logger): LeasedWork {
  const { records, clock } = deps;
  const handOvers = createGiveNotice(deps);

  /** Sends one; true when there may be more. */
  async function sendOne(): Promise<boolean> {
    const due = await records.wayCodes.takeDue(clock.now(), CLAIM_MS);
    if (!due) return false;
    const { codeId, clinicId, personId, channel, expiresAt } = due;
    const { rowId } = await records.ledger.plan(
      {
        subjectId: codeId,
        occasion: 1,
        kind: 'code',
        clinicId,
        participantId: codeId,
        personId,
        channel,
        lastUsefulAt: expiresAt,
      },
      clock.now(),
      null,
    );
    let again: Date | null = null;
    try {
      await handOvers.handOver(rowId);
    } catch (error) {
      // Of one that may have gone nothing more is sent; it is looked for as others are.
      const isOver = error instanceof ApplicationFailure && error.type === 'look-again';
      if (!isOver) again = new Date(clock.now().getTime() + AGAIN_MS);
      if (!(error instanceof ApplicationFailure)) log.warn({ err: error, rowId }, 'a code could not be sent');
    }
    await records.wayCodes.noteSending(due, again);
    return true;
  }

  return createLeasedWork(deps, { name: 'way-codes', forMs: LEASE_MS }, sendOne);
}

/**
 * Sends beside the workers, one process at a time. Answers with what stops it, and waits for the code under
 * way.
 */
export function startWayCodeSending(deps: ActivityDeps & LeasedWorkDeps, log: Logger): () => Promise<void> {
  const pace = { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS };
  return startLeasedWork(createWayCodeSending(deps, log), pace, (error) =>
    log.warn({ err: error }, 'the sending of codes tries again'),
  );
}
