import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** Runs the rules of imports over a small tree. @returns what they refuse, as `rule: from → to` */
async function refusedIn(files: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-house-'));
  try {
    for (const file of ['dependency-cruiser.config.mjs', 'tsconfig.json'])
      cpSync(path.join(root, file), path.join(folder, file));
    for (const [file, code] of Object.entries(files)) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), code);
    }
    const output = await new Promise<string>((resolve) => {
      const cruise = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
      const args = [cruise, '--config', 'dependency-cruiser.config.mjs', '--output-type', 'json', '.'];
      // It exits with the number of violations.
      execFile(process.execPath, args, { cwd: folder }, (_, stdout) => resolve(stdout));
    });
    const { summary } = JSON.parse(output) as {
      summary: { violations: { from: string; to: string; rule: { name: string } }[] };
    };
    return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what stands as it should is let through', async () => {
  expect(
    await refusedIn({
      'rules/fee.ts': 'export interface Fee { ore: number }\n',
      'records/fees.ts': "import type { Fee } from '../rules/fee';\nexport const fees: Fee[] = [];\n",
    }),
  ).toEqual([]);
});

test('a circle is refused, also one of types', async () => {
  expect(
    await refusedIn({
      'rules/fee.ts': "import type { Age } from './age';\nexport interface Fee { age: Age }\n",
      'rules/age.ts': "import type { Fee } from './fee';\nexport interface Age { fee: Fee }\n",
    }),
  ).toEqual(['no-circle: rules/age.ts → rules/fee.ts']);
});

test('an import upwards is refused, also of a type', async () => {
  expect(
    await refusedIn({
      'records/fees.ts': 'export interface Row { ore: number }\n',
      'rules/fee.ts':
        "import type { Row } from '../records/fees';\nexport const ore = (row: Row) => row.ore;\n",
      'api/app.ts': "import { help } from '../test/help';\nhelp();\n",
      'test/help.ts': 'export const help = () => undefined;\n',
    }),
  ).toEqual([
    'api-imports-only-what-is-below: api/app.ts → test/help.ts',
    'rules-imports-only-what-is-below: rules/fee.ts → records/fees.ts',
  ]);
});

test('workflows import no other domain’s folder, no calendar, nothing of Node’s', async () => {
  expect(
    await refusedIn({
      'workflows/meeting/messages.ts': 'export const name = 1;\n',
      'workflows/case/workflow.ts':
        "import { name } from '../meeting/messages';\nimport { day } from '../../rules/calendar/day';\nimport { sep } from 'node:path';\nexport const all = [name, day, sep];\n",
      'rules/calendar/day.ts': 'export const day = 1;\n',
    }),
  ).toEqual([
    'no-calendar-in-workflows: workflows/case/workflow.ts → rules/calendar/day.ts',
    'no-node-in-workflows: workflows/case/workflow.ts → path',
    'no-workflow-imports-another: workflows/case/workflow.ts → workflows/meeting/messages.ts',
  ]);
});

test('a workflow’s inside is reached only through its contract', async () => {
  expect(
    await refusedIn({
      'workflows/meeting/messages.ts': 'export const name = 1;\n',
      'workflows/meeting/state.ts': 'export const state = 1;\n',
      'records/meetings.ts':
        "import { name } from '../workflows/meeting/messages';\nimport { state } from '../workflows/meeting/state';\nexport const all = [name, state];\n",
    }),
  ).toEqual(['workflows-by-contract: records/meetings.ts → workflows/meeting/state.ts']);
});

test('what patients’ and staff’s pages share knows neither, also as a type', async () => {
  expect(
    await refusedIn({
      'api/patient/words.ts': 'export interface Words { hello: string }\n',
      'api/staff/desk.ts': 'export const desk = 1;\n',
      'api/pages/page.ts': 'export const page = 1;\n',
      'api/frame/band.ts':
        "import type { Words } from '../patient/words';\nimport { desk } from '../staff/desk';\n" +
        "import { page } from '../pages/page';\nexport const band = (words: Words) => [words, desk, page];\n",
    }),
  ).toEqual([
    'frame-is-nobodys: api/frame/band.ts → api/patient/words.ts',
    'frame-is-nobodys: api/frame/band.ts → api/staff/desk.ts',
  ]);
});
