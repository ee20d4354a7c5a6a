import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './checks.mjs';
import { runCommand } from './commands.mjs';
import { withLock } from './lock.mjs';
import { makeFolder, root, setting, stateFolder } from './paths.mjs';
import { say, step } from './progress.mjs';
import { findPython } from './python.mjs';

const requirements = path.join(root, 'local', 'schemathesis.txt');

/**
 * A Python that has Schemathesis, in an environment of its own that is made when it is first needed.
 * @returns {Promise<string | undefined>} its path; undefined where this machine has no Python
 */
export async function ensureSchemathesis() {
  const named = setting('VARDMOTE_SCHEMATHESIS');
  if (named !== undefined) return named;
  const folder = makeFolder(path.join(stateFolder(), 'schemathesis'));
  const environment = path.join(folder, 'venv');
  const python = path.join(environment, 'bin', 'python');
  // The scripts in an environment name its absolute path. Written last: what an interrupted run leaves is
  // made anew.
  const stamp = path.join(environment, 'vardmote.txt');
  const fingerprint = createHash('sha256')
    .update(readFileSync(requirements))
    .update(environment)
    .digest('hex');
  const isThere = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
  if (isThere()) return python;

  const base = await findPython({ forDatabase: false }).catch((/** @type {unknown} */ error) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
  if (base === undefined) {
    say('No Python 3.10 or later with venv: the test that tries the OpenAPI document is skipped.');
    return undefined;
  }
  await withLock(path.join(folder, 'fetch.lock'), async () => {
    if (isThere()) return;
    await step('Fetching Schemathesis', async () => {
      rmSync(environment, { recursive: true, force: true });
      await must(base, ['-m', 'venv', environment]);
      const options = [
        '--no-deps',
        '--require-hashes',
        '--disable-pip-version-check',
        '--only-binary',
        ':all:',
      ];
      await must(python, ['-m', 'pip', 'install', ...options, '-r', requirements]);
      writeFileSync(stamp, fingerprint);
    });
  });
  return python;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
async function must(program, args) {
  // PIP_USER, if set, would make pip refuse to install into an environment.
  const { code, output } = await runCommand(program, args, { env: { ...process.env, PIP_USER: '0' } });
  if (code === 0) return;
  throw new Problem(
    `Schemathesis could not be installed:\n${output.trim().split('\n').slice(-15).join('\n')}`,
    'If the package index could not be reached, check the network and pip’s configuration.',
  );
}
