import { randomInt } from 'node:crypto';
import type { Connection } from 'mongoose';
import { idInOrder } from '../platform/keys/random-id';
import type { Actor } from '../rules/actor';
import { toInstant, type Instant } from '../rules/instant';
import { pageOf, parseCursor, type Page } from './pages';
import { collection, insertsTogether } from './schema';

/**
 * Who did something: staff, a person who has logged in, an operator of the service by a name of their own, or
 * a stranger. `stranger`: someone who is not party to this meeting or case. If a stranger has logged in, a
 * keyed hash is kept, so that the same one is known again.
 */
export type AuditActor =
  Actor | { kind: 'operator'; operator: string } | { kind: 'stranger'; loginHash: string | null };

/**
 * One reading or change of a patient's data, or a refused one: who, which clinic, when, what, whose and why
 * (R8.2).
 */
export interface AuditEntry {
  at: Instant;
  /** Null where it is about no clinic's patient, such as a link that nobody has. */
  clinicId: string | null;
  actor: AuditActor;
  operation: string;
  /** What it was done to, by id; null for a list. */
  subjectId: string | null;
  /** Whose data, by the person's id; null where it is nobody's. */
  personId: string | null;
  reason: string | null;
  allowed: boolean;
}

interface AuditRow extends Omit<AuditEntry, 'actor'> {
  _id: string;
  /** Absent where 0.1.0 wrote it, when it was always staff. */
  actor?: AuditActor['kind'];
  /** The clinic's own reference to the member of staff, as named in the request, and the role. */
  staffId: string | null;
  role: string | null;
  /** A person's id, an operator's name, or a stranger's hash. */
  actorId?: string | null;
  /** A member of staff who logged in; absent where the clinic's system named them (R8.7). */
  loggedIn?: true;
}

export interface Audit {
  write(entries: AuditEntry[]): Promise<void>;
  /** Newest first: who has read or changed this person's data (R8.2). */
  ofPerson(clinicId: string, personId: string, limit: number): Promise<AuditEntry[]>;
  /** The same in pages; `cursor` is the `next` of the page before. */
  pageOfPerson(
    clinicId: string,
    personId: string,
    cursor: string | null,
    limit: number,
  ): Promise<Page<AuditEntry>>;
  /**
   * What staff of the clinic have read, changed or been refused of somebody's data within a time: some of it,
   * each row as likely as any other (R8.5). In order of time.
   *
   * @param isMeant by the operation: of what it says no to nothing is taken
   */
  sampleOfStaff(
    clinicId: string,
    within: { from: Date; until: Date },
    count: number,
    isMeant: (operation: string) => boolean,
  ): Promise<AuditEntry[]>;
}

export function createAudit(connection: Connection): Audit {
  const rows = collection<AuditRow>(
    connection,
    'audit',
    {
      at: String,
      clinicId: String,
      actor: String,
      staffId: String,
      role: String,
      actorId: String,
      loggedIn: Boolean,
      operation: String,
      subjectId: String,
      personId: String,
      reason: String,
      allowed: Boolean,
    },
    [[{ clinicId: 1, personId: 1, at: -1 }], [{ clinicId: 1, at: 1 }]],
  );
  const insert = insertsTogether(rows);

  /** Rows of one instant, the last written first: several can share it, and no index tells them apart. */
  async function atOnce(filter: { clinicId: string; personId: string; at: Instant }): Promise<AuditRow[]> {
    const found = await rows.find(filter).lean<AuditRow[]>();
    return found.sort((one, other) => (one._id < other._id ? 1 : -1));
  }

  return {
    async write(entries) {
      await Promise.all(entries.map((entry) => insert(rowOf(entry))));
    },
    async ofPerson(clinicId, personId, limit) {
      const found = await rows.find({ clinicId, personId }).sort({ at: -1 }).limit(limit).lean<AuditRow[]>();
      return found.map(entryOf);
    },
    async pageOfPerson(clinicId, personId, cursor, limit) {
      const person = { clinicId, personId };
      const after = cursor === null ? null : parseCursor(cursor);
      const found = after
        ? (await atOnce({ ...person, at: after.value })).filter(({ _id }) => _id < after.id)
        : [];
      if (found.length <= limit) {
        const before = await rows
          .find({ ...person, ...(after ? { at: { $lt: after.value } } : {}) })
          .sort({ at: -1 })
          .limit(limit + 1 - found.length)
          .lean<AuditRow[]>();
        // The limit can cut through rows of one instant, of which the database gives any.
        const last = before.at(-1)?.at;
        found.push(...inOrder(before.filter(({ at }) => at !== last)));
        if (last !== undefined) found.push(...(await atOnce({ ...person, at: last })));
      }
      return pageOf(found, limit, ({ at }) => at, entryOf);
    },
    async sampleOfStaff(clinicId, { from, until }, count, isMeant) {
      const within = { $gte: toInstant(from), $lt: toInstant(until) };
      const chosen: string[] = [];
      let seen = 0;
      for await (const row of rows
        .find({ clinicId, at: within }, { actor: 1, personId: 1, operation: 1 })
        .lean<Pick<AuditRow, '_id' | 'actor' | 'personId' | 'operation'>[]>()
        .cursor()) {
        if ((row.actor ?? 'staff') !== 'staff' || row.personId === null || !isMeant(row.operation)) continue;
        // The n-th takes a place with the chance count/n: in the end each has had the same (reservoir sampling).
        const place = seen < count ? seen : randomInt(seen + 1);
        if (place < count) chosen[place] = row._id;
        seen += 1;
      }
      const found = await rows.find({ _id: { $in: chosen } }).lean<AuditRow[]>();
      return inOrder(found).reverse().map(entryOf);
    },
  };
}

/** The newest first. */
const inOrder = (rows: AuditRow[]): AuditRow[] =>
  rows.sort((one, other) =>
    one.at === other.at ? (one._id < other._id ? 1 : -1) : one.at < other.at ? 1 : -1,
  );

/** An actor as a row and the API's answers have it: staff by reference and role, everybody else by id. */
export function actorFields(actor: AuditActor): {
  actor: AuditActor['kind'];
  staffId: string | null;
  role: string | null;
  actorId: string | null;
} {
  const { kind } = actor;
  switch (kind) {
    case 'staff':
      return { actor: kind, staffId: actor.staffId, role: actor.role, actorId: null };
    case 'operator':
      return { actor: kind, staffId: null, role: null, actorId: actor.operator };
    case 'stranger':
      return { actor: kind, staffId: null, role: null, actorId: actor.loginHash };
    case 'patient':
    case 'guardian':
    case 'relative':
    case 'interpreter':
    case 'guest':
      return { actor: kind, staffId: null, role: null, actorId: actor.personId };
  }
}

const rowOf = ({ actor, ...entry }: AuditEntry): AuditRow => ({
  _id: idInOrder(new Date(entry.at)),
  ...entry,
  ...actorFields(actor),
  ...(hasLoggedIn(actor) ? { loggedIn: true } : {}),
});

/** Whether it was staff who logged in themselves: where not, the clinic's system named them (R8.7). */
export const hasLoggedIn = (actor: AuditActor): boolean => actor.kind === 'staff' && actor.loggedIn === true;

function entryOf(row: AuditRow): AuditEntry {
  const { _id, actor = 'staff', staffId, role, actorId = null, loggedIn, ...entry } = row;
  switch (actor) {
    case 'staff':
      return {
        ...entry,
        actor: {
          kind: actor,
          staffId: staffId ?? '',
          role: role ?? '',
          ...(loggedIn ? { loggedIn } : {}),
        },
      };
    case 'operator':
      return { ...entry, actor: { kind: actor, operator: actorId ?? '' } };
    case 'stranger':
      return { ...entry, actor: { kind: actor, loginHash: actorId } };
    case 'patient':
    case 'guardian':
    case 'relative':
    case 'interpreter':
    case 'guest':
      return { ...entry, actor: { kind: actor, personId: actorId ?? '' } };
  }
}

/** Whoever can stand in the log. */
export const actorKinds = [
  'staff',
  'patient',
  'guardian',
  'relative',
  'interpreter',
  'guest',
  'operator',
  'stranger',
] as const satisfies readonly AuditActor['kind'][];
