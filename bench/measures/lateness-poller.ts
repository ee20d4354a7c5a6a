import type { Bench } from '../bench';
import { startChild } from '../processes/child';
import type { PollerSettings } from '../processes/poller';
import { databaseUri, named } from '../settings';
import { arrived } from './arrived';
import type { DueAtOnce } from './lateness-of';

/** The poller: rows due in the middle between two polls, so that they wait as long as they do on average. */
export async function pollerReminders({ settings, sizes, provider }: Bench): Promise<DueAtOnce> {
  const { reminders: count, pollEveryMs } = sizes;
  const pollerSettings: PollerSettings = {
    folder: settings.folder,
    databaseUri: databaseUri(settings, named(settings, 'poller')),
    providerUrl: provider.url,
    everyMs: pollEveryMs,
  };
  const poller = await startChild<null>('poller', pollerSettings);
  try {
    const dueAt = (Math.floor(Date.now() / pollEveryMs) + 1.5) * pollEveryMs;
    await poller.ask('add', { count, dueAt });
    const pids = { ...settings.pids, worker: [poller.pid] };
    const cpu = await arrived(provider, { pids, worker: poller }, count, dueAt);
    return { dueAt, cpu, arrivals: [...provider.arrivals], idOf: ({ message }) => message };
  } finally {
    await poller.stop();
  }
}
