import type { ClientSession, Connection } from 'mongoose';
import type { ClinicEvent, EventBody, EventState } from '../rules/events';
import { toInstant, type Instant } from '../rules/instant';
import { randomId } from '../platform/keys/random-id';
import { createInTurn } from '../platform/in-turn';
import type { Page } from './pages';
import { changeIf, collection, insertNew, json, secondsBetween } from './schema';
import type { Webhooks } from './webhooks';

/** An event as the outbox keeps it. */
export type StoredEvent = EventBody & {
  eventId: string;
  clinicId: string;
  /** What it is about, the meeting: events of one subject go in the order of their sequence. */
  subject: string;
  /** From 1, without gaps, in the order in which their causes were committed. */
  sequence: number;
  at: Instant;
  state: EventState;
  /** How often it was sent, and that was noted. */
  tries: number;
  /** Failures since it began to fail, or since a replay was asked for. */
  failures: number;
  failingSince: Instant | null;
  /** Why the last try failed, in machine words. */
  lastFailure: string | null;
  /** Not tried before; null: as soon as it is its turn. */
  retryAt: Instant | null;
  deliveredAt: Instant | null;
};

interface EventRow {
  _id: string;
  clinicId: string;
  subject: string;
  sequence: number;
  type: string;
  at: Instant;
  data: unknown;
  state: EventState;
  /**
   * The clinic had a webhook when this was written, or has asked for it since: what is not wanted is never
   * sent by itself.
   */
  wanted: boolean;
  tries: number;
  failures: number;
  failingSince: Instant | null;
  lastFailure: string | null;
  retryAt: Instant | null;
  deliveredAt: Instant | null;
  /** When it was last asked for again: a try that began before that settles nothing. */
  askedAt: Instant | null;
  expiresAt: Date;
}

/**
 * The queue of one subject. Whoever adds writes it, so that the order of commits is the order of sequence
 * numbers.
 */
interface QueueRow {
  _id: string;
  clinicId: string;
  /** The sequence number given last. */
  last: number;
  /**
   * Grows with each addition and replay, so that a sender who saw nothing left knows whether that still
   * holds.
   */
  changes: number;
  /** When to look at its first event; absent while nothing in it waits to be sent. */
  dueAt?: Date;
  /** Who has it for itself, and until when: a subject is sent by one at a time. */
  claim?: string;
  claimedUntil?: Date;
}

/** The first waiting event of a subject, with the right to send it for a while. */
export interface EventClaim {
  token: string;
  event: StoredEvent;
  askedAt: Instant | null;
}

/** What a try came to. */
export type EventOutcome =
  | { kind: 'delivered' }
  | { kind: 'failed'; reason: string; retryAt: Date }
  | { kind: 'dead'; reason: string };

/** The outbox: events are written with their cause and delivered afterwards (design, decision 11). */
export interface Events {
  /**
   * Writes events of one subject in the caller's transaction, in their order; one that is there already is
   * passed over.
   * @throws RangeError for an id that Standard Webhooks cannot sign unambiguously
   */
  add(
    session: ClientSession,
    about: { clinicId: string; subject: string },
    events: readonly ClinicEvent[],
  ): Promise<void>;
  /**
   * The same of a subject that is new in this transaction and has none: nothing is looked for.
   *
   * @throws the database's error of a duplicate where it has some
   */
  addFirst(
    session: ClientSession,
    about: { clinicId: string; subject: string },
    events: readonly ClinicEvent[],
  ): Promise<void>;
  /** By when they happened, from and until (excluded); `cursor` is the `next` of the page before. */
  list(query: {
    clinicId: string;
    from: Instant | null;
    until: Instant | null;
    state: EventState | null;
    cursor: string | null;
    limit: number;
  }): Promise<Page<StoredEvent>>;
  /**
   * Lets all that happened in a range be sent again, in order and with the same ids; answers with how many.
   */
  replay(clinicId: string, from: Instant, until: Instant, askedAt: Instant): Promise<number>;
  /** Clinics with an event whose time has come. */
  clinicsWithDue(now: Date): Promise<string[]>;
  /** Takes the clinic's longest due subject for `forMs`; null where nothing is due. */
  claim(clinicId: string, now: Date, forMs: number): Promise<EventClaim | null>;
  /** Notes what a try came to, and lets the subject go. */
  settle(claim: EventClaim, outcome: EventOutcome, now: Date): Promise<void>;
  /** Lets the subject go as it was, to be looked at again then. */
  letGo(claim: EventClaim, lookAgainAt: Date): Promise<void>;
  /**
   * How many subjects have an event that is due, and for how long the oldest of them has been, in seconds.
   */
  waiting(now: Date): Promise<{ count: number; oldestSeconds: number }>;
}

const DAY_MS = 24 * 3_600_000;
/** A delivered event is kept so long, for a replay. */
const KEPT_AFTER_DELIVERY_MS = 90 * DAY_MS;
/** One that was not, dead or never wanted, so long (ours). */
const KEPT_UNDELIVERED_MS = 365 * DAY_MS;

/** Without a beginning the embedded database reads those without a time too, which are most. */
const dueBy = (now: Date) => ({ dueAt: { $gte: new Date(0), $lte: now } });

/** More subjects of one clinic are not sent at the same time. */
const MOST_CLAIMED = 20;
const REPLAYED_AT_ONCE = 200;

const EVENT_ID = /^[A-Za-z0-9:_-]{1,200}$/;

export function createEvents(connection: Connection, webhooks: Webhooks): Events {
  const rows = collection<EventRow>(
    connection,
    'events',
    {
      clinicId: String,
      subject: String,
      sequence: Number,
      type: String,
      at: String,
      data: json,
      state: String,
      wanted: Boolean,
      tries: Number,
      failures: Number,
      failingSince: String,
      lastFailure: String,
      retryAt: String,
      deliveredAt: String,
      askedAt: String,
      expiresAt: Date,
    },
    [
      // The next of a subject, and no number twice.
      [{ subject: 1, sequence: 1 }, { unique: true }],
      // The first of a subject that waits, among many that are delivered.
      [{ subject: 1, state: 1, wanted: 1, sequence: 1 }],
      // Lists and replays, and the dead ones among many.
      [{ clinicId: 1, at: 1, sequence: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, at: 1, sequence: 1, _id: 1 }],
      [{ expiresAt: 1 }, { expireAfterSeconds: 0 }],
    ],
  );
  const queues = collection<QueueRow>(
    connection,
    'eventQueues',
    { clinicId: String, last: Number, changes: Number, dueAt: Date, claim: String, claimedUntil: Date },
    // Without dueAt, most are not in the sparse index.
    [[{ dueAt: 1 }, { sparse: true }], [{ clinicId: 1, dueAt: 1 }]],
  );

  /** Inserts events of one subject, numbered from there. */
  async function insertFrom(
    sequence: number,
    events: readonly ClinicEvent[],
    { clinicId, subject, wanted }: Pick<EventRow, 'clinicId' | 'subject' | 'wanted'>,
    session: ClientSession,
  ): Promise<void> {
    await rows.insertMany(
      events.map(({ eventId, at, type, data }, index) => ({
        _id: eventId,
        clinicId,
        subject,
        sequence: sequence + index,
        type,
        at,
        data,
        state: 'waiting',
        wanted,
        tries: 0,
        failures: 0,
        failingSince: null,
        lastFailure: null,
        retryAt: null,
        deliveredAt: null,
        askedAt: null,
        expiresAt: new Date(Date.parse(at) + KEPT_UNDELIVERED_MS),
      })),
      { session },
    );
  }

  const headOf = (subject: string, session: ClientSession | null = null) =>
    rows
      .findOne({ subject, state: 'waiting', wanted: true })
      .sort({ sequence: 1 })
      .session(session)
      .lean<EventRow>();

  /**
   * Lets a claimed subject go, so that it is looked at when its first event is due. It runs inside a
   * transaction, since whoever adds an event meanwhile writes the queue too.
   */
  async function release(session: ClientSession, subject: string, token: string, now: Date): Promise<void> {
    const head = await headOf(subject, session);
    const dueAt = head && (head.retryAt === null ? now : new Date(head.retryAt));
    // Where the claim ran out, another one has it.
    await changeIf(
      queues,
      subject,
      ({ claim }) => claim === token,
      dueAt
        ? { $set: { dueAt }, $unset: { claim: 1, claimedUntil: 1 } }
        : { $unset: { dueAt: 1, claim: 1, claimedUntil: 1 } },
      session,
    );
  }

  async function claim(clinicId: string, now: Date, forMs: number): Promise<EventClaim | null> {
    const until = new Date(now.getTime() + forMs);
    for (;;) {
      const due = await queues
        .find({ clinicId, ...dueBy(now) })
        .sort({ dueAt: 1 })
        .limit(MOST_CLAIMED + 1)
        .lean<QueueRow[]>();
      // One that is claimed is due all the same where an event has come since.
      const isFree = ({ claimedUntil, dueAt }: QueueRow): boolean =>
        dueAt !== undefined && dueAt <= now && (claimedUntil === undefined || claimedUntil <= now);
      const first = due.find(isFree);
      if (!first) return null;
      const { _id: subject } = first;
      const token = randomId();
      const claimed = await changeIf(queues, subject, isFree, {
        // Not due again while it is claimed: should we die, it is when the claim has run out.
        $set: { claim: token, claimedUntil: until, dueAt: until },
      });
      if (!claimed) continue;
      const head = await headOf(subject);
      if (head && (head.retryAt === null || head.retryAt <= toInstant(now))) {
        return { token, event: eventOf(head), askedAt: head.askedAt };
      }
      await connection.transaction((session) => release(session, subject, token, now));
    }
  }

  const claiming = createInTurn();

  return {
    async add(session, { clinicId, subject }, events) {
      if (events.length === 0) return;
      refuseWrongIds(events);
      const ids = events.map(({ eventId }) => eventId);
      const there = await rows
        .find({ _id: { $in: ids } }, { _id: 1 })
        .session(session)
        .lean<{ _id: string }[]>();
      const known = new Set(there.map(({ _id }) => _id));
      const fresh = events.filter(({ eventId }) => !known.has(eventId));
      const [first] = fresh;
      if (!first) return;

      const wanted = await webhooks.isSet(clinicId);
      // Written first: from then on nobody else counts until the end of the transaction.
      await queues.updateOne(
        { _id: subject },
        {
          $inc: { last: fresh.length, changes: 1 },
          $setOnInsert: { clinicId },
          // Earlier than a retry under way does no harm: the first event knows its own time.
          ...(wanted ? { $min: { dueAt: new Date(first.at) } } : {}),
        },
        { session, upsert: true },
      );
      const queue = await queues.findById(subject).session(session).lean<QueueRow>();
      if (!queue) throw new Error(`the queue ${subject} was counted and has gone`);
      await insertFrom(queue.last - fresh.length + 1, fresh, { clinicId, subject, wanted }, session);
    },

    async addFirst(session, { clinicId, subject }, events) {
      const [first] = events;
      if (!first) return;
      refuseWrongIds(events);
      const wanted = await webhooks.isSet(clinicId);
      const dueAt = wanted ? { dueAt: new Date(first.at) } : {};
      await insertNew(queues, { _id: subject, clinicId, last: events.length, changes: 1, ...dueAt }, session);
      await insertFrom(1, events, { clinicId, subject, wanted }, session);
    },

    async list({ clinicId, from, until, state, cursor, limit }) {
      const after = cursor === null ? null : parseEventCursor(cursor);
      const whose = { clinicId, ...(state ? { state } : {}) };
      const read = (range: object, most: number) =>
        rows
          .find({ ...whose, ...(Object.keys(range).length > 0 ? { at: range } : {}) })
          .sort({ at: 1, sequence: 1, _id: 1 })
          .limit(most)
          .lean<EventRow[]>();
      const isBefore = after !== null && from !== null && after.at < from;
      const start = after && !isBefore ? { $gt: after.at } : from ? { $gte: from } : {};
      const found: EventRow[] = [];
      if (after && !isBefore && (!until || after.at < until)) {
        // Of one millisecond there are few: those that the page before did not show.
        const same = await rows
          .find({ ...whose, at: after.at })
          .sort({ sequence: 1, _id: 1 })
          .lean<EventRow[]>();
        found.push(...same.filter((row) => isAfter(row, after)).slice(0, limit + 1));
      }
      if (found.length <= limit)
        found.push(...(await read({ ...start, ...(until ? { $lt: until } : {}) }, limit + 1 - found.length)));
      const last = found.length > limit ? found[limit - 1] : undefined;
      return { items: found.slice(0, limit).map(eventOf), next: last ? cursorOf(last) : null };
    },

    async replay(clinicId, from, until, askedAt) {
      const range = { clinicId, at: { $gte: from, $lt: until } };
      const again = {
        state: 'waiting' as const,
        wanted: true,
        failures: 0,
        failingSince: null,
        retryAt: null,
        deliveredAt: null,
        askedAt,
        expiresAt: new Date(Date.parse(askedAt) + KEPT_UNDELIVERED_MS),
      };
      const all = await rows.find(range, { _id: 1 }).lean<{ _id: string }[]>();
      for (let done = 0; done < all.length; done += REPLAYED_AT_ONCE) {
        const ids = all.slice(done, done + REPLAYED_AT_ONCE).map(({ _id }) => _id);
        await connection.transaction(async (session) => {
          const some = await rows
            .find({ _id: { $in: ids } }, { deliveredAt: 1 })
            .session(session)
            .lean<Pick<EventRow, '_id' | 'deliveredAt'>[]>();
          // What was delivered since is not asked for again by a command that is carried out twice.
          const asked = some.filter(({ deliveredAt }) => deliveredAt === null || deliveredAt < askedAt);
          const _id = { $in: asked.map((row) => row._id) };
          await rows.updateMany({ _id }, { $set: again }, { session });
        });
      }
      const subjects = await rows.distinct('subject', { ...range, state: 'waiting' });
      await queues.updateMany(
        { _id: { $in: subjects } },
        { $set: { dueAt: new Date(askedAt) }, $inc: { changes: 1 } },
      );
      const askedAts = await rows.find(range, { askedAt: 1 }).lean<Pick<EventRow, 'askedAt'>[]>();
      return askedAts.filter((row) => row.askedAt === askedAt).length;
    },

    clinicsWithDue: (now) => queues.distinct('clinicId', dueBy(now)),

    // Senders of one process that want the same subject would only get into each other's way.
    claim: (clinicId, now, forMs) => claiming(clinicId, () => claim(clinicId, now, forMs)),

    async settle({ token, event, askedAt }, outcome, now) {
      const isAsSent = (row: EventRow): boolean => row.state === 'waiting' && row.askedAt === askedAt;
      const tried = { $set: noted(event, outcome, now), $inc: { tries: 1 } };
      await connection.transaction(async (session) => {
        await changeIf(rows, event.eventId, isAsSent, tried, session);
        await release(session, event.subject, token, now);
      });
    },

    async letGo({ token, event }, lookAgainAt) {
      await changeIf(queues, event.subject, ({ claim }) => claim === token, {
        $set: { dueAt: lookAgainAt },
        $unset: { claim: 1, claimedUntil: 1 },
      });
    },

    async waiting(now) {
      const due = dueBy(now);
      const oldest = await queues.findOne(due, { dueAt: 1 }).sort({ dueAt: 1 }).lean<{ dueAt: Date }>();
      return {
        count: await queues.countDocuments(due),
        oldestSeconds: oldest ? secondsBetween(oldest.dueAt, now) : 0,
      };
    },
  };
}

/** @throws RangeError for an id that Standard Webhooks cannot sign unambiguously */
function refuseWrongIds(events: readonly ClinicEvent[]): void {
  const wrong = events.find(({ eventId }) => !EVENT_ID.test(eventId));
  if (wrong) throw new RangeError(`not an event's id: ${wrong.eventId}`);
}

/** What a try changes in its event. */
function noted(event: StoredEvent, outcome: EventOutcome, now: Date): Partial<EventRow> {
  const at = toInstant(now);
  switch (outcome.kind) {
    case 'delivered':
      return {
        state: 'delivered',
        deliveredAt: at,
        retryAt: null,
        expiresAt: new Date(now.getTime() + KEPT_AFTER_DELIVERY_MS),
      };
    case 'failed':
      return {
        failures: event.failures + 1,
        failingSince: event.failingSince ?? at,
        lastFailure: outcome.reason,
        retryAt: toInstant(outcome.retryAt),
      };
    case 'dead':
      return {
        state: 'dead',
        failures: event.failures + 1,
        failingSince: event.failingSince ?? at,
        lastFailure: outcome.reason,
        retryAt: null,
      };
  }
}

function eventOf({ _id, wanted, askedAt, expiresAt, type, data, ...row }: EventRow): StoredEvent {
  // Type and data were written together by add.
  return { eventId: _id, ...row, ...({ type, data } as EventBody) };
}

const cursorOf = ({ at, sequence, _id }: EventRow): string =>
  Buffer.from(`${at} ${sequence} ${_id}`).toString('base64url');

interface EventCursor {
  at: Instant;
  sequence: number;
  eventId: string;
}

/** Of events that happened at the instant of the cursor. */
const isAfter = ({ sequence, _id }: EventRow, after: EventCursor): boolean =>
  sequence === after.sequence ? _id > after.eventId : sequence > after.sequence;

/** @throws RangeError for what is no cursor of ours */
export function parseEventCursor(cursor: string): EventCursor {
  const [at, sequence, eventId] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const number = Number(sequence);
  if (!at || Number.isNaN(Date.parse(at)) || !Number.isSafeInteger(number) || !eventId) {
    throw new RangeError('not a cursor');
  }
  return { at, sequence: number, eventId };
}
