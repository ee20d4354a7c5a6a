import { createHmac } from 'node:crypto';

/** Named keys of one purpose: the first is used for new writes, all are good for reading (rotation). */
export interface KeyRing {
  readonly current: { id: string; key: Buffer };
  /** The key with that id, or undefined where this process does not have it. */
  find(id: string): Buffer | undefined;
  readonly ids: string[];
}

/**
 * A ring from its setting, `id:base64,id:base64`, newest first; each key has 32 bytes.
 * @throws RangeError that says what is wrong, without the key
 */
export function parseKeyRing(setting: string): KeyRing {
  const keys = new Map<string, Buffer>();
  for (const part of setting.split(',')) {
    const [id, base64, ...rest] = part.trim().split(':');
    if (!id || !base64 || !/^[a-zA-Z0-9-]{1,32}$/.test(id))
      throw new RangeError('must be id:base64[,id:base64]');
    if (rest.length > 0 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64))
      throw new RangeError(`key ${id} is not base64`);
    const key = Buffer.from(base64, 'base64');
    if (key.length !== 32) throw new RangeError(`key ${id} must be 32 bytes in base64, has ${key.length}`);
    if (keys.has(id)) throw new RangeError(`key ${id} is given twice`);
    keys.set(id, key);
  }
  const ids = [...keys.keys()];
  const first = ids[0]!;
  return { current: { id: first, key: keys.get(first)! }, find: (id) => keys.get(id), ids };
}

/** A keyed hash of 256 bits. The purpose keeps hashes of different kinds apart under one key. */
export function keyedHash(key: Buffer, purpose: string, value: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\u0000${value}`).digest();
}
