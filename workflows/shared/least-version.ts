import { workflowInfo } from '@temporalio/workflow';

/** More changes than there are in one workflow task. */
const VERSIONS_PER_EVENT = 1_000;

/**
 * A local activity may have saved what a workflow task came to that was lost with its process, and that the
 * next may decide otherwise. The history is longer then, so that nothing saved by the lost one counts as
 * newer.
 */
export const leastVersion = (): number => workflowInfo().historyLength * VERSIONS_PER_EVENT;
