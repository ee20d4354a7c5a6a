import { writeFile } from 'node:fs/promises';
import type { Bench } from './bench';
import { makeBundles } from './bundles';
import { figures, type Figures } from './figures';
import { machineOf } from './machine';
import { measureBookings } from './measures/bookings';
import { measureFullHour } from './measures/full-hour';
import { measureKilled } from './measures/killed';
import { measureLateness } from './measures/lateness';
import { measureMeeting } from './measures/meeting';
import { measureMemory } from './measures/memory';
import { measureReads } from './measures/reads';
import { tablesOf } from './report/tables';
import { inTerminal } from './report/words';
import { writeDocument } from './report/write-document';
import { say } from './say';
import { readSettings } from './settings';
import { measureNames, wishesOf, type MeasureName } from './sizes';
import { startProvider } from './rig/provider';

const measures: { [Name in MeasureName]: (bench: Bench) => Promise<Figures[Name]> } = {
  bookings: measureBookings,
  lateness: measureLateness,
  meeting: measureMeeting,
  reads: measureReads,
  killed: measureKilled,
  fullHour: measureFullHour,
  memory: measureMemory,
};

/** More would only wait for each other on two cores. */
const QUICK_AT_ONCE = 3;
const longestFirst: readonly MeasureName[] = [
  'fullHour',
  'meeting',
  'lateness',
  'bookings',
  'killed',
  'memory',
  'reads',
];

async function inLanes<T>(lanes: number, all: T[], act: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Measures on servers that run already: `node main.js settings.json [wishes]`. */
async function main([settingsFile = '', ...args]: string[]): Promise<void> {
  const settings = readSettings(settingsFile);
  const { sizes, quick, write, only } = wishesOf(args);
  const bundles = await makeBundles(settings.folder);
  const measured: Partial<Figures> = { quick, machine: await machineOf(settings) };

  async function measure(name: MeasureName): Promise<void> {
    const began = Date.now();
    say(`Measuring ${name} …`);
    const provider = await startProvider();
    Object.assign(measured, { [name]: await measures[name]({ settings, sizes, bundles, provider }) });
    provider.close();
    say(`  ${name}: done in ${Math.round((Date.now() - began) / 1_000)} s`);
  }

  const names = (quick ? longestFirst : measureNames).filter((each) => only.includes(each));
  // One after the other, so that none disturbs another; some at once only where the figures mean nothing.
  await inLanes(quick ? QUICK_AT_ONCE : 1, names, measure);
  for (const table of tablesOf(measured)) say(`\n${inTerminal(table)}`);
  await writeFile(settings.resultFile, `${JSON.stringify(measured, null, 2)}\n`);
  say(`The figures: ${settings.resultFile}`);
  if (write) say(`Written: ${await writeDocument(settings.checkout, figures.parse(measured))}`);
  say(JSON.stringify(measured));
}

process.once('SIGTERM', () => process.exit(130));
main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
