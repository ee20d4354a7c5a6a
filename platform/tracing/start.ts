import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { onlyKnown } from './only-known';

/**
 * Begins to send traces to an OpenTelemetry collector, as OTLP over HTTP. What goes with a request to
 * Temporal is the trace's ids only (`traceparent`), no baggage.
 *
 * @param endpoint as OTEL_EXPORTER_OTLP_ENDPOINT has it, without `/v1/traces`
 * @returns what sends the rest and ends it
 */
export function startTracing({
  endpoint,
  service,
}: {
  endpoint: string;
  service: string;
}): () => Promise<void> {
  const exporter = onlyKnown(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }));
  const provider = new NodeTracerProvider({
    resource: new Resource({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register({ propagator: new W3CTraceContextPropagator() });
  return () => provider.shutdown();
}
