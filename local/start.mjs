import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkNode, describeError, Problem } from './checks.mjs';
import { choosePorts } from './choose-ports.mjs';
import { killCommands, registerCommandsWith, runNpm } from './commands.mjs';
import { databaseProgram } from './database-server.mjs';
import { ensureDependencies } from './dependencies.mjs';
import {
  apiOrigin,
  childEnvironment,
  codecEndpoint,
  localOrigin,
  temporalNamespace,
} from './environment.mjs';
import { withLock } from './lock.mjs';
import { makePrivateFolder, root, setting, stateFolder } from './paths.mjs';
import { PortClaims } from './port-claims.mjs';
import { endOfLog, PortTaken, Supervisor } from './processes.mjs';
import { say, step } from './progress.mjs';
import { runRecordIn } from './run-record.mjs';
import { ensureSecrets } from './secrets.mjs';
import { ensureServers } from './servers.mjs';
import { temporalProgram } from './temporal-server.mjs';
import { waitUntil } from './waiting.mjs';

const help = `npm start                 everything on this machine: Temporal, the database, the worker, the API, a demo clinic
npm start -- --fresh      the same, after all data of earlier starts has been deleted

Set in the environment, these are used instead of local servers: TEMPORAL_ADDRESS, MONGODB_URI.
These move what listens: PORT (the API), LOCAL_PORT (the local stand), LOCAL_MAIL_PORT (its mail server),
LOCAL_DATABASE_PORT, LOCAL_TEMPORAL_PORT and LOCAL_TEMPORAL_UI_PORT. Ctrl-C stops everything.`;

const readyMs = 120_000;
/** npm passes on a Ctrl-C that the terminal has sent us as well: what comes this soon is the same one. */
const sameInterruptMs = 500;
/**
 * So often everything moves to other ports, where somebody else has taken one of them, before that is a
 * problem to tell.
 */
const mostMoves = 10;

/** What --fresh leaves: servers are no data, and the rest belongs to those who run at this moment. */
const keptWhenFresh = new Set(['servers', 'test', 'run.json', 'packages.lock']);

/** @param {string[]} args */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    say(help);
    return;
  }
  try {
    checkNode();
    const unknown = args.find((arg) => arg !== '--fresh');
    if (unknown !== undefined) throw new Problem(`Unknown: ${unknown}`, help);
    await runUntilStopped({ fresh: args.includes('--fresh') });
  } catch (error) {
    say(describeError(error));
    process.exitCode = 1;
  }
  // Whatever may still be under way belongs to a start that has been given up.
  process.exit();
}

/** @param {{ fresh: boolean }} options */
async function runUntilStopped({ fresh }) {
  const folder = makePrivateFolder(stateFolder());
  const record = runRecordIn(folder);
  const claims = new PortClaims();
  const stand = { supervisor: newSupervisor(folder, record) };
  registerCommandsWith(record);
  const interrupted = onInterrupt(() => {
    killCommands();
    stand.supervisor.killNow();
    claims.releaseAll();
  });

  const cleared = await record.claim();
  if (cleared.length > 0)
    say(`An earlier start was killed; what it had left was stopped: ${cleared.join(', ')}.`);
  try {
    await Promise.race([run({ fresh, folder, record, claims, stand }), interrupted]);
  } finally {
    killCommands();
    await stand.supervisor.stop();
    claims.releaseAll();
    record.release();
  }
  say('Stopped.');
}

/** @param {string} folder @param {import('./run-record.mjs').RunRecord} record */
const newSupervisor = (folder, record) =>
  new Supervisor(record, makePrivateFolder(path.join(folder, 'logs')));

/**
 * Runs everything until something fails for good. Where somebody else has taken one of the ports, at the start or later, everything
 * moves to other ports.
 * @param {{
 *   fresh: boolean,
 *   folder: string,
 *   record: import('./run-record.mjs').RunRecord,
 *   claims: PortClaims,
 *   stand: { supervisor: Supervisor },
 * }} run stand: who supervises now
 * @returns {Promise<never>}
 */
async function run({ fresh, folder, record, claims, stand }) {
  const servers = await prepare({ fresh, folder });
  for (let moves = 0; ; moves += 1) {
    const { supervisor } = stand;
    try {
      await Promise.race([start({ folder, servers, record, claims, supervisor }), supervisor.failed]);
      await supervisor.failed;
    } catch (error) {
      if (!(error instanceof PortTaken) || moves >= mostMoves) throw error;
      say(`${error.message} Everything moves to other ports.`);
      await supervisor.stop();
      claims.releaseAll();
      stand.supervisor = newSupervisor(folder, record);
    }
  }
}

/**
 * @param {() => void} killNow
 * @returns {Promise<void>} resolved when we are asked to stop; asked again, we kill
 */
function onInterrupt(killNow) {
  // Children have process groups of their own: nobody else ends them if we do not.
  process.on('exit', killNow);
  // Whoever read our output may be gone; that is no reason to leave without stopping the children.
  process.stdout.on('error', () => undefined);
  return new Promise((resolve) => {
    let first = 0;
    const stop = () => {
      if (first === 0) {
        first = Date.now();
        say('Stopping … (Ctrl-C again kills at once)');
        resolve();
      } else if (Date.now() - first > sameInterruptMs) {
        killNow();
      }
    };
    for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(signal, stop);
    whenNpmIsGone(stop);
  });
}

/**
 * npm passes signals on, but it cannot when it is killed: then we stop as well, for nobody else would know of us.
 * @param {() => void} stop
 */
function whenNpmIsGone(stop) {
  if (setting('npm_lifecycle_event') !== 'start') return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    stop();
  }, 1_000);
  timer.unref();
}

/**
 * Whatever needs no port: packages, servers and the build take long, and ports are chosen when they are needed.
 * @param {{ fresh: boolean, folder: string }} run
 */
async function prepare({ fresh, folder }) {
  if (fresh) deleteData(folder);
  await ensureDependencies();
  const servers = await ensureServers({ needTestServer: false });
  await step('Building', build);
  return servers;
}

/**
 * @param {{
 *   folder: string,
 *   servers: import('./servers.mjs').Servers,
 *   record: import('./run-record.mjs').RunRecord,
 *   claims: PortClaims,
 *   supervisor: Supervisor,
 * }} run
 */
async function start({ folder, servers, record, claims, supervisor }) {
  const secrets = ensureSecrets(folder);
  const ports = await choosePorts(claims);
  const runId = randomUUID();
  const env = childEnvironment({ ports, secrets, stateFolder: folder });
  env['LOCAL_RUN_ID'] = runId;
  record.setAddresses([env['LOCAL_URL'] ?? '', env['PUBLIC_URL'] ?? ''], ports);

  await step('Starting the servers', async () => {
    await Promise.all(
      serverPrograms(servers, ports, folder).map((program) => supervisor.start(program, { isServer: true })),
    );
  });
  // The local stand counts as a server: the others send their SMS to it for as long as they run.
  for (const { name, isServer } of [
    { name: 'local', isServer: true },
    { name: 'worker', isServer: false },
    { name: 'api', isServer: false },
  ]) {
    const args = ['--enable-source-maps', path.join(root, 'dist', name, 'main.js')];
    await supervisor.start({ name, command: process.execPath, args, env }, { isServer });
  }
  await step('Waiting for the API and the local stand', async () => {
    await Promise.all([
      answers(`${localOrigin(ports)}/healthz`, 'local', { runId, supervisor }),
      answers(`${apiOrigin(ports)}/readyz`, 'api', { runId, supervisor }),
    ]);
  });
  const summary = await fetch(`${localOrigin(ports)}/summary.txt`);
  say((await summary.text()).trimEnd());
}

/** @param {string} folder */
function deleteData(folder) {
  for (const name of readdirSync(folder)) {
    if (!keptWhenFresh.has(name)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  const elsewhere = ['MONGODB_URI', 'TEMPORAL_ADDRESS'].filter((name) => setting(name) !== undefined);
  for (const name of elsewhere) say(`${name} is set: what lies there is left as it is.`);
}

/**
 * @param {import('./servers.mjs').Servers} servers
 * @param {import('./environment.mjs').Ports} ports
 * @param {string} folder
 */
function serverPrograms({ temporal, database }, ports, folder) {
  const programs = [];
  if (temporal !== undefined) {
    programs.push(
      temporalProgram({
        binary: temporal,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        stateFile: path.join(folder, 'temporal', 'temporal.db'),
        namespace: temporalNamespace(),
        codecEndpoint: codecEndpoint(ports),
      }),
    );
  }
  if (database !== undefined) {
    // The two kinds do not read each other's files.
    const dataFolder = path.join(folder, 'database', database.kind);
    programs.push(databaseProgram({ ...database, port: ports.database, dataFolder }));
  }
  return programs;
}

async function build() {
  // Another state folder's start from this checkout writes the same files.
  const { code, output } = await withLock(path.join(root, 'node_modules', '.vardmote-build.lock'), () =>
    runNpm(['run', '--silent', 'build']),
  );
  if (code !== 0) throw new Problem(`The build failed:\n${output.trim()}`);
}

/**
 * @param {string} url
 * @param {string} name of the process that shall answer there
 * @param {{ runId: string, supervisor: Supervisor }} run
 */
async function answers(url, name, { runId, supervisor }) {
  const check = async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    if (response.headers.get('x-run-id') !== runId) throw new Error('another program answers there');
    if (!response.ok)
      throw new Error(`it answers ${response.status}: ${(await response.text()).slice(0, 500)}`);
    return true;
  };
  const result = await waitUntil(check, { timeoutMs: readyMs, everyMs: 250 });
  if (result.ok) return;
  const log = supervisor.logOf(name);
  throw new Problem(`${url} is not ready after ${readyMs / 1000} s (${result.reason}). ${endOfLog(log)}`);
}

await main(process.argv.slice(2));
