import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker';
import { inLogContext } from '../platform/log-context';

/**
 * What an activity logs carries its workflow's id, and its span belongs to the trace that the workflow passes
 * on.
 */
export const activityContext: ActivityInterceptorsFactory = (context) => {
  const { workflowExecution, activityType, attempt } = context.info;
  return {
    inbound: {
      execute: (input, next) =>
        new OpenTelemetryActivityInboundInterceptor(context).execute(input, (each) =>
          inLogContext(
            { workflowId: workflowExecution?.workflowId ?? '', activity: activityType, attempt },
            () => next(each),
          ),
        ),
    },
  };
};
