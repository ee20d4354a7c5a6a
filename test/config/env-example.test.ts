import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { apiSettings, workerSettings } from '../../config';
import { forApi, forWorker, problemsOf } from './right-settings';

describe('deploy/env.example', () => {
  const root = path.join(__dirname, '../..');
  const form = readFileSync(path.join(root, 'deploy/env.example'), 'utf8');
  const compose = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');

  /** The form's settings that have a value, those behind # too. */
  const written = Object.fromEntries(
    [...form.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  /** What an operator fills in. */
  const filledIn: Record<string, string> = {
    ...Object.fromEntries(Object.entries(written).filter(([, value]) => value !== '')),
    ...forApi,
    ...forWorker,
    MONGODB_URI: written.MONGODB_URI?.replace('${MONGODB_PASSWORD}', 'a1b2c3') ?? '',
  };
  /** What docker-compose.yml hands to a service, by the name of the setting. */
  function handedTo(service: string): string[] {
    const common = /^x-app-settings:[^\n]*\n((?: {2}.*\n)+)/m.exec(compose)?.[1] ?? '';
    const own =
      new RegExp(`^  ${service}:\\n(?:    .*\\n)*?    environment:\\n((?:      .*\\n)+)`, 'm').exec(
        compose,
      )?.[1] ?? '';
    return [...`${common}${own}`.matchAll(/^ +([A-Z][A-Z0-9_]*):/gm)].map(([, name = '']) => name);
  }
  const envOf = (service: string): NodeJS.ProcessEnv =>
    Object.fromEntries(handedTo(service).map((name) => [name, filledIn[name]]));

  it('F5 each setting of config.ts is told of in the docs or the form', () => {
    const source = readFileSync(path.join(root, 'config.ts'), 'utf8');
    const inCode = new Set(
      [...source.matchAll(/^ +([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|HOST)(?::|,$)/gm)].map(
        ([, name = '']) => name,
      ),
    );
    expect(inCode.size).toBeGreaterThan(50);
    const docs = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md'));
    const told = ['README.md', 'docker-compose.yml', ...docs.map((name) => `docs/${name}`)]
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join(form);
    expect([...inCode].filter((name) => !new RegExp(`\\b${name}\\b`).test(told))).toEqual([]);
  });

  it('names every setting that has no default', () => {
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining([...Object.keys(forApi), ...Object.keys(forWorker)]),
    );
  });

  it('filled in, starts the api and the worker with what docker-compose.yml hands to each', () => {
    expect(apiSettings(envOf('api'))).toMatchObject({
      TRUSTED_PROXIES: 1,
      temporal: { namespace: 'vardmote', connectionOptions: { address: 'temporal:7233' } },
    });
    expect(workerSettings(envOf('worker'))).toMatchObject({ SMS_SENDER: 'Vardmote', SMS_PER_MINUTE: 100 });
  });

  it('has the defaults that the processes have', () => {
    const commented = [...form.matchAll(/^#([A-Z][A-Z0-9_]*)=(.+)$/gm)].filter(
      ([, name = '']) => ['LOG_LEVEL', 'ELKS_URL'].includes(name) || /^(SMS|HAND_OVER)_/.test(name),
    );
    const defaults = workerSettings(forWorker) as unknown as Record<string, unknown>;
    expect(commented).toHaveLength(7);
    for (const [, name = '', value] of commented)
      expect([name, String(defaults[name])]).toEqual([name, value]);
  });

  it('has the setting that lets webhooks go to private addresses, off, and hands it to both', () => {
    const name = 'WEBHOOKS_TO_PRIVATE_ADDRESSES';
    expect(written[name]).toBe('no');
    for (const [service, settingsOf] of [
      ['api', apiSettings],
      ['worker', workerSettings],
    ] as const) {
      expect(handedTo(service)).toContain(name);
      expect(settingsOf(envOf(service))).toMatchObject({ [name]: false });
      expect(settingsOf({ ...envOf(service), [name]: 'yes' })).toMatchObject({ [name]: true });
    }
  });

  it('not filled in, stops both, by name', () => {
    const env = { ...written, MONGODB_URI: filledIn.MONGODB_URI };
    expect(problemsOf(() => apiSettings(env))).toMatch(/PUBLIC_URL is missing[^]*JITSI_URL is missing/);
    expect(problemsOf(() => workerSettings(env))).toMatch(/LINK_KEYS is missing/);
  });
});
