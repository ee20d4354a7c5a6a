import { temporal } from '@temporalio/proto';
import { lookAtSearchAttributes, searchAttributes } from '../../temporal/search-attributes';
import { smsTaskQueue } from '../../temporal/task-queues';
import type { Connections } from '../connections';

/** Shorter than this an ended meeting is gone before staff have asked about it, in days. */
const LEAST_RETENTION_DAYS = 7;
const { TaskQueueType } = temporal.api.enums.v1;

/** The namespace is there, and keeps ended workflows long enough. */
export async function namespaceIsThere({ client }: Connections): Promise<string> {
  const { namespace } = client.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
  if (days < LEAST_RETENTION_DAYS)
    throw new Error(
      `namespace ${namespace} forgets ended workflows after ${days} days; make it ${LEAST_RETENTION_DAYS} or more`,
    );
  return `namespace ${namespace}, ended workflows are kept for ${Math.round(days)} days`;
}

/** What workflows are found by is registered. */
export async function attributesAreThere({ client }: Connections): Promise<string> {
  const { missing, wrong } = await lookAtSearchAttributes(client.connection, client.options.namespace);
  const names = (each: typeof missing): string => each.map(({ name }) => name).join(', ');
  if (missing.length > 0) throw new Error(`missing: ${names(missing)}; a worker adds them when it starts`);
  if (wrong.length > 0) throw new Error(`of another type: ${names(wrong)}`);
  return `all ${searchAttributes.length} are registered`;
}

/** Somebody works on both task queues. */
export async function workersPoll({ client, taskQueue }: Connections): Promise<string> {
  const pollers = async (
    name: string,
    taskQueueType: temporal.api.enums.v1.TaskQueueType,
  ): Promise<number> => {
    const { namespace } = client.options;
    const answer = await client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType,
    });
    return answer.pollers.length;
  };
  const meetings = await pollers(taskQueue, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);
  const sms = await pollers(smsTaskQueue(taskQueue), TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY);
  if (meetings === 0 || sms === 0) throw new Error('no worker asks for work: does one run?');
  return `${meetings} for meetings, ${sms} for SMS`;
}
