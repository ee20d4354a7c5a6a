import type { Logger } from 'pino';
import type { ReconcileDeps } from '../activities/notice/reconcile';
import type { CommandDeps } from '../use-cases/command';
import { startFailingSms, type FailingSmsDeps } from './failing-sms';
import { startLateNotices, type LateNoticesDeps } from './late-notices';
import { startEventOutbox, type EventOutboxDeps } from './event-outbox';
import { createLeaseKeeper } from './lease-keeper';
import { startLapsedClaims } from './lapsed-claims';
import { startReconciler } from './reconciler';
import { startSmsHistoryLooks } from './sms-history';
import { startUnsentFiles } from './unsent-files';
import { startUntoldFacts } from './untold-facts';
import { startWayCodeSending } from './way-codes';
import type { ActivityDeps } from '../activities/deps';

/** What the loops need, handed in once. */
export type LoopDeps = CommandDeps &
  ReconcileDeps &
  EventOutboxDeps &
  FailingSmsDeps &
  LateNoticesDeps &
  ActivityDeps;

/** Three fifths of it are longer than any one thing takes; a process that died is followed after it. */
const LEASE_MS = 36_000;

/**
 * All that a worker does again and again beside its workflows and activities. Answers with what stops it, and
 * waits for what is under way.
 */
export function startLoops(given: LoopDeps, log: Logger): () => Promise<void> {
  // One lease for all: each of its own would be written as often as all work is looked for.
  const lease = createLeaseKeeper(given, { name: 'loops', forMs: LEASE_MS });
  const deps = { ...given, lease };
  const stops = [
    startReconciler(deps, log),
    startEventOutbox(deps, log),
    startSmsHistoryLooks(deps, log),
    startUnsentFiles(deps, log),
    startLapsedClaims(deps, log),
    startLateNotices(deps, log),
    startFailingSms(deps, log),
    startWayCodeSending(deps, log),
    startUntoldFacts(deps, log),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    // Whoever comes next need not wait for its end.
    await lease.release();
  };
}
