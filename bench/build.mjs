import path from 'node:path';
import { Problem } from '../local/checks.mjs';
import { runCommand } from '../local/commands.mjs';
import { withLock } from '../local/lock.mjs';
import { makeFolder, root, stateFolder } from '../local/paths.mjs';

/** Beside what `npm start` builds, which may be running or being built at this moment. */
const outFolder = path.join(root, 'dist', 'for-bench');

/**
 * Compiles the service and the bench.
 * @returns {Promise<string>} the compiled entry point
 */
export async function build() {
  makeFolder(outFolder);
  await withLock(path.join(stateFolder(), 'bench-build.lock'), async () => {
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await runCommand(process.execPath, [tsc, '-p', 'tsconfig.bench.json']);
    if (code !== 0) throw new Problem(`The build failed:\n${output.trim()}`);
  });
  return path.join(outFolder, 'bench', 'main.js');
}
