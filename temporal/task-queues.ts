import { SMS_TASK_QUEUE_SUFFIX } from '../workflows/shared/task-queues';

/** The task queue of meetings' workflows and of their activities on the database. */
export const TASK_QUEUE = 'vardmote';

/** The task queue of SMS, at the provider's rate (design, decision 5). */
export const smsTaskQueue = (taskQueue: string): string => `${taskQueue}${SMS_TASK_QUEUE_SUFFIX}`;
