import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../platform/keys/key-ring';
import { createPayloadCodec } from './codec';

/** Where the SDK loads the failure converter from; a workflow bundle that is built ahead holds it too. */
export const failureConverterPath = require.resolve('./failure-converter');

/**
 * The one data converter of client and worker: all payloads encrypted, and failures' messages and stacks too
 * (facts).
 */
export function createDataConverter(keys: KeyRing): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(keys)],
    failureConverterPath,
  };
}
