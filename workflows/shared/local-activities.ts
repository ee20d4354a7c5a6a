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
 * Activities by which others hear of what was decided, such as the clinic's billing. They begin when the
 * workflow task that asks for them is completed, so that what was decided stands in the history. Local ones
 * come before that: should the process die between, the task is done again, with what has come since, and may
 * decide otherwise.
 *
 * @param summaries what each is for, in words for the Web UI
 */
export function regularActivities<A extends object>(summaries: Record<keyof A & string, string>): A {
  const named: Record<string, string> = summaries;
  return new Proxy({} as A, {
    get: (_, name) => proxyActivities({ ...REGULAR, summary: named[String(name)] })[String(name)],
  });
}

/**
 * Activities on our own database, which is near: each is done within the workflow task that asks for it,
 * which leaves one event in the history where a task of its own leaves six. What fails so goes on as a
 * regular activity: tried again for as long as it takes without a further event, with its reason in the Web
 * UI, and with updates going on beside it. They may run twice, as activities may.
 *
 * Ask one at a time, and for nothing else that goes into the history beside it: two that run side by side
 * come back in another order when the history is replayed.
 *
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
