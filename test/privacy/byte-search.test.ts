import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createByteSearch } from '../support/byte-search';

/** What searches the servers' files must not be blind. */
describe('the search of bytes', () => {
  it('finds each text wherever it stands, and no other', () => {
    const text = fc.string({ minLength: 6, maxLength: 20, unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { minLength: 1, maxLength: 6 }),
        fc.nat(3),
        fc.uint8Array(),
        fc.uint8Array(),
        (texts, index, before, after) => {
          const planted = texts[index % texts.length]!;
          const bytes = Buffer.concat([before, Buffer.from(planted), after]);
          const expected = texts.filter(
            (each) => bytes.includes(Buffer.from(each)) || bytes.includes(Buffer.from(each, 'utf16le')),
          );
          const search = createByteSearch(texts);
          expect(search.in(bytes).has(planted)).toBe(true);
          expect([...search.in(bytes)].sort()).toEqual(expected.sort());
          expect(search.in(Buffer.from(planted, 'utf16le')).has(planted)).toBe(true);
        },
      ),
    );
  });

  it('does not look for what is so short in an encoding that chance would bring it', () => {
    const short = '\u3164\u200b';
    const search = createByteSearch([short]);
    expect(search.in(Buffer.from(short))).toEqual(new Set([short]));
    expect(search.in(Buffer.from(short, 'utf16le'))).toEqual(new Set());
  });

  it('finds across the chunks that a large file is read in, in each file of a folder', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-search-'));
    const secret = 'Hjördis Oförväxlingsbar';
    const large = Buffer.alloc(33 * 1024 * 1024);
    for (const at of [16 * 1024 * 1024 - 5, large.length - Buffer.byteLength(secret)]) {
      const bytes = Buffer.from(large);
      bytes.write(secret, at);
      writeFileSync(path.join(folder, 'large'), bytes);
      expect(createByteSearch([secret]).inFolder(folder)).toEqual(new Map([['large', new Set([secret])]]));
    }
    expect(createByteSearch(['Ofullbordad Ansökan']).inFolder(folder)).toEqual(new Map());
    rmSync(folder, { recursive: true });
  });
});
