import { isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

/**
 * A process that has died is noticed after so long: each activity that runs says so meanwhile
 * (worker/activity-context).
 */
export const HEARTBEAT_TIMEOUT = '5s';

const REGULAR = {
  startToCloseTimeout: '20s',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1s', maximumInterval: '30s' },
} as const;

/**
 * Shorter than what makes the worker prolong its workflow task (8 s): nothing else comes between asking and
 * the answer.
 */
const LOCAL = { scheduleToCloseTimeout: '5s', retry: { maximumAttempts: 1 } } as const;

/**
 * Activities by which others hear of a decision, such as the clinic's billing. They begin when the workflow
 * task that asks for them is completed. Then the decision is in the history. Local activities come before
 * that: if the process dies in between, the task runs again, with what has come since, and may decide
 * otherwise.
 * @param summaries what each is for, in words for the Web UI
 */
export function regularActivities<A extends object>(summaries: Record<keyof A & string, string>): A {
  const named: Record<string, string> = summaries;
  return new Proxy({} as A, {
    get: (_, name) => proxyActivities({ ...REGULAR, summary: named[String(name)] })[String(name)],
  });
}

/**
 * Activities on our own database, which is near. Each is done within the workflow task that asks for it. This
 * leaves one event in the history, where a task of its own leaves six.
 *
 * If one fails, it goes on as a regular activity. That one is tried again for as long as it takes, without a
 * further event. The Web UI shows its reason, and updates go on beside it. They may run twice, as activities
 * may.
 *
 * Ask for one at a time, and for nothing else beside it that goes into the history. Two that run side by side
 * come back in another order when the history is replayed.
 * @param summaries what each is for, in words for the Web UI
 */
// The caller names the type: nothing else could.
export function localActivities<A extends object>(summaries: Record<keyof A & string, string>): A {
  const named: Record<string, string> = summaries;
  const local =
    (name: string) =>
    async (...args: unknown[]): Promise<unknown> => {
      const summary = named[name];
      try {
        return await proxyLocalActivities({ ...LOCAL, summary })[name]!(...args);
      } catch (error) {
        if (isCancellation(error)) throw error;
        return proxyActivities({ ...REGULAR, summary })[name]!(...args);
      }
    };
  return new Proxy({} as A, { get: (_, name) => local(String(name)) });
}
