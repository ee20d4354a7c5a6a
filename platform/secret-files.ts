import { readFileSync } from 'node:fs';

/**
 * Settings that may stand in a file of their own, as Docker and Kubernetes hand out secrets:
 * `FIELD_KEYS_FILE=/run/secrets/field-keys`.
 */
const fromFiles = [
  'FIELD_KEYS',
  'HASH_KEYS',
  'PAYLOAD_KEYS',
  'LINK_KEYS',
  'ROOM_KEY',
  'JITSI_APP_SECRET',
  'JITSI_EVENTS_SECRET',
  'OIDC_CLIENT_SECRET',
  'STAFF_OIDC_CLIENT_SECRET',
  'ELKS_PASSWORD',
  'MAIL_URL',
  'MONGODB_URI',
] as const;

/**
 * Reads what stands in files, of the settings that this process knows. Given in both ways a setting is
 * refused: nobody could say which of them holds, and an old key that wins unseen locks data up.
 *
 * @param known the names of this process's settings; files of others are left alone
 * @returns the settings with what stood in files, and what is wrong, by the name of the setting and without
 * any value
 */
export function withSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): { settings: Record<string, string | undefined>; problems: { name: string; problem: string }[] } {
  const settings = { ...env };
  const problems: { name: string; problem: string }[] = [];
  for (const name of fromFiles.filter((each) => known.includes(each))) {
    const file = env[`${name}_FILE`];
    if (file === undefined) continue;
    if (env[name] !== undefined) {
      problems.push({ name, problem: `${name} and ${name}_FILE are both given: give one of them` });
      continue;
    }
    try {
      // Editors and `echo` end a file with a line break.
      settings[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '') || undefined;
    } catch (error) {
      const { code = 'not readable' } = error as NodeJS.ErrnoException;
      problems.push({ name, problem: `${name}_FILE names a file that cannot be read (${code})` });
    }
  }
  return { settings, problems };
}
