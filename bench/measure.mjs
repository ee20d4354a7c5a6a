import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { describeError } from '../local/checks.mjs';
import { root } from '../local/paths.mjs';
import { say, step } from '../local/progress.mjs';
import { ensureSecrets } from '../local/secrets.mjs';
import { build } from './build.mjs';
import { startServers } from './servers.mjs';

/**
 * Builds, starts the servers, and lets the compiled bench measure on them; nothing stays behind. The packages must be there.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
async function measure(args) {
  // Before anything of ours: what others do on this machine is in every figure.
  const [loadBefore = 0] = loadavg();
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-bench-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const [main, servers] = await step('Building, and starting the servers', () =>
    Promise.all([build(), startServers(folder)]),
  );
  const settings = path.join(folder, 'bench.json');
  writeFileSync(
    settings,
    JSON.stringify({
      ...servers.addresses,
      folder,
      loadBefore,
      checkout: root,
      secrets: ensureSecrets(folder),
    }),
    { mode: 0o600 },
  );
  const child = spawn(process.execPath, ['--enable-source-maps', main, settings, ...args], {
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

try {
  process.exitCode = await measure(process.argv.slice(2));
} catch (error) {
  say(describeError(error));
  process.exitCode = 1;
}
