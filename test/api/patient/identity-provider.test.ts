import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newLoginSecrets, ProviderUnavailable, type LoginResult } from '../../../api/login/oidc';
import { createIdentityProvider } from '../../../api/patient/login/identity-provider';
import type { LoggedIn } from '../../../records/sessions';

/**
 * A2: what a provider answers where it should tell who has logged in: a failed login or one that is away, and
 * no error of ours.
 */
let server: Server;
let issuer: string;
let userinfo: { status: number; challenge: boolean };
const secrets = newLoginSecrets();

beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'k' };
  const idToken = () =>
    new SignJWT({ nonce: secrets.nonce })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setIssuer(issuer)
      .setAudience('vardmote')
      .setSubject('somebody')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  const answers: Record<string, () => object | Promise<object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      jwks_uri: `${issuer}/jwks`,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async () => ({ access_token: 'a', token_type: 'bearer', id_token: await idToken() }),
  };
  server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    if (!answer) {
      if (userinfo.challenge) response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
      response.writeHead(userinfo.status, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    void Promise.resolve(answer()).then((body) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const finish = (): Promise<LoginResult<LoggedIn>> =>
  createIdentityProvider({
    issuer,
    clientId: 'vardmote',
    clientSecret: 'secret-of-the-test',
    identityClaim: 'number',
    scope: 'openid',
    acrValues: null,
    redirectUri: 'http://localhost/login/callback',
  }).finish(new URLSearchParams({ code: 'c', state: secrets.state }), secrets);

it('A2 a 401 with a challenge at the userinfo endpoint is a failed login', async () => {
  userinfo = { status: 401, challenge: true };
  expect(await finish()).toEqual({ kind: 'failed', reason: 'challenged' });
});

it('A2 an answer there that says nothing of the person is a failed login too', async () => {
  userinfo = { status: 200, challenge: false };
  expect(await finish()).toMatchObject({ kind: 'failed' });
});

it.each([
  [503, true],
  [503, false],
])(
  'A2 a %i there is a provider that is away, with a challenge or without (%s)',
  async (status, challenge) => {
    userinfo = { status, challenge };
    await expect(finish()).rejects.toThrow(ProviderUnavailable);
  },
);
