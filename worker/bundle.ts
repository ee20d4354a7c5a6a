import path from 'node:path';
import { failureConverterPath } from '../temporal/data-converter';

const workflows = path.join(__dirname, '..', 'workflows');

/** What a bundle of the workflows is made from: compiled beside us in production, TypeScript in tests. */
export const bundleSources = {
  workflowsPath: require.resolve(path.join(workflows, 'index')),
  workflowInterceptorModules: [require.resolve(path.join(workflows, 'shared', 'trace-header'))],
  preloadModules: [require.resolve(path.join(workflows, 'shared', 'promises-without-stacks'))],
  failureConverterPath,
};
