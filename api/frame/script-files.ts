import type { RequestHandler } from 'express';
import { packedFile, versioned } from '../packed';
import { readAsset } from '../pages/asset';

/** Scripts of pages, as files of our own. */
export interface ScriptFiles<Name extends string> {
  /** A script's address. */
  addressOf: (name: Name) => string;
  /** What serves them, by their paths. */
  files: { path: string; handle: RequestHandler }[];
}

/**
 * Scripts that lie in a folder as `<name>.js`, and are served as they are written.
 * @param prefix of their names in addresses
 */
export function scriptFilesIn<Name extends string>(
  folder: string,
  prefix: string,
  names: readonly Name[],
): ScriptFiles<Name> {
  const scripts = new Map(
    names.map((name) => {
      const content = readAsset(`${folder}/${name}.js`);
      const path = `/assets/${prefix}${name}.js`;
      return [name, { path, content, address: versioned(path, content) }];
    }),
  );
  return {
    addressOf: (name) => scripts.get(name)!.address,
    files: [...scripts.values()].map(({ path, content }) => ({ path, handle: packedFile('js', content) })),
  };
}
