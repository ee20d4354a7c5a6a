import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { seal, unseal } from '../../../platform/keys/seal';

const key = Buffer.alloc(32, 7);
const plain = Buffer.from('Frågor före mötet');

describe('seal and unseal', () => {
  it('R8.3 opens what was sealed, of any length and for any binding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: 'binary' }), (bytes, boundTo) => {
        const sealed = seal(key, bytes, boundTo);
        expect([...unseal(key, sealed, boundTo)]).toEqual([...bytes]);
      }),
    );
  });

  it('R8.3 shows nothing of what is inside, and is another each time', () => {
    const one = seal(key, plain, 'meeting-1');
    const two = seal(key, plain, 'meeting-1');
    expect(one.includes(plain)).toBe(false);
    expect(one.equals(two)).toBe(false);
    expect(one.subarray(0, 12).equals(two.subarray(0, 12))).toBe(false);
  });

  it('R8.3 does not open with another key', () => {
    const sealed = seal(key, plain, 'meeting-1');
    for (const other of [Buffer.alloc(32, 8), Buffer.alloc(32), randomBytes(32)]) {
      expect(() => unseal(other, sealed, 'meeting-1')).toThrow();
    }
  });

  it('R8.3 does not open in another place', () => {
    const sealed = seal(key, plain, 'meeting-1');
    for (const other of ['meeting-2', 'meeting-1 ', 'Meeting-1', '']) {
      expect(() => unseal(key, sealed, other)).toThrow();
    }
  });

  it('R8.3 does not open with any bit flipped', () => {
    const sealed = seal(key, plain, 'meeting-1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => unseal(key, flipped, 'meeting-1')).toThrow();
    }
  });

  it('R8.3 does not open when cut or lengthened', () => {
    const sealed = seal(key, plain, 'meeting-1');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => unseal(key, sealed.subarray(0, length), 'meeting-1')).toThrow();
    }
    expect(() => unseal(key, Buffer.concat([sealed, Buffer.alloc(1)]), 'meeting-1')).toThrow();
    expect(() => unseal(key, plain, 'meeting-1')).toThrow();
  });

  it('opens bytes that lie within others', () => {
    const sealed = seal(key, plain, 'meeting-1');
    const around = new Uint8Array(Buffer.concat([Buffer.from('before'), sealed, Buffer.from('after')]));
    const view = new Uint8Array(around.buffer, 6, sealed.length);
    expect(unseal(key, view, 'meeting-1')).toEqual(plain);
  });
});
