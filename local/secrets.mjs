import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setting } from './paths.mjs';

const key = () => randomBytes(32).toString('base64');
const word = () => randomBytes(24).toString('base64url');

/**
 * What this machine needs to keep secret, and how each is made. A key is preceded by its id, so that it can
 * be rotated.
 */
const makers = {
  FIELD_KEYS: () => `local-1:${key()}`,
  PAYLOAD_KEYS: () => `local-1:${key()}`,
  HASH_KEYS: () => `local-1:${key()}`,
  LINK_KEYS: () => `1:${key()}`,
  ROOM_KEY: key,
  JITSI_APP_SECRET: word,
  JITSI_EVENTS_SECRET: word,
  ELKS_PASSWORD: word,
  OIDC_CLIENT_SECRET: word,
  STAFF_OIDC_CLIENT_SECRET: word,
  DEMO_CLINIC_KEY: () => `vk_${randomBytes(32).toString('base64url')}`,
};

/**
 * The secrets of this machine's data, made once: without them the data cannot be read.
 * @param {string} folder the state folder
 * @returns {Record<string, string>} for the children's environment; what is set in ours wins
 */
export function ensureSecrets(folder) {
  const file = path.join(folder, 'secrets.json');
  /** @type {Record<string, string>} */
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const missing = Object.entries(makers).filter(([name]) => kept[name] === undefined);
  for (const [name, make] of missing) kept[name] = make();
  if (missing.length > 0) {
    writeFileSync(`${file}.new`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return Object.fromEntries(Object.keys(makers).map((name) => [name, setting(name) ?? kept[name] ?? '']));
}
