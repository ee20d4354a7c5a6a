import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { parseKeyRing } from './platform/keys/key-ring';
import { parseSender } from './integrations/mail/addresses';
import { parseMailServer } from './integrations/mail/mail-server';
import { withSecretFiles } from './platform/secret-files';
import { pasted, plain } from './rules/typed';
import { MAX_LINK_LENGTH } from './integrations/sms/texts';
import { isLoopback, isSecure, isWebAddress, normalAddress } from './platform/web-address';

/**
 * The settings of the processes, read from the environment here and nowhere else. What is wrong is told all
 * at once, by the setting's name and never with its value, and stops the start.
 */
export class WrongSettings extends Error {
  constructor(problems: string[]) {
    super(`These settings are missing or wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'WrongSettings';
  }
}

const keyRing = z.string().transform((setting, context) => {
  try {
    return parseKeyRing(setting);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : 'not a key ring');
    return z.NEVER;
  }
});
const key = z
  .base64()
  .transform((setting) => Buffer.from(setting, 'base64'))
  .refine((bytes) => bytes.length === 32, 'must be 32 bytes in base64');
const port = z.coerce.number().int().min(0).max(65_535);
/** Parsed once and normalised, so that whatever compares it compares the same text. */
const link = z
  .string()
  .overwrite(pasted)
  .refine(isWebAddress, 'must be an address of http or https')
  .transform(normalAddress);
/** What paths are added to: with a query, a fragment or a login in it that would make another address. */
const address = link.refine(isBase, 'must have no query, no fragment and no user in it');

function isBase(url: string): boolean {
  if (!isWebAddress(url)) return true;
  const { search, hash, username, password } = new URL(url);
  return [search, hash, username, password].every((part) => part === '') && !/[?#]/.test(url);
}

const secret = z.string().min(16, 'must have at least 16 characters');

/** https, but on one machine: what goes there and comes back must not be read or changed on its way. */
const secureAddress = address.refine(isSecure, 'must begin with https://');

/**
 * Whether clinics' webhooks may go to addresses of our own network, and by http to this very machine: on one
 * machine they must, in production it would let a clinic make us call what only we can reach.
 */
const WEBHOOKS_TO_PRIVATE_ADDRESSES = z
  .enum(['yes', 'no'])
  .default('no')
  .transform((setting) => setting === 'yes');

/**
 * Where those who run the service find `/healthz`, `/readyz` and `/metrics`; without a port there is no such
 * place.
 */
const METRICS_HOST = z.string().default('127.0.0.1');

/** Set by `npm start` alone, which knows its own processes' answers by it. */
const LOCAL_RUN_ID = z.string().optional();

/**
 * An attempt of the hand-over ends after this (workflows/meeting/workflow.ts); what belongs to one attempt
 * must be over by then.
 */
const HAND_OVER_ATTEMPT_SECONDS = 30;

const common = {
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
  /** Wrap the key of each person (newest first). */
  FIELD_KEYS: keyRing,
  /** Make the hashes that personal numbers are searched by. */
  HASH_KEYS: keyRing,
  /** Encrypt the payloads of workflows. */
  PAYLOAD_KEYS: keyRing,
  /** Makes the names of rooms. */
  ROOM_KEY: key,
  /** Where patients reach this service. Cookies of the login go there, so https but on one machine. */
  PUBLIC_URL: secureAddress,
};

const api = z.object({
  ...common,
  /** Derive the links in SMS. */
  LINK_KEYS: keyRing,
  PORT: port.default(3000),
  HOST: z.string().default('0.0.0.0'),
  /** The support's telephone number, shown on every page (R3.5). */
  SUPPORT_PHONE: z
    .string()
    .overwrite(plain)
    .regex(/^[+0-9][0-9 -]{4,20}$/, 'must be a telephone number'),
  /** The region whose service it is: the one name that pages show before somebody logs in (R2.3). */
  REGION_NAME: z.string().overwrite(plain).max(60).optional(),
  /** Where `/` leads to, if anywhere. */
  HOME_URL: link.optional(),
  /**
   * The tokens of rooms go there. Never our own origin: there the room's host would read what the patient's
   * session reads.
   */
  JITSI_URL: secureAddress,
  JITSI_APP_ID: z.string().min(1),
  JITSI_APP_SECRET: secret,
  JITSI_XMPP_DOMAIN: z.string().min(1),
  /** What Jitsi's event_sync sends as `Authorization: Bearer …`. */
  JITSI_EVENTS_SECRET: secret,
  /** The OpenID provider that people log in with: a broker of BankID, Freja and the like. */
  OIDC_ISSUER: secureAddress,
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: secret,
  /**
   * The claim that holds the personal number with its century; the Swedish profile's, unless a broker has
   * another.
   */
  OIDC_PERSONAL_NUMBER_CLAIM: z.string().min(1).default('https://id.oidc.se/claim/personalIdentityNumber'),
  OIDC_SCOPE: z
    .string()
    .regex(/(^| )openid( |$)/, 'must have openid in it')
    .default(
      'openid https://id.oidc.se/scope/naturalPersonNumber https://id.oidc.se/scope/naturalPersonInfo',
    ),
  /**
   * Levels of assurance of which one is asked for and must be answered, with spaces between them. Only on one
   * machine, where nobody real logs in, may it be left out.
   */
  OIDC_ACR_VALUES: z.string().overwrite(plain).min(1).optional(),
  /** The OpenID provider that staff log in to the desk with; without it there is no desk. */
  STAFF_OIDC_ISSUER: secureAddress.optional(),
  STAFF_OIDC_CLIENT_ID: z.string().min(1).optional(),
  STAFF_OIDC_CLIENT_SECRET: secret.optional(),
  /** The claim that tells who of the staff it is. */
  STAFF_OIDC_IDENTITY_CLAIM: z.string().min(1).default('employeeHsaId'),
  /** The claim with the roles, where the login carries them instead of the clinics' records of staff. */
  STAFF_OIDC_ROLES_CLAIM: z.string().min(1).optional(),
  STAFF_OIDC_SCOPE: z
    .string()
    .regex(/(^| )openid( |$)/, 'must have openid in it')
    .default('openid profile'),
  /** As OIDC_ACR_VALUES, of the staff's login. */
  STAFF_OIDC_ACR_VALUES: z.string().overwrite(plain).min(1).optional(),
  WEBHOOKS_TO_PRIVATE_ADDRESSES,
  /** A clamd that looks at every file, as `clamd.internal:3310`; without it none does. */
  CLAMD_ADDRESS: z
    .string()
    .regex(/^[\w.-]+:\d{1,5}$/, 'must be a host and a port, as clamd.internal:3310')
    .transform((text) => {
      const [host = '', port = ''] = text.split(':');
      return { host, port: Number(port) };
    })
    .optional(),
  /** How many proxies in front of the API add to X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  LOCAL_RUN_ID,
  METRICS_HOST,
  API_METRICS_PORT: port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
});

const worker = z.object({
  ...common,
  ELKS_URL: secureAddress.default('https://api.46elks.com/a1'),
  ELKS_USERNAME: z.string().min(1),
  ELKS_PASSWORD: z.string().min(1),
  /** What a phone shows as sender: 3-11 letters and digits, beginning with a letter. */
  SMS_SENDER: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{2,10}$/, 'must be 3-11 letters and digits, beginning with a letter')
    .default('Vardmote'),
  SMS_PER_MINUTE: z.coerce.number().positive().default(100),
  /**
   * The most SMS of the account in any 24 hours, over all clinics: what abuse or a loop that ran away can
   * cost.
   */
  SMS_PER_DAY: z.coerce.number().int().positive().default(20_000),
  /** How long 46elks or the mail server may take to accept one notice (decision 5). */
  HAND_OVER_TIMEOUT_SECONDS: z.coerce.number().positive().default(10),
  /** How long a hand-over belongs to the process that began it; then it counts as dead. */
  HAND_OVER_LEASE_SECONDS: z.coerce.number().positive().default(20),
  /** The mail server that takes our e-mail; `smtp://` means STARTTLS unless it says `?tls=off`. */
  MAIL_URL: z
    .string()
    .refine(
      (url) => parseMailServer(url) !== null,
      'must be smtp://user:password@host:587 or smtps://user:password@host:465, the login percent-encoded or left out',
    ),
  /** Who e-mail is from: an address, or a name that gives nothing away and an address (R2.3). */
  MAIL_FROM: z
    .string()
    .refine((from) => parseSender(from) !== null, 'must be an e-mail address, or a name and <address>'),
  /**
   * The workflow bundle that `node dist/worker/build-bundle.js` made; without it one is made at each start.
   */
  WORKFLOW_BUNDLE: z.string().optional(),
  /** Derive the links in SMS. */
  LINK_KEYS: keyRing,
  /** Where 46elks reaches this service with its delivery reports, and Jitsi with its own. */
  HOOKS_URL: secureAddress.optional(),
  /** The OpenID provider that patients log in with; without it whether it answers is not probed (R5.6). */
  OIDC_ISSUER: secureAddress.optional(),
  WEBHOOKS_TO_PRIVATE_ADDRESSES,
  METRICS_HOST,
  WORKER_METRICS_PORT: port.optional(),
  /** Where the Temporal SDK shows its own figures, as `127.0.0.1:9465`. */
  TEMPORAL_METRICS_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be an address and a port, as 127.0.0.1:9465')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
});

/**
 * What is wrong with settings beside each other; of each only what is right by itself is there, so that all
 * is told at once.
 */
type Across<Schema extends z.ZodObject> = (settings: Partial<z.infer<Schema>>) => string[];

const acrossApi: Across<typeof api> = ({ PUBLIC_URL, JITSI_URL, OIDC_ACR_VALUES, ...others }) => [
  ...(OIDC_ACR_VALUES === undefined && !(PUBLIC_URL !== undefined && isLoopback(PUBLIC_URL))
    ? ['OIDC_ACR_VALUES is missing']
    : []),
  ...deskProblems(others, PUBLIC_URL),
  ...(PUBLIC_URL !== undefined &&
  JITSI_URL !== undefined &&
  new URL(JITSI_URL).origin === new URL(PUBLIC_URL).origin
    ? ['JITSI_URL must have another origin than PUBLIC_URL']
    : []),
];

/** The desk's login is set up as a whole, or not at all. */
function deskProblems(
  {
    STAFF_OIDC_ISSUER: issuer,
    STAFF_OIDC_CLIENT_ID: clientId,
    STAFF_OIDC_CLIENT_SECRET: clientSecret,
    STAFF_OIDC_ACR_VALUES: acrValues,
  }: Partial<z.infer<typeof api>>,
  publicUrl: string | undefined,
): string[] {
  const needed = {
    STAFF_OIDC_ISSUER: issuer,
    STAFF_OIDC_CLIENT_ID: clientId,
    STAFF_OIDC_CLIENT_SECRET: clientSecret,
  };
  const given = Object.values(needed).filter((setting) => setting !== undefined);
  if (given.length === 0) return [];
  const isOneMachine = publicUrl !== undefined && isLoopback(publicUrl);
  const missing = Object.entries(needed).filter(([, setting]) => setting === undefined);
  return [
    ...missing.map(([name]) => `${name} is missing: the desk’s login is set up as a whole, or not at all`),
    ...(acrValues === undefined && !isOneMachine ? ['STAFF_OIDC_ACR_VALUES is missing'] : []),
  ];
}

const acrossWorker: Across<typeof worker> = (settings) => {
  const {
    PUBLIC_URL,
    LINK_KEYS,
    HAND_OVER_LEASE_SECONDS: lease,
    HAND_OVER_TIMEOUT_SECONDS: timeout,
  } = settings;
  const problems: string[] = [];
  const length =
    PUBLIC_URL === undefined || LINK_KEYS === undefined
      ? 0
      : `${PUBLIC_URL}/m/${LINK_KEYS.current.id}`.length + 22;
  if (length > MAX_LINK_LENGTH) {
    problems.push(
      `PUBLIC_URL makes links of ${length} characters; with more than ${MAX_LINK_LENGTH} a notice is no longer one SMS`,
    );
  }
  if (lease !== undefined && lease >= HAND_OVER_ATTEMPT_SECONDS) {
    problems.push(
      `HAND_OVER_LEASE_SECONDS must be shorter than the ${HAND_OVER_ATTEMPT_SECONDS} seconds of an attempt`,
    );
  }
  if (lease !== undefined && timeout !== undefined && timeout >= lease)
    problems.push('HAND_OVER_TIMEOUT_SECONDS must be shorter than HAND_OVER_LEASE_SECONDS');
  return problems;
};

const local = z.object({
  ...common,
  LOCAL_RUN_ID,
  LOCAL_PORT: port.default(3001),
  LOCAL_URL: address,
  /** Where the stand-in of the mail server listens. */
  LOCAL_MAIL_PORT: port.default(2525),
  TEMPORAL_UI_URL: address.optional(),
  ELKS_USERNAME: z.string().min(1),
  ELKS_PASSWORD: z.string().min(1),
  JITSI_APP_ID: z.string().min(1),
  JITSI_APP_SECRET: secret,
  JITSI_XMPP_DOMAIN: z.string().min(1),
  JITSI_EVENTS_SECRET: secret,
  /** The stand-in of the identity provider is the issuer of this client's logins. */
  OIDC_ISSUER: secureAddress,
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: secret,
  /** The stand-in of the staff's login, likewise. */
  STAFF_OIDC_ISSUER: secureAddress,
  STAFF_OIDC_CLIENT_ID: z.string().min(1),
  STAFF_OIDC_CLIENT_SECRET: secret,
  DEMO_CLINIC_KEY: secret,
  STATE_FOLDER: z.string().min(1),
});

/** As browsers send it. */
const origin = link
  .refine(isSecure, 'must begin with https://')
  .refine((url) => !isWebAddress(url) || new URL(url).origin === url, 'must be an origin, without a path');

const codec = z.object({
  LOG_LEVEL: common.LOG_LEVEL,
  MONGODB_URI: common.MONGODB_URI,
  PAYLOAD_KEYS: keyRing,
  PORT: port.default(3002),
  HOST: z.string().default('127.0.0.1'),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  /** The Web UI's origin, as browsers send it: `https://ui.example.se`. */
  CODEC_UI_ORIGIN: origin,
  /** The OpenID provider that the Web UI's users log in by, exactly as it names itself. */
  CODEC_ISSUER: z
    .string()
    .overwrite(plain)
    .refine(isWebAddress, 'must be an address of http or https')
    .refine(isSecure, 'must begin with https://'),
  /** Whom the access tokens are for. */
  CODEC_AUDIENCE: z.string().min(1),
  /** Where in a token the roles stand, and the role that may read. */
  CODEC_ROLE_CLAIM: z.string().min(1).default('roles'),
  CODEC_ROLE: z.string().min(1),
});

const recordsOnly = z.object({
  MONGODB_URI: common.MONGODB_URI,
  FIELD_KEYS: keyRing,
  HASH_KEYS: keyRing,
});

/** What an operator's command needs that also asks Temporal. */
const operator = recordsOnly.extend({ PAYLOAD_KEYS: keyRing });
/** What the operator's command after a restore needs, which carries commands out. */
const restore = operator.extend({ ROOM_KEY: key });

/** Settings of the API process. */
export type ApiSettings = z.infer<typeof api> & { temporal: ClientConnectConfig };
/** Settings of the worker process. */
export type WorkerSettings = z.infer<typeof worker> & { temporal: ClientConnectConfig };

/** Settings of what `npm start` adds on one machine. */
export type LocalSettings = z.infer<typeof local> & { temporal: ClientConnectConfig };

/** @throws WrongSettings */
export const localSettings = (env: NodeJS.ProcessEnv = process.env): LocalSettings => read(local, env);

/** Settings of the codec server. */
export type CodecSettings = z.infer<typeof codec>;

/** @throws WrongSettings */
export const codecSettings = (env: NodeJS.ProcessEnv = process.env): CodecSettings => read(codec, env);

const ops = worker.extend({
  /** Where administrators reach Temporal's Web UI, for links. */
  TEMPORAL_UI_URL: address.optional(),
});

/** Settings of the operator's command: those of the worker, and where the Web UI is. @throws WrongSettings */
export const opsSettings = (env: NodeJS.ProcessEnv = process.env): WorkerSettings & z.infer<typeof ops> =>
  read(ops, env, acrossWorker);

/** Settings of an operator's command on the records. @throws WrongSettings */
export const recordsSettings = (env: NodeJS.ProcessEnv = process.env): z.infer<typeof recordsOnly> =>
  read(recordsOnly, env);

/** Settings of an operator's command that also asks Temporal. @throws WrongSettings */
export const operatorSettings = (
  env: NodeJS.ProcessEnv = process.env,
): z.infer<typeof operator> & { temporal: ClientConnectConfig } => read(operator, env);

/** Settings of the operator's command after a restore. @throws WrongSettings */
export const restoreSettings = (
  env: NodeJS.ProcessEnv = process.env,
): z.infer<typeof restore> & { temporal: ClientConnectConfig } => read(restore, env);

/** @throws WrongSettings */
export const apiSettings = (env: NodeJS.ProcessEnv = process.env): ApiSettings => read(api, env, acrossApi);

/** @throws WrongSettings */
export const workerSettings = (env: NodeJS.ProcessEnv = process.env): WorkerSettings =>
  read(worker, env, acrossWorker);

function read<Schema extends z.ZodObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
  across: Across<Schema> = () => [],
): z.infer<Schema> & { temporal: ClientConnectConfig } {
  // Compose files and shells give '' for what is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { settings: given, problems: ofFiles } = withSecretFiles(set, Object.keys(schema.shape));
  const result = schema.safeParse(given);
  const problems = ofFiles.map(({ problem }) => problem);
  const told = new Set(ofFiles.map(({ name }) => name));
  for (const { path, code, message } of result.success ? [] : result.error.issues) {
    const name = path.join('.');
    // What is wrong with its file has been told.
    if (ofFiles.some((wrong) => wrong.name === name)) continue;
    problems.push(`${name} ${given[name] === undefined && code === 'invalid_type' ? 'is missing' : message}`);
    told.add(name);
  }
  // One that is wrong by itself is not there for the others: that it is missing beside them is not true.
  problems.push(
    ...across(rightOnes(schema, given)).filter((problem) => !told.has(problem.split(' ', 1)[0]!)),
  );
  let temporal: ClientConnectConfig | null = null;
  try {
    temporal = loadClientConnectConfig({ overrideEnvVars: given as Record<string, string> });
  } catch (error) {
    problems.push(`TEMPORAL_*: ${error instanceof Error ? error.message : 'wrong'}`);
  }
  if (!result.success || !temporal || problems.length > 0) throw new WrongSettings(problems);
  return Object.assign(result.data as object, { temporal }) as z.infer<Schema> & {
    temporal: ClientConnectConfig;
  };
}

/** The settings that are right, each by itself. */
function rightOnes<Schema extends z.ZodObject>(
  schema: Schema,
  given: Record<string, string | undefined>,
): Partial<z.infer<Schema>> {
  const right = Object.entries(schema.shape).flatMap(([name, setting]) => {
    const result = z.safeParse(setting, given[name]);
    return result.success ? [[name, result.data]] : [];
  });
  return Object.fromEntries(right) as Partial<z.infer<Schema>>;
}
