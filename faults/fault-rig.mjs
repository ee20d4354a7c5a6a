import path from 'node:path';
import { databaseProgram, mongodbUri } from '../local/database-server.mjs';
import { childEnvironment } from '../local/environment.mjs';
import { makeFolder } from '../local/paths.mjs';
import { PortClaims } from '../local/port-claims.mjs';
import { freePorts } from '../local/ports.mjs';
import { spawnProgram, untilReady } from '../local/program.mjs';
import { ensureSecrets } from '../local/secrets.mjs';
import { temporalProgram } from '../local/temporal-server.mjs';
import { pause } from '../local/waiting.mjs';

/**
 * @typedef {import('../local/program.mjs').Program} Program
 * @typedef {{
 *   folder: string,
 *   codeFolder: string,
 *   workflowBundle: string,
 *   temporal: string,
 *   database: { kind: 'mongod' | 'secantusd', path: string },
 *   timeoutSeconds: number,
 *   leaseSeconds: number,
 *   settings?: Record<string, string>,
 * }} StandOptions codeFolder: where the compiled `api/main.js` and `worker/main.js` are; settings: in place of
 *   the service's own here
 */

const restartMs = 500;
const graceMs = 10_000;

/**
 * Outside of the ports that systems give out by themselves, and others than `npm start` and `npm test` use.
 */
const preferred = { api: 21_300, provider: 21_400, temporal: 21_500, temporalUi: 21_600, database: 21_700 };

/**
 * Starts Temporal and the database, and says how everything else is to be started, killed and stopped. Nothing of it outlives
 * this process or its group.
 * @param {StandOptions} options
 */
export async function startFaultRig(options) {
  const { folder, codeFolder } = options;
  const claims = new PortClaims();
  const ports = await freePorts(preferred, claims);
  const env = environment(options, ports);
  /** @type {Record<string, Kept>} */
  const kept = {};
  const killAll = () => Object.values(kept).forEach((each) => each.kill());
  process.once('exit', killAll);

  /** @param {Program} program */
  async function start(program) {
    const log = path.join(folder, 'logs', `${program.name}.log`);
    kept[program.name] = new Kept(program, log);
    await untilReady(program, log, () => false);
  }

  /** @param {string} name @returns {Kept} */
  function named(name) {
    const found = kept[name];
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  }

  async function stop() {
    // The servers last: the others finish with them what they have in hand.
    const servers = ['temporal', 'database'];
    const names = Object.keys(kept);
    await Promise.all(names.filter((name) => !servers.includes(name)).map((name) => named(name).stop()));
    await Promise.all(names.filter((name) => servers.includes(name)).map((name) => named(name).stop()));
    process.off('exit', killAll);
    claims.releaseAll();
  }

  const { temporal, database } = options;
  const programs = [
    temporalProgram({
      binary: temporal,
      port: ports.temporal,
      uiPort: ports.temporalUi,
      stateFile: path.join(folder, 'temporal', 'temporal.db'),
      namespace: env.TEMPORAL_NAMESPACE,
      codecEndpoint: null,
    }),
    databaseProgram({ ...database, port: ports.database, dataFolder: path.join(folder, 'database') }),
  ];
  try {
    await Promise.all(programs.map(start));
  } catch (error) {
    await stop();
    throw error;
  }

  const apiUrl = `http://127.0.0.1:${ports.api}`;
  return {
    folder,
    apiUrl,
    providerPort: ports.provider,
    env,
    async startService() {
      const entries = { api: 'api/main.js', 'worker-1': 'worker/main.js', 'worker-2': 'worker/main.js' };
      for (const [name, file] of Object.entries(entries)) {
        const args = ['--enable-source-maps', path.join(codeFolder, file)];
        const isReady = async () =>
          name !== 'api' || (await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
        await start({ name, command: process.execPath, args, env, isReady });
      }
    },
    kill: (/** @type {string} */ name) => named(name).kill(),
    freeze: (/** @type {string} */ name) => named(name).freeze(),
    thaw: (/** @type {string} */ name) => named(name).thaw(),
    shutDown: (/** @type {string} */ name) => named(name).shutDown(),
    stop,
  };
}

/**
 * @param {StandOptions} options
 * @param {typeof preferred} ports
 */
function environment({ folder, workflowBundle, timeoutSeconds, leaseSeconds, settings }, ports) {
  const { api, temporal, temporalUi, database } = ports;
  const origin = `http://127.0.0.1:${api}`;
  // Nothing of the machine's own settings: a run disturbs nothing but its own.
  return {
    ...childEnvironment({
      // Neither the local stand nor its mail server is started: no patient has an address.
      ports: { api, local: 1, mail: 1, temporal, temporalUi, database },
      secrets: ensureSecrets(makeFolder(folder)),
      stateFolder: folder,
    }),
    PORT: String(api),
    HOST: '127.0.0.1',
    PUBLIC_URL: origin,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
    TEMPORAL_NAMESPACE: 'faults',
    MONGODB_URI: mongodbUri({ port: database, database: 'faults' }),
    ELKS_URL: `http://127.0.0.1:${ports.provider}/a1`,
    ELKS_USERNAME: 'faults',
    WORKFLOW_BUNDLE: workflowBundle,
    SMS_PER_MINUTE: '6000',
    HAND_OVER_TIMEOUT_SECONDS: String(timeoutSeconds),
    HAND_OVER_LEASE_SECONDS: String(leaseSeconds),
    LOG_LEVEL: 'warn',
    ...settings,
  };
}

/**
 * A process that is started again whenever it ends, until it is stopped. In our own process group, so that it
 * ends with it.
 */
class Kept {
  #program;
  #log;
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  #stopping = false;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();

  /** @param {Program} program @param {string} log */
  constructor(program, log) {
    this.#program = program;
    this.#log = log;
    this.#child = this.#launch();
  }

  #launch() {
    const child = spawnProgram(this.#program, this.#log, { detached: false });
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    void this.#ended.then(async () => {
      await pause(restartMs);
      if (!this.#stopping) this.#child = this.#launch();
    });
    return child;
  }

  kill() {
    this.#child.kill('SIGKILL');
  }

  /**
   * Asks the process to end by itself, as a deployment does; the next one follows.
   * @returns {Promise<number | null>} its exit code
   */
  shutDown() {
    const child = this.#child;
    child.kill('SIGTERM');
    return new Promise((resolve) => {
      child.once('exit', (code) => resolve(code));
    });
  }

  freeze() {
    this.#child.kill('SIGSTOP');
  }

  thaw() {
    this.#child.kill('SIGCONT');
  }

  async stop() {
    this.#stopping = true;
    this.thaw();
    this.#child.kill('SIGTERM');
    const hasEnded = this.#ended.then(() => true);
    if (!(await Promise.race([hasEnded, pause(graceMs, false, { ref: false })]))) this.kill();
    await this.#ended;
  }
}
