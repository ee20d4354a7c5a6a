import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry/lib/worker';
import { inLogContext } from '../platform/log-context';

/** Well within the time-out of a heartbeat (workflows/shared/local-activities). */
const HEARTBEAT_EVERY_MS = 1_500;

/** Says that an activity still runs, for as long as it does. @returns what ends it */
function beat(context: Context): () => void {
  if (!context.info.heartbeatTimeoutMs) return () => undefined;
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  return () => clearInterval(beating);
}

/**
 * What an activity logs carries its workflow's id, and its span belongs to the trace that the workflow passes
 * on. It says that it runs, so that the death of its process is noticed within seconds.
 */
export const activityContext: ActivityInterceptorsFactory = (context) => {
  const { workflowExecution, activityType, attempt } = context.info;
  return {
    inbound: {
      execute: (input, next) =>
        new OpenTelemetryActivityInboundInterceptor(context).execute(input, (each) =>
          inLogContext(
            { workflowId: workflowExecution?.workflowId ?? '', activity: activityType, attempt },
            async () => {
              const stop = beat(context);
              try {
                return await next(each);
              } finally {
                stop();
              }
            },
          ),
        ),
    },
  };
};
