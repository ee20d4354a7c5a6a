import {
  Worker,
  type NativeConnection,
  type WorkerInterceptors,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createCaseActivities } from '../activities/case/index';
import type { ActivityDeps } from '../activities/deps';
import { createHandOverActivities, createInvoiceActivities, createMeetingActivities } from '../activities';
import type { KeyRing } from '../platform/keys/key-ring';
import { createDataConverter } from '../temporal/data-converter';
import { smsTaskQueue } from '../temporal/task-queues';
import { activityContext } from './activity-context';
import { bundleSources } from './bundle';

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  payloadKeys: KeyRing;
  deps: ActivityDeps;
  /** What the provider takes, over all workers (facts: about 100 a minute per account). */
  smsPerMinute: number;
  /** Built ahead, or null to bundle at the start. */
  workflowBundle: WorkflowBundleOption | null;
  /** Around every activity and workflow; tests set their clock there. */
  interceptors?: WorkerInterceptors;
}

/**
 * So long has what is under way at a shutdown to finish; a hand-over that takes longer is left for its lease
 * to settle.
 */
const SHUTDOWN_GRACE = '15s';

/**
 * The two workers of the process: meetings with their work on the database, and SMS at the provider's rate.
 */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, taskQueue, payloadKeys, deps, smsPerMinute, workflowBundle, interceptors } =
    options;
  const common = {
    connection,
    namespace,
    dataConverter: createDataConverter(payloadKeys),
    shutdownGraceTime: SHUTDOWN_GRACE,
  } as const;
  const activity = [activityContext, ...(interceptors?.activity ?? [])];
  // Of both queues: they count SMS together, for the caps.
  const handOverActivities = createHandOverActivities(deps);
  const { workflowsPath, workflowInterceptorModules: workflowModules, preloadModules } = bundleSources;
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue,
      interceptors: { ...interceptors, activity, ...(workflowBundle ? {} : { workflowModules }) },
      activities: {
        ...createMeetingActivities(deps),
        ...createInvoiceActivities(deps),
        ...createCaseActivities(deps),
        ...handOverActivities,
      },
      ...(workflowBundle ? { workflowBundle } : { workflowsPath, bundlerOptions: { preloadModules } }),
      // After a kill -9 the meetings of this worker go on elsewhere within seconds (facts: 6.5 s instead of
      // 14).
      stickyQueueScheduleToStartTimeout: '2s',
    }),
    Worker.create({
      ...common,
      taskQueue: smsTaskQueue(taskQueue),
      interceptors: { activity },
      activities: handOverActivities,
      maxTaskQueueActivitiesPerSecond: smsPerMinute / 60,
    }),
  ]);
}
