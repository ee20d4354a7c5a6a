import type { Logger } from 'pino';
import type { ReconcileDeps } from '../activities/notice/reconcile';
import type { CommandDeps } from '../use-cases/command';
import { startFailingSms, type FailingSmsDeps } from './failing-sms';
import { startLateNotices, type LateNoticesDeps } from './late-notices';
import { startEventOutbox, type EventOutboxDeps } from './event-outbox';
import { startLapsedClaims } from './lapsed-claims';
import { startReconciler } from './reconciler';
import { startSmsHistoryLooks } from './sms-history';
import { startUnsentFiles } from './unsent-files';
import { startWayCodeSending } from './way-codes';
import type { ActivityDeps } from '../activities/deps';

/** What the loops need, handed in once. */
export type LoopDeps = CommandDeps &
  ReconcileDeps &
  EventOutboxDeps &
  FailingSmsDeps &
  LateNoticesDeps &
  ActivityDeps;

/**
 * All that a worker does again and again beside its workflows and activities. Answers with what stops it, and
 * waits for what is under way.
 */
export function startLoops(deps: LoopDeps, log: Logger): () => Promise<void> {
  const stops = [
    startReconciler(deps, log),
    startEventOutbox(deps, log),
    startSmsHistoryLooks(deps, log),
    startUnsentFiles(deps, log),
    startLapsedClaims(deps, log),
    startLateNotices(deps, log),
    startFailingSms(deps, log),
    startWayCodeSending(deps, log),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
