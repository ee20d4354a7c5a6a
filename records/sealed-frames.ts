import type { ByteSeal } from './person-keys';

/** So many bytes of a content are sealed together. */
const PLAIN_FRAME_BYTES = 255 * 1024;
/** What sealing adds: iv and tag (platform/keys/seal). */
const OVERHEAD_BYTES = 28;
/** A sealed part, each of which is one chunk in GridFS. */
export const SEALED_FRAME_BYTES = PLAIN_FRAME_BYTES + OVERHEAD_BYTES;

/**
 * Bound to its content, its place in it, and whether it is the last: none can be left out, moved or added.
 */
const placeOf = (contentId: string, index: number, isLast: boolean): string =>
  `file:${contentId}:${index}:${isLast ? 'last' : 'more'}`;

/** A content in sealed parts. */
export function* sealFrames(sealer: ByteSeal, contentId: string, content: Uint8Array): Generator<Buffer> {
  const last = Math.max(0, Math.ceil(content.length / PLAIN_FRAME_BYTES) - 1);
  for (let index = 0; index <= last; index += 1) {
    const plain = content.subarray(index * PLAIN_FRAME_BYTES, (index + 1) * PLAIN_FRAME_BYTES);
    yield sealer.seal(placeOf(contentId, index, index === last), plain);
  }
}

/**
 * Opens what {@link sealFrames} made, however it is cut on its way. @throws when a part was changed, or is
 * missing
 */
export async function* openFrames(
  sealer: ByteSeal,
  contentId: string,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  let index = 0;
  for await (const bytes of sealed) {
    waiting = Buffer.concat([waiting, bytes]);
    // The last one stays until it is known to be the last.
    while (waiting.length > SEALED_FRAME_BYTES) {
      yield sealer.unseal(placeOf(contentId, index, false), waiting.subarray(0, SEALED_FRAME_BYTES));
      waiting = waiting.subarray(SEALED_FRAME_BYTES);
      index += 1;
    }
  }
  yield sealer.unseal(placeOf(contentId, index, true), waiting);
}
