import { mongodbUri } from './database-server.mjs';
import { setting } from './paths.mjs';

/** @typedef {{ api: number, local: number, mail: number, temporal: number, temporalUi: number, database: number }} Ports */

export const temporalNamespace = () => setting('TEMPORAL_NAMESPACE') ?? 'vardmote';

/** @param {Ports} ports */
export const codecEndpoint = (ports) => `${localOrigin(ports)}/codec`;

/** @param {Ports} ports */
export const localOrigin = (ports) => `http://127.0.0.1:${ports.local}`;

/** @param {Ports} ports */
export const apiOrigin = (ports) => `http://127.0.0.1:${ports.api}`;

/**
 * What the processes are told on one machine. Each value that is set in our own environment wins.
 * @param {{ ports: Ports, secrets: Record<string, string>, stateFolder: string }} local
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment({ ports, secrets, stateFolder }) {
  const localUrl = `http://localhost:${ports.local}`;
  const ownTemporal = setting('TEMPORAL_ADDRESS') === undefined;
  const values = {
    PORT: String(ports.api),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${ports.api}`,
    LOCAL_PORT: String(ports.local),
    LOCAL_URL: localUrl,
    SUPPORT_PHONE: '010-000 00 02',
    REGION_NAME: 'Region Exempel',
    HOME_URL: setting('LOCAL_URL') ?? localUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    TEMPORAL_NAMESPACE: temporalNamespace(),
    ...(ownTemporal && { TEMPORAL_UI_URL: `http://localhost:${ports.temporalUi}` }),
    MONGODB_URI: mongodbUri({ port: ports.database, database: 'vardmote' }),
    ELKS_URL: `${localOrigin(ports)}/46elks/a1`,
    ELKS_USERNAME: 'local',
    LOCAL_MAIL_PORT: String(ports.mail),
    MAIL_URL: `smtp://127.0.0.1:${ports.mail}?tls=off`,
    MAIL_FROM: 'Digitala möten <no-reply@example.com>',
    JITSI_URL: `${localUrl}/room`,
    JITSI_APP_ID: 'vardmote',
    JITSI_XMPP_DOMAIN: 'meet.jitsi',
    // The stand-in of the identity provider is on this machine too, and says in a claim what brokers say in
    // theirs.
    OIDC_ISSUER: `${localUrl}/identity`,
    OIDC_CLIENT_ID: 'vardmote',
    STAFF_OIDC_ISSUER: `${localUrl}/staff-identity`,
    STAFF_OIDC_CLIENT_ID: 'vardmote-desk',
    STAFF_OIDC_SCOPE: 'openid profile employee',
    // The receiver of the demo clinic's events is on this machine.
    WEBHOOKS_TO_PRIVATE_ADDRESSES: 'yes',
    STATE_FOLDER: stateFolder,
    LOG_LEVEL: 'info',
    ...secrets,
  };
  const own = Object.entries(values).map(([name, value]) => [name, setting(name) ?? value]);
  return { ...process.env, ...Object.fromEntries(own) };
}
