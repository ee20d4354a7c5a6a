import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

/** The shortest text that is looked for: by its first bytes, and shorter ones would be found by chance. */
const LEAST_BYTES = 6;
const CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Looks for many texts at once in bytes, whatever these are: pages of a database, logs, compressed or not.
 */
export interface ByteSearch {
  /** The texts that stand in the bytes, in UTF-8 or in UTF-16 as some write it. */
  in(bytes: Uint8Array): Set<string>;
  /** The same for a file of any size. */
  inFile(file: string): Set<string>;
  /** The same for all files below a folder, by file. */
  inFolder(folder: string): Map<string, Set<string>>;
}

export function createByteSearch(texts: Iterable<string>): ByteSearch {
  /** By the first four bytes, which are few among all that there are. */
  const byStart = new Map<number, { text: string; bytes: Buffer }[]>();
  /** Whether anything begins with these two bytes. */
  const begins = new Uint8Array(65_536);
  let longest = 0;
  for (const text of new Set(texts)) {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from(text, encoding);
      if (bytes.length < LEAST_BYTES) continue;
      longest = Math.max(longest, bytes.length);
      const start = bytes.readUInt32LE(0);
      byStart.set(start, [...(byStart.get(start) ?? []), { text, bytes }]);
      begins[bytes.readUInt16LE(0)] = 1;
    }
  }

  function search(bytes: Uint8Array): Set<string> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = new Set<string>();
    for (let at = 0; at + 4 <= buffer.length; at += 1) {
      if (begins[buffer[at]! | (buffer[at + 1]! << 8)] === 0) continue;
      for (const { text, bytes: wanted } of byStart.get(buffer.readUInt32LE(at)) ?? []) {
        const end = at + wanted.length;
        if (end <= buffer.length && buffer.compare(wanted, 0, wanted.length, at, end) === 0) found.add(text);
      }
    }
    return found;
  }

  function inFile(file: string): Set<string> {
    const descriptor = openSync(file, 'r');
    const found = new Set<string>();
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES + longest);
      // What lies across the end of a chunk is read with the next one again.
      for (let offset = 0, read = 0; (read = readSync(descriptor, chunk, 0, chunk.length, offset)) > 0;) {
        for (const text of search(chunk.subarray(0, read))) found.add(text);
        offset += Math.min(read, CHUNK_BYTES);
        if (read < chunk.length) break;
      }
    } finally {
      closeSync(descriptor);
    }
    return found;
  }

  function inFolder(folder: string): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      const file = path.join(folder, name);
      if (!statSync(file).isFile()) continue;
      const texts = inFile(file);
      if (texts.size > 0) found.set(name, texts);
    }
    return found;
  }

  return { in: search, inFile, inFolder };
}
