import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { errors, type AdapterFactory } from 'oidc-provider';
// @ts-expect-error: it has no types. Chosen by name, the package does not warn that it keeps logins in memory: that is meant.
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js';
import { choosePage } from './page';
import type { Account } from './people';

/** Whose logins it takes, and where it is. */
export interface IdentityProviderSettings {
  /** Its address, which ends with the path that it is mounted under. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  accounts: Account[];
  profile: LoginProfile;
}

/** What a provider is called, and how it tells who somebody is. */
export interface LoginProfile {
  /** Said above the list of those whom one can be. */
  about: string;
  identityClaim: string;
  /** The scopes that ask for the claim, and for the name. */
  identityScope: string;
  nameScope: string;
}

/** As brokers of BankID and Freja do it, by the Swedish profile of OpenID Connect. */
export const patientProfile: LoginProfile = {
  about:
    'On this machine there is no BankID and no Freja. Choose which of Skatteverket’s test persons logs in; nobody real has these numbers.',
  identityClaim: 'https://id.oidc.se/claim/personalIdentityNumber',
  identityScope: 'https://id.oidc.se/scope/naturalPersonNumber',
  nameScope: 'https://id.oidc.se/scope/naturalPersonInfo',
};

/** As a provider of staff does it, by their HSA-id. */
export const staffProfile: LoginProfile = {
  about: 'On this machine there is no SITHS. Choose who of the demo clinic’s staff logs in.',
  identityClaim: 'employeeHsaId',
  identityScope: 'employee',
  nameScope: 'profile',
};

/**
 * Stands in for a login provider on one machine: a real OpenID provider, so that the login goes
 * the same way as in production, but it takes one's word for who one is. Its keys and logins are gone with
 * the process.
 */
export async function createIdentityProvider(settings: IdentityProviderSettings): Promise<Router> {
  const { issuer, clientId, clientSecret, redirectUri, accounts, profile } = settings;
  const { identityClaim, identityScope, nameScope } = profile;
  const mountPath = new URL(issuer).pathname.replace(/\/$/, '');
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    adapter: (createMemoryAdapter as () => AdapterFactory)(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: ['openid', identityScope, nameScope],
    claims: { openid: ['sub'], [identityScope]: [identityClaim], [nameScope]: ['name'] },
    // In the ID token at once, as brokers do it.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: {
      Interaction: 600,
      Grant: 600,
      Session: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `${mountPath}/interaction/${uid}` },
    findAccount(_context, accountId) {
      const account = accounts.find((each) => each.accountId === accountId);
      return (
        account && {
          accountId,
          claims: () => ({ sub: accountId, [identityClaim]: accountId, name: account.name }),
        }
      );
    },
    // Nobody is asked whether our own service may know who they are.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client!.clientId,
        accountId: oidc.session!.accountId!,
      });
      grant.addOIDCScope(`openid ${identityScope} ${nameScope}`);
      await grant.save();
      return grant;
    },
    // A redirect to here by a link that has grown old says so and no more.
    renderError(context, { error }) {
      context.type = 'text/plain';
      context.body = `The stand-in for a login refuses: ${error}`;
    },
  });

  const router = Router();
  router.use((_request, response, next) => {
    // The form's answer passes the browser on to the service, which the policy of the other local pages would
    // stop.
    response.set(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${new URL(redirectUri).origin}; base-uri 'none'; frame-ancestors 'none'`,
    );
    next();
  });
  // Each login stands for itself: in one browser several people log in after each other, where the provider
  // would ask first whether the one before should be logged out.
  router.get('/auth', (request, response, next) => {
    const cookies = (request.headers.cookie ?? '').split('; ');
    request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith('_session')).join('; ');
    response.clearCookie('_session').clearCookie('_session.sig');
    next();
  });
  router.get('/interaction/:uid', async (request, response) => {
    const { uid } = await provider.interactionDetails(request, response);
    response
      .set('Cache-Control', 'no-store')
      .send(choosePage(accounts, { action: `${mountPath}/interaction/${uid}`, about: profile.about }));
  });
  router.post('/interaction/:uid', express.urlencoded({ extended: false }), async (request, response) => {
    const { accountId } = (request.body ?? {}) as { accountId?: string };
    await provider.interactionFinished(
      request,
      response,
      accountId
        ? { login: { accountId, remember: false } }
        : { error: 'access_denied', error_description: 'the person stopped the login' },
      { mergeWithLastSubmission: false },
    );
  });
  router.use((error: unknown, _request: unknown, response: express.Response, next: express.NextFunction) => {
    if (!(error instanceof errors.OIDCProviderError)) {
      next(error);
      return;
    }
    response.status(400).type('text/plain').send('This login has ended. Begin it again from the service.');
  });
  router.use(provider.callback());
  return router;
}
