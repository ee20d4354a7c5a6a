import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ValueError, type Payload, type PayloadCodec, type SerializationContext } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from '../platform/keys/key-ring';
import { seal, unseal } from '../platform/keys/seal';

const ENCODING = 'binary/vardmote-encrypted';
/** The first byte of what is encrypted: how the rest of it is written. */
const AS_IT_IS = 0;
const DEFLATED = 1;
const { Payload: PayloadMessage } = temporal.api.common.v1;

/**
 * Encrypts every payload with AES-256-GCM, bound to its workflow's id: a ciphertext that is moved to another
 * meeting does not open. The id stands in the payload's metadata too, since a codec server is told only the
 * namespace (design, decision 7).
 */
export function createPayloadCodec(keys: KeyRing): PayloadCodec {
  return {
    encode: (payloads, context) =>
      Promise.resolve(payloads.map((payload) => encrypt(keys, payload, context))),
    decode: (payloads, context) =>
      Promise.resolve(payloads.map((payload) => decrypt(keys, payload, context))),
  };
}

/**
 * Whether we have encrypted it. The SDK's own notes on a local activity (type, attempt, times) never are:
 * they pass no codec.
 */
export const isEncrypted = ({ metadata }: Payload): boolean =>
  metadata?.encoding !== undefined && decode(metadata.encoding) === ENCODING;

function encrypt(keys: KeyRing, payload: Payload, context?: SerializationContext): Payload {
  const workflowId = context?.workflowId;
  if (!workflowId) throw new ValueError('a payload without a workflow has no place here');
  const { id, key } = keys.current;
  return {
    metadata: { encoding: encode(ENCODING), 'key-id': encode(id), 'workflow-id': encode(workflowId) },
    data: seal(key, pack(PayloadMessage.encode(payload).finish()), workflowId),
  };
}

/**
 * Made smaller before it is encrypted, where that helps: a read model to less than half. There are only ids,
 * instants and states in it, none of them chosen by others, so that nobody can probe for the rest by its
 * length.
 */
function pack(bytes: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(bytes);
  const [how, content] = deflated.length < bytes.length ? [DEFLATED, deflated] : [AS_IT_IS, bytes];
  return Buffer.concat([Uint8Array.of(how), content]);
}

function unpack(packed: Uint8Array): Uint8Array {
  const content = packed.subarray(1);
  if (packed[0] === AS_IT_IS) return content;
  if (packed[0] === DEFLATED) return inflateRawSync(content);
  throw new ValueError('refused: a payload that is written in another way');
}

/**
 * What Temporal's server itself says of an activity that was cancelled before anybody had begun it: the one
 * payload that none of our processes has written.
 */
const NOT_STARTED = '"ACTIVITY_ID_NOT_STARTED"';
const isServersOwn = ({ metadata, data }: Payload): boolean =>
  decode(metadata?.encoding ?? new Uint8Array()) === 'json/plain' &&
  decode(data ?? new Uint8Array()) === NOT_STARTED;

function decrypt(keys: KeyRing, payload: Payload, context?: SerializationContext): Payload {
  const metadata = (name: string): string => {
    const value = payload.metadata?.[name];
    return value ? decode(value) : '';
  };
  if (isServersOwn(payload)) return payload;
  if (!isEncrypted(payload)) throw new ValueError('refused: a payload that is not encrypted');
  const workflowId = metadata('workflow-id');
  if (context?.workflowId && context.workflowId !== workflowId) {
    throw new ValueError('refused: a payload of another workflow');
  }
  const key = keys.find(metadata('key-id'));
  if (!key) throw new ValueError(`refused: no payload key with the id ${metadata('key-id')}`);
  return PayloadMessage.decode(unpack(unseal(key, payload.data ?? new Uint8Array(), workflowId)));
}
