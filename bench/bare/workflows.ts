import { proxyActivities, sleep } from '@temporalio/workflow';
import type { BareActivities } from './activities';

const { post } = proxyActivities<BareActivities>({ startToCloseTimeout: '20s' });

/**
 * What everything is compared with: one timer and one activity, and nothing that could go wrong is thought
 * of.
 */
export async function bareLoop({ id, dueAt }: { id: string; dueAt: number }): Promise<void> {
  await sleep(Math.max(1, dueAt - Date.now()));
  await post(id);
}
