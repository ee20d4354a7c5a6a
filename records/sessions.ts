import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { openForBrowser, sealForBrowser } from '../platform/keys/browser-secret';
import { keyedHash, type KeyRing } from '../platform/keys/key-ring';
import { randomSecret } from '../platform/keys/random-id';
import type { Identity } from '../rules/personal-number';
import { LONGEST_LOGIN_MINUTES } from '../rules/tries';
import { bytesOf, collection } from './schema';

/** Who has logged in: the number is the person's, over all clinics. */
export interface LoggedIn {
  identity: Identity;
  /** As the login gave it; null where it gave none. */
  name: string | null;
}

/** One login of one person in one browser. */
export interface Session extends LoggedIn {
  /** Keyed hash of the number: the same human's sessions are known by it, and the audit log of a stranger. */
  loginHash: string;
  startedAt: Date;
  expiresAt: Date;
}

interface SessionRow {
  _id: string;
  loginHash: string;
  /** Who it is, sealed with a key that only the cookie gives: the database and its keys alone do not tell. */
  sealed: Buffer;
  startedAt: Date;
  expiresAt: Date;
}

export interface Sessions {
  /** Starts one; the secret is for the browser's cookie alone, and only its hash is kept. */
  start(who: LoggedIn, now: Date): Promise<{ secret: string; session: Session }>;
  /** The session of that secret, kept alive by being used; null for one that is over or never was. */
  use(secret: string, now: Date): Promise<Session | null>;
  /** The same for a page that lies open, by which nobody uses it: it is not kept alive. */
  look(secret: string, now: Date): Promise<Session | null>;
  end(secret: string): Promise<void>;
  /** Ends all of the same person's, in every browser. */
  endAllOf(session: Pick<Session, 'identity'>): Promise<void>;
}

/**
 * Unused for so long it is over: a phone that was put down and is taken up by somebody else shows nothing. A
 * page that waits or holds the meeting asks every few seconds, and so keeps its session.
 */
export const SESSION_IDLE_MINUTES = 15;
/**
 * A call that outlives its session is not cut: the room asks for its token on coming in only, and one who
 * comes back logs in again.
 */
export const SESSION_MINUTES = LONGEST_LOGIN_MINUTES;
/** A session that was used so recently need not be written again. */
const TOUCH_MS = 30_000;

export function createSessions(connection: Connection, hashKeys: KeyRing): Sessions {
  const rows = collection<SessionRow>(
    connection,
    'sessions',
    { loginHash: String, sealed: Buffer, startedAt: Date, expiresAt: Date },
    [[{ expiresAt: 1 }, { expireAfterSeconds: 0 }], [{ loginHash: 1 }]],
  );
  const loginHash = (keyId: string, { number }: Identity): string =>
    `${keyId}:${keyedHash(hashKeys.find(keyId)!, 'login', number).toString('base64url')}`;
  const expiryOf = (startedAt: Date, now: Date): Date =>
    new Date(
      Math.min(now.getTime() + SESSION_IDLE_MINUTES * 60_000, startedAt.getTime() + SESSION_MINUTES * 60_000),
    );

  async function find(secret: string, now: Date): Promise<Session | null> {
    const _id = idOf(secret);
    const row = await rows.findById(_id).lean<SessionRow>();
    if (!row || row.expiresAt <= now) return null;
    const who = openForBrowser(secret, PURPOSE, bytesOf(row.sealed), _id) as LoggedIn;
    return { ...who, loginHash: row.loginHash, startedAt: row.startedAt, expiresAt: row.expiresAt };
  }

  return {
    async start({ identity, name }, now) {
      const secret = randomSecret();
      const _id = idOf(secret);
      const session = {
        loginHash: loginHash(hashKeys.current.id, identity),
        startedAt: now,
        expiresAt: expiryOf(now, now),
      };
      const sealed = sealForBrowser(secret, PURPOSE, { identity, name }, _id);
      await rows.create({ _id, ...session, sealed });
      return { secret, session: { ...session, identity, name } };
    },
    async use(secret, now) {
      const session = await find(secret, now);
      if (!session) return null;
      const expiresAt = expiryOf(session.startedAt, now);
      if (expiresAt.getTime() - session.expiresAt.getTime() > TOUCH_MS) {
        await rows.updateOne({ _id: idOf(secret) }, { $max: { expiresAt } });
      }
      return { ...session, expiresAt };
    },
    look: find,
    async end(secret) {
      await rows.deleteOne({ _id: idOf(secret) });
    },
    async endAllOf({ identity }) {
      await rows.deleteMany({ loginHash: { $in: hashKeys.ids.map((keyId) => loginHash(keyId, identity)) } });
    },
  };
}

/**
 * The secret has 256 random bits, so a slow hash would add nothing; found by its hash, it is never compared
 * byte by byte.
 */
const idOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
const PURPOSE = 'session-sealing';
