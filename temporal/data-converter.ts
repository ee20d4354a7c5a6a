import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from '../keys/key-ring';
import { createPayloadCodec } from './codec';

/** The one data converter of client and worker: all payloads encrypted, and failures' messages and stacks too (facts). */
export function createDataConverter(keys: KeyRing): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(keys)],
    failureConverterPath: require.resolve('./failure-converter'),
  };
}
