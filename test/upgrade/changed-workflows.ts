import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { failureConverterPath } from '../../temporal/data-converter';

const root = path.join(__dirname, '..', '..');
const MEETING = path.join('workflows', 'meeting', 'workflow.ts');

/** Where the change goes in: before each notice is given. */
const BEFORE = 'const { kind, startVersion, dueAt, lastUsefulAt } = notice;';
const CHANGE = 'await regular.settleMeeting({ meetingId, startVersion, letIn: [] });';

/**
 * The workflows of a next release: a meeting reads its evidence before each notice. As it has to be written
 * while meetings are open, guarded by `patched`, or as it must not.
 */
export async function bundleOfNextRelease({
  guarded,
}: {
  guarded: boolean;
}): Promise<WorkflowBundleWithSourceMap> {
  const parent = path.join(root, '.vardmote', 'test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'next-release-'));
  try {
    for (const part of ['workflows', 'rules'])
      cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    const file = path.join(folder, MEETING);
    const changed = guarded ? `if (patched('looks-before-notices')) ${CHANGE}` : CHANGE;
    writeFileSync(file, replaced(readFileSync(file, 'utf8'), changed));
    return await bundleWorkflowCode({
      workflowsPath: path.join(folder, 'workflows', 'index.ts'),
      failureConverterPath,
      logger: silent,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function replaced(source: string, change: string): string {
  if (source.split(BEFORE).length !== 2) throw new Error('the place of the change is not there, once');
  return source
    .replace(BEFORE, `${BEFORE}\n    ${change}`)
    .replace('isCancellation,\n  setCurrentDetails', 'isCancellation,\n  patched,\n  setCurrentDetails');
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
