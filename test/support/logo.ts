import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** A PNG of one colour, as a clinic's logo may be. */
export const pngOf = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: '#ffffff' } })
    .png()
    .toBuffer();

/** A chunk of a PNG, with its right checksum. */
export function pngChunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), content]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  crc.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, crc]);
}

/** Whole by its chunks, and no picture: what should be its pixels is not packed. */
export async function undrawablePng(): Promise<Buffer> {
  const png = await pngOf(240, 80);
  const head = png.subarray(0, png.indexOf('IDAT') - 4);
  return Buffer.concat([head, pngChunk('IDAT', Buffer.alloc(40, 7)), pngChunk('IEND', Buffer.alloc(0))]);
}
