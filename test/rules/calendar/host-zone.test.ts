import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { zoneSamples } from './zone-samples';

const root = join(__dirname, '../../..');

/**
 * A process of its own, since a running one keeps its time zone; TypeScript is compiled as it is required.
 */
const script = `
  const swc = require('@swc/core');
  require.extensions['.ts'] = (module, file) =>
    module._compile(
      swc.transformFileSync(file, {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        swcrc: false,
      }).code,
      file,
    );
  const { zoneSamples } = require('./test/rules/calendar/zone-samples.ts');
  process.stdout.write(JSON.stringify({ offset: new Date(0).getTimezoneOffset(), samples: zoneSamples() }));
`;

describe('the calendar on hosts elsewhere', () => {
  it.each([
    ['Pacific/Auckland', -720],
    ['America/Los_Angeles', 480],
    ['Pacific/Kiritimati', 640],
  ])("R2.5 R6.2 R7.2 answers on Stockholm's clock whatever the host's zone: %s", (TZ, offset) => {
    const output = execFileSync(process.execPath, ['-e', script], {
      cwd: root,
      env: { ...process.env, TZ, NODE_OPTIONS: '' },
      encoding: 'utf8',
    });
    const here = JSON.parse(JSON.stringify(zoneSamples())) as unknown;
    expect(JSON.parse(output)).toEqual({ offset, samples: here });
  });
});
