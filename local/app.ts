import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { serveStylesheet, STYLESHEET_PATH } from '../api/frame/stylesheet';
import { createDecodeRoutes } from '../codec/decode';
import type { KeyRing } from '../platform/keys/key-ring';
import type { Decode } from '../records/decodes';
import { listLink } from '../temporal/web-ui';
import { createClinicClient } from './clinic-client';
import { demo } from './demo-clinic';
import { createDemoCases } from './home/demo-cases';
import { createDemoMeetings } from './home/demo-meetings';
import { createHome } from './home/routes';
import { createMailboxPages } from './mailbox/page';
import type { MailboxStore } from './mailbox/store';
import { createElksRouter } from './outbox/elks-server';
import { createFaultSwitch } from './outbox/fault-switch';
import { createOutboxPages } from './outbox/page';
import type { OutboxStore } from './outbox/store';
import { showParts, showReceipt } from './parts/page';
import { createEventReceiver } from './receiver/receive';
import { createReceiverRoutes } from './receiver/routes';
import type { ReceiverStore } from './receiver/store';
import { createStandInRoom, type StandInRoomSettings } from './room/rooms';
import { createRoomRoutes } from './room/routes';
import { bookingCommand, summary } from './summary';

export interface LocalAppDeps {
  outbox: OutboxStore;
  mailbox: MailboxStore;
  /** What came by the demo clinic's webhook, and what it is signed with. */
  receiver: { store: ReceiverStore; secrets: () => Promise<string[]> };
  elks: { username: string; password: string };
  /** The stand-in of the identity provider. */
  identityProvider: RequestHandler;
  /** The stand-in of the staff's login. */
  staffProvider: RequestHandler;
  room: Omit<StandInRoomSettings, 'eventsUrl'>;
  payloadKeys: KeyRing;
  /** Keeps who had payloads decoded, as the deployed codec server does. */
  noteDecode: (decode: Decode) => Promise<void>;
  /** Has one log in as this patient of a demo meeting. */
  becomeDemoPatient: (personId: string) => Promise<void>;
  apiUrl: string;
  homeUrl: string;
  temporalUiUrl: string | null;
  namespace: string;
  clinicKey: string;
}

/**
 * The local stand: the home page, the SMS outbox with the provider's wire format, the mailboxes, the receiver
 * of events, the video room's stand-in, and the decode endpoint of the Web UI.
 */
export function createLocalApp(deps: LocalAppDeps): Express {
  const { outbox, apiUrl, homeUrl, temporalUiUrl, clinicKey, namespace } = deps;
  const app = express().disable('x-powered-by');
  app.use(fromHereOnly(homeUrl));
  const webUiUrl = temporalUiUrl && listLink({ url: temporalUiUrl, namespace });
  const faults = createFaultSwitch();
  const room = createStandInRoom({ ...deps.room, eventsUrl: `${apiUrl}/hooks/jitsi` });
  app.use('/46elks/a1', createElksRouter({ store: outbox, ...deps.elks, now: () => new Date(), faults }));
  app.use(
    '/codec',
    createDecodeRoutes({
      payloadKeys: deps.payloadKeys,
      origins: temporalUiUrl ? underBothNames(temporalUiUrl) : [],
      // The local Web UI has no login and can pass none. Whoever is on this machine may read; the stand
      // listens on loopback only.
      readerOf: () => Promise.resolve({ who: 'local, without login' }),
      note: deps.noteDecode,
      now: () => new Date(),
    }),
  );
  // Before the headers of the other pages: the API's pages frame its rooms.
  app.use('/room', createRoomRoutes({ room, embeddedBy: underBothNames(apiUrl) }));
  app.use('/identity', deps.identityProvider);
  app.use('/staff-identity', deps.staffProvider);
  app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy: { directives: pagePolicy } }));
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/summary.txt', (_request, response) => {
    response.type('text/plain').send(summary({ homeUrl, apiUrl, webUiUrl }, clinicKey));
  });
  app.get(STYLESHEET_PATH, serveStylesheet);
  app.get('/parts', showParts);
  app.get('/parts/receipt', showReceipt);
  app.use('/outbox', createOutboxPages({ store: outbox, faults }));
  app.use('/mail', createMailboxPages({ store: deps.mailbox }));
  const receiver = createEventReceiver({ ...deps.receiver, now: () => new Date() });
  app.use('/receiver', createReceiverRoutes({ store: deps.receiver.store, receiver }));
  const clinic = createClinicClient(apiUrl, clinicKey, demo.staffId);
  app.use(
    createHome({
      demoMeetings: createDemoMeetings(clinic, room, deps.becomeDemoPatient),
      demoCases: createDemoCases(clinic),
      outbox,
      apiUrl,
      temporalUiUrl,
      namespace,
      bookingCommand: bookingCommand(apiUrl, clinicKey),
    }),
  );
  return app;
}

/**
 * Answers only to the names of this machine. A page of another site can have its own name point to this
 * machine (DNS rebinding), and its scripts would read the clinic's key and the SMS as if they were its own.
 */
function fromHereOnly(homeUrl: string): RequestHandler {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', new URL(homeUrl).hostname]);
  return (request, response, next) => {
    const host = `http://${request.headers.host ?? ''}`;
    if (URL.canParse(host) && names.has(new URL(host).hostname)) next();
    else response.status(421).type('text/plain').send('This is the local stand: open it at localhost.');
  };
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

/** The origins of an address of this machine, which is the same under both of its names. */
function underBothNames(url: string): string[] {
  const { port } = new URL(url);
  return [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
}
