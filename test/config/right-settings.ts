import {
  apiSettings,
  codecSettings,
  localSettings,
  operatorSettings,
  recordsSettings,
  workerSettings,
  WrongSettings,
} from '../../config';

/** Settings that each process starts with, for the tests of what is wrong with them. */

export const bytes = (letter: string): string => Buffer.alloc(32, letter).toString('base64');

/** What has no default. */
export const shared = {
  MONGODB_URI: 'mongodb://mongodb:27017/vardmote?replicaSet=rs0',
  FIELD_KEYS: `k1:${bytes('f')}`,
  HASH_KEYS: `k1:${bytes('h')}`,
  PAYLOAD_KEYS: `k1:${bytes('p')}`,
  ROOM_KEY: bytes('r'),
  PUBLIC_URL: 'https://mote.example.se',
};
export const jitsi = {
  JITSI_APP_ID: 'vardmote',
  JITSI_APP_SECRET: 'jitsi-app-secret-of-the-test',
  JITSI_XMPP_DOMAIN: 'meet.jitsi',
  JITSI_EVENTS_SECRET: 'jitsi-events-secret-of-the-test',
};
export const oidc = {
  OIDC_ISSUER: 'https://login.example.se',
  OIDC_CLIENT_ID: 'vardmote',
  OIDC_CLIENT_SECRET: 'oidc-client-secret-of-the-test',
};
export const staffOidc = {
  STAFF_OIDC_ISSUER: 'https://id.example.se/staff',
  STAFF_OIDC_CLIENT_ID: 'vardmote-desk',
  STAFF_OIDC_CLIENT_SECRET: 'staff-oidc-secret-of-the-test',
};
export const acr = { OIDC_ACR_VALUES: 'http://id.elegnamnden.se/loa/1.0/loa3' };
export const links = { LINK_KEYS: `1:${bytes('l')}` };
export const elks = { ELKS_USERNAME: 'u1', ELKS_PASSWORD: 'p1' };
export const mail = {
  MAIL_URL: 'smtp://relay:p%3A2@mail.example.se:587',
  MAIL_FROM: 'Digitala möten <svara-inte@example.com>',
};
export const forApi = {
  ...shared,
  ...jitsi,
  ...oidc,
  ...acr,
  ...links,
  JITSI_URL: 'https://jitsi.example.se',
  SUPPORT_PHONE: '010-000 00 12',
};
export const forWorker = { ...shared, ...elks, ...mail, ...links };
export const forLocal = {
  ...shared,
  ...jitsi,
  ...oidc,
  ...staffOidc,
  ...elks,
  LOCAL_URL: 'http://localhost:3001',
  DEMO_CLINIC_KEY: 'key-of-the-demo-clinic',
  STATE_FOLDER: '.vardmote',
};

export const forCodec = {
  MONGODB_URI: shared.MONGODB_URI,
  PAYLOAD_KEYS: shared.PAYLOAD_KEYS,
  CODEC_UI_ORIGIN: 'https://ui.example.se',
  CODEC_ISSUER: 'https://login.example.se/realms/x',
  CODEC_AUDIENCE: 'vardmote-codec',
  CODEC_ROLE: 'vardmote-reader',
};

export function problemsOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof WrongSettings) return error.message;
    throw error;
  }
  return 'no problem';
}
export const without = (env: NodeJS.ProcessEnv, name: string): NodeJS.ProcessEnv => ({
  ...env,
  [name]: undefined,
});

export const processes: [string, NodeJS.ProcessEnv, (env: NodeJS.ProcessEnv) => unknown][] = [
  ['the api', forApi, apiSettings],
  ['the worker', forWorker, workerSettings],
  ['the local stand', forLocal, localSettings],
  [
    'a command on the records',
    { MONGODB_URI: shared.MONGODB_URI, FIELD_KEYS: shared.FIELD_KEYS, HASH_KEYS: shared.HASH_KEYS },
    recordsSettings,
  ],
  [
    'an operator’s command',
    {
      MONGODB_URI: shared.MONGODB_URI,
      FIELD_KEYS: shared.FIELD_KEYS,
      HASH_KEYS: shared.HASH_KEYS,
      PAYLOAD_KEYS: shared.PAYLOAD_KEYS,
    },
    operatorSettings,
  ],
  ['the codec server', forCodec, codecSettings],
];
