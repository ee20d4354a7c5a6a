import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { openForBrowser, sealForBrowser } from '../platform/keys/browser-secret';
import { bytesOf, changeIf, collection } from './schema';

/**
 * A login under way: what has to come back with the answer of the identity provider, and where the person
 * wanted to go.
 */
export interface Login extends LoginRequest {
  nonce: string;
  codeVerifier: string;
}

/** One that has been taken for its answer. */
export interface BegunLogin extends Login {
  begunAt: Date;
}

/** Where a login is to lead. */
export interface LoginRequest {
  /** Of the link that it began with (links.ts); null for one without. */
  codeHash: string | null;
  /** A page of ours that asked for the login; null for the list of meetings. */
  returnTo: string | null;
  /** What was typed there when the login before ended. */
  typed: TypedForm | null;
}

/** A form that was posted when the login had ended: where to, and its fields. */
export interface TypedForm {
  path: string;
  fields: [name: string, value: string][];
}

interface LoginRow extends Omit<Login, 'typed'> {
  _id: string;
  /** With a key that only the browser's cookie gives. */
  sealedTyped: Buffer | null;
  /** Hash of the secret in the cookie of the browser that began it. */
  browserHash: string;
  usedAt: Date | null;
  expiresAt: Date;
}

/** What became of the answer that came for a login. */
export type TakenLogin =
  | { kind: 'ours'; login: BegunLogin }
  /** It was answered before: a reload, the back button, a replay. */
  | { kind: 'used' }
  /** Nobody began it, or too long ago. */
  | { kind: 'unknown' }
  /** Another browser began it, such as one in an app. */
  | { kind: 'other-browser'; loginRequest: Omit<LoginRequest, 'typed'>; begunAt: Date };

export interface Logins {
  /** Keeps one under its state, of which only the hash is kept. */
  begin(state: string, browser: string, login: Login, now: Date): Promise<void>;
  /** Takes a login for its answer, once. */
  take(state: string, browser: string | null, now: Date): Promise<TakenLogin>;
  /** Where a login of this browser wanted to go, so that it can be begun again. */
  loginRequestOf(state: string, browser: string | null, now: Date): Promise<LoginRequest | null>;
}

/**
 * How long a login may take: long enough to find the phone and to update the app, as out-of-band secrets may
 * live (facts).
 */
export const LOGIN_MINUTES = 10;
const LOGIN_MS = LOGIN_MINUTES * 60_000;

export function createLogins(connection: Connection): Logins {
  const rows = collection<LoginRow>(
    connection,
    'logins',
    {
      nonce: String,
      codeVerifier: String,
      codeHash: String,
      returnTo: String,
      sealedTyped: Buffer,
      browserHash: String,
      usedAt: Date,
      expiresAt: Date,
    },
    [[{ expiresAt: 1 }, { expireAfterSeconds: 0 }]],
  );

  /** One that is not too old yet, whoever's browser began it. */
  async function findCurrent(state: string, now: Date): Promise<LoginRow | null> {
    const row = await rows.findById(hashOf(state)).lean<LoginRow>();
    return row && row.expiresAt > now ? row : null;
  }

  return {
    async begin(state, browser, { typed, ...login }, now) {
      const _id = hashOf(state);
      await rows.create({
        _id,
        ...login,
        sealedTyped: typed && sealForBrowser(browser, PURPOSE, typed, _id),
        browserHash: hashOf(browser),
        usedAt: null,
        expiresAt: new Date(now.getTime() + LOGIN_MS),
      });
    },
    async take(state, browser, now) {
      const browserHash = browser === null ? null : hashOf(browser);
      const row = await findCurrent(state, now);
      if (!row) return { kind: 'unknown' };
      const begunAt = begunAtOf(row);
      if (browser === null || row.browserHash !== browserHash) {
        const { codeHash, returnTo } = row;
        return { kind: 'other-browser', loginRequest: { codeHash, returnTo }, begunAt };
      }
      const isUnused = ({ usedAt }: LoginRow): boolean => usedAt === null;
      if (!(await changeIf(rows, row._id, isUnused, { $set: { usedAt: now } }))) return { kind: 'used' };
      const { nonce, codeVerifier } = row;
      return { kind: 'ours', login: { nonce, codeVerifier, begunAt, ...loginRequestIn(row, browser) } };
    },
    async loginRequestOf(state, browser, now) {
      if (browser === null) return null;
      const row = await findCurrent(state, now);
      return row?.browserHash === hashOf(browser) ? loginRequestIn(row, browser) : null;
    },
  };
}

const begunAtOf = ({ expiresAt }: LoginRow): Date => new Date(expiresAt.getTime() - LOGIN_MS);

function loginRequestIn({ _id, codeHash, returnTo, sealedTyped }: LoginRow, browser: string): LoginRequest {
  const typed = sealedTyped && (openForBrowser(browser, PURPOSE, bytesOf(sealedTyped), _id) as TypedForm);
  return { codeHash, returnTo, typed };
}

const PURPOSE = 'typed-sealing';

/** Both secrets have 256 random bits. */
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
