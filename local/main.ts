import { createServer } from 'node:http';
import path from 'node:path';
import { localSettings, WrongSettings } from '../config';
import { tellRunId } from '../health/run-id';
import { createLog } from '../platform/log';
import { createRecords } from '../records';
import { connectRecords } from '../records/connection';
import { createLocalApp } from './app';
import { startSmtpServer } from './mailbox/smtp-server';
import { CALLBACK_PATH } from '../api/patient/login/routes';
import { DESK_CALLBACK_PATH } from '../api/staff/login/provider';
import { accountsOf, staffAccounts, testPeople } from './identity-provider/people';
import { createIdentityProvider, patientProfile, staffProfile } from './identity-provider/provider';
import { openMailboxStore } from './mailbox/store';
import { becomeDemoPatient, demo, makeDemoClinic, makeDemoWebhook } from './demo-clinic';
import { openOutboxStore } from './outbox/store';
import { openReceiverStore } from './receiver/store';

/**
 * What `npm start` adds on one machine: a demo clinic, its home page, and stand-ins for the SMS provider, the
 * mail server and the room.
 */
async function main(): Promise<void> {
  const settings = localSettings();
  const log = createLog('local', settings.LOG_LEVEL);
  const records = createRecords(await connectRecords(settings.MONGODB_URI), {
    fieldKeys: settings.FIELD_KEYS,
    hashKeys: settings.HASH_KEYS,
  });
  await records.prepare(settings.PAYLOAD_KEYS);
  await makeDemoClinic(records, settings.DEMO_CLINIC_KEY, new Date());
  await makeDemoWebhook(records, `http://127.0.0.1:${settings.LOCAL_PORT}`, new Date());

  const mailbox = openMailboxStore({ file: path.join(settings.STATE_FOLDER, 'mailbox.jsonl') });
  await startSmtpServer({ store: mailbox, port: settings.LOCAL_MAIL_PORT, now: () => new Date() });
  const app = createLocalApp({
    outbox: openOutboxStore({ file: path.join(settings.STATE_FOLDER, 'outbox.jsonl') }),
    mailbox,
    receiver: {
      store: openReceiverStore({ file: path.join(settings.STATE_FOLDER, 'events.jsonl') }),
      secrets: async () => (await records.webhooks.endpoint(demo.clinicId, new Date()))?.secrets ?? [],
    },
    identityProvider: await createIdentityProvider({
      issuer: settings.OIDC_ISSUER,
      clientId: settings.OIDC_CLIENT_ID,
      clientSecret: settings.OIDC_CLIENT_SECRET,
      redirectUri: `${settings.PUBLIC_URL}${CALLBACK_PATH}`,
      accounts: accountsOf(testPeople),
      profile: patientProfile,
    }),
    staffProvider: await createIdentityProvider({
      issuer: settings.STAFF_OIDC_ISSUER,
      clientId: settings.STAFF_OIDC_CLIENT_ID,
      clientSecret: settings.STAFF_OIDC_CLIENT_SECRET,
      redirectUri: `${settings.PUBLIC_URL}${DESK_CALLBACK_PATH}`,
      accounts: staffAccounts,
      profile: staffProfile,
    }),
    elks: { username: settings.ELKS_USERNAME, password: settings.ELKS_PASSWORD },
    room: {
      appId: settings.JITSI_APP_ID,
      appSecret: settings.JITSI_APP_SECRET,
      xmppDomain: settings.JITSI_XMPP_DOMAIN,
      eventsSecret: settings.JITSI_EVENTS_SECRET,
    },
    payloadKeys: settings.PAYLOAD_KEYS,
    noteDecode: (note) => records.decodes.note(note),
    becomeDemoPatient: (personId) => becomeDemoPatient(records, personId, new Date()),
    apiUrl: settings.PUBLIC_URL,
    homeUrl: settings.LOCAL_URL,
    temporalUiUrl: settings.TEMPORAL_UI_URL ?? null,
    namespace: settings.temporal.namespace ?? 'default',
    clinicKey: settings.DEMO_CLINIC_KEY,
  });

  // Loopback only: nobody else has any business with the clinic's key, the codec or the SMS of this machine.
  const server = createServer(app);
  tellRunId(server, settings.LOCAL_RUN_ID);
  server.listen(settings.LOCAL_PORT, '127.0.0.1', () => {
    log.info('the local stand listens');
    log.info('payloads are decoded for the local Web UI without a login: on loopback only');
  });
  const stop = (): void => {
    server.close(() => void records.close().then(() => process.exit(0)));
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof WrongSettings ? error.message : String(error)}\n`);
  process.exit(1);
});
