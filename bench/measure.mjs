import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeError, Problem } from '../local/checks.mjs';
import { makeFolder, root, stateFolder } from '../local/paths.mjs';
import { say, step } from '../local/progress.mjs';
import { ensureSecrets } from '../local/secrets.mjs';
import { build } from './build.mjs';
import { optionsOf } from './options.mjs';
import { otherWork, QUIET_SHARE } from './quiet.mjs';
import { startServers } from './servers.mjs';

/**
 * Builds, starts the servers, and lets the compiled bench measure on them; nothing stays behind but the file of
 * figures. The packages must be there.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function measure(args) {
  const options = optionsOf(args);
  // Before anything of ours: what others do on this machine is in every figure.
  const before = await otherWork();
  mustBeQuiet(before, options);
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-bench-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const [main, servers] = await step('Building, and starting the servers', () =>
    Promise.all([build(), startServers(folder, options)]),
  );
  const settings = path.join(folder, 'bench.json');
  const result = options.result ?? path.join(makeFolder(path.join(stateFolder(), 'bench')), 'figures.json');
  writeFileSync(
    settings,
    JSON.stringify({
      ...servers.addresses,
      ...before,
      // On servers that outlive the run nothing of an earlier one may be met again.
      prefix: (options.temporal ?? options.mongodb) ? `bench-${randomBytes(4).toString('hex')}-` : '',
      folder,
      checkout: root,
      resultFile: path.resolve(result),
      secrets: ensureSecrets(folder),
    }),
    { mode: 0o600 },
  );
  const child = spawn(process.execPath, ['--enable-source-maps', main, settings, ...options.rest], {
    cwd: root,
    stdio: 'inherit',
  });
  const interrupt = () => void child.kill('SIGTERM');
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, interrupt);
  try {
    const [code] = await once(child, 'exit');
    return code ?? 1;
  } finally {
    await servers.stop();
    removeFolder();
  }
}

/**
 * @param {{ loadBefore: number, busyBefore: number }} before
 * @param {ReturnType<typeof optionsOf>} options
 */
function mustBeQuiet({ busyBefore }, { busy, rest }) {
  if (busyBefore <= QUIET_SHARE) return;
  const what = `Others use ${Math.round(busyBefore * 100)} % of this machine's cores: rates, times and CPU mean little.`;
  // A short run is judged by nothing that depends on it.
  if (!busy && !rest.includes('--quick')) throw new Problem(what, 'Measure anyway with --busy, or wait.');
  say(what);
}

try {
  process.exitCode = await measure(process.argv.slice(2));
} catch (error) {
  say(describeError(error));
  process.exitCode = 1;
}
