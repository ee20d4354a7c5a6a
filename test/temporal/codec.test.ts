import {
  ApplicationFailure,
  DefaultPayloadConverter,
  type Payload,
  type WorkflowSerializationContext,
} from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import fc from 'fast-check';
import { parseKeyRing } from '../../platform/keys/key-ring';
import { createPayloadCodec } from '../../temporal/codec';
import { failureConverter } from '../../temporal/failure-converter';

const { Payload: PayloadMessage } = temporal.api.common.v1;
const { Failure } = temporal.api.failure.v1;
const converter = new DefaultPayloadConverter();
const keyOf = (letter: string): string => Buffer.alloc(32, letter).toString('base64');
const oldRing = parseKeyRing(`k1:${keyOf('a')}`);
const newRing = parseKeyRing(`k2:${keyOf('b')},k1:${keyOf('a')}`);
const codec = createPayloadCodec(oldRing);

const of = (workflowId: string): WorkflowSerializationContext => ({
  type: 'workflow',
  namespace: 'test',
  workflowId,
});
const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
const secretText = 'nothing-that-shows';

async function encrypt(value: unknown, workflowId = 'meeting-1', by = codec): Promise<Payload> {
  const [payload] = await by.encode([converter.toPayload(value)], of(workflowId));
  return payload!;
}
async function decrypt(payload: Payload, workflowId?: string, by = codec): Promise<unknown> {
  const [plain] = await by.decode([payload], workflowId === undefined ? undefined : of(workflowId));
  return converter.fromPayload(plain!);
}
const named = (payload: Payload, name: string, value: string): Payload => ({
  ...payload,
  metadata: { ...payload.metadata, [name]: new TextEncoder().encode(value) },
});

describe('the payload codec', () => {
  it('R8.3 gives back what went in, of any kind and for any workflow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string({ minLength: 1, unit: 'grapheme' }), async (value, id) => {
        const sealed = await encrypt(value, id);
        // JSON knows no -0.
        const written: unknown = JSON.parse(JSON.stringify(value));
        expect(await decrypt(sealed, id)).toEqual(written);
        expect(await decrypt(sealed)).toEqual(written);
      }),
    );
  });

  it('keeps bytes, metadata, order and number of the payloads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async (all) => {
        const payloads = all.map((data, index) => ({
          metadata: { encoding: Buffer.from('binary/plain'), index: Buffer.from(String(index)) },
          data,
        }));
        const back = await codec.decode(await codec.encode(payloads, of('w')), of('w'));
        expect(back.map((payload) => [text(payload.metadata?.index), [...(payload.data ?? [])]])).toEqual(
          all.map((data, index) => [String(index), [...data]]),
        );
      }),
    );
  });

  it('R8.3 shows nothing of what is inside, and is another each time', async () => {
    const first = await encrypt({ secretText });
    const second = await encrypt({ secretText });
    for (const sealed of [first, second]) {
      const bytes = Buffer.from(PayloadMessage.encode(sealed).finish());
      expect(bytes.includes(secretText)).toBe(false);
      expect(bytes.includes('json/plain')).toBe(false);
    }
    expect(Buffer.from(first.data!).equals(second.data!)).toBe(false);
    expect(Object.keys(first.metadata!).sort()).toEqual(['encoding', 'key-id', 'workflow-id']);
  });

  it('R8.3 does not open in another workflow', async () => {
    const sealed = await encrypt({ secretText });
    await expect(decrypt(sealed, 'meeting-2')).rejects.toThrow('another workflow');
    // Nor where the metadata is changed to match.
    const moved = named(sealed, 'workflow-id', 'meeting-2');
    await expect(decrypt(moved, 'meeting-2')).rejects.toThrow();
    await expect(decrypt(moved)).rejects.toThrow();
  });

  it('R8.3 does not open with any byte changed', async () => {
    const sealed = await encrypt({ secretText });
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.data!.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const data = Uint8Array.from(sealed.data!);
        data[at]! ^= by;
        await expect(decrypt({ ...sealed, data }, 'meeting-1')).rejects.toThrow();
      }),
    );
  });

  it('takes no plain payload, on either way in', async () => {
    const plain = converter.toPayload({ secretText });
    for (const payload of [plain, {}, named(await encrypt(1), 'encoding', 'json/plain')]) {
      await expect(decrypt(payload, 'meeting-1')).rejects.toThrow('not encrypted');
    }
  });

  it('writes nothing without a workflow to bind it to', async () => {
    expect(() => codec.encode([converter.toPayload(1)])).toThrow('without a workflow');
    await expect(encrypt(1, '')).rejects.toThrow('without a workflow');
  });

  it('reads by the old key after a rotation, and writes by the new', async () => {
    const rotated = createPayloadCodec(newRing);
    const before = await encrypt({ secretText });
    expect(text(before.metadata?.['key-id'])).toBe('k1');
    expect(await decrypt(before, 'meeting-1', rotated)).toEqual({ secretText });
    const after = await encrypt({ secretText }, 'meeting-1', rotated);
    expect(text(after.metadata?.['key-id'])).toBe('k2');
    expect(await decrypt(after, 'meeting-1', rotated)).toEqual({ secretText });
  });

  it('names the key that it lacks, and nothing of the data', async () => {
    const sealed = await encrypt({ secretText }, 'meeting-1', createPayloadCodec(newRing));
    const error = await decrypt(sealed, 'meeting-1').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'refused: no payload key with the id k2' });
    expect(String(error)).not.toContain(Buffer.from(sealed.data!).toString('base64').slice(0, 12));
    await expect(decrypt(named(sealed, 'key-id', '__proto__'), 'meeting-1')).rejects.toThrow(
      'no payload key',
    );
  });
});

describe('failures', () => {
  it('R8.3 carry neither message nor stack in plain, and give both back', () => {
    const error = ApplicationFailure.create({
      message: `outer ${secretText}`,
      type: 'refused',
      cause: new Error(`inner ${secretText}`),
    });
    const proto = failureConverter.errorToFailure(error, converter);
    for (const failure of [proto, proto.cause!]) {
      expect(failure.message).toBe('Encoded failure');
      expect(failure.stackTrace).toBe('');
      expect(converter.fromPayload(failure.encodedAttributes!)).toMatchObject({
        message: expect.stringContaining(secretText) as string,
      });
    }
    // What is left in plain when the codec has taken the payloads.
    const rest = Failure.encode({
      ...proto,
      encodedAttributes: null,
      cause: { ...proto.cause!, encodedAttributes: null },
    }).finish();
    expect(Buffer.from(rest).includes(secretText)).toBe(false);
    expect(Buffer.from(rest).includes(__filename)).toBe(false);
    const back = failureConverter.failureToError(proto, converter);
    expect(back.message).toBe(`outer ${secretText}`);
    expect(back.stack).toContain('codec.test');
  });
});
