import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCookies } from '../../api/frame/cookies';
import { apiSettings, codecSettings, opsSettings, workerSettings, type ApiSettings } from '../../config';
import { MAX_LINK_LENGTH } from '../../integrations/sms/texts';
import {
  bytes,
  forApi,
  forCodec,
  forWorker,
  problemsOf,
  processes,
  staffOidc,
  without,
} from './right-settings';

describe.each(processes)('the settings of %s', (_, env, read) => {
  it('are taken with what has no default', () => {
    expect(() => read(env)).not.toThrow();
  });

  it('names at once all that is missing', () => {
    const message = problemsOf(() => read({}));
    expect(message.match(/^ {2}- \w+ is missing$/gm)?.sort()).toEqual(
      Object.keys(env)
        .map((name) => `  - ${name} is missing`)
        .sort(),
    );
  });

  it.each(Object.keys(env))("wants %s, which '' does not set", (name) => {
    const told = `These settings are missing or wrong:\n  - ${name} is missing`;
    expect(problemsOf(() => read(without(env, name)))).toBe(told);
    expect(problemsOf(() => read({ ...env, [name]: '' }))).toBe(told);
  });
});

describe('what is wrong', () => {
  const wrong: Record<string, string> = {
    LOG_LEVEL: 'wrong-level',
    PORT: '99999',
    HOME_URL: 'wrong-home',
    SUPPORT_PHONE: 'wrong-phone',
    MONGODB_URI: 'wrong-address:with-password',
    FIELD_KEYS: 'k1:d3JvbmdrZXk=',
    HASH_KEYS: 'wrong-ring',
    PAYLOAD_KEYS: `k1:${bytes('w')},k1:${bytes('w')}`,
    ROOM_KEY: 'd3JvbmdrZXk=',
    PUBLIC_URL: 'ftp://wrong.example',
    JITSI_URL: 'wrong-jitsi',
    JITSI_APP_SECRET: 'wrong-short',
    JITSI_EVENTS_SECRET: 'wrong-brief',
    TRUSTED_PROXIES: '77',
    LINK_KEYS: 'wrong-links',
    OIDC_ISSUER: 'http://wrong-issuer.example',
    OIDC_CLIENT_SECRET: 'wrong-quick',
    OIDC_SCOPE: 'wrong-scope',
    WEBHOOKS_TO_PRIVATE_ADDRESSES: 'wrong-word',
  };

  it('is told all at once, by name and never with its value', () => {
    const message = problemsOf(() => apiSettings({ ...forApi, ...wrong }));
    expect(message.match(/(?<=^ {2}- )\w+/gm)?.sort()).toEqual(Object.keys(wrong).sort());
    for (const value of Object.values(wrong)) expect(message).not.toContain(value);
    expect(message).not.toMatch(/d3Jv|wrong-|with-password/);
  });

  it.each([
    ['SMS_SENDER', '46701740605'],
    ['SMS_SENDER', 'Vårdmöte'],
    ['SMS_SENDER', 'TwelveLetter'],
    ['SMS_PER_MINUTE', '-5'],
    ['SMS_PER_MINUTE', 'many'],
    ['SMS_PER_DAY', '-3'],
    ['SMS_PER_DAY', '10.5'],
    ['SMS_PER_DAY', 'plenty'],
    ['HAND_OVER_TIMEOUT_SECONDS', '-7'],
    ['HAND_OVER_TIMEOUT_SECONDS', 'brief'],
    ['HAND_OVER_LEASE_SECONDS', 'leased'],
    ['ELKS_URL', 'not-an-address'],
    ['HOOKS_URL', 'javascript:alert(1)'],
    ['WEBHOOKS_TO_PRIVATE_ADDRESSES', 'true'],
    ['LINK_KEYS', 'the-key-itself-without-an-id'],
    ['MAIL_URL', 'https://mail.example.se'],
    ['MAIL_URL', 'smtp://relay:p%:2@mail.example.se'],
    ['MAIL_URL', 'smtp://mail.example.se?ignoreTLS=true'],
    ['MAIL_FROM', 'svara-inte'],
    ['MAIL_FROM', 'a@example.com, b@example.com'],
  ])('stops the worker: %s=%s', (name, value) => {
    const message = problemsOf(() => workerSettings({ ...forWorker, [name]: value }));
    expect(message).toContain(`  - ${name} `);
    expect(message).not.toContain(value);
  });

  it('takes a codec server’s issuer exactly as the provider names itself', () => {
    const CODEC_ISSUER = 'https://login.example.se/';
    expect(codecSettings({ ...forCodec, CODEC_ISSUER }).CODEC_ISSUER).toBe(CODEC_ISSUER);
  });

  it.each([
    ['CODEC_UI_ORIGIN', 'http://ui.example.se'],
    ['CODEC_UI_ORIGIN', 'https://ui.example.se/vardmote'],
    ['CODEC_ISSUER', 'http://login.example.se'],
    ['CODEC_ISSUER', 'login.example.se'],
  ])('stops the codec server: %s=%s', (name, value) => {
    const message = problemsOf(() => codecSettings({ ...forCodec, [name]: value }));
    expect(message).toContain(`  - ${name} `);
  });

  it.each([
    ['a time-out as long as the lease', '15', '15', ['TIMEOUT']],
    ['a time-out longer than the default of the lease', '21', '', ['TIMEOUT']],
    ['a lease as long as an attempt', '10', '30', ['LEASE']],
    ['both', '40', '35', ['LEASE', 'TIMEOUT']],
    ['neither', '29', '29.5', []],
  ])('decision 5 is also %s', (_, timeout, lease, wrongOnes) => {
    const env = { HAND_OVER_TIMEOUT_SECONDS: timeout, HAND_OVER_LEASE_SECONDS: lease };
    const message = problemsOf(() => workerSettings({ ...forWorker, ...env }));
    expect(message.match(/(?<=^ {2}- HAND_OVER_)[A-Z]+(?=_SECONDS must)/gm) ?? []).toEqual(wrongOnes);
  });

  it('C1 is also a JITSI_URL of our own origin: what it runs would have the patients’ sessions', () => {
    const same = { ...forApi, JITSI_URL: 'https://MOTE.example.se/room' };
    expect(problemsOf(() => apiSettings(same))).toContain(
      'JITSI_URL must have another origin than PUBLIC_URL',
    );
    expect(problemsOf(() => apiSettings({ ...forApi, JITSI_URL: `${forApi.PUBLIC_URL}:8443` }))).toBe(
      'no problem',
    );
  });

  it('is also a PUBLIC_URL that makes a notice longer than one SMS', () => {
    const longest = MAX_LINK_LENGTH - '/m/'.length - '1'.length - 22;
    const urlOf = (length: number): string =>
      `https://${'a'.repeat(length - 'https://.example.se'.length)}.example.se`;
    expect(urlOf(longest)).toHaveLength(43);
    expect(workerSettings({ ...forWorker, PUBLIC_URL: urlOf(longest) }).PUBLIC_URL).toBe(urlOf(longest));
    // The slash at its end is not counted, since it is taken off.
    expect(() => workerSettings({ ...forWorker, PUBLIC_URL: `${urlOf(longest)}/` })).not.toThrow();
    const message = problemsOf(() => workerSettings({ ...forWorker, PUBLIC_URL: urlOf(longest + 1) }));
    expect(message).toContain('PUBLIC_URL makes links of 70 characters');
    expect(message).not.toContain(urlOf(longest + 1));
    // A longer id of the key makes a longer link.
    expect(
      problemsOf(() =>
        workerSettings({ ...forWorker, PUBLIC_URL: urlOf(longest), LINK_KEYS: `12:${bytes('l')}` }),
      ),
    ).toContain('PUBLIC_URL');
  });
});

describe('C2 C6 addresses', () => {
  it('are normalised once, where they are read', () => {
    const settings = apiSettings({
      ...forApi,
      PUBLIC_URL: 'HTTPS://Mote.Example.SE:443/',
      OIDC_ISSUER: 'HTTPS://login.example.se/Realm',
    });
    expect([settings.PUBLIC_URL, settings.OIDC_ISSUER]).toEqual([
      'https://mote.example.se',
      'https://login.example.se/Realm',
    ]);
    const cookies = createCookies('HTTPS://mote.example.se');
    const set: unknown[] = [];
    cookies.write({ cookie: (...all: unknown[]) => set.push(all) } as never, 'session', 'x');
    expect(set).toEqual([['__Host-vardmote-session', 'x', expect.objectContaining({ secure: true })]]);
    expect(codecSettings({ ...forCodec, CODEC_UI_ORIGIN: 'HTTPS://UI.example.se/' }).CODEC_UI_ORIGIN).toBe(
      'https://ui.example.se',
    );
    expect(workerSettings({ ...forWorker, ELKS_URL: ' "https://api.46elks.com/a1/" ' }).ELKS_URL).toBe(
      'https://api.46elks.com/a1',
    );
  });

  it.each([
    ['PUBLIC_URL', 'http://mote.example.se', workerSettings, forWorker],
    ['ELKS_URL', 'http://api.46elks.com/a1', workerSettings, forWorker],
    ['HOOKS_URL', 'HTTP://hooks.example.se', workerSettings, forWorker],
    ['ELKS_URL', 'http://localhost.example.se', workerSettings, forWorker],
    ['PUBLIC_URL', 'http://127.0.0.1.example.se', apiSettings, forApi],
    ['JITSI_URL', 'http://jitsi.example.se', apiSettings, forApi],
    ['OIDC_ISSUER', 'http://login.example.se', apiSettings, forApi],
    ['CODEC_ISSUER', 'HTTP://login.example.se', codecSettings, forCodec],
    ['PUBLIC_URL', 'https://mote.example.se/?a=1', apiSettings, forApi],
    ['HOOKS_URL', 'https://user:pass@hooks.example.se', workerSettings, forWorker],
  ] as [string, string, (env: NodeJS.ProcessEnv) => unknown, NodeJS.ProcessEnv][])(
    '%s=%s stops the start',
    (name, value, read, env) => {
      const message = problemsOf(() => read({ ...env, [name]: value }));
      expect(message).toContain(`  - ${name} must `);
      expect(message).not.toContain(value);
    },
  );

  it('of this very machine may be http, and there the level of assurance may be left out', () => {
    for (const host of ['localhost:3000', '127.0.0.1:3000', '127.1.2.3', '[::1]:3000']) {
      const env = {
        ...without(forApi, 'OIDC_ACR_VALUES'),
        PUBLIC_URL: `http://${host}`,
        OIDC_ISSUER: `http://${host}/id`,
      };
      expect(() => apiSettings(env)).not.toThrow();
      expect(() =>
        workerSettings({ ...forWorker, ELKS_URL: `http://${host}/a1`, HOOKS_URL: `http://${host}` }),
      ).not.toThrow();
    }
    expect(problemsOf(() => apiSettings(without(forApi, 'OIDC_ACR_VALUES')))).toContain(
      'OIDC_ACR_VALUES is missing',
    );
  });

  it('what is wrong with settings beside each other is told with all the rest', () => {
    const message = problemsOf(() =>
      workerSettings({
        ...forWorker,
        ELKS_URL: 'http://api.46elks.com',
        HAND_OVER_TIMEOUT_SECONDS: '40',
        ELKS_PASSWORD: '',
      }),
    );
    expect(message.match(/(?<=^ {2}- )\w+/gm)?.sort()).toEqual([
      'ELKS_PASSWORD',
      'ELKS_URL',
      'HAND_OVER_TIMEOUT_SECONDS',
    ]);
    const ops = problemsOf(() =>
      opsSettings({ ...forWorker, TEMPORAL_UI_URL: 'nowhere', ELKS_PASSWORD: '' }),
    );
    expect(ops.match(/(?<=^ {2}- )\w+/gm)?.sort()).toEqual(['ELKS_PASSWORD', 'TEMPORAL_UI_URL']);
  });
});

describe('R8.7 the staff’s login', () => {
  const staff = staffOidc;
  const staffAcr = { STAFF_OIDC_ACR_VALUES: 'http://id.elegnamnden.se/loa/1.0/loa3' };
  const problemsWith = (settings: NodeJS.ProcessEnv): string =>
    problemsOf(() => apiSettings({ ...forApi, ...settings }));
  const named = (message: string): string[] => message.match(/(?<=^ {2}- )\w+/gm)?.sort() ?? [];

  it('is left out as a whole: then there is no desk, whatever else is said of it', () => {
    for (const none of [{}, Object.fromEntries(Object.keys(staff).map((name) => [name, '']))]) {
      expect(apiSettings({ ...forApi, ...none, STAFF_OIDC_ROLES_CLAIM: 'roles' }).STAFF_OIDC_ISSUER).toBe(
        undefined,
      );
    }
  });

  it('is given as a whole, with what most have as the default', () => {
    expect(apiSettings({ ...forApi, ...staff, ...staffAcr })).toMatchObject({
      ...staff,
      ...staffAcr,
      STAFF_OIDC_IDENTITY_CLAIM: 'employeeHsaId',
      STAFF_OIDC_SCOPE: 'openid profile',
    });
    expect(apiSettings({ ...forApi, ...staff, ...staffAcr }).STAFF_OIDC_ROLES_CLAIM).toBeUndefined();
    const others = {
      STAFF_OIDC_IDENTITY_CLAIM: 'sub',
      STAFF_OIDC_ROLES_CLAIM: 'vardmote_roles',
      STAFF_OIDC_SCOPE: 'openid hsaid',
    };
    expect(apiSettings({ ...forApi, ...staff, ...staffAcr, ...others })).toMatchObject(others);
  });

  it.each(Object.keys(staff))('stops the start without %s, and names it alone', (name) => {
    const message = problemsWith({ ...without({ ...staff, ...staffAcr }, name) });
    expect(named(message)).toEqual([name]);
    expect(message).toContain(`  - ${name} is missing`);
    expect(problemsWith({ ...staff, ...staffAcr, [name]: '' })).toBe(message);
  });

  it('stops the start where only one of three is given, and names both others', () => {
    for (const [name, value] of Object.entries(staff)) {
      const others = Object.keys(staff).filter((each) => each !== name);
      expect(named(problemsWith({ [name]: value, ...staffAcr }))).toEqual(others.sort());
    }
  });

  it('needs a level of assurance, but on this very machine', () => {
    expect(named(problemsWith(staff))).toEqual(['STAFF_OIDC_ACR_VALUES']);
    expect(problemsWith({ ...staff, PUBLIC_URL: 'http://localhost:3000' })).toBe('no problem');
    expect(problemsWith({ ...staff, PUBLIC_URL: 'http://localhost.example.se' })).toContain('PUBLIC_URL');
  });

  it.each([
    ['STAFF_OIDC_ISSUER', 'http://id.example.se/staff'],
    ['STAFF_OIDC_ISSUER', 'id.example.se'],
    ['STAFF_OIDC_CLIENT_SECRET', 'quick'],
    ['STAFF_OIDC_SCOPE', 'profile hsaid'],
  ])('stops the start: %s=%s, without repeating the value', (name, value) => {
    const message = problemsWith({ ...staff, ...staffAcr, [name]: value });
    // Wrong, and not told as missing beside that.
    expect(named(message)).toEqual([name]);
    expect(message).toContain(`  - ${name} must `);
    expect(message).not.toContain(value);
  });

  it('takes its secret from a file, and http of this very machine', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-staff-'));
    const file = path.join(folder, 'secret');
    writeFileSync(file, `${staff.STAFF_OIDC_CLIENT_SECRET}\n`);
    const settings = apiSettings({
      ...forApi,
      ...without(staff, 'STAFF_OIDC_CLIENT_SECRET'),
      ...staffAcr,
      STAFF_OIDC_CLIENT_SECRET_FILE: file,
      STAFF_OIDC_ISSUER: 'http://127.0.0.1:3001/staff-identity',
    });
    rmSync(folder, { recursive: true });
    expect(settings.STAFF_OIDC_CLIENT_SECRET).toBe(staff.STAFF_OIDC_CLIENT_SECRET);
    expect(settings.STAFF_OIDC_ISSUER).toBe('http://127.0.0.1:3001/staff-identity');
  });
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-secrets-'));
  const fileOf = (name: string, content: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is taken, with or without a line break at its end', () => {
    const env = {
      ...without(without(forWorker, 'FIELD_KEYS'), 'ELKS_PASSWORD'),
      FIELD_KEYS_FILE: fileOf('field-keys', `k2:${bytes('g')},k1:${bytes('f')}\n`),
      ELKS_PASSWORD_FILE: fileOf('password', 'p1'),
    };
    expect(workerSettings(env).FIELD_KEYS.ids).toEqual(['k2', 'k1']);
    expect(workerSettings(env).ELKS_PASSWORD).toBe('p1');
  });

  it('and in the environment too is refused, by name and without either', () => {
    const env = { ...forApi, FIELD_KEYS_FILE: fileOf('again', `k9:${bytes('w')}`) };
    expect(problemsOf(() => apiSettings(env))).toBe(
      'These settings are missing or wrong:\n  - FIELD_KEYS and FIELD_KEYS_FILE are both given: give one of them',
    );
  });

  it('that is not there, empty or wrong is refused, by name', () => {
    const withFile = (file: string): string =>
      problemsOf(() => apiSettings({ ...without(forApi, 'FIELD_KEYS'), FIELD_KEYS_FILE: file }));
    expect(withFile(path.join(folder, 'nowhere'))).toMatch(
      /^.*\n {2}- FIELD_KEYS_FILE names a file that cannot be read \(ENOENT\)$/,
    );
    expect(withFile(fileOf('empty', '\n'))).toMatch(/^.*\n {2}- FIELD_KEYS is missing$/);
    const wrong = withFile(fileOf('wrong', 'k1:d3JvbmdrZXk='));
    expect(wrong).toContain('FIELD_KEYS key k1 must be 32 bytes');
    expect(wrong).not.toContain('d3Jv');
  });

  it('of another process is left alone', () => {
    expect(() => apiSettings({ ...forApi, ELKS_PASSWORD_FILE: path.join(folder, 'nowhere') })).not.toThrow();
  });
});

describe('what is not said', () => {
  it('has defaults', () => {
    expect(apiSettings(forApi)).toMatchObject({
      LOG_LEVEL: 'info',
      PORT: 3000,
      HOST: '0.0.0.0',
      TRUSTED_PROXIES: 0,
      WEBHOOKS_TO_PRIVATE_ADDRESSES: false,
    });
    expect(apiSettings(forApi).HOME_URL).toBeUndefined();
    const worker = workerSettings(forWorker);
    expect(worker).toMatchObject({
      ELKS_URL: 'https://api.46elks.com/a1',
      SMS_SENDER: 'Vardmote',
      SMS_PER_MINUTE: 100,
      SMS_PER_DAY: 20_000,
      HAND_OVER_TIMEOUT_SECONDS: 10,
      HAND_OVER_LEASE_SECONDS: 20,
      WEBHOOKS_TO_PRIVATE_ADDRESSES: false,
    });
    expect([worker.HOOKS_URL, worker.WORKFLOW_BUNDLE]).toEqual([undefined, undefined]);
  });

  it("is also what is set to ''", () => {
    const empty = {
      LOG_LEVEL: '',
      PORT: '',
      HOST: '',
      HOME_URL: '',
      TRUSTED_PROXIES: '',
      TEMPORAL_ADDRESS: '',
    };
    expect(JSON.stringify(apiSettings({ ...forApi, ...empty }))).toBe(JSON.stringify(apiSettings(forApi)));
    const { ELKS_URL, SMS_PER_MINUTE } = workerSettings({ ...forWorker, ELKS_URL: '', SMS_PER_MINUTE: '' });
    expect([ELKS_URL, SMS_PER_MINUTE]).toEqual(['https://api.46elks.com/a1', 100]);
  });
});

describe('what is said', () => {
  it('comes out as what it is', () => {
    const settings = apiSettings({
      ...forApi,
      PORT: '8080',
      TRUSTED_PROXIES: '1',
      JITSI_URL: 'https://j.se///',
    });
    expect([settings.PORT, settings.TRUSTED_PROXIES, settings.JITSI_URL]).toEqual([8080, 1, 'https://j.se']);
    expect(settings.ROOM_KEY).toEqual(Buffer.alloc(32, 'r'));
    expect(settings.FIELD_KEYS.ids).toEqual(['k1']);
  });

  it('leads to Temporal the standard way', () => {
    const temporalOf = (env: NodeJS.ProcessEnv): ApiSettings['temporal'] =>
      apiSettings({ ...forApi, ...env }).temporal;
    expect(
      temporalOf({ TEMPORAL_ADDRESS: 'temporal.example.se:7233', TEMPORAL_NAMESPACE: 'vardmote' }),
    ).toMatchObject({
      namespace: 'vardmote',
      connectionOptions: { address: 'temporal.example.se:7233' },
    });
    expect(temporalOf({ TEMPORAL_API_KEY: 'key-of-the-cluster' }).connectionOptions).toMatchObject({
      apiKey: 'key-of-the-cluster',
      tls: expect.anything() as unknown,
    });
    expect(temporalOf({ TEMPORAL_TLS_SERVER_NAME: 'temporal.inside' }).connectionOptions.tls).toMatchObject({
      serverNameOverride: 'temporal.inside',
    });
  });

  it('is told by name where it is wrong for Temporal, with the rest', () => {
    const message = problemsOf(() =>
      apiSettings({
        ...without(forApi, 'ROOM_KEY'),
        TEMPORAL_TLS_CLIENT_CERT_DATA: 'a-certificate',
        TEMPORAL_TLS_CLIENT_CERT_PATH: '/a/certificate',
      }),
    );
    expect(message).toContain('ROOM_KEY is missing');
    expect(message).toContain('TEMPORAL_*');
  });
});
