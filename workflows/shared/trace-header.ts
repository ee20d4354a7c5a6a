import type { Headers, WorkflowInterceptorsFactory } from '@temporalio/workflow';

/**
 * As the OpenTelemetry interceptors of client and activities name it. It carries a trace's ids and nothing
 * else.
 */
const TRACE_HEADER = '_tracer-data';

/**
 * Passes the trace of a workflow's start, or of its last command, on to its activities. So whatever follows
 * from a request belongs to its trace. It makes no spans of its own and waits for nothing, so a history is
 * the same with and without traces.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let carried: Headers = {};
  const remember = (headers: Headers): void => {
    const header = headers[TRACE_HEADER];
    if (header) carried = { [TRACE_HEADER]: header };
  };
  const withTrace = <Input extends { headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...input.headers, ...carried },
  });
  return {
    inbound: [
      {
        execute(input, next) {
          remember(input.headers);
          return next(input);
        },
        handleUpdate(input, next) {
          remember(input.headers);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(withTrace(input)),
        scheduleLocalActivity: (input, next) => next(withTrace(input)),
      },
    ],
  };
};
