import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './checks.mjs';
import { runNpm } from './commands.mjs';
import { withLock } from './lock.mjs';
import { root, stateFolder } from './paths.mjs';
import { step } from './progress.mjs';

/** Installs the locked packages if those in node_modules are others, or not all there. */
export async function ensureDependencies() {
  await withLock(path.join(stateFolder(), 'packages.lock'), async () => {
    // Inside node_modules, and written last: it is gone with what it vouches for.
    const stamp = path.join(root, 'node_modules', '.vardmote-installed');
    const wanted = fingerprint();
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
    await step('Installing packages (npm ci)', async () => {
      // With the development packages whatever NODE_ENV says: the compiler is one of them.
      const result = await runNpm(['ci', '--include=dev', '--no-progress']);
      if (result.code === 127) throw new Problem('npm is missing.', 'It comes with Node; put it on PATH.');
      if (result.code !== 0) {
        throw new Problem(
          `npm ci failed:\n${beginning(result.output)}`,
          'If the registry could not be reached, check the network and the npm configuration.',
        );
      }
    });
    writeFileSync(stamp, wanted);
  });
}

/** Some packages hold binaries, so the kind of machine counts too. */
function fingerprint() {
  const lockFile = readFileSync(path.join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockFile).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/**
 * npm says first what is wrong and then all that it could do.
 * @param {string} output
 */
function beginning(output) {
  return output.trim().split('\n').slice(0, 40).join('\n');
}
