import type { Bench } from './bench';
import { makeBundles } from './bundles';
import { figures, type Figures } from './figures';
import { machineOf } from './machine';
import { measureBookings } from './measures/bookings';
import { measureLateness } from './measures/lateness';
import { measureMeeting } from './measures/meeting';
import { measureMemory } from './measures/memory';
import { measureReads } from './measures/reads';
import { tableOf } from './report/table';
import { writeDocument } from './report/write-document';
import { say } from './say';
import { readSettings } from './settings';
import { measureNames, cliOptionsOf, type MeasureName } from './sizes';
import { startProvider } from './rig/provider';

const measures: { [Name in MeasureName]: (bench: Bench) => Promise<Figures[Name]> } = {
  bookings: measureBookings,
  lateness: measureLateness,
  meeting: measureMeeting,
  memory: measureMemory,
  reads: measureReads,
};

/** Measures on servers that run already: `node main.js settings.json [wishes]`. */
async function main([settingsFile = '', ...args]: string[]): Promise<void> {
  const settings = readSettings(settingsFile);
  const { sizes, quick, write, only } = cliOptionsOf(args);
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

  const names = measureNames.filter((each) => only.includes(each));
  // One after the other, so that none disturbs another; only where the figures mean nothing all at once.
  if (quick) await Promise.all(names.map(measure));
  else for (const name of names) await measure(name);
  say(tableOf(measured));
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
