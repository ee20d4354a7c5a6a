import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makePrivateFolder } from './paths.mjs';
import { startProgram } from './program.mjs';

/**
 * @typedef {{
 *   binary: string,
 *   port: number,
 *   uiPort: number,
 *   stateFile: string | null,
 *   namespace: string,
 *   codecEndpoint: string | null,
 * }} TemporalOptions stateFile: null keeps nothing; codecEndpoint: where the Web UI has payloads decoded
 */

const loopback = '127.0.0.1';

/** How long ended workflows stay visible; the dev server's own default is a day. */
const retention = '720h';

/**
 * Temporal's dev server with its Web UI.
 * @param {TemporalOptions} options
 * @returns {import('./program.mjs').Program}
 */
export function temporalProgram({ binary, port, uiPort, stateFile, namespace, codecEndpoint }) {
  const env = plainEnvironment();
  const args = ['server', 'start-dev', '--ip', loopback, '--port', String(port), '--ui-port', String(uiPort)];
  args.push('--namespace', namespace, '--log-level', 'warn');
  if (codecEndpoint !== null) args.push('--ui-codec-endpoint', codecEndpoint);
  if (stateFile !== null) {
    makePrivateFolder(path.dirname(stateFile));
    // Several times faster than SQLite as it comes, and what is acknowledged still survives a kill.
    args.push('--db-filename', stateFile);
    args.push('--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1');
  }
  return {
    name: 'temporal',
    command: binary,
    args,
    env,
    async isReady() {
      const address = ['--address', `${loopback}:${port}`, '--namespace', namespace];
      // A write shows that the namespace is really there.
      await promisify(execFile)(
        binary,
        ['operator', 'namespace', 'update', '--retention', retention, ...address],
        {
          env,
          timeout: 10_000,
        },
      );
      return true;
    },
  };
}

/**
 * Starts it outside of a launcher, for tests. `ready()` once it answers.
 * @param {TemporalOptions & { log: string }} options log: the file that its output is appended to
 */
export function startTemporal({ log, ...options }) {
  return startProgram(temporalProgram(options), log);
}

/**
 * Without the settings by which the Temporal CLI finds other clusters: they belong to whoever uses this
 * machine.
 */
function plainEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: devNull };
}
