import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { bundleSources } from '../../../worker/bundle';
import { randomId } from '../../../platform/keys/random-id';
import '../../support/quiet-runtime';

const nothing = (): void => undefined;
const logger = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How a workflow that waits, and one that has failed, are seen from outside. */
async function seenWith(preloadModules: string[]): Promise<{ waits: string; failed: string }> {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const workflowsPath = path.join(__dirname, 'two-ends.ts');
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, preloadModules, logger });
  const [connection, native] = [
    await Connection.connect({ address }),
    await NativeConnection.connect({ address }),
  ];
  const client = new Client({ connection, namespace: 'test' });
  const taskQueue = `ends-${randomId()}`;
  const worker = await Worker.create({ connection: native, namespace: 'test', taskQueue, workflowBundle });
  return worker
    .runUntil(async () => {
      const waiting = await client.workflow.start('waits', { taskQueue, workflowId: `waits-${taskQueue}` });
      const waits = await waiting.query<string>('__stack_trace');
      await waiting.terminate();
      const failing = client.workflow.execute('failsDeep', { taskQueue, workflowId: `fails-${taskQueue}` });
      const failed = await failing.then(
        () => 'it did not fail',
        (error: unknown) => String(((error as Error).cause as Error).stack),
      );
      return { waits, failed };
    })
    .finally(() => Promise.all([connection.close(), native.close()]));
}

it('a workflow keeps no stack traces of its promises, and its errors keep theirs', async () => {
  const [usual, ours] = [await seenWith([]), await seenWith(bundleSources.preloadModules)];
  // So it is without ours: else nothing would be shown here.
  expect(usual.waits).toContain('two-ends.ts');
  expect(ours.waits).toBe('');
  expect(usual.failed).toMatch(/on purpose[^]*two-ends\.ts/);
  expect(ours.failed).toBe(usual.failed);
});
