import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkNode, describeError, Problem } from '../local/checks.mjs';
import { killCommands, runCommand, runNpm } from '../local/commands.mjs';
import { ensureDependencies } from '../local/dependencies.mjs';
import { makeFolder, root, stateFolder } from '../local/paths.mjs';
import { say, step } from '../local/progress.mjs';
import { ensureServers } from '../local/servers.mjs';

const help = `npm run faults                          meetings, and everything around them killed, stopped and lied to, by a seeded schedule
npm run faults -- --seed 7              another schedule; the same seed gives the same one
                  --meetings 300        how many meetings (200)
                  --seconds 170         how long traffic and faults go on; then all must come to rest within three minutes more

It ends with a table, and with exit code 1 where anything was sent twice, lost, stale, or left unfinished.`;

/** Short, so that many run out: the provider's time-out, and the lease of a hand-over. */
const timeoutSeconds = 2;
const leaseSeconds = 4;

/** @param {string[]} args */
async function main(args) {
  try {
    checkNode();
    const { values } = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: '1' },
        meetings: { type: 'string', default: '200' },
        seconds: { type: 'string', default: '170' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      say(help);
      return;
    }
    const options = {
      seed: wholeNumber('seed', values.seed, 0),
      meetings: wholeNumber('meetings', values.meetings, 1),
      seconds: wholeNumber('seconds', values.seconds, 15),
      leaseSeconds,
      timeoutSeconds,
    };
    await ensureDependencies();
    process.exitCode = await run(options);
  } catch (error) {
    say(describeError(error));
    process.exitCode = 1;
  }
  process.exit();
}

/** @param {string} name @param {string} value @param {number} least */
function wholeNumber(name, value, least) {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Problem(`--${name} must be a whole number of at least ${least}.`, help);
}

/** @param {{ seed: number, meetings: number, seconds: number, leaseSeconds: number, timeoutSeconds: number }} options */
async function run(options) {
  const { temporal, database } = await ensureServers({ needTestServer: false });
  if (temporal === undefined || database === undefined) {
    throw new Problem(
      'TEMPORAL_ADDRESS or MONGODB_URI is set.',
      'Unset both: a run kills only servers of its own.',
    );
  }
  await step('Building', build);
  const codeFolder = path.join(root, 'dist');
  // Only now: neither the packages nor what is built need have been there before.
  const { startFaultRig: startStand } = await import('./fault-rig.mjs');
  const compiled = (/** @type {string} */ file) => import(path.join(codeFolder, 'faults', file));
  const { runFaults } = await compiled('run.js');
  const { scheduleOf } = await compiled('schedule.js');
  const { scheduleLines, reportLines } = await compiled('report.js');

  const folder = path.join(stateFolder(), 'faults');
  rmSync(folder, { recursive: true, force: true });
  for (const line of scheduleLines(scheduleOf(options))) say(line);
  const rig = await step('Starting Temporal and the database', () =>
    startStand({
      folder: makeFolder(folder),
      codeFolder,
      workflowBundle: path.join(codeFolder, 'workflow-bundle.js'),
      temporal,
      database,
      timeoutSeconds,
      leaseSeconds,
    }),
  );
  const stopping = stopWhenAsked(rig);
  try {
    const result = await Promise.race([
      step(`Disturbing ${options.meetings} meetings, and waiting for rest`, () => runFaults(rig, options)),
      stopping,
    ]);
    for (const line of reportLines(options, result)) say(line);
    if (result.findings.length > 0) say(`The logs are in ${path.join(folder, 'logs')}.`);
    return result.findings.length > 0 ? 1 : 0;
  } finally {
    killCommands();
    await rig.stop();
  }
}

async function build() {
  const built = await runNpm(['run', '--silent', 'build']);
  if (built.code !== 0) throw new Problem(`The build failed:\n${built.output.trim()}`);
  const bundled = await runCommand(process.execPath, [path.join(root, 'dist', 'worker', 'build-bundle.js')]);
  if (bundled.code !== 0) throw new Problem(`The workflows could not be bundled:\n${bundled.output.trim()}`);
}

/**
 * @param {{ stop: () => Promise<void> }} rig
 * @returns {Promise<never>}
 */
function stopWhenAsked(rig) {
  return new Promise((_, reject) => {
    for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.once(signal, () => {
        void rig.stop();
        reject(new Problem('Stopped.'));
      });
  });
}

await main(process.argv.slice(2));
