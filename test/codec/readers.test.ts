import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWTPayload } from 'jose';
import { createReaders } from '../../codec/readers';

/** Access tokens of a real OpenID provider (oidc-provider), and forged ones. */
const audience = 'https://codec.example';
const roles = { roleClaim: 'realm_access.roles', role: 'vardmote-reader' };

let provider: ChildProcess;
let issuer: string;
let providersKey: CryptoKey;
let readerOf: ReturnType<typeof createReaders>;

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  providersKey = privateKey;
  const jwk = { ...(await exportJWK(privateKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  provider = spawn(
    process.execPath,
    [path.join(__dirname, 'openid-provider.mjs'), JSON.stringify({ keys: [jwk] })],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [line] = (await once(provider.stdout!, 'data')) as [Buffer];
  issuer = line.toString().trim();
  readerOf = createReaders({ issuer, audience, ...roles });
});
afterAll(async () => {
  const ended = once(provider, 'exit');
  provider.kill('SIGKILL');
  await ended;
});

/** As the provider itself gives it to one who logs in. */
async function tokenOf(client: string, resource = audience): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:a-secret-of-the-tests`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (!token) throw new Error(`no token: ${response.status}`);
  return token;
}

/** A token with the provider's own key and all that is right, but for what is said. */
const claims = (wrong: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: audience,
  sub: 'administrator',
  exp: Math.floor(Date.now() / 1000) + 300,
  realm_access: { roles: ['vardmote-reader'] },
  ...wrong,
});
const signed = (payload: JWTPayload, key: CryptoKey = providersKey): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(key);

const refusal = { refused: 'login-required', who: null };

describe('who may have payloads decoded', () => {
  it('is one whose access token carries the role', async () => {
    expect(await readerOf(`Bearer ${await tokenOf('administrator')}`)).toEqual({ who: 'administrator' });
    // What the forged ones below are measured by.
    expect(await readerOf(`Bearer ${await signed(claims())}`)).toEqual({ who: 'administrator' });
  });

  it('is not one without the role, who is known by name', async () => {
    const refused = { refused: 'not-entitled', who: 'clerk' };
    expect(await readerOf(`Bearer ${await tokenOf('clerk')}`)).toEqual(refused);
  });

  it.each([
    ['a role that begins alike', { realm_access: { roles: ['vardmote-reader-2'] } }],
    ['no claim of roles', { realm_access: undefined }],
    ['roles in an odd shape', { realm_access: { roles: { 'vardmote-reader': true } } }],
    ['the role in another claim', { realm_access: {}, roles: ['vardmote-reader'] }],
  ])('is not one with %s', async (_, wrong) => {
    const token = await signed(claims(wrong));
    expect(await readerOf(`Bearer ${token}`)).toEqual({ refused: 'not-entitled', who: 'administrator' });
  });

  it('can have the role in a claim of its own, alone or in a list', async () => {
    for (const groups of ['vardmote-reader', ['other', 'vardmote-reader']]) {
      const ofGroups = createReaders({
        issuer,
        audience,
        roleClaim: 'https://example/groups',
        role: roles.role,
      });
      const token = await signed(claims({ 'https://example/groups': groups }));
      expect(await ofGroups(`Bearer ${token}`)).toEqual({ who: 'administrator' });
    }
  });

  it('is not one whose token is for somebody else', async () => {
    const token = await tokenOf('administrator', 'https://other.example');
    expect(await readerOf(`Bearer ${token}`)).toEqual(refusal);
  });

  it('is not one without a token, or with half of one', async () => {
    const whole = await tokenOf('administrator');
    const halves = [
      undefined,
      '',
      'Bearer',
      'Bearer x',
      `Basic ${whole}`,
      whole,
      `Bearer ${whole.split('.')[0]}`,
    ];
    for (const authorization of halves) expect(await readerOf(authorization)).toEqual(refusal);
  });

  it.each([
    ['expired', () => signed(claims({ exp: Math.floor(Date.now() / 1000) - 60 }))],
    ['without an end', () => signed(claims({ exp: undefined }))],
    ['not valid yet', () => signed(claims({ nbf: Math.floor(Date.now() / 1000) + 60 }))],
    ['without a subject', () => signed(claims({ sub: undefined }))],
    ['of another issuer', () => signed(claims({ iss: 'https://other.example' }))],
    ['signed by another key', async () => signed(claims(), (await generateKeyPair('RS256')).privateKey)],
    ['not signed at all', () => Promise.resolve(new UnsecuredJWT(claims()).encode())],
    [
      'not signed, with something for a signature',
      () => Promise.resolve(`${new UnsecuredJWT(claims()).encode()}AAAA`),
    ],
    [
      'signed with the public key as if it were a shared secret',
      async () => {
        const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: unknown[] };
        return new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
          .sign(Buffer.from(JSON.stringify(keys[0])));
      },
    ],
    [
      'changed after it was signed',
      async () => {
        const [head, , signature] = (await tokenOf('clerk')).split('.');
        return `${head}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`;
      },
    ],
  ])('is not one whose token is %s', async (_, make) => {
    expect(await readerOf(`Bearer ${await make()}`)).toEqual(refusal);
  });

  it('is nobody while the provider is away, and somebody again when it is back', async () => {
    const server = createServer((_request, response) => {
      response.statusCode = 500;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const away = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reader = createReaders({ issuer: away, audience, ...roles });
    const token = `Bearer ${await signed(claims({ iss: away }))}`;
    expect(await reader(token)).toEqual({ refused: 'login-unavailable', who: null });
    server.removeAllListeners('request');
    // It is back, and passes on what the other one says, under its own name.
    server.on('request', (request, response) => {
      void fetch(`${issuer}${request.url ?? ''}`)
        .then((answer) => answer.text())
        .then((text) => response.end(text.replaceAll(issuer, away)));
    });
    expect(await reader(token)).toEqual({ who: 'administrator' });
    server.closeAllConnections();
    server.close();
  });

  it('C6 is nobody by a provider whose keys come over plain http from elsewhere; bearer is written in any case', async () => {
    const server = createServer((_request, response) => {
      response.end(JSON.stringify({ issuer: own, jwks_uri: 'http://login.example.se/jwks' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const reader = createReaders({ issuer: own, audience, ...roles });
    expect(await reader(`Bearer ${await signed(claims({ iss: own }))}`)).toEqual({
      refused: 'login-unavailable',
      who: null,
    });
    server.closeAllConnections();
    server.close();
    expect(await readerOf(`bearer ${await tokenOf('administrator')}`)).toEqual({ who: 'administrator' });
  });

  it('is nobody by a provider that names itself otherwise', async () => {
    const other = createReaders({
      issuer: issuer.replace('127.0.0.1', 'localhost'),
      audience,
      ...roles,
    });
    expect(await other(`Bearer ${await tokenOf('administrator')}`)).toEqual({
      refused: 'login-unavailable',
      who: null,
    });
  });
});
