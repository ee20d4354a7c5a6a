import { deflateRawSync } from 'node:zlib';

/** A file of one name in a zip archive, whose content unpacks to so many zeros. */
export function zipOf(size: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(size));
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(1, 26);
  return Buffer.concat([header, Buffer.from('a'), packed]);
}

/** What a picture in an iPhone's own format begins with, by its brand. */
export const heicOf = (brand: string): Buffer =>
  Buffer.concat([Buffer.from(`\0\0\0\u0018ftyp${brand}\0\0\0\0mif1heic`, 'latin1'), Buffer.alloc(200)]);
