import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps';
import { endInTime } from '../platform/end-in-time';
import { workerSettings, WrongSettings, type WorkerSettings } from '../config';
import { createHealth } from '../health/check';
import { noticeChecks, ownChecks, probeChecks } from '../health/checks';
import { createInsideServer, listenInside } from '../health/inside-server';
import { createLog } from '../platform/log';
import { createMailer } from '../integrations/mail/mailer';
import { createStoredFigures } from '../platform/metrics/stored';
import { createRecords } from '../records';
import { connectRecords } from '../records/connection';
import { readFigures } from '../use-cases/figures';
import { stayWriter } from '../use-cases/key-writers';
import { systemClock } from '../rules/clock';
import { createElksClient } from '../integrations/sms/elks';
import { createClient } from '../temporal/connect';
import { createTemporalGateway } from '../temporal/gateway';
import { registerSearchAttributes, SearchAttributesMissing } from '../temporal/search-attributes';
import { TASK_QUEUE } from '../temporal/task-queues';
import { createWebhookSender } from '../integrations/pas/webhook-sender';
import { surviveStrayErrors } from '../platform/stray-errors';
import { startTracing } from '../platform/tracing/start';
import { startLoops } from './loops';
import { startProbes } from './probes';
import { createWorkers } from './workers';

/** Of one try of a webhook; shorter than the claim of its subject. */
const WEBHOOK_TIMEOUT_MS = 15_000;

/** What is in hand has 15 s (workers.ts), and so has a webhook's try; the container is killed after 45 s. */
const END_MS = 30_000;

const TEMPORAL_DEADLINE_MS = 10_000;
const RECONNECT_MS = 2_000;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

async function main(): Promise<void> {
  const settings = workerSettings();
  const log = createLog('worker', settings.LOG_LEVEL);
  endInTime(END_MS, log);
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  const stopTracing = endpoint ? startTracing({ endpoint, service: 'vardmote-worker' }) : null;
  installRuntime(log, settings.TEMPORAL_METRICS_ADDRESS);
  const connection = await connectRecords(settings.MONGODB_URI);
  const records = createRecords(connection, { fieldKeys: settings.FIELD_KEYS, hashKeys: settings.HASH_KEYS });
  await records.prepare(settings.PAYLOAD_KEYS);
  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS, { traced: endpoint !== undefined });
  const temporal = createTemporalGateway(client, { taskQueue: TASK_QUEUE, deadlineMs: TEMPORAL_DEADLINE_MS });

  const handOverTimeoutMs = settings.HAND_OVER_TIMEOUT_SECONDS * 1_000;
  const mailer = createMailer({
    url: settings.MAIL_URL,
    from: settings.MAIL_FROM,
    timeoutMs: handOverTimeoutMs,
  });

  // The SDK takes the signals for its workers; before there are any, nothing is in hand.
  const endAtOnce = (): never => process.exit(0);
  for (const signal of SIGNALS) process.once(signal, endAtOnce);
  const native = await connectPatiently(settings, log);
  await registerSearchAttributes(native, client.options.namespace);
  const deps: ActivityDeps = {
    records,
    clock: systemClock,
    temporal,
    elks: createElksClient({
      baseUrl: settings.ELKS_URL,
      username: settings.ELKS_USERNAME,
      password: settings.ELKS_PASSWORD,
      timeoutMs: handOverTimeoutMs,
    }),
    mailer,
    log,
    smsPerDay: settings.SMS_PER_DAY,
    sms: {
      sender: settings.SMS_SENDER,
      linkKeys: settings.LINK_KEYS,
      publicUrl: settings.PUBLIC_URL,
      hooksUrl: settings.HOOKS_URL ?? settings.PUBLIC_URL,
      leaseMs: settings.HAND_OVER_LEASE_SECONDS * 1_000,
    },
  };
  const workers = await createWorkers({
    connection: native,
    namespace: settings.temporal.namespace ?? 'default',
    taskQueue: TASK_QUEUE,
    payloadKeys: settings.PAYLOAD_KEYS,
    smsPerMinute: settings.SMS_PER_MINUTE,
    workflowBundle: settings.WORKFLOW_BUNDLE ? { codePath: settings.WORKFLOW_BUNDLE } : null,
    deps,
  });
  const sender = createWebhookSender({
    toPrivateAddresses: settings.WEBHOOKS_TO_PRIVATE_ADDRESSES,
    timeoutMs: WEBHOOK_TIMEOUT_MS,
  });
  const stopLoops = startLoops(
    { ...deps, roomKey: settings.ROOM_KEY, sender, smsPerMinute: settings.SMS_PER_MINUTE },
    log,
  );
  const probes = startProbes(
    {
      records,
      clock: systemClock,
      addresses: {
        publicUrl: settings.PUBLIC_URL,
        hooksUrl: settings.HOOKS_URL ?? settings.PUBLIC_URL,
        issuer: settings.OIDC_ISSUER ?? null,
      },
    },
    log,
  );
  const stopWriter = stayWriter(records, settings.PAYLOAD_KEYS, log);
  const stopInside = await listenInside(
    createInsideServer({
      health: createHealth([...ownChecks(deps), ...noticeChecks(deps), ...probeChecks(probes.answers)]),
      storedFigures: createStoredFigures(() => readFigures(records, systemClock.now())),
    }),
    { host: settings.METRICS_HOST, port: settings.WORKER_METRICS_PORT },
  );
  surviveStrayErrors(log, {
    rejections: 'end',
    endWell() {
      process.exitCode = 1;
      // As by SIGTERM: the workers finish what they have in hand, and run() ends.
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  });
  log.info('the worker works');
  // SIGTERM and SIGINT shut the workers down through the SDK's runtime; run() then ends. The loops end beside
  // them.
  let loopsStopped: Promise<void> | null = null;
  const stopOnce = (): Promise<void> => (loopsStopped ??= stopLoops());
  for (const signal of SIGNALS) process.off(signal, endAtOnce).once(signal, () => void stopOnce());
  await Promise.all(workers.map((worker) => worker.run()));
  await Promise.all([stopOnce(), probes.stop()]);
  stopWriter();
  mailer.close();
  stopInside();
  await Promise.allSettled([native.close(), client.connection.close(), records.close(), stopTracing?.()]);
}

/** Errors whose message says what to do, and all of it. */
const isForTheOperator = (error: unknown): error is Error =>
  error instanceof WrongSettings || error instanceof SearchAttributesMissing;

/** Waits for a Temporal that is not up yet: the two may start in any order. */
async function connectPatiently({ temporal }: WorkerSettings, log: Logger): Promise<NativeConnection> {
  for (;;) {
    try {
      return await NativeConnection.connect(temporal.connectionOptions);
    } catch (error) {
      log.warn({ err: error }, 'Temporal does not answer yet');
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }
}

/** The SDK's own log lines go where ours go, and its figures where they are asked for. */
function installRuntime(log: Logger, metricsAddress: string | undefined): void {
  Runtime.install({
    ...(metricsAddress
      ? { telemetryOptions: { metrics: { prometheus: { bindAddress: metricsAddress } } } }
      : {}),
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // The SMS worker has none on purpose.
      if (message.startsWith('No workflows registered')) return;
      const { workflowId, activityType, attempt, error } = (meta ?? {}) as Record<string, unknown>;
      const line = { workflowId, activityType, attempt, err: error };
      if (level === 'ERROR') log.error(line, message);
      else log.warn(line, message);
    }),
  });
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${isForTheOperator(error) ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
