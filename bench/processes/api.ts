import { createServer } from 'node:http';
import { createApp } from '../../api/app';
import { ProviderUnavailable } from '../../api/login/oidc';
import type { IdentityProvider } from '../../api/patient/login/identity-provider';
import { listen } from '../../local/listen';
import { createLog } from '../../platform/log';
import { keysOf, type BenchSettings } from '../settings';
import { openBackend } from '../rig/backend';
import { openClock } from './server-clock';
import { serve } from './serve';

/** The bench's patients open no pages. */
const nobodyLogsIn: IdentityProvider = {
  begin: () => Promise.reject(new ProviderUnavailable('none in the bench')),
  finish: () => Promise.reject(new ProviderUnavailable('none in the bench')),
};

/** What the API starts with. */
export type ApiSettings = BenchSettings & {
  /** Of the database and of the task queue. */
  name: string;
};

/** The service's API, put together as api/main.ts does it, on a port of its own. */
serve(async (settings: ApiSettings) => {
  const keys = keysOf(settings);
  const { records, temporal, close } = await openBackend(settings, settings.name);
  const { clock, read } = await openClock(settings);
  const server = createServer();
  const listening = await listen(server);
  const app = createApp({
    records,
    temporal,
    clock,
    log: createLog('api', 'info'),
    roomKey: keys.roomKey,
    jitsi: {
      url: 'https://jitsi.example',
      appId: 'vardmote',
      appSecret: keys.jitsiAppSecret,
      xmppDomain: 'meet.jitsi',
    },
    jitsiEventsSecret: keys.jitsiEventsSecret,
    webhooksToPrivateAddresses: false,
    scanner: null,
    publicUrl: listening.url,
    homeUrl: null,
    supportPhone: '010-000 00 02',
    regionName: null,
    trustedProxies: 0,
    linkKeys: keys.linkKeys,
    identityProvider: nobodyLogsIn,
    staffProvider: null,
  });
  server.on('request', settings.clockUrl ? (...asked) => void read().then(() => void app(...asked)) : app);
  return {
    ready: { url: listening.url },
    answers: {
      async stop() {
        listening.close();
        await close();
      },
    },
  };
});
