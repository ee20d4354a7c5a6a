import { createSecretKey, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';

/** What a token is compared with. */
export interface TokenSettings {
  appId: string;
  appSecret: string;
  xmppDomain: string;
}

/**
 * Why a token opens no room: as the real Prosody refuses it (facts, Jitsi), and where we are stricter than
 * it.
 */
export const tokenFaults = [
  'no-token',
  'no-typ',
  'wrong-alg',
  'wrong-signature',
  'wrong-issuer',
  'wrong-audience',
  'wrong-domain',
  'no-expiry',
  'expired',
  'not-valid-yet',
  'any-room',
  'other-room',
  'nobody',
  'may-record',
] as const;
export type TokenFault = (typeof tokenFaults)[number];

/** Whom a token is for. */
export interface TokenHolder {
  participantId: string;
  moderator: boolean;
  /** What patients see of a member of staff, name and title (R8.7); of nobody else. */
  nameInToken: string | null;
}

/** What every token must switch off: where Jitsi finds nothing it allows it (R4.3, R4.4). */
const features = [
  'recording',
  'livestreaming',
  'transcription',
  'outbound-call',
  'file-upload',
  'send-groupchat',
];

interface Claims extends JWTPayload {
  room?: unknown;
  context?: {
    user?: { id?: unknown; name?: unknown; affiliation?: unknown; moderator?: unknown };
    room?: { regex?: unknown };
    features?: Record<string, unknown>;
  };
}

/** Whom the token lets into this room, or the one thing that is wrong with it. */
export async function checkToken(
  settings: TokenSettings,
  room: string,
  token: string,
): Promise<TokenHolder | { fault: TokenFault }> {
  const key = createSecretKey(Buffer.from(settings.appSecret));
  const fault = faultOfForm(token) ?? (await faultOfSignature(settings, key, token));
  if (fault) return { fault };
  const { room: forRoom, context, aud, exp } = decodeJwt<Claims>(token);
  // Prosody takes a list of audiences for a wrong one, and a token without an end for a good one: we never
  // make that.
  if (typeof aud !== 'string') return { fault: 'wrong-audience' };
  if (exp === undefined) return { fault: 'no-expiry' };
  if (forRoom === undefined || forRoom === '*' || context?.room?.regex) return { fault: 'any-room' };
  if (forRoom !== room) return { fault: 'other-room' };
  const user = context?.user;
  if (typeof user?.id !== 'string' || user.id === '') return { fault: 'nobody' };
  if (features.some((feature) => context?.features?.[feature] !== false)) return { fault: 'may-record' };
  const moderator = user.moderator === true || user.affiliation === 'owner';
  // A role word is no name.
  const isNamed = moderator && typeof user.name === 'string' && user.name !== 'staff';
  return { participantId: user.id, moderator, nameInToken: isNamed ? String(user.name) : null };
}

function faultOfForm(token: string): TokenFault | null {
  try {
    const { typ, alg } = decodeProtectedHeader(token);
    if (typ !== 'JWT') return 'no-typ';
    return alg === 'HS256' ? null : 'wrong-alg';
  } catch {
    return 'no-token';
  }
}

async function faultOfSignature(
  { appId, xmppDomain }: TokenSettings,
  key: KeyObject,
  token: string,
): Promise<TokenFault | null> {
  try {
    await jwtVerify(token, key, {
      issuer: appId,
      audience: appId,
      subject: xmppDomain,
      algorithms: ['HS256'],
    });
    return null;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'expired';
    if (error instanceof errors.JWTClaimValidationFailed) return faultOfClaim(error.claim);
    return error instanceof errors.JWSSignatureVerificationFailed ? 'wrong-signature' : 'no-token';
  }
}

function faultOfClaim(claim: string): TokenFault {
  switch (claim) {
    case 'iss':
      return 'wrong-issuer';
    case 'aud':
      return 'wrong-audience';
    case 'sub':
      return 'wrong-domain';
    case 'nbf':
      return 'not-valid-yet';
    case 'exp':
      return 'no-expiry';
    default:
      return 'no-token';
  }
}
