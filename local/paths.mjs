import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, wherever the command was called from. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The one git-ignored folder in which everything lies that the two commands make; it is created. */
export function stateFolder() {
  return makeFolder(path.resolve(root, setting('VARDMOTE_STATE') ?? '.vardmote'));
}

/** @param {string} folder that only this user may look into, also where it is there already */
export function makePrivateFolder(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
}

/** @param {string} folder */
export function makeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * A value of the environment; an empty one counts as not set.
 * @param {string} name
 */
export function setting(name) {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : value;
}

/**
 * @param {string} name of a program
 * @returns {string | undefined} its absolute path
 */
export function findOnPath(name) {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.resolve(folder, name);
    if (folder !== '' && isProgram(file)) return file;
  }
  return undefined;
}

/** @param {string} file */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
