import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import path from 'node:path';
import { Writable } from 'node:stream';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker, type WorkerInterceptors } from '@temporalio/worker';
import express from 'express';
import type { Connection as MongoConnection } from 'mongoose';
import pino from 'pino';
import type { ActivityDeps } from '../../activities/deps';
import { createApp } from '../../api/app';
import { createApiServer } from '../../api/server';
import type { LimitSizes } from '../../api/patient/frame/limits';
import { createIdentityProvider } from '../../api/patient/login/identity-provider';
import { CALLBACK_PATH } from '../../api/patient/login/routes';
import { createStaffProvider, DESK_CALLBACK_PATH } from '../../api/staff/login/provider';
import { listen } from '../../local/listen';
import { logContext } from '../../platform/log-context';
import { startSmtpServer } from '../../local/mailbox/smtp-server';
import { openMailboxStore, type MailboxMessage, type MailboxStore } from '../../local/mailbox/store';
import { createElksRouter } from '../../local/outbox/elks-server';
import { createFaultSwitch, type FaultSwitch } from '../../local/outbox/fault-switch';
import { openOutboxStore, type OutboxMessage, type OutboxStore } from '../../local/outbox/store';
import type { Scanner } from '../../files/clamd';
import { createMailer, type Mailer } from '../../integrations/mail/mailer';
import { createRecords, type Records } from '../../records';
import { connectRecords } from '../../records/connection';
import { systemClock, type Clock } from '../../rules/clock';
import { createElksClient } from '../../integrations/sms/elks';
import { tracingInterceptors } from '../../temporal/connect';
import { createDataConverter } from '../../temporal/data-converter';
import { createTemporalGateway, type TemporalGateway } from '../../temporal/gateway';
import { registerSearchAttributes } from '../../temporal/search-attributes';
import { createWebhookSender } from '../../integrations/pas/webhook-sender';
import { startLoops } from '../../worker/loops';
import { createWorkers } from '../../worker/workers';
import { testKeys } from './keys';
import { answersAlways } from './probes';
import { keepPersonal, noteTexts, personalIn } from './personal';
import './quiet-runtime';
import { watched, watchShapes } from './shapes';

/**
 * The whole service in this process, with real servers behind it: each test file has its own database and
 * task queue.
 */
export interface Service {
  records: Records;
  /** What the records stand in. */
  database: MongoConnection;
  clock: Clock;
  temporal: TemporalGateway;
  client: Client;
  apiUrl: string;
  /** Where the stand-in of the SMS provider answers, for a process of its own. */
  elksUrl: string;
  outbox: OutboxStore;
  /** What the provider does wrong; nothing, unless a test says so. */
  faults: FaultSwitch;
  mailbox: MailboxStore;
  /** Where the stand-in of the mail server answers. */
  mailUrl: string;
  /** What the activities send e-mail with. */
  mailer: Mailer;
  taskQueue: string;
  /** Every line that API and reconciler have logged. */
  logLines: string[];
  sentTo(number: string): OutboxMessage[];
  mailedTo(address: string): MailboxMessage[];
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  clock?: Clock;
  /** Another Temporal than the dev server that all tests share: the time-skipping one. */
  temporal?: { connection: Connection; native: NativeConnection; namespace: string };
  /** Before each activity: time-skipping tests set the clock here. */
  beforeActivity?: () => Promise<void>;
  workers?: boolean;
  /** What the provider takes in a minute: more than any test sends, unless told otherwise. */
  smsPerMinute?: number;
  /** The cap of the provider's account; likewise. */
  smsPerDay?: number;
  /** Whether a clinic's webhook may be a server of this test; it may unless told otherwise. */
  webhooksToPrivateAddresses?: boolean;
  /** Events go nowhere: for clinics whose address is made up. */
  sendsWebhooks?: boolean;
  wrongKeysPerMinute?: number;
  /** Looks for malware in files; nobody does unless told otherwise. */
  scanner?: Scanner;
  limits?: Partial<LimitSizes>;
  trustedProxies?: number;
  /** Where browsers find the service, if not at its own address: behind a proxy that ends TLS. */
  publicUrl?: string;
  /** Starts an identity provider for this API and answers with its issuer; without one nobody can log in. */
  identityProvider?: (apiUrl: string) => Promise<string>;
  /** The same for the staff's login; without one nobody can log in to the desk. */
  staffProvider?: (apiUrl: string) => Promise<string>;
  /** The claim with the staff's roles, where the login carries them. */
  staffRolesClaim?: string;
  deadlineMs?: number;
  /** Calls to Temporal carry the ids of their trace. */
  traced?: boolean;
  /** Where the video rooms are. */
  jitsiUrl?: string;
}

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: run the tests with npm test`);
  return value;
};

export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const clock = options.clock ?? systemClock;
  const name = `t${randomBytes(6).toString('hex')}`;
  const uri = required('TEST_MONGODB_URI').replace('DATABASE', name);
  const connectionToRecords = await connectRecords(watched(uri));
  const watch = watchShapes(connectionToRecords);
  const records = createRecords(connectionToRecords, testKeys);
  await records.prepare();
  await answersAlways(connectionToRecords);

  const temporalServer = options.temporal ?? (await devServer());
  const { connection, native, namespace } = temporalServer;
  // The shared server has them from the global set-up.
  if (options.temporal) await registerSearchAttributes(connection, namespace);
  const dataConverter = createDataConverter(testKeys.payloadKeys);
  const client = new Client({
    connection,
    namespace,
    dataConverter,
    ...(options.traced ? { interceptors: tracingInterceptors() } : {}),
  });
  const temporal = createTemporalGateway(client, {
    taskQueue: name,
    deadlineMs: options.deadlineMs ?? 10_000,
  });

  const logLines: string[] = [];
  const log = pino(
    { level: 'debug', mixin: logContext },
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logLines.push(chunk.toString());
        done();
      },
    }),
  );

  const outbox = openOutboxStore({ file: path.join(required('TEST_FOLDER'), `${name}-outbox.jsonl`) });
  const faults = createFaultSwitch();
  const elksApp = express().use(
    '/a1',
    createElksRouter({ store: outbox, username: 'user', password: 'pass', now: () => clock.now(), faults }),
  );
  const elksServer = await listen(createServer(elksApp));

  const mailbox = openMailboxStore({ file: path.join(required('TEST_FOLDER'), `${name}-mailbox.jsonl`) });
  const mailServer = await startSmtpServer({ store: mailbox, port: 0, now: () => clock.now() });
  const mailUrl = `smtp://127.0.0.1:${mailServer.port}?tls=off`;
  const mailer = createMailer({
    url: mailUrl,
    from: 'Digitala möten <no-reply@example.com>',
    timeoutMs: 5_000,
  });

  const commandDeps = { records, temporal, clock, roomKey: testKeys.roomKey };
  const api = createApiServer();
  const apiServer = await listen(api);
  const apiUrl = apiServer.url;
  api.on(
    'request',
    createApp({
      ...commandDeps,
      log,
      jitsi: {
        url: options.jitsiUrl ?? 'https://jitsi.test',
        appId: 'vardmote',
        appSecret: testKeys.jitsiAppSecret,
        xmppDomain: 'meet.jitsi',
      },
      jitsiEventsSecret: testKeys.jitsiEventsSecret,
      webhooksToPrivateAddresses: options.webhooksToPrivateAddresses ?? true,
      publicUrl: options.publicUrl ?? apiUrl,
      homeUrl: null,
      supportPhone: '010-000 00 12',
      regionName: 'Region Test',
      scanner: options.scanner ?? null,
      trustedProxies: options.trustedProxies ?? 0,
      linkKeys: testKeys.linkKeys,
      identityProvider: createIdentityProvider({
        // Nobody answers at the discard port: whoever logs in says where.
        issuer: (await options.identityProvider?.(apiUrl)) ?? 'http://127.0.0.1:9',
        clientId: 'vardmote',
        clientSecret: testKeys.oidcClientSecret,
        identityClaim: 'https://id.oidc.se/claim/personalIdentityNumber',
        scope:
          'openid https://id.oidc.se/scope/naturalPersonNumber https://id.oidc.se/scope/naturalPersonInfo',
        acrValues: null,
        redirectUri: `${apiUrl}${CALLBACK_PATH}`,
      }),
      staffProvider: createStaffProvider({
        issuer: (await options.staffProvider?.(apiUrl)) ?? 'http://127.0.0.1:9',
        clientId: 'vardmote-desk',
        clientSecret: testKeys.oidcClientSecret,
        identityClaim: 'employeeHsaId',
        rolesClaim: options.staffRolesClaim ?? null,
        scope: 'openid profile employee',
        acrValues: null,
        redirectUri: `${apiUrl}${DESK_CALLBACK_PATH}`,
      }),
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.wrongKeysPerMinute ? { wrongKeysPerMinute: options.wrongKeysPerMinute } : {}),
    }),
  );

  const deps: ActivityDeps = {
    records,
    clock,
    temporal,
    elks: createElksClient({
      baseUrl: `${elksServer.url}/a1`,
      username: 'user',
      password: 'pass',
      timeoutMs: 5_000,
    }),
    mailer,
    log,
    smsPerDay: options.smsPerDay ?? 1_000_000,
    sms: {
      sender: 'Vardmote',
      linkKeys: testKeys.linkKeys,
      publicUrl: 'https://mote.example',
      hooksUrl: apiUrl,
      leaseMs: 10_000,
    },
  };

  let running: { workers: Worker[]; ended: Promise<unknown>; stopLoops: () => Promise<void> } | null = null;

  const smsPerMinute = options.smsPerMinute ?? 100_000;
  async function startWorkers(): Promise<void> {
    const workers = await createWorkers({
      connection: native,
      namespace,
      taskQueue: name,
      payloadKeys: testKeys.payloadKeys,
      deps,
      smsPerMinute,
      workflowBundle: { codePath: required('TEST_WORKFLOW_BUNDLE') },
      ...(options.beforeActivity ? { interceptors: before(options.beforeActivity) } : {}),
    });
    const sender =
      options.sendsWebhooks === false
        ? {
            send: () =>
              Promise.resolve({ kind: 'not-taken' as const, reason: 'no-network', retryAfterMs: null }),
          }
        : createWebhookSender({ toPrivateAddresses: true, timeoutMs: 5_000 });
    running = {
      workers,
      ended: Promise.all(workers.map((worker) => worker.run())),
      stopLoops: startLoops({ ...deps, roomKey: testKeys.roomKey, sender, smsPerMinute }, log),
    };
  }

  async function stopWorkers(): Promise<void> {
    if (!running) return;
    const { workers, ended, stopLoops } = running;
    running = null;
    for (const worker of workers) worker.shutdown();
    await Promise.all([ended, stopLoops()]);
  }

  if (options.workers ?? true) await startWorkers();

  return {
    records,
    database: connectionToRecords,
    clock,
    temporal,
    client,
    apiUrl,
    elksUrl: `${elksServer.url}/a1`,
    outbox,
    faults,
    mailbox,
    mailUrl,
    mailer,
    taskQueue: name,
    logLines,
    sentTo: (number) => outbox.messages().filter((message) => message.to === number),
    mailedTo: (address) => mailbox.messages().filter((message) => message.to === address),
    startWorkers,
    stopWorkers,
    async close() {
      await stopWorkers();
      for (const server of [apiServer, elksServer]) server.close();
      mailer.close();
      await mailServer.close();
      outbox.close();
      mailbox.close();
      if (!options.temporal) await Promise.allSettled([connection.close(), native.close()]);
      noteTexts([
        outbox.messages().map(({ message, to }) => [message, to]),
        mailbox.messages().map(({ text }) => text),
      ]);
      keepPersonal(required('TEST_FOLDER'));
      const personal = await personalIn(uri, logLines);
      const scans = await watch.scans();
      await connectionToRecords.dropDatabase();
      await records.close();
      if (personal.length > 0)
        throw new Error(`personal data where none may be (R8.3):\n${personal.join('\n')}`);
      if (scans.length > 0)
        throw new Error(`no index serves these in full (test/support/shapes.ts):\n${scans.join('\n')}`);
    },
  };
}

const before = (act: () => Promise<void>): WorkerInterceptors => ({
  activity: [
    () => ({
      inbound: {
        async execute(input, next) {
          await act();
          return next(input);
        },
      },
    }),
  ],
});

async function devServer(): Promise<NonNullable<ServiceOptions['temporal']>> {
  const address = required('TEST_TEMPORAL_ADDRESS');
  return {
    connection: await Connection.connect({ address }),
    native: await NativeConnection.connect({ address }),
    namespace: 'test',
  };
}
