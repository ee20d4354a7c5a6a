import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A file that browsers get as it is written, by its place in the checkout. Compiled code lies in a folder
 * below it (`dist` and others), so it is looked for upwards.
 */
export function readAsset(place: string): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, place);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (folder === path.dirname(folder)) throw new Error(`${place} is not there`);
  }
}
