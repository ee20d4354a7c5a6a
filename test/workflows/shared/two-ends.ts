import { ApplicationFailure, condition } from '@temporalio/workflow';

/** Waits for ever. */
export async function waits(): Promise<void> {
  await Promise.all([condition(() => false), condition(() => false)]);
}

/** Fails, some calls deep. */
export async function failsDeep(): Promise<void> {
  await failsHere();
}

async function failsHere(): Promise<void> {
  await Promise.resolve();
  throw ApplicationFailure.nonRetryable('on purpose');
}
