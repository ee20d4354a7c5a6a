import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';

/** What our spans are told by; while tracing is off, these do nothing. */
const tracer = trace.getTracer('vardmote');

/** Does a piece of work in a span of its own, with words of ours and opaque ids only for attributes. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes, kind: SpanKind.CLIENT }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // What went wrong stands in the log; a message could repeat what it was about.
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Begins the span of a request that came to us. It begins a trace of its own: whoever calls us does not
 * choose our traces' ids.
 *
 * @returns runs the rest of the request in it, and what ends it
 */
export function startRequestSpan(method: string): {
  run: <T>(work: () => T) => T;
  end: (route: string, status: number) => void;
} {
  const span = tracer.startSpan(method, {
    root: true,
    kind: SpanKind.SERVER,
    attributes: { 'http.request.method': method },
  });
  return {
    run: (work) => withSpan(span, work),
    end(route, status) {
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

const withSpan = <T>(span: Span, work: () => T): T =>
  context.with(trace.setSpan(context.active(), span), work);
