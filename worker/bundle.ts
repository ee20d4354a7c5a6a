import path from 'node:path';

/** Where the workflows' code begins: compiled beside us in production, TypeScript in tests. */
export const workflowsPath = require.resolve(path.join(__dirname, '..', 'workflows', 'index'));
