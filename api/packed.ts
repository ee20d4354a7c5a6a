import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { RequestHandler } from 'express';

/** The address of a file of ours; another one for another content, so that no page goes with the file of an earlier release. */
export const versioned = (path: string, content: string | Buffer): string =>
  `${path}?${createHash('sha256').update(content).digest('base64url').slice(0, 8)}`;

/** A file of ours, packed where the browser takes that: a phone has it in a fraction of the bytes. */
export function packedFile(type: 'css' | 'js', content: string | Buffer): RequestHandler {
  const plain = Buffer.from(content);
  const packed = gzipSync(plain, { level: 9 });
  return (request, response) => {
    const takesPacked = request.acceptsEncodings('gzip', 'identity') === 'gzip';
    response
      .set({ 'Cache-Control': 'public, max-age=86400', Vary: 'Accept-Encoding' })
      .set(takesPacked ? { 'Content-Encoding': 'gzip' } : {})
      .type(type)
      .send(takesPacked ? packed : plain);
  };
}
