import { Client, Connection } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { KeyRing } from '../keys/key-ring';
import { createDataConverter } from './data-converter';

/** A client whose payloads are encrypted. It connects when first used, so that a process starts while Temporal is down. */
export function createClient(
  { connectionOptions, namespace }: ClientConnectConfig,
  payloadKeys: KeyRing,
): Client {
  const connection = Connection.lazy(connectionOptions);
  return new Client({
    connection,
    ...(namespace ? { namespace } : {}),
    dataConverter: createDataConverter(payloadKeys),
  });
}
