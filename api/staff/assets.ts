<<<<<<< HEAD
import type { RequestHandler } from 'express';
import { packedFile, versioned } from '../packed';
import { readAsset } from '../pages/asset';

/** The scripts of the desk's pages: each page works without its own. */
const names = ['live-list'] as const;
type ScriptName = (typeof names)[number];

const scripts = new Map(
  names.map((name) => {
    const content = readAsset(`api/staff/assets/${name}.js`);
    return [name, { content, path: `/assets/desk/${name}.js` }];
  }),
);

/** A script's address. */
export function deskScriptAddress(name: ScriptName): string {
  const { path, content } = scripts.get(name)!;
  return versioned(path, content);
}

/** What serves them, by their paths. */
export const deskScriptFiles = (): { path: string; handle: RequestHandler }[] =>
  [...scripts.values()].map(({ path, content }) => ({ path, handle: packedFile('js', content) }));
=======
import { scriptFilesIn } from '../frame/script-files';

/** The scripts of the desk: each page works without its own, but for the call and the lock. */
const scripts = scriptFilesIn('api/staff/assets', 'desk-', ['lock', 'minutes', 'room', 'today']);

/** A script's address. */
export const deskScript = scripts.addressOf;

/** What serves them, by their paths. */
export const deskScriptFiles = scripts.files;
>>>>>>> desk-room
