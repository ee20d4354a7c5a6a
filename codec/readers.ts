import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { z } from 'zod';
import { createCallFetch } from '../platform/calls/call-fetch';
import { isSecure } from '../platform/web-address';
import type { Reader } from './decode';

/** Who may have payloads decoded, by their access token of an OpenID provider. */
export interface ReaderSettings {
  /** The provider's issuer, exactly as it stands in its tokens. */
  issuer: string;
  /** Whom the tokens are for. */
  audience: string;
  /**
   * Where in a token the reader's roles stand: a name, or names with dots between, as `realm_access.roles`.
   */
  roleClaim: string;
  /** The role that may read. */
  role: string;
}

/** Signatures by the provider's private key only: never `none`, and never a secret that the Web UI shares. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** How far the provider's clock and ours may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
const PROVIDER_TIMEOUT_MS = 5_000;
const callFetch = createCallFetch(PROVIDER_TIMEOUT_MS);

const metadataSchema = z.object({
  issuer: z.string(),
  jwks_uri: z.string().refine(isSecure, 'must be https'),
});

/**
 * Says who an access token belongs to. It must be signed by the issuer's keys (looked up and kept as OpenID
 * Connect Discovery says), be valid now, be for this audience and carry the role. Tokens are never logged.
 */
export function createReaders(
  settings: ReaderSettings,
): (authorization: string | undefined) => Promise<Reader> {
  let keys: Promise<JWTVerifyGetKey> | null = null;

  /** Asked for once; again after a failure. */
  function keysOfIssuer(): Promise<JWTVerifyGetKey> {
    keys ??= discoverKeys(settings.issuer).catch((error: unknown) => {
      keys = null;
      throw error;
    });
    return keys;
  }

  return async (authorization) => {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return { refused: 'login-required', who: null };
    try {
      const { payload } = await jwtVerify(token, await keysOfIssuer(), {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      const who = payload.sub ?? '';
      return rolesOf(payload, settings.roleClaim).includes(settings.role)
        ? { who }
        : { refused: 'not-entitled', who };
    } catch (error) {
      return { refused: isAboutToken(error) ? 'login-required' : 'login-unavailable', who: null };
    }
  };
}

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await callFetch(url, {});
  if (!response.ok) throw new Error(`the OpenID provider answers ${response.status}`);
  const metadata = metadataSchema.parse(await response.json());
  if (metadata.issuer !== issuer) throw new Error('the OpenID provider has another issuer than the settings');
  return createRemoteJWKSet(new URL(metadata.jwks_uri), {
    timeoutDuration: PROVIDER_TIMEOUT_MS,
    [customFetch]: callFetch,
  });
}

/** A role alone or a list of them; nothing where the claim is something else. */
function rolesOf(payload: JWTPayload, claim: string): string[] {
  let value: unknown = payload[claim];
  if (value === undefined) {
    value = payload;
    for (const name of claim.split('.')) {
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Record<string, unknown>)[name]
          : undefined;
    }
  }
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((role) => typeof role === 'string') : [];
}

/** The token does not hold; all else is the provider that does not answer, or answers oddly. */
const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout) &&
  !(error instanceof errors.JWKSInvalid) &&
  error.code !== 'ERR_JOSE_GENERIC';
