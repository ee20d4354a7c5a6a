import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/**
 * docker-compose.yml against the Compose specification's own schema (compose-spec.json, of
 * compose-spec/compose-spec), and our rules for it.
 */
const root = path.join(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string | number | null>;
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  healthcheck?: object;
  restart?: string;
  deploy?: { resources?: { limits?: { cpus?: string; memory?: string } } };
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const envOf = (name: string): Record<string, string | number | null> =>
  compose.services[name]?.environment ?? {};

it('is what the Compose specification asks for', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const { $schema, ...schema } = JSON.parse(read('test/deploy/compose-spec.json')) as Record<string, unknown>;
  // Ajv knows this draft by its address with http only.
  expect($schema).toBe('https://json-schema.org/draft-07/schema');
  const validate = ajv.compile(schema);
  expect(validate(compose)).toBe(true);
  expect(validate.errors).toBeNull();
  // A schema that takes everything would prove nothing.
  expect(validate({ services: { api: { image: 'x', prots: ['80:80'] } } })).toBe(false);
});

describe.each(services)('%s', (_, service) => {
  it('has limits, can change nothing of its image, and gains no rights', () => {
    const { cpus, memory } = service.deploy?.resources?.limits ?? {};
    expect([Number(cpus) > 0, /^\d+[mg]$/.test(memory ?? '')]).toEqual([true, true]);
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('is published to this host’s loopback, if at all', () => {
    for (const published of service.ports ?? []) expect(published).toMatch(/^127\.0\.0\.1:/);
  });

  it('tells whether it is healthy, unless it is a job that ends', () => {
    expect(service.restart === undefined || service.healthcheck !== undefined).toBe(true);
  });
});

it('databases and Temporal are on the internal network alone, and figures on one of their own', () => {
  const inside = Object.entries(compose.networks).flatMap(([name, network]) =>
    network?.internal ? [name] : [],
  );
  expect(inside.sort()).toEqual(['data', 'watch']);
  for (const name of [
    'mongodb',
    'mongodb-init',
    'postgres',
    'temporal',
    'temporal-schema',
    'temporal-namespace',
  ]) {
    expect([name, compose.services[name]?.networks, compose.services[name]?.ports]).toEqual([
      name,
      ['data'],
      undefined,
    ]);
  }
  for (const name of ['api', 'worker']) expect(compose.services[name]?.networks).toContain('watch');
});

it('Temporal lets nobody in without a certificate, and each of its clients has one', () => {
  expect(envOf('temporal')).toMatchObject({
    TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true',
    TEMPORAL_TLS_FRONTEND_CERT: '/certificates/server.pem',
    TEMPORAL_TLS_CLIENT1_CA_CERT: '/certificates/ca.pem',
    TEMPORAL_TLS_SERVER_CA_CERT: '/certificates/ca.pem',
  });
  for (const name of ['api', 'worker', 'temporal-namespace']) {
    expect(envOf(name)).toMatchObject({
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: expect.stringContaining('/certificates/ca.pem') as string,
      TEMPORAL_TLS_CLIENT_CERT_PATH: expect.stringContaining('/certificates/client.pem') as string,
      TEMPORAL_TLS_CLIENT_KEY_PATH: expect.stringContaining('/certificates/client.key') as string,
    });
  }
  expect(envOf('temporal-ui')).toMatchObject({
    TEMPORAL_TLS_CA: '/certificates/ca.pem',
    TEMPORAL_TLS_CERT: '/certificates/client.pem',
    TEMPORAL_TLS_ENABLE_HOST_VERIFICATION: 'true',
  });
  // The authority's own key is in no container.
  expect(JSON.stringify(compose)).not.toContain('ca.key');
  for (const name of ['api', 'worker', 'temporal', 'temporal-namespace', 'temporal-ui']) {
    expect([name, compose.services[name]?.volumes]).toEqual([
      name,
      expect.arrayContaining(['./certificates/ca.pem:/certificates/ca.pem:ro']),
    ]);
  }
});

it('the Web UI is behind a login whose token it passes to the codec server, which checks the same issuer', () => {
  expect(envOf('temporal-ui')).toMatchObject({
    TEMPORAL_AUTH_ENABLED: 'true',
    TEMPORAL_AUTH_TYPE: 'oidc',
    TEMPORAL_AUTH_PROVIDER_URL: '${CODEC_ISSUER:-}',
    TEMPORAL_CODEC_PASS_ACCESS_TOKEN: 'true',
  });
  expect(Object.keys(envOf('codec'))).toEqual(
    expect.arrayContaining([
      'CODEC_ISSUER',
      'CODEC_AUDIENCE',
      'CODEC_ROLE',
      'CODEC_UI_ORIGIN',
      'PAYLOAD_KEYS',
    ]),
  );
  // It decodes payloads and nothing else.
  expect(Object.keys(envOf('codec')).filter((name) => /_KEYS?$/.test(name))).toEqual(['PAYLOAD_KEYS']);
});

it('the operator’s command, which runs with the worker’s settings, knows where the Web UI is', () => {
  expect(Object.keys(envOf('worker'))).toContain('TEMPORAL_UI_URL');
});

it('each setting that is passed on from .env stands in its form', () => {
  const form = read('deploy/env.example');
  const written = new Set([...form.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
  const passedOn = services.flatMap(([, { environment = {} }]) =>
    Object.entries(environment).flatMap(([name, value]) => [
      ...(value === null ? [name] : []),
      ...[...String(value).matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, used]) => used!),
    ]),
  );
  expect([...new Set(passedOn)].filter((name) => !written.has(name))).toEqual([]);
});
