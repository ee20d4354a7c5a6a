import { Client, Connection, type ClientOptions } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { KeyRing } from '../platform/keys/key-ring';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client';
import { createDataConverter } from './data-converter';

/**
 * A client whose payloads are encrypted. It connects when first used, so that a process starts while Temporal
 * is down.
 *
 * @param traced whether its calls carry the ids of the trace that they belong to
 */
export function createClient(
  { connectionOptions, namespace }: ClientConnectConfig,
  payloadKeys: KeyRing,
  { traced = false }: { traced?: boolean } = {},
): Client {
  const connection = Connection.lazy(connectionOptions);
  return new Client({
    connection,
    ...(namespace ? { namespace } : {}),
    dataConverter: createDataConverter(payloadKeys),
    ...(traced ? { interceptors: tracingInterceptors() } : {}),
  });
}

/** Put the trace's ids into the header of what starts, commands or asks a workflow. */
export const tracingInterceptors = (): NonNullable<ClientOptions['interceptors']> => ({
  workflow: [new OpenTelemetryWorkflowClientInterceptor()],
});
