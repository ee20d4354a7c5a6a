import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkNode, describeError, Problem } from './checks.mjs';
import { killCommands, runCommand } from './commands.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { signalGroup } from './identity.mjs';
import { findOnPath, makeFolder, root, setting, stateFolder } from './paths.mjs';
import { say, step } from './progress.mjs';
import { ensureSchemathesis } from './schemathesis.mjs';
import { ensureServers } from './servers.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {Record<
 *   'numPassedTests' | 'numFailedTests' | 'numRuntimeErrorTestSuites' | 'numPendingTests' | 'numTodoTests',
 *   number
 * >} JestResults what we use of the file that Jest writes
 */

const heapMegabytes = 4096;

/** @param {string[]} jestArgs */
async function main(jestArgs) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await testAll(jestArgs, counts);
  } catch (error) {
    say(describeError(error));
    counts.failed += 1;
  }
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

/**
 * @param {string[]} jestArgs
 * @param {Counts} counts added to, so that what was counted before something breaks is not lost
 */
async function testAll(jestArgs, counts) {
  checkNode();
  const folder = makeFolder(path.join(stateFolder(), 'test'));
  const interrupts = new Interrupts();
  await ensureDependencies();
  const servers = await ensureServers({ needTestServer: true });
  const schemathesis = await ensureSchemathesis();

  // All of them, even after a failure: one run tells everything that is wrong. Side by side, for machines
  // with two cores.
  const check = () =>
    Promise.all(staticChecks(folder).map(async (args) => runCommand(process.execPath, args)));
  const checked = await step(
    'Formatting, linting, imports and types (prettier, eslint, dependency-cruiser, tsc)',
    check,
    (results) => results.every(({ code }) => code === 0),
  );
  for (const { code, output } of checked) {
    if (code === 0) continue;
    say(output.trim());
    counts.failed += 1;
  }
  if (interrupts.happened) throw new Problem('Interrupted.');

  const chromium =
    setting('CHROMIUM') ?? ['chromium', 'chromium-browser', 'google-chrome'].map(findOnPath).find(Boolean);
  if (chromium === undefined)
    say('No Chromium on PATH and CHROMIUM is not set: the browser tests are skipped.');
  const results = path.join(folder, 'jest.json');
  rmSync(results, { force: true });
  const code = await runJest([...jestArgs, '--json', `--outputFile=${results}`], interrupts, {
    ...process.env,
    ...(servers.temporal !== undefined && { VARDMOTE_TEMPORAL: servers.temporal }),
    ...(servers.testServer !== undefined && { VARDMOTE_TEST_SERVER: servers.testServer }),
    ...(servers.database !== undefined && {
      VARDMOTE_DATABASE: `${servers.database.kind}:${servers.database.path}`,
    }),
    ...(schemathesis !== undefined && { VARDMOTE_SCHEMATHESIS: schemathesis }),
    ...(chromium !== undefined && { CHROMIUM: chromium }),
  });
  addJestResults(results, code, counts);
}

/**
 * @param {string} folder for what makes the next run faster
 * @returns {string[][]} the arguments of each for Node
 */
function staticChecks(folder) {
  const tool = (/** @type {string} */ file) => path.join(root, 'node_modules', file);
  const prettierCache = ['--cache', '--cache-location', path.join(folder, 'prettier')];
  const tscCache = ['--incremental', '--tsBuildInfoFile', path.join(folder, 'tsc')];
  return [
    [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', ...prettierCache, '.'],
    // Without a cache: what it finds in a file depends on the types of others.
    [tool('eslint/bin/eslint.js'), '.'],
    [tool('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', 'dependency-cruiser.config.mjs', '.'],
    [tool('typescript/bin/tsc'), '--noEmit', ...tscCache],
    [tool('typescript/bin/tsc'), '-p', 'tsconfig.browser.json'],
  ];
}

/**
 * @param {string[]} args
 * @param {Interrupts} interrupts
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
async function runJest(args, interrupts, env) {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // Off a terminal it gets a process group of its own, and what it leaves behind is ended with that. On a
  // terminal it must stay in the foreground's group, where Ctrl-C reaches it and its watch mode can read the
  // keys.
  const detached = !process.stdin.isTTY;
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, jest, ...args], {
    cwd: root,
    env,
    detached,
    stdio: 'inherit',
  });
  const { pid } = child;
  const forward = () => {
    if (detached && pid !== undefined) signalGroup(pid, 'SIGTERM');
    else child.kill('SIGTERM');
  };
  interrupts.listen(forward);
  const [code] = await once(child, 'exit');
  if (detached && pid !== undefined) signalGroup(pid, 'SIGKILL');
  return code ?? 1;
}

/**
 * @param {string} results
 * @param {number} code
 * @param {Counts} counts
 */
function addJestResults(results, code, counts) {
  const failedBefore = counts.failed;
  if (existsSync(results)) {
    /** @type {JestResults} */
    const jest = JSON.parse(readFileSync(results, 'utf8'));
    counts.passed += jest.numPassedTests;
    // A suite that could not even be loaded has no failed tests.
    counts.failed += jest.numFailedTests + jest.numRuntimeErrorTestSuites;
    counts.skipped += jest.numPendingTests + jest.numTodoTests;
  }
  // It can fail without a failed test: a crash, a broken set-up, a threshold.
  if (code !== 0 && counts.failed === failedBefore) counts.failed += 1;
}

/** An interrupted run ends what it has started, and still tells what it has counted. */
class Interrupts {
  happened = false;
  /** @type {() => void} */
  #listener = killCommands;

  constructor() {
    for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        this.happened = true;
        this.#listener();
      });
    }
  }

  /** @param {() => void} listener */
  listen(listener) {
    this.#listener = listener;
  }
}

await main(process.argv.slice(2));
