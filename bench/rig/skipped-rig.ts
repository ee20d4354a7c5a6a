import { createServer } from 'node:http';
import { listen } from '../../local/listen';
import type { Bench } from '../bench';
import type { BenchSettings } from '../settings';
import { openServiceRig, type ServiceRig, type ServiceRigOptions } from './service-rig';

/** Due at an instant means fired shortly after it, on this server: nothing may be commanded in between. */
const DUE_HAS_FIRED_MS = 2_000;
const STILL_MS = 400;

/** The whole service over a server that skips time: API and worker follow its clock. */
export interface SkippedRig extends ServiceRig {
  /** With the address of that server. */
  settings: BenchSettings;
  now(): Promise<Date>;
  /** Lets time pass until just after the instant; all that is due on the way happens, and comes to rest. */
  passTo(instant: Date): Promise<void>;
}

/**
 * Weeks pass in seconds, so that a meeting can take its thirty minutes and an invoice its two weekdays. Rates
 * and times mean nothing here; what is in a history does.
 */
export async function openSkippedRig(
  bench: Bench,
  name: string,
  options: ServiceRigOptions,
): Promise<SkippedRig> {
  // Only here: it is no package of the service.
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: bench.settings.testServer } },
  });
  const clock = await listen(
    createServer((_, response) => {
      env.currentTimeMs().then(
        (ms) => response.end(String(ms)),
        () => response.destroy(),
      );
    }),
  );
  const closeServers = async (): Promise<void> => {
    clock.close();
    await env.teardown();
  };
  const settings = {
    ...bench.settings,
    temporalAddress: env.address,
    namespace: env.namespace ?? 'default',
    clockUrl: clock.url,
  };
  let service: ServiceRig;
  try {
    service = await openServiceRig({ ...bench, settings }, name, options);
    await answersAlways(service);
  } catch (error) {
    await closeServers();
    throw error;
  }
  const now = async (): Promise<Date> => new Date(await env.currentTimeMs());
  return {
    ...service,
    settings,
    now,
    async passTo(instant) {
      await service.worker.ask('quiet', STILL_MS);
      const ms = instant.getTime() - (await now()).getTime();
      if (ms > 0) await env.sleep(ms + DUE_HAS_FIRED_MS);
      await service.worker.ask('quiet', STILL_MS);
    },
    async close() {
      await service.close();
      await closeServers();
    },
  };
}

/**
 * All that is probed has answered and always will (records/gaps.ts): no probe could keep up with time that is
 * skipped, and what it did not see would be a gap in the evidence (R5.6).
 */
async function answersAlways({ database }: ServiceRig): Promise<void> {
  const known = { since: '2000-01-01T00:00:00.000Z', at: '9999-12-31T23:59:59.999Z' };
  await database
    .collection<{ _id: string }>('probes')
    .updateOne(
      { _id: 'probes' },
      { $set: { answered: { service: known, reports: known, login: known } } },
      { upsert: true },
    );
}
