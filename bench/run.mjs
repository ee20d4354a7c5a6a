import { checkNode, describeError } from '../local/checks.mjs';
import { ensureDependencies } from '../local/dependencies.mjs';
import { say } from '../local/progress.mjs';

/** `npm run bench`: what is missing is fetched as `npm start` does it, then it measures. */
async function main() {
  checkNode();
  await ensureDependencies();
  // Only here, because nothing is installed yet when the launcher starts.
  await import('./measure.mjs');
}

try {
  await main();
} catch (error) {
  say(describeError(error));
  process.exitCode = 1;
}
