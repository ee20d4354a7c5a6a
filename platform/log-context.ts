import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';

/** What each log line of one piece of work carries: opaque ids and words of ours only (R8.3). */
export interface LogContext {
  requestId?: string;
  commandId?: string;
  meetingId?: string;
  caseId?: string;
  workflowId?: string;
  activity?: string;
  attempt?: number;
}

const current = new AsyncLocalStorage<LogContext>();

/** Runs a piece of work whose log lines carry these fields, with those of the work that it is part of. */
export const inLogContext = <T>(fields: LogContext, work: () => T): T =>
  current.run(Object.assign(Object.create(null) as LogContext, current.getStore(), fields), work);

/** Adds to the log lines of the work under way what has become known of it. */
export function noteInLog(fields: LogContext): void {
  const context = current.getStore();
  if (context) Object.assign(context, fields);
}

/** The fields of the work under way, for pino's `mixin`; with the trace's id where there is one. */
export function logContext(): LogContext & { traceId?: string } {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return { ...current.getStore(), ...(traceId ? { traceId } : {}) };
}

/** The same, for what is logged after the work has left its context, such as when an answer has gone out. */
export const keepLogContext = (): (() => LogContext) => {
  const context = current.getStore();
  return () => ({ ...context });
};
