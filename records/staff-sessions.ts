import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { randomSecret } from '../platform/keys/random-id';
import type { DeskRole } from '../rules/staff';
import { collection, json } from './schema';

/** Who has logged in to the desk, as the staff's login provider says. */
export interface StaffLogin {
  /** Such as an HSA-id. */
  login: string;
  /** As the login gave it; null where it gave none. */
  name: string | null;
  /** The roles that the login carries, where the service is set up so; null where the record has them. */
  roles: DeskRole[] | null;
}

/** Whom the session acts as: a record of staff at a clinic. */
export interface ActingMember {
  clinicId: string;
  memberId: string;
}

/** One login of one member of staff in one browser. */
export interface StaffSession extends StaffLogin {
  /** Null until it is chosen, for one who works at two clinics. */
  acting: ActingMember | null;
  /** Why the operations manager reads care content, by what it is about (R8.1). */
  reasons: { subjectId: string; reason: string }[];
  startedAt: Date;
  expiresAt: Date;
  /** The desk was left and has locked itself: nothing is shown until one logs in anew. Absent while open. */
  lockedAt?: Date;
}

interface StaffSessionRow extends StaffSession {
  _id: string;
}

/** Whom a session acted as, for a while after it is over. */
interface OwnerRow extends ActingMember {
  _id: string;
  login: string;
  forgetAt: Date;
}

export interface StaffSessions {
  /** Starts one; the secret is for the browser's cookie alone, and only its hash is kept. */
  start(who: StaffLogin, acting: ActingMember | null, now: Date): Promise<string>;
  /** The session of that secret, kept alive by being used; null for one that is over or never was. */
  use(secret: string, now: Date): Promise<StaffSession | null>;
  /** The same for a page that lies open, by which nobody uses it. */
  look(secret: string, now: Date): Promise<StaffSession | null>;
  /** Chooses whom it acts as; what was stated for another clinic is forgotten. */
  actAs(secret: string, acting: ActingMember): Promise<void>;
  /** Locks it: only a new login shows anything again. It stays alive for a call that goes on. */
  lock(secret: string, now: Date): Promise<void>;
  /** States why something is read (R8.1); it holds for this session. */
  stateReason(secret: string, subjectId: string, reason: string): Promise<void>;
  /**
   * Whom a session acts as, or acted as until it ran out: so that what was filled in meanwhile goes to nobody
   * else. Null for one that was ended by a press, or never was.
   */
  ownerOf(secret: string, now: Date): Promise<ActingMember | null>;
  end(secret: string): Promise<void>;
  /** Ends all of the same login's, in every browser. */
  endAllOf(login: string): Promise<void>;
}

/** Unused for so long it is over: whoever comes to a desk that was left finds nothing. */
export const DESK_IDLE_MINUTES = 15;
/** The longest working day; a call keeps its session by its page. */
const DESK_MINUTES = 12 * 60;
/** A form that lies open overnight is posted in the morning. */
const OWNER_KNOWN_MS = 24 * 60 * 60_000;
/** A session that was used so recently need not be written again. */
const TOUCH_MS = 30_000;
/** What is read in a day; the oldest is stated anew. */
const MOST_REASONS = 50;

export function createStaffSessions(connection: Connection): StaffSessions {
  const rows = collection<StaffSessionRow>(
    connection,
    'staffSessions',
    {
      login: String,
      name: String,
      roles: json,
      acting: json,
      reasons: json,
      startedAt: Date,
      expiresAt: Date,
      lockedAt: Date,
    },
    [[{ expiresAt: 1 }, { expireAfterSeconds: 0 }], [{ login: 1 }]],
  );
  const owners = collection<OwnerRow>(
    connection,
    'staffSessionOwners',
    { login: String, clinicId: String, memberId: String, forgetAt: Date },
    [[{ forgetAt: 1 }, { expireAfterSeconds: 0 }], [{ login: 1 }]],
  );
  async function own(
    _id: string,
    login: string,
    { clinicId, memberId }: ActingMember,
    startedAt: Date,
  ): Promise<void> {
    const forgetAt = new Date(startedAt.getTime() + OWNER_KNOWN_MS);
    await owners.updateOne({ _id }, { $set: { login, clinicId, memberId, forgetAt } }, { upsert: true });
  }
  const expiryOf = (startedAt: Date, now: Date): Date =>
    new Date(
      Math.min(now.getTime() + DESK_IDLE_MINUTES * 60_000, startedAt.getTime() + DESK_MINUTES * 60_000),
    );

  async function look(secret: string, now: Date): Promise<StaffSession | null> {
    const row = await rows.findById(idOf(secret)).lean<StaffSessionRow>();
    return row && row.expiresAt > now ? row : null;
  }

  return {
    async start({ login, name, roles }, acting, now) {
      const secret = randomSecret();
      const expiresAt = expiryOf(now, now);
      const who = { login, name, roles };
      const _id = idOf(secret);
      await rows.create({ _id, ...who, acting, reasons: [], startedAt: now, expiresAt });
      if (acting) await own(_id, login, acting, now);
      return secret;
    },
    async use(secret, now) {
      const session = await look(secret, now);
      if (!session) return null;
      const expiresAt = expiryOf(session.startedAt, now);
      if (expiresAt.getTime() - session.expiresAt.getTime() > TOUCH_MS)
        await rows.updateOne({ _id: idOf(secret) }, { $max: { expiresAt } });
      return { ...session, expiresAt };
    },
    look,
    async actAs(secret, acting) {
      const _id = idOf(secret);
      await rows.updateOne({ _id }, { $set: { acting, reasons: [] } });
      const row = await rows.findById(_id).lean<StaffSessionRow>();
      if (row) await own(_id, row.login, acting, row.startedAt);
    },
    async ownerOf(secret, now) {
      const row = await owners.findById(idOf(secret)).lean<OwnerRow>();
      return row && row.forgetAt > now ? { clinicId: row.clinicId, memberId: row.memberId } : null;
    },
    async lock(secret, now) {
      await rows.updateOne({ _id: idOf(secret) }, { $set: { lockedAt: now } });
    },
    async stateReason(secret, subjectId, reason) {
      const $push = { reasons: { $each: [{ subjectId, reason }], $slice: -MOST_REASONS } };
      await rows.updateOne({ _id: idOf(secret) }, { $push });
    },
    async end(secret) {
      await rows.deleteOne({ _id: idOf(secret) });
      await owners.deleteOne({ _id: idOf(secret) });
    },
    async endAllOf(login) {
      await rows.deleteMany({ login });
      await owners.deleteMany({ login });
    },
  };
}

/** The secret has 256 random bits; found by its hash, it is never compared byte by byte. */
const idOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
