import { defineQuery } from '@temporalio/workflow';
import type { temporal } from '@temporalio/proto';
import { meetingWorkflowId } from '../../temporal/ids';
import type { Service } from './service';

type Metadata = temporal.api.sdk.v1.IWorkflowMetadata;
const metadataQuery = defineQuery<Metadata>('__temporal_workflow_metadata');

/** What the Web UI is told of a workflow by itself: its details as they stand, and what it takes. */
export const metadataOf = (service: Service, workflowId: string): Promise<Metadata> =>
  service.client.workflow.getHandle(workflowId).query(metadataQuery);

/** What the Web UI shows of a meeting, in markdown. */
export const detailsOf = async (service: Service, meetingId: string): Promise<string> =>
  (await metadataOf(service, meetingWorkflowId(meetingId))).currentDetails ?? '';
