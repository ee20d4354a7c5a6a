import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleSources } from './bundle';

const BUNDLE_FILE = 'workflow-bundle.js';

/** Builds the workflow bundle for production, beside the compiled code. */
async function main(): Promise<void> {
  const { code } = await bundleWorkflowCode(bundleSources);
  const file = path.join(__dirname, '..', BUNDLE_FILE);
  await writeFile(file, code);
  console.log(`${file}: ${Math.round(code.length / 1024)} KiB`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
