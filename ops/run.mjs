import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkNode, describeError, Problem } from '../local/checks.mjs';
import { childEnvironment } from '../local/environment.mjs';
import { root, setting, stateFolder } from '../local/paths.mjs';
import { say } from '../local/progress.mjs';
import { runningIn } from '../local/run-record.mjs';
import { ensureSecrets } from '../local/secrets.mjs';

const compiled = path.join(root, 'dist', 'ops', 'main.js');

/**
 * `npm run ops`: the operator's command on what `npm start` runs here, or with the settings that the environment has.
 * @returns {Promise<number>} its exit code
 */
async function main() {
  checkNode();
  const env = environment();
  if (!existsSync(compiled))
    throw new Problem('Nothing is built yet.', 'npm start builds it, or: npm run build');
  const child = spawn(process.execPath, [compiled, ...process.argv.slice(2)], { env, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function environment() {
  const folder = stateFolder();
  const ports = runningIn(folder)?.ports;
  if (ports) return childEnvironment({ ports, secrets: ensureSecrets(folder), stateFolder: folder });
  const isHelp =
    process.argv.length <= 2 || process.argv.some((each) => ['help', '--help', '-h'].includes(each));
  if (isHelp || setting('MONGODB_URI') !== undefined) return process.env;
  throw new Problem(
    'vardmote does not run from this checkout.',
    'Start it with npm start. Elsewhere, set what the worker has: see docs/administrators.md.',
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  say(describeError(error));
  process.exitCode = 1;
}
