import { apiSettings, WrongSettings, type ApiSettings } from '../config';
import { endInTime } from '../platform/end-in-time';
import { createLog } from '../platform/log';
import { pictures } from '../files/pictures';
import { createClamd } from '../files/clamd';
import { createRecords } from '../records';
import { connectRecords } from '../records/connection';
import { stayWriter } from '../use-cases/key-writers';
import { systemClock } from '../rules/clock';
import { createClient } from '../temporal/connect';
import { createTemporalGateway } from '../temporal/gateway';
import { TASK_QUEUE } from '../temporal/task-queues';
import { createHealth } from '../health/check';
import { apiChecks } from '../health/checks';
import { createInsideServer, listenInside } from '../health/inside-server';
import { tellRunId } from '../health/run-id';
import { startTracing } from '../platform/tracing/start';
import { createApp } from './app';
import { createCookies } from './frame/cookies';
import { createKeptFromPages } from './patient/frame/kept-from-page';
import { createIdentityProvider } from './patient/login/identity-provider';
import { CALLBACK_PATH } from './patient/login/routes';
import { createStaffProvider, DESK_CALLBACK_PATH, type StaffProvider } from './staff/login/provider';
import { createThreadStreams } from './patient/thread/thread-streams';
import { createApiServer } from './server';
import { createShutdown } from './shutdown';
import { surviveStrayErrors } from '../platform/stray-errors';

/** How long a call to Temporal may take; a waiting clinic hears 503 before its own time-out. */
const TEMPORAL_DEADLINE_MS = 5_000;
/** How long the malware scanner may take for one file. */
const SCAN_TIMEOUT_MS = 30_000;
/** How long requests under way may take at a shutdown. */
const SHUTDOWN_GRACE_MS = 10_000;
/** How long what was answered last may take to be noted. */
const FLUSH_GRACE_MS = 2_000;
/** With what comes after them; the container is killed after 20 s. */
const END_MS = 15_000;

async function main(): Promise<void> {
  const settings = apiSettings();
  const log = createLog('api', settings.LOG_LEVEL);
  endInTime(END_MS, log);
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  const stopTracing = endpoint ? startTracing({ endpoint, service: 'vardmote-api' }) : null;
  const connection = await connectRecords(settings.MONGODB_URI);
  const records = createRecords(connection, { fieldKeys: settings.FIELD_KEYS, hashKeys: settings.HASH_KEYS });
  await records.prepare(settings.PAYLOAD_KEYS);
  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS, { traced: endpoint !== undefined });
  const temporal = createTemporalGateway(client, { taskQueue: TASK_QUEUE, deadlineMs: TEMPORAL_DEADLINE_MS });

  const streams = createThreadStreams({ records });
  const toEnd = [() => streams.endAll()];
  const keptFromPages = createKeptFromPages({
    records,
    temporal,
    clock: systemClock,
    log,
    cookies: createCookies(settings.PUBLIC_URL),
  });
  const app = createApp({
    records,
    streams,
    onShutdown: (end) => toEnd.push(end),
    keptFromPages,
    temporal,
    clock: systemClock,
    log,
    roomKey: settings.ROOM_KEY,
    jitsi: {
      url: settings.JITSI_URL,
      appId: settings.JITSI_APP_ID,
      appSecret: settings.JITSI_APP_SECRET,
      xmppDomain: settings.JITSI_XMPP_DOMAIN,
    },
    jitsiEventsSecret: settings.JITSI_EVENTS_SECRET,
    webhooksToPrivateAddresses: settings.WEBHOOKS_TO_PRIVATE_ADDRESSES,
    publicUrl: settings.PUBLIC_URL,
    homeUrl: settings.HOME_URL ?? null,
    supportPhone: settings.SUPPORT_PHONE,
    regionName: settings.REGION_NAME ?? null,
    scanner: settings.CLAMD_ADDRESS
      ? createClamd({ ...settings.CLAMD_ADDRESS, timeoutMs: SCAN_TIMEOUT_MS })
      : null,
    trustedProxies: settings.TRUSTED_PROXIES,
    linkKeys: settings.LINK_KEYS,
    identityProvider: createIdentityProvider({
      issuer: settings.OIDC_ISSUER,
      clientId: settings.OIDC_CLIENT_ID,
      clientSecret: settings.OIDC_CLIENT_SECRET,
      identityClaim: settings.OIDC_PERSONAL_NUMBER_CLAIM,
      scope: settings.OIDC_SCOPE,
      acrValues: settings.OIDC_ACR_VALUES ?? null,
      redirectUri: `${settings.PUBLIC_URL}${CALLBACK_PATH}`,
    }),
    staffProvider: staffProviderOf(settings),
  });
  const server = createApiServer(app);
  tellRunId(server, settings.LOCAL_RUN_ID);
  const shutDown = createShutdown(server, SHUTDOWN_GRACE_MS, () => toEnd.forEach((end) => end()));
  const stopInside = await listenInside(
    createInsideServer({ health: createHealth(apiChecks({ records, temporal })) }),
    { host: settings.METRICS_HOST, port: settings.API_METRICS_PORT },
  );
  const stopWriter = stayWriter(records, settings.PAYLOAD_KEYS, log);
  server.listen(settings.PORT, settings.HOST, () => log.info({ port: settings.PORT }, 'the API listens'));

  let stopping = false;
  const stop = async (exitCode = 0): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('stopping: requests under way are answered first');
    const answered = await shutDown();
    if (!answered) log.warn('a request under way took too long; a stored command is carried out by a worker');
    stopInside();
    pictures.close();
    stopWriter();
    // While the database is away it cannot be written, and the probe finds that.
    const patience = new Promise((resolve) => setTimeout(resolve, FLUSH_GRACE_MS));
    await Promise.race([keptFromPages.flush(), patience]);
    await Promise.allSettled([client.connection.close(), records.close(), stopTracing?.()]);
    process.exit(answered ? exitCode : 1);
  };
  surviveStrayErrors(log, { rejections: 'go-on', endWell: () => void stop(1) });
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
}

/** How staff log in to the desk; null where that is not set up. */
function staffProviderOf(settings: ApiSettings): StaffProvider | null {
  const {
    STAFF_OIDC_ISSUER: issuer,
    STAFF_OIDC_CLIENT_ID: clientId,
    STAFF_OIDC_CLIENT_SECRET: clientSecret,
  } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return createStaffProvider({
    issuer,
    clientId,
    clientSecret,
    identityClaim: settings.STAFF_OIDC_IDENTITY_CLAIM,
    rolesClaim: settings.STAFF_OIDC_ROLES_CLAIM ?? null,
    scope: settings.STAFF_OIDC_SCOPE,
    acrValues: settings.STAFF_OIDC_ACR_VALUES ?? null,
    redirectUri: `${settings.PUBLIC_URL}${DESK_CALLBACK_PATH}`,
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof WrongSettings ? error.message : String(error)}\n`);
  process.exit(1);
});
