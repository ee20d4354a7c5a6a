import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * All that may leave with a span: ids, words of ours and numbers. Whatever a library adds of its own is left
 * behind.
 */
const ATTRIBUTES = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'temporalWorkflowId',
  'temporalActivityId',
  'temporalUpdateId',
  'run_id',
  'vardmote.notice',
  'vardmote.result',
]);

/**
 * Passes on spans without anything that could be personal (R8.3). Of each span it passes its name, times,
 * ids, status code and the attributes named here. It leaves out the message, type and stack of an exception,
 * which the Temporal interceptors record. These are in the logs.
 */
export const onlyKnown = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(bare), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
});

function bare(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).filter(([name]) => ATTRIBUTES.has(name)),
  );
  return Object.create(span, {
    attributes: { value: attributes },
    events: { value: [] },
    links: { value: [] },
    status: { value: { code: span.status.code } },
  }) as ReadableSpan;
}
