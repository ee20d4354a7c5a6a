import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleSources } from '../worker/bundle';

/** Files of the workflows' code, built once as in production. */
export interface Bundles {
  service: string;
  bare: string;
}

export async function makeBundles(folder: string): Promise<Bundles> {
  const make = async (name: string, options: Parameters<typeof bundleWorkflowCode>[0]): Promise<string> => {
    const { code } = await bundleWorkflowCode({ ...options, logger: silent });
    const file = path.join(folder, `${name}-bundle.js`);
    writeFileSync(file, code);
    return file;
  };
  return {
    service: await make('service', bundleSources),
    bare: await make('bare', { workflowsPath: require.resolve('./bare/workflows') }),
  };
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
