import * as oidc from 'openid-client';
import { createCallFetch } from '../../platform/calls/call-fetch';
import type { Language } from '../../rules/notices';
import { isBlank, withoutControls } from '../../rules/typed';
import { isHttps, isLoopback } from '../../platform/web-address';

/** How one logs in: any OpenID provider whose answer carries what tells who it is. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The claim that tells who it is: a personal number, a reference to a member of staff. */
  identityClaim: string;
  scope: string;
  /**
   * Levels of assurance of which one is asked for, and must be answered; null where the provider knows none.
   */
  acrValues: string | null;
  redirectUri: string;
}

/** What has to come back with an answer. */
export interface LoginSecrets {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** What a login came to. */
export type LoginResult<Who> =
  | { kind: 'logged-in'; who: Who }
  /** The person stopped it. */
  | { kind: 'cancelled' }
  /**
   * Nothing in the answer says who it is as this service needs it: no personal number (R7.4), or a lower
   * level than was asked for.
   */
  | { kind: 'no-identity' }
  /** Used before, too old, or not for us. `reason` is a word of the protocol's, for the log. */
  | { kind: 'failed'; reason: string };

/** The provider could not be asked; the same may succeed later. */
export class ProviderUnavailable extends Error {
  constructor(cause: unknown) {
    super('the identity provider does not answer', { cause });
    this.name = 'ProviderUnavailable';
  }
}

export interface OidcLogin<Who> {
  /** Where the browser goes. @throws ProviderUnavailable */
  begin(secrets: LoginSecrets, language: Language): Promise<URL>;
  /** @param answer the query that the browser came back with. @throws ProviderUnavailable */
  finish(answer: URLSearchParams, secrets: LoginSecrets): Promise<LoginResult<Who>>;
}

/** What the provider says of who has logged in. */
export interface Told {
  /** The claim that tells who it is; undefined where it is not there. */
  identity: unknown;
  /** As it gave it; null where it gave none. */
  name: string | null;
  /** All that it says, the signed token before what comes beside it. */
  claims: Record<string, unknown>;
}

/** How long one call to the provider may take: somebody waits before a page. */
const TIMEOUT_SECONDS = 8;

export const newLoginSecrets = (): LoginSecrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  codeVerifier: oidc.randomPKCECodeVerifier(),
});

/** @param whoIs who that is for this service; null where what was told is not enough */
export function createOidcLogin<Who>(
  settings: OidcSettings,
  whoIs: (told: Told) => Who | null,
): OidcLogin<Who> {
  const { issuer, clientId, clientSecret, identityClaim, scope, acrValues, redirectUri } = settings;
  const result = (told: Told): LoginResult<Who> => {
    const who = whoIs(told);
    return who === null ? { kind: 'no-identity' } : { kind: 'logged-in', who };
  };
  const overHttp = isLoopback(issuer) && !isHttps(issuer);
  let known: oidc.Configuration | null = null;

  /**
   * Asked for when it is needed first, so that a provider that is down keeps nobody from starting this
   * service.
   */
  async function configuration(): Promise<oidc.Configuration> {
    known ??= await oidc.discovery(
      new URL(issuer),
      clientId,
      clientSecret,
      oidc.ClientSecretBasic(clientSecret),
      {
        timeout: TIMEOUT_SECONDS,
        // Kept by the library for all later calls: each has an end, whatever the provider does.
        [oidc.customFetch]: createCallFetch(TIMEOUT_SECONDS * 1_000),
        // On one machine only (config.ts), which is what the deprecation warns of.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        ...(overHttp ? { execute: [oidc.allowInsecureRequests] } : {}),
      },
    );
    return known;
  }

  return {
    async begin({ state, nonce, codeVerifier }, language) {
      const config = await configuration().catch(unavailable);
      return oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ui_locales: language,
        // A phone may be shared: whoever logged in before is never taken for who logs in now.
        prompt: 'login',
        ...(acrValues === null ? {} : { acr_values: acrValues }),
      });
    },
    async finish(answer, { state, nonce, codeVerifier }) {
      const config = await configuration().catch(unavailable);
      const url = new URL(redirectUri);
      url.search = answer.toString();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) return { kind: 'failed', reason: 'no-id-token' };
        if (acrValues !== null && !acrValues.split(' ').some((value) => value === claims.acr))
          return { kind: 'no-identity' };
        const hasIdentity = identityClaim in claims;
        const name = nameIn(claims);
        if (!config.serverMetadata().userinfo_endpoint || (hasIdentity && name !== null))
          return result({ identity: claims[identityClaim], name, claims });
        const asked: Promise<Record<string, unknown>> = oidc.fetchUserInfo(
          config,
          tokens.access_token,
          claims.sub,
        );
        // A name is worth a question, and no reason to keep out somebody who is known.
        const more = hasIdentity ? await asked.catch((): Record<string, unknown> => ({})) : await asked;
        // What the signed ID token says goes before what comes beside it.
        return result({
          identity: (hasIdentity ? claims : more)[identityClaim],
          name: name ?? nameIn(more),
          claims: { ...more, ...claims },
        });
      } catch (error) {
        return refusal(error);
      }
    },
  };
}

/** The name as a whole, or put together of given and family name; brokers send one, the other, or both. */
function nameIn(claims: Record<string, unknown>): string | null {
  const text = (claim: string): string => {
    const value = claims[claim];
    const name = typeof value === 'string' ? nameOf(value) : '';
    return isBlank(name) ? '' : name;
  };
  const parts = [text('given_name'), text('family_name')].filter((part) => part !== '');
  return text('name') || nameOf(parts.join(' ')) || null;
}

/** On one line, and not cut in the middle of a character. */
const nameOf = (told: string): string =>
  Array.from(withoutControls(told).replace(/\s+/g, ' ').trim()).slice(0, 120).join('');

/** Codes of openid-client that say that the provider, and not the answer, is to blame. */
const unavailableCodes = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

function refusal(error: unknown): Exclude<LoginResult<never>, { kind: 'logged-in' }> {
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return { kind: 'cancelled' };
    if (error.error === 'temporarily_unavailable' || error.error === 'server_error')
      return unavailable(error);
    return { kind: 'failed', reason: 'authorization-response' };
  }
  if (error instanceof oidc.ResponseBodyError)
    return error.status >= 500 ? unavailable(error) : { kind: 'failed', reason: 'token-response' };
  // It wants another proof of who we are than it was given, at the token's endpoint or at the person's.
  if (error instanceof oidc.WWWAuthenticateChallengeError)
    return error.status >= 500 ? unavailable(error) : { kind: 'failed', reason: 'challenged' };
  // What fetch throws when it reaches nobody.
  if (error instanceof TypeError && error.cause !== undefined) return unavailable(error);
  if (error instanceof oidc.ClientError)
    return unavailableCodes.has(error.code ?? '')
      ? unavailable(error)
      : { kind: 'failed', reason: error.code ?? 'unknown' };
  // Whatever else its answer brought about, the login has failed, and the person hears that: only the kind of
  // error goes into the log.
  return { kind: 'failed', reason: error instanceof Error ? error.name : 'unknown' };
}

function unavailable(error: unknown): never {
  throw new ProviderUnavailable(error);
}
