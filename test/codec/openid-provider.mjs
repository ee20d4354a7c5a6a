// A real OpenID provider for tests, as a process of its own since it is an ES module: `node
// openid-provider.mjs JWKS`. Prints its issuer.
import { createServer } from 'node:http';
import process from 'node:process';
import { Provider } from 'oidc-provider';

const jwks = JSON.parse(process.argv[2] ?? '');
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const issuer = `http://127.0.0.1:${port}`;
  const client = (/** @type {string} */ id) => ({
    client_id: id,
    client_secret: 'a-secret-of-the-tests',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  });
  const provider = new Provider(issuer, {
    jwks,
    clients: [client('administrator'), client('clerk')],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: (_context, token) => ({
      realm_access: { roles: token.clientId === 'administrator' ? ['vardmote-reader', 'other'] : ['other'] },
    }),
  });
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));
  console.log(issuer);
});
process.on('SIGTERM', () => process.exit(0));
