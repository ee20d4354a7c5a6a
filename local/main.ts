import { createServer } from 'node:http';
import path from 'node:path';
import express from 'express';
import helmet from 'helmet';
import { stylesheet } from '../api/service-routes';
import { localSettings, WrongSettings } from '../config';
import { createLog } from '../log';
import { createRecords } from '../records';
import { connectRecords } from '../records/connection';
import { createClinicClient } from './clinic-client';
import { createCodecEndpoint } from './codec-endpoint';
import { demo, makeDemoClinic } from './demo-clinic';
import { createDemoMeetings } from './home/demo-meetings';
import { createHome } from './home/routes';
import { createElksRouter } from './outbox/elks-server';
import { createOutboxPages } from './outbox/page';
import { openOutboxStore } from './outbox/store';
import { createStandInRoom } from './stand-in-room';
import { bookingCommand, summary } from './summary';

/** What `npm start` adds on one machine: a demo clinic, its home page, and stand-ins for the SMS provider and the room. */
async function main(): Promise<void> {
  const settings = localSettings();
  const log = createLog('local', settings.LOG_LEVEL);
  const connection = await connectRecords(settings.MONGODB_URI);
  const records = createRecords(connection, { fieldKeys: settings.FIELD_KEYS, hashKeys: settings.HASH_KEYS });
  await records.prepare();
  await makeDemoClinic(records, settings.DEMO_CLINIC_KEY, new Date());
  await records.close();

  const apiUrl = settings.PUBLIC_URL;
  const temporalUiUrl = settings.TEMPORAL_UI_URL ?? null;
  const outbox = openOutboxStore({ file: path.join(settings.STATE_FOLDER, 'outbox.jsonl') });
  const room = createStandInRoom({
    appId: settings.JITSI_APP_ID,
    appSecret: settings.JITSI_APP_SECRET,
    xmppDomain: settings.JITSI_XMPP_DOMAIN,
    eventsUrl: `${apiUrl}/hooks/jitsi`,
    eventsSecret: settings.JITSI_EVENTS_SECRET,
  });

  const app = express().disable('x-powered-by');
  app.use(
    '/46elks/a1',
    createElksRouter({
      store: outbox,
      username: settings.ELKS_USERNAME,
      password: settings.ELKS_PASSWORD,
      now: () => new Date(),
    }),
  );
  app.use('/codec', createCodecEndpoint(settings.PAYLOAD_KEYS, uiOrigins(temporalUiUrl)));
  app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy: { directives: pagePolicy } }));
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/summary.txt', (_request, response) => {
    response
      .type('text/plain')
      .send(summary({ homeUrl: settings.LOCAL_URL, apiUrl, temporalUiUrl }, settings.DEMO_CLINIC_KEY));
  });
  app.get('/assets/pico.css', stylesheet);
  app.use('/outbox', createOutboxPages({ store: outbox }));
  app.use(
    createHome({
      demoMeetings: createDemoMeetings(
        createClinicClient(apiUrl, settings.DEMO_CLINIC_KEY, demo.staffId),
        room,
      ),
      outbox,
      apiUrl,
      temporalUiUrl,
      namespace: settings.temporal.namespace ?? 'default',
      bookingCommand: bookingCommand(apiUrl, settings.DEMO_CLINIC_KEY),
    }),
  );

  // Loopback only: nobody else has any business with the clinic's key, the codec or the SMS of this machine.
  const server = createServer(app).listen(settings.LOCAL_PORT, '127.0.0.1', () =>
    log.info('the local stand listens'),
  );
  const stop = (): void => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

const pagePolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'upgrade-insecure-requests': null,
};

/** The Web UI is the same under both names of this machine. */
function uiOrigins(temporalUiUrl: string | null): string[] {
  if (!temporalUiUrl) return [];
  const { port } = new URL(temporalUiUrl);
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof WrongSettings ? error.message : String(error)}\n`);
  process.exit(1);
});
