import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clinicRoutes } from '../../api/clinic/routes';
import { createClinic } from '../support/clinic';
import { startService, type Service } from '../support/service';
import { populate, type Ids } from './helpers';

/** Schemathesis, which `npm test` gets where there is a Python. */
const python = process.env.VARDMOTE_SCHEMATHESIS;
const withPython = python ? it : it.skip;

/** The same each time; another one finds other things. */
const SEED = 20_261_130;
const EXAMPLES_PER_OPERATION = 2;
/** Far above what it takes: a run that hangs is a failure. */
const MOST_SECONDS = 240;

let service: Service;
beforeAll(async () => {
  // Where its events go is a random address, to which nothing is sent.
  service = await startService({ wrongKeysPerMinute: 1_000_000, sendsWebhooks: false });
});
afterAll(() => service.close());

/**
 * What every call carries and names: without the ids almost all that is tried would be of things that are not
 * there.
 */
function configuration(apiKey: string, ids: Ids): string {
  const texts = (values: Record<string, string>): string[] =>
    Object.entries(values).map(([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`);
  return [
    'warnings = false',
    '[headers]',
    ...texts({ Authorization: `Bearer ${apiKey}` }),
    '[parameters]',
    ...texts({ ...ids }),
    ...texts({ 'header.Acting-Staff': 'clinician-1', 'header.Acting-Role': 'operations-manager' }),
    // What was answered is sent again, and staff are no patients: their names stand in the database as they are.
    ...['/clinic/staff', '/clinic/staff/{memberId}'].flatMap((staff) => [
      '[[operations]]',
      `include-path = ${JSON.stringify(staff)}`,
      'phases.fuzzing.extra-data-sources.responses = false',
    ]),
  ].join('\n');
}

async function run(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(python!, ['-m', 'schemathesis.cli', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (output += part.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), MOST_SECONDS * 1000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { code, output };
}

withPython(
  'B13 D13 every operation keeps to the document, whatever is sent: no 500, no other answer, 405 for other methods',
  async () => {
    const clinic = await createClinic(service);
    const ids = await populate(service, clinic);
    const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-schemathesis-'));
    const file = path.join(folder, 'schemathesis.toml');
    writeFileSync(file, configuration(clinic.apiKey, ids));
    const { code, output } = await run([
      `--config-file=${file}`,
      'run',
      `${service.apiUrl}/openapi.json`,
      '--checks=all',
      // What is right by itself can be wrong together, or for the person or the meeting as they are.
      '--exclude-checks=positive_data_acceptance',
      '--suppress-health-check=filter_too_much',
      // Two threads of CPython 3.11 that parse at once can fail in the parser's own count of depth.
      '--workers=1',
      `--max-examples=${EXAMPLES_PER_OPERATION}`,
      `--seed=${SEED}`,
      '--phases=coverage,fuzzing',
      '--generation-database=none',
      '--no-shrink',
      '--continue-on-failure',
      '--no-color',
    ]);
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    const [, tested] = /Tested: (\d+)/.exec(output) ?? [];
    expect(Number(tested)).toBe(clinicRoutes({} as Parameters<typeof clinicRoutes>[0]).length);
  },
  (MOST_SECONDS + 20) * 1000,
);
