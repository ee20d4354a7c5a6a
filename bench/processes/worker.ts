import { NativeConnection } from '@temporalio/worker';
import type { ActivityDeps } from '../../activities/deps';
import { createLog } from '../../platform/log';
import { createMailer } from '../../integrations/mail/mailer';
import { createWebhookSender } from '../../integrations/pas/webhook-sender';
import { systemClock } from '../../rules/clock';
import { createElksClient } from '../../integrations/sms/elks';
import { startLoops } from '../../worker/loops';
import { createWorkers } from '../../worker/workers';
import { keysOf, type BenchSettings } from '../settings';
import { NO_CAP } from '../rig/clinic-settings';
import { openBackend } from '../rig/backend';
import { measureMemory, untilQuiet } from './memory';
import { serve } from './serve';

/** What the service's worker starts with. */
export type WorkerSettings = BenchSettings & {
  /** Of the database and of the task queue. */
  name: string;
  bundle: string;
  providerUrl: string;
};

/** The provider's limit, lifted: what is measured is ours. */
const SMS_PER_MINUTE = 1_000_000;

/** The service's worker, put together as worker/main.ts does it. */
serve(async (settings: WorkerSettings) => {
  const keys = keysOf(settings);
  const { records, temporal, close } = await openBackend(settings, settings.name);
  const log = createLog('worker', 'info');
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  // Nobody in the bench gets e-mail.
  const mailer = createMailer({
    url: 'smtp://127.0.0.1:9?tls=off',
    from: 'no-reply@example.com',
    timeoutMs: 10_000,
  });
  const deps: ActivityDeps = {
    records,
    clock: systemClock,
    temporal,
    elks: createElksClient({
      baseUrl: settings.providerUrl,
      username: 'bench',
      password: 'bench',
      timeoutMs: 10_000,
    }),
    mailer,
    log,
    smsPerDay: NO_CAP,
    sms: {
      sender: 'Vardmote',
      linkKeys: keys.linkKeys,
      publicUrl: 'https://mote.example',
      hooksUrl: 'https://mote.example',
      leaseMs: 20_000,
    },
  };
  const workers = await createWorkers({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.name,
    payloadKeys: keys.payloadKeys,
    smsPerMinute: SMS_PER_MINUTE,
    workflowBundle: { codePath: settings.bundle },
    deps,
  });
  const sender = createWebhookSender({ toPrivateAddresses: false, timeoutMs: 15_000 });
  const stopLoops = startLoops({ ...deps, roomKey: keys.roomKey, sender }, log);
  const ended = Promise.all(workers.map((worker) => worker.run()));
  return {
    ready: null,
    answers: {
      memory: () => measureMemory(workers[0]!),
      quiet: () => untilQuiet(workers),
      async stop() {
        for (const worker of workers) worker.shutdown();
        await ended;
        await stopLoops();
        mailer.close();
        await connection.close();
        await close();
      },
    },
  };
});
