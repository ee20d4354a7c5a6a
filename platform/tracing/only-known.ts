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
 * Hands on spans without what could hold something personal (R8.3): of each its name, times, ids, code of
 * status and the attributes named here. The message, type and stack of an exception, which the Temporal
 * interceptors note, stay behind; they stand in the logs.
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
