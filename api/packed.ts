import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';

/**
 * The address of a file of ours; another one for another content, so that no page goes with the file of an
 * earlier release.
 */
export const versioned = (path: string, content: string | Buffer): string =>
  `${path}?${createHash('sha256').update(content).digest('base64url').slice(0, 8)}`;

/**
 * A file of ours, packed where the browser takes that: a phone has it in a fraction of the bytes.
 * @param type `json` is at an address that stays, and asked for anew each time: by its tag nobody is sent
 * what they have
 */
export function packedFile(type: 'css' | 'js' | 'json', content: string | Buffer): RequestHandler {
  const plain = Buffer.from(content);
  const packed = gzipSync(plain, { level: 9 });
  const etag = `W/"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  const cacheControl = type === 'json' ? 'no-cache' : 'public, max-age=86400';
  return (request, response) => {
    response.set({ 'Cache-Control': cacheControl, Vary: 'Accept-Encoding', ETag: etag });
    // Told by the tag alone: Express sends it all again to whoever sends Cache-Control along, as fetch does.
    const known = request.get('if-none-match')?.split(',') ?? [];
    if (known.some((tag) => tag.trim() === etag)) {
      response.status(304).end();
      return;
    }
    const takesPacked = request.acceptsEncodings('gzip', 'identity') === 'gzip';
    response
      .set(takesPacked ? { 'Content-Encoding': 'gzip' } : {})
      .type(type)
      .send(takesPacked ? packed : plain);
  };
}
