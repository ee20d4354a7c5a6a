import { Buffer } from 'node:buffer';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a process needs at least to start and to log; also how much a try writes. */
const roomBytes = 1_000_000;

/** @param {unknown} error of a write: whether there is no room for it, on the disk or in the user's share of it */
export function isDiskFull(error) {
  const { code } = /** @type {{ code?: unknown }} */ (error ?? {});
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** @param {string} folder whether something can be written there; tried, since a share can be used up on a disk with room */
export function hasRoom(folder) {
  const file = path.join(folder, 'room.try');
  try {
    writeFileSync(file, Buffer.alloc(roomBytes));
    return true;
  } catch (error) {
    return !isDiskFull(error);
  } finally {
    rmSync(file, { force: true });
  }
}
