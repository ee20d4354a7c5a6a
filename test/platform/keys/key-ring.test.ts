import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { keyedHash, parseKeyRing } from '../../../platform/keys/key-ring';

const older = Buffer.alloc(32, 7);
const newer = Buffer.alloc(32, 0xfb);
const base64 = (key: Buffer): string => key.toString('base64');

function refusalOf(setting: string): string {
  try {
    parseKeyRing(setting);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return String(error);
  }
  throw new Error('was taken');
}

describe('parseKeyRing', () => {
  it('writes with the first key and reads with all, in their order', () => {
    const ring = parseKeyRing(`2026-11:${base64(newer)}, 2026-05:${base64(older)}`);
    expect(ring.current).toEqual({ id: '2026-11', key: newer });
    expect(ring.find('2026-11')).toEqual(newer);
    expect(ring.find('2026-05')).toEqual(older);
    expect(ring.ids).toEqual(['2026-11', '2026-05']);
  });

  it('knows no other key, also none by a name that every object has', () => {
    const ring = parseKeyRing(`k1:${base64(older)}`);
    for (const id of ['k2', '', 'K1', 'constructor', '__proto__']) expect(ring.find(id)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'id:base64'],
    ['a key without an id', base64(newer), 'id:base64'],
    ['an id without a key', 'k1:', 'id:base64'],
    ['an empty id', `:${base64(newer)}`, 'id:base64'],
    ['an odd id', `k 1:${base64(newer)}`, 'id:base64'],
    ['an id too long', `${'k'.repeat(33)}:${base64(newer)}`, 'id:base64'],
    ['an empty part', `k1:${base64(newer)},`, 'id:base64'],
    ['id and key the wrong way round', `${base64(newer)}:k1`, 'id:base64'],
    ['a key too short', `k1:${base64(newer.subarray(1))}`, 'key k1 must be 32 bytes in base64, has 31'],
    ['a key too long', `k1:${base64(Buffer.concat([newer, newer]))}`, 'key k1 must be 32 bytes'],
    ['an id given twice', `k1:${base64(newer)},k1:${base64(older)}`, 'key k1 is given twice'],
    [
      'the second part wrong',
      `k1:${base64(newer)},k2:${base64(older.subarray(1))}`,
      'key k2 must be 32 bytes',
    ],
  ])('refuses %s and says so without the key', (_, setting, expected) => {
    const message = refusalOf(setting);
    expect(message).toContain(expected);
    for (const key of [newer, older]) expect(message).not.toContain(base64(key).slice(0, 12));
  });

  it.each([
    ['with a character that is not base64', (key: string) => `${key.slice(0, 10)}!${key.slice(10)}`],
    ['with something after it', (key: string) => `${key}:old`],
    ['without its comma to the next', (key: string) => `${key}k0:${base64(older)}`],
  ])('refuses a key that was damaged: %s', (_, damage) => {
    expect(refusalOf(`k1:${damage(base64(newer))}`)).not.toContain(base64(newer).slice(0, 9));
  });

  it('never tells a key of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 64 }), (bytes) => {
        fc.pre(bytes.length !== 32);
        const key = base64(Buffer.from(bytes));
        expect(refusalOf(`k1:${key}`)).not.toContain(key.slice(0, 8));
      }),
    );
  });
});

describe('keyedHash', () => {
  it('is the same for the same, and another for another key, purpose or value', () => {
    const hash = keyedHash(older, 'room', 'm-1');
    expect(hash).toHaveLength(32);
    expect(keyedHash(older, 'room', 'm-1')).toEqual(hash);
    expect(keyedHash(newer, 'room', 'm-1')).not.toEqual(hash);
    expect(keyedHash(older, 'link', 'm-1')).not.toEqual(hash);
    expect(keyedHash(older, 'room', 'm-2')).not.toEqual(hash);
  });

  it('keeps purpose and value apart', () => {
    expect(keyedHash(older, 'room1', '2')).not.toEqual(keyedHash(older, 'room', '12'));
    const key = randomBytes(32);
    expect(keyedHash(key, '', 'ab')).not.toEqual(keyedHash(key, 'a', 'b'));
  });
});
