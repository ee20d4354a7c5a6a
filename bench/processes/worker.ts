import { NativeConnection } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities/deps';
import { createLog } from '../../platform/log';
import { createMailer } from '../../integrations/mail/mailer';
import { createWebhookSender } from '../../integrations/pas/webhook-sender';
import { createElksClient } from '../../integrations/sms/elks';
import { startLoops } from '../../worker/loops';
import { startProbes } from '../../worker/probes';
import { createWorkers } from '../../worker/workers';
import { keysOf, type BenchSettings } from '../settings';
import { SMS_PER_DAY } from '../rig/clinic-settings';
import { openBackend } from '../rig/backend';
import { measureMemory, untilQuiet } from './memory';
import { openClock } from './server-clock';
import { serve } from './serve';

/** What the service's worker starts with. */
export type WorkerSettings = BenchSettings & {
  /** Of the database and of the task queue. */
  name: string;
  bundle: string;
  providerUrl: string;
  apiUrl: string;
  smsPerMinute: number;
};

/** The service's worker, put together as worker/main.ts does it. */
serve(async (settings: WorkerSettings) => {
  const keys = keysOf(settings);
  const { records, temporal, close } = await openBackend(settings, settings.name);
  const log = createLog('worker', 'info');
  const { clock, read } = await openClock(settings);
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  // Nobody in the bench gets e-mail.
  const mailer = createMailer({
    url: 'smtp://127.0.0.1:9?tls=off',
    from: 'no-reply@example.com',
    timeoutMs: 10_000,
  });
  const deps: ActivityDeps = {
    records,
    clock,
    temporal,
    elks: createElksClient({
      baseUrl: settings.providerUrl,
      username: 'bench',
      password: 'bench',
      timeoutMs: 10_000,
    }),
    mailer,
    log,
    smsPerDay: SMS_PER_DAY,
    sms: {
      sender: 'Vardmote',
      linkKeys: keys.linkKeys,
      publicUrl: settings.apiUrl,
      hooksUrl: settings.apiUrl,
      leaseMs: 20_000,
    },
  };
  const workers = await createWorkers({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.name,
    payloadKeys: keys.payloadKeys,
    smsPerMinute: settings.smsPerMinute,
    workflowBundle: { codePath: settings.bundle },
    deps,
    // What happens at a skipped instant happens at that instant for the activities too.
    ...(settings.clockUrl
      ? {
          interceptors: {
            activity: [
              () => ({
                inbound: {
                  async execute(input, next) {
                    await read();
                    return next(input);
                  },
                },
              }),
            ],
          },
        }
      : {}),
  });
  const sender = createWebhookSender({ toPrivateAddresses: false, timeoutMs: 15_000 });
  const stopLoops = startLoops(
    { ...deps, roomKey: keys.roomKey, sender, smsPerMinute: settings.smsPerMinute },
    log,
  );
  // As in production, or nobody would be a no-show. Where time is skipped who skips it sees to that.
  const addresses = { publicUrl: settings.apiUrl, hooksUrl: settings.apiUrl, issuer: null };
  const probes = settings.clockUrl ? null : startProbes({ records, clock, addresses }, log);
  const ended = Promise.all(workers.map((worker) => worker.run()));
  return {
    ready: null,
    answers: {
      memory: () => measureMemory(workers[0]!),
      quiet: (stillMs?: number) => untilQuiet(workers, stillMs),
      cached: () => workers[0]!.getStatus().numCachedWorkflows,
      async stop() {
        for (const worker of workers) worker.shutdown();
        await ended;
        await Promise.all([stopLoops(), probes?.stop()]);
        mailer.close();
        await connection.close();
        await close();
      },
    },
  };
});
