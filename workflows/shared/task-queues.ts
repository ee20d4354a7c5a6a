/**
 * The SMS queue of a deployment is named after its main queue, so that a workflow needs no setting to find
 * it.
 */
export const SMS_TASK_QUEUE_SUFFIX = '-sms';
