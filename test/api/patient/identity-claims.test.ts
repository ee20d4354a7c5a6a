import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { newLoginSecrets, ProviderUnavailable } from '../../../api/login/oidc';
import { createIdentityProvider } from '../../../api/patient/login/identity-provider';
import { testPeople } from '../../support/patient';

/**
 * A broker whose ID token and userinfo say exactly what a test wants: which claims stand where differs from
 * broker to broker.
 */
const NUMBER = 'https://id.oidc.se/claim/personalIdentityNumber';
const client = { clientId: 'vardmote', clientSecret: 'a-secret-of-the-test-only' };
let server: Server;
let issuer: string;
let idToken: Record<string, unknown>;
/** null: it answers 500. */
let userinfo: Record<string, unknown> | null;
let asked: string[];

beforeAll(async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: 'k' };
  const answers: Record<string, () => unknown> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async () => ({
      access_token: 'access',
      token_type: 'bearer',
      id_token: await new SignJWT(idToken)
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(issuer)
        .setAudience(client.clientId)
        .setSubject('s-1')
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey),
    }),
    '/userinfo': () => userinfo && { sub: 's-1', ...userinfo },
  };
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', issuer);
    asked.push(pathname);
    void Promise.resolve(answers[pathname]?.()).then((answer) => {
      response.writeHead(answer ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function logIn() {
  asked = [];
  const provider = createIdentityProvider({
    ...client,
    issuer,
    identityClaim: NUMBER,
    scope: 'openid',
    acrValues: null,
    redirectUri: 'http://127.0.0.1:1/login/callback',
  });
  const secrets = newLoginSecrets();
  await provider.begin(secrets, 'sv');
  idToken = { ...idToken, nonce: secrets.nonce };
  return provider.finish(new URLSearchParams({ code: 'c', state: secrets.state }), secrets);
}

const number = { [NUMBER]: testPeople.patient };

describe('E10 the name that staff see of one who has logged in (R4.2)', () => {
  it.each([
    ['whole in the ID token', { ...number, name: ' Tolvan Tolvansson ' }, {}, 'Tolvan Tolvansson'],
    [
      'in two parts in the ID token',
      { ...number, given_name: 'Tolvan', family_name: 'Tolvansson' },
      {},
      'Tolvan Tolvansson',
    ],
    ['only in userinfo', number, { name: 'Tolvan Tolvansson' }, 'Tolvan Tolvansson'],
    [
      'in two parts in userinfo',
      number,
      { given_name: 'Tolvan', family_name: 'Tolvansson' },
      'Tolvan Tolvansson',
    ],
    ['with the number in userinfo', {}, { ...number, given_name: 'Tolvan' }, 'Tolvan'],
    ['empty in the ID token', { ...number, name: ' ' }, { name: 'Tolvan' }, 'Tolvan'],
    ['of an odd type', { ...number, name: { first: 'Tolvan' } }, { family_name: 'Tolvansson' }, 'Tolvansson'],
    ['nowhere', number, {}, null],
    ['not to be had now', number, null, null],
  ])('%s', async (_, inToken, inUserinfo, name) => {
    idToken = inToken;
    userinfo = inUserinfo;
    expect(await logIn()).toMatchObject({ kind: 'logged-in', who: { name } });
  });

  it('is not asked for again where the ID token has it', async () => {
    idToken = { ...number, name: 'Tolvan' };
    userinfo = { name: 'Annan' };
    expect(await logIn()).toMatchObject({ who: { name: 'Tolvan' } });
    expect(asked).not.toContain('/userinfo');
  });

  it('the number that the ID token says is not changed by userinfo', async () => {
    idToken = number;
    userinfo = { [NUMBER]: testPeople.stranger, name: 'Tolvan' };
    expect(await logIn()).toMatchObject({
      who: { identity: { number: testPeople.patient }, name: 'Tolvan' },
    });
  });

  it('no login without the number, nor with userinfo away where it alone has it', async () => {
    idToken = { name: 'Tolvan' };
    userinfo = {};
    expect(await logIn()).toEqual({ kind: 'no-identity' });
    userinfo = null;
    await expect(logIn()).rejects.toThrow(ProviderUnavailable);
  });
});
