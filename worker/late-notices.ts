import type { Logger } from 'pino';
import { tellCase, tellMeeting } from '../use-cases/notice/nudge';
import type { Records } from '../records';
import { reviewCaseReach } from '../use-cases/notice/case-reach';
import { isOfCase, isOfMeeting } from '../records/ledger';
import { reviewReach } from '../use-cases/notice/meeting-reach';
import type { Clock } from '../rules/clock';
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
  temporal: Pick<TemporalGateway, 'nudgeMeeting' | 'nudgeCase'>;
}

/**
 * Tells staff of notices that should have gone and have not, while a call still helps (R2.10): the provider
 * refuses, or they wait for their turn. When the notice gets through in time, its hand-over withdraws the
 * task.
 */
export function createLateNotices(deps: LateNoticesDeps, log: Logger): LeasedWork {
  const { records, clock, temporal } = deps;

  /** Looks at one that is late; true when there may be more. */
  async function lookAtOne(): Promise<boolean> {
    const row = await records.ledger.takeLate(clock.now(), CLAIM_MS);
    if (!row) return false;
    const { rowId, subjectId: meetingId, state, reason } = row;
    try {
      if (row.late) {
        log.info({ rowId, state, reason }, 'a notice is late');
        if (isOfMeeting(row)) {
          await reviewReach(records, meetingId, clock.now());
          await tellMeeting(temporal, meetingId, 'delivery');
        } else if (isOfCase(row)) {
          await reviewCaseReach(records, meetingId, clock.now());
          await tellCase(temporal, meetingId);
        }
      }
      await records.ledger.noteToldLate(rowId);
    } catch (error) {
      log.warn({ err: error, rowId }, 'a late notice could not be told');
    }
    return true;
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
