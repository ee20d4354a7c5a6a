import type { ClientSession, Connection } from 'mongoose';
import { keyedHash, type KeyRing } from '../platform/keys/key-ring';
import { randomId } from '../platform/keys/random-id';
import { seal, unseal } from '../platform/keys/seal';
import { actorOf, type Actor } from '../rules/actor';
import { toInstant, type Instant } from '../rules/instant';
import {
  bytesOf,
  changeIf,
  changesTogether,
  collection,
  countBy,
  insertsTogether,
  isDuplicate,
  keyIdOf,
  secondsBetween,
} from './schema';

/** The answer to a command, as HTTP gives it. */
export interface Answer {
  status: number;
  body: unknown;
}

/** What a clinic or a patient asked for, stored before anything is done about it (design, decision 6). */
export interface Command {
  commandId: string;
  clinicId: string;
  operation: string;
  /** What the command makes gets this id, so that carrying it out twice makes one thing. */
  targetId: string;
  actor: Actor;
  /** Why, where staff stated it; for the audit log. */
  reason: string | null;
  params: Record<string, string>;
  body: unknown;
  receivedAt: Instant;
  /**
   * The state of the meeting when the command was received (design, decision 16). It is absent if the command
   * is about no meeting, and in commands stored by 0.1.0.
   */
  seen?: { startVersion: number; ended: boolean };
  /** The field key that it is stored under, and its answer too; absent where it was not read from there. */
  sealedBy?: string;
}

interface CommandRow {
  _id: string;
  clinicId: string;
  keyHash: string;
  fingerprint: string;
  operation: string;
  targetId: string;
  /**
   * The meeting or message case that it is about, if any: its notices and deadlines wait until the command is
   * carried out.
   */
  meetingId: string | null;
  sealedBy: string;
  sealedCommand: Buffer;
  sealedAnswer: Buffer | null;
  receivedAt: Instant;
  state: 'accepted' | 'done';
  /** Whoever asked was told that it is received; absent for nobody, and by 0.1.0. */
  told?: boolean;
  /** How often it failed by a fault of our own; absent for never, and by 0.1.0. */
  failures?: number;
  /** Until when the process that carries it out has it for itself. */
  leaseUntil: Date;
  createdAt: Date;
}

/** What came of handing in a command under an idempotency key. */
export type Acceptance =
  | { kind: 'carry-out'; command: Command; isNew: boolean }
  | { kind: 'answered'; answer: Answer }
  | { kind: 'under-way' }
  | { kind: 'other-content' };

export interface Commands {
  /**
   * Stores a new command, or says what became of the one under the same key.
   * @param now when it is stored, if that is not when it was received, such as after a long upload
   */
  accept(
    key: string,
    request: Omit<Command, 'commandId' | 'targetId' | 'receivedAt' | 'sealedBy'>,
    receivedAt: Date,
    now?: Date,
  ): Promise<Acceptance>;
  /** A command came under this key before. */
  isKnown(clinicId: string, key: string): Promise<boolean>;
  /**
   * Stores the answer of a command; answers with the one that stands: the first, where another process had
   * one before.
   *
   * @param sealedBy the field key that the command is stored under, where it is known: then it is not read
   */
  answer(commandId: string, answer: Answer, session?: ClientSession, sealedBy?: string): Promise<Answer>;
  /** The answer that is stored, null for none yet. */
  answered(commandId: string): Promise<Answer | null>;
  /**
   * Lets go of a command that could not be carried out now, so that the reconciler tries again. The caller
   * hears that it is received.
   */
  release(commandId: string, retryAt: Date): Promise<void>;
  /** Counts a failure of our own; answers with how many there have been. */
  noteFailure(commandId: string): Promise<number>;
  /**
   * Whether the caller was told that the command is received (design, decision 16). It is read in the
   * transaction of the command's answer; after that nobody is told so. It is null if another process has
   * answered the command: that answer counts.
   */
  wasTold(commandId: string, session: ClientSession): Promise<boolean | null>;
  /** Takes over a command that nobody is carrying out, the longest waiting first, or null. */
  takeOver(now: Date): Promise<Command | null>;
  /** A command about this meeting waits to be carried out. */
  pendingFor(meetingId: string): Promise<boolean>;
  /** The commands about this meeting that wait to be carried out. */
  waitingAbout(meetingId: string): Promise<Command[]>;
  /** A command about this case waits to be carried out that was received before the instant. */
  pendingBefore(caseId: string, receivedBefore: Instant): Promise<boolean>;
  /** The command that makes this thing waits to be carried out. */
  isBeingMade(targetId: string): Promise<boolean>;
  /**
   * Commands that were received since and have been done, not refused, in the order of their receipt: after a
   * restore of Temporal.
   */
  doneSince(receivedSince: Date): Promise<Command[]>;
  /** How many wait with nobody carrying them out, and how long the oldest of them has, in seconds. */
  waiting(now: Date): Promise<{ count: number; oldestSeconds: number }>;
  /**
   * How many stored commands each field key and each hash key is needed for, by its id; they go after seven
   * days.
   */
  keysNeeded(): Promise<{ fieldKeys: Record<string, number>; hashKeys: Record<string, number> }>;
}

/** How long a process may take for one command before another takes it over. */
const LEASE_MS = 30_000;
/** Answers are kept this long; longer than any client tries again. */
const KEPT_SECONDS = 7 * 24 * 3600;

export function createCommands(connection: Connection, fieldKeys: KeyRing, hashKeys: KeyRing): Commands {
  const rows = collection<CommandRow>(
    connection,
    'commands',
    {
      clinicId: String,
      keyHash: String,
      fingerprint: String,
      operation: String,
      targetId: String,
      meetingId: String,
      sealedBy: String,
      sealedCommand: Buffer,
      sealedAnswer: Buffer,
      receivedAt: String,
      state: String,
      told: Boolean,
      failures: Number,
      leaseUntil: Date,
      createdAt: Date,
    },
    [
      [{ clinicId: 1, keyHash: 1 }, { unique: true }],
      [{ state: 1, leaseUntil: 1 }],
      [{ state: 1, receivedAt: 1 }],
      [{ _id: 1, state: 1 }],
      [{ meetingId: 1, state: 1, receivedAt: 1 }],
      [{ targetId: 1, state: 1 }],
      [{ createdAt: 1 }, { expireAfterSeconds: KEPT_SECONDS, partialFilterExpression: { state: 'done' } }],
    ],
  );

  const hash = (keyId: string, purpose: string, value: string): string =>
    `${keyId}:${keyedHash(hashKeys.find(keyId)!, purpose, value).toString('base64url')}`;
  const keyHashOf = (keyId: string, clinicId: string, key: string): string =>
    hash(keyId, 'idempotency-key', `${clinicId}\u0000${key}`);
  const fingerprintOf = (
    keyId: string,
    { operation, params, body }: Pick<Command, 'operation' | 'params' | 'body'>,
  ) => hash(keyId, 'fingerprint', canonicalJson([operation, params, body]));
  const sealJson = (value: unknown, place: string): Buffer =>
    seal(fieldKeys.current.key, Buffer.from(JSON.stringify(value)), place);
  const unsealJson = (row: CommandRow, sealed: Buffer, place: string): unknown => {
    const key = fieldKeys.find(row.sealedBy);
    if (!key) throw new Error(`no field key with the id ${row.sealedBy}`);
    return JSON.parse(unseal(key, bytesOf(sealed), place).toString()) as unknown;
  };
  // Under older hash keys too: a command that is repeated across a rotation is still the same one.
  const knownBy = (clinicId: string, key: string) => ({
    clinicId,
    keyHash: { $in: hashKeys.ids.map((keyId) => keyHashOf(keyId, clinicId, key)) },
  });
  const commandOf = (row: CommandRow): Command =>
    withActor({
      ...(unsealJson(row, row.sealedCommand, `command:${row._id}`) as Command),
      sealedBy: row.sealedBy,
    });
  const answerOf = (row: CommandRow, sealedAnswer: Buffer): Answer =>
    unsealJson(row, sealedAnswer, `answer:${row._id}`) as Answer;
  const answered = async (commandId: string, session?: ClientSession): Promise<Answer | null> => {
    const row = await rows
      .findById(commandId, { sealedBy: 1, sealedAnswer: 1 }, session ? { session } : {})
      .lean<CommandRow>();
    return row?.sealedAnswer ? answerOf(row, row.sealedAnswer) : null;
  };
  const lease = (now: Date): Date => new Date(now.getTime() + LEASE_MS);
  /** Takes a command that waits and that nobody has for itself; null where somebody else was first. */
  const take = (commandId: string, now: Date): Promise<CommandRow | null> =>
    changeIf(rows, commandId, (row) => row.state === 'accepted' && row.leaseUntil <= now, {
      $set: { leaseUntil: lease(now) },
    });

  const keyOf = async (commandId: string, session?: ClientSession): Promise<string | undefined> =>
    (await rows.findById(commandId, { sealedBy: 1 }, session ? { session } : {}).lean<CommandRow>())
      ?.sealedBy;
  const insert = insertsTogether(rows);
  const change = changesTogether(rows);

  return {
    async accept(key, request, receivedAt, now = receivedAt) {
      const content: Omit<Command, 'sealedBy'> = {
        ...request,
        commandId: randomId(),
        targetId: randomId(),
        receivedAt: toInstant(receivedAt),
      };
      const sealedBy = fieldKeys.current.id;
      const { current } = hashKeys;
      const known = knownBy(request.clinicId, key);
      // Under the newest key the unique index tells of an earlier one.
      let earlier = hashKeys.ids.length > 1 ? await rows.findOne(known).lean<CommandRow>() : null;
      if (!earlier) {
        try {
          await insert({
            _id: content.commandId,
            clinicId: request.clinicId,
            keyHash: keyHashOf(current.id, request.clinicId, key),
            fingerprint: fingerprintOf(current.id, request),
            operation: request.operation,
            targetId: content.targetId,
            meetingId: request.params.meetingId ?? request.params.caseId ?? null,
            sealedBy,
            sealedCommand: sealJson(content, `command:${content.commandId}`),
            sealedAnswer: null,
            receivedAt: content.receivedAt,
            state: 'accepted',
            leaseUntil: lease(now),
            createdAt: now,
          });
          return { kind: 'carry-out', command: { ...content, sealedBy }, isNew: true };
        } catch (error) {
          if (!isDuplicate(error)) throw error;
        }
        earlier = await rows.findOne(known).lean<CommandRow>();
      }
      if (!earlier) throw new Error('an idempotency key was stored and has gone');
      const [hashedBy = ''] = earlier.fingerprint.split(':');
      if (earlier.fingerprint !== fingerprintOf(hashedBy, request)) return { kind: 'other-content' };
      if (earlier.sealedAnswer) {
        return {
          kind: 'answered',
          answer: answerOf(earlier, earlier.sealedAnswer),
        };
      }
      if (await take(earlier._id, now))
        return { kind: 'carry-out', command: commandOf(earlier), isNew: false };
      const told = await rows.updateOne({ _id: earlier._id, state: 'accepted' }, { $set: { told: true } });
      if (told.matchedCount === 1) return { kind: 'under-way' };
      // It has come to its answer this moment.
      const done = await rows.findById(earlier._id).lean<CommandRow>();
      if (!done?.sealedAnswer) throw new Error('a command is done without an answer');
      return { kind: 'answered', answer: answerOf(done, done.sealedAnswer) };
    },
    async isKnown(clinicId, key) {
      return (await rows.exists(knownBy(clinicId, key))) !== null;
    },
    async answer(commandId, answer, session, known) {
      const sealedBy = known ?? (await keyOf(commandId, session));
      const key = sealedBy === undefined ? null : fieldKeys.find(sealedBy);
      if (!key) throw new Error('a command under way has gone, or its key');
      const sealedAnswer = seal(key, Buffer.from(JSON.stringify(answer)), `answer:${commandId}`);
      // The first answer stands: two processes may have carried out the same command, with one effect.
      const filter = { _id: commandId, state: 'accepted' as const };
      const set = { state: 'done' as const, sealedAnswer };
      const isFirst = session
        ? (await rows.updateOne(filter, { $set: set }, { session })).matchedCount === 1
        : await change({ filter, set });
      const first = isFirst ? answer : await answered(commandId, session);
      if (!first) throw new Error('a command is done without an answer');
      return first;
    },
    answered: (commandId) => answered(commandId),
    async release(commandId, retryAt) {
      await rows.updateOne(
        { _id: commandId, state: 'accepted' },
        { $set: { leaseUntil: retryAt, told: true } },
      );
    },
    async noteFailure(commandId) {
      await rows.updateOne({ _id: commandId }, { $inc: { failures: 1 } });
      const row = await rows.findById(commandId, { failures: 1 }).lean<CommandRow>();
      return row?.failures ?? 0;
    },
    async wasTold(commandId, session) {
      const row = await rows.findById(commandId, { told: 1, state: 1 }, { session }).lean<CommandRow>();
      return row?.state === 'done' ? null : row?.told === true;
    },
    async takeOver(now) {
      for (;;) {
        const longest = await rows
          .findOne({ state: 'accepted', leaseUntil: { $lte: now } }, { _id: 1 })
          // The longest waiting comes first, not the oldest: one that can never be carried out must not hold
          // up the others.
          .sort({ leaseUntil: 1 })
          .lean<{ _id: string }>();
        if (!longest) return null;
        const row = await take(longest._id, now);
        if (row) return commandOf(row);
      }
    },
    async pendingBefore(caseId, receivedBefore) {
      const waiting = { meetingId: caseId, state: 'accepted', receivedAt: { $lt: receivedBefore } } as const;
      return (await rows.exists(waiting)) !== null;
    },
    async isBeingMade(targetId) {
      return (await rows.exists({ targetId, state: 'accepted' })) !== null;
    },
    async pendingFor(meetingId) {
      return (await rows.exists({ meetingId, state: 'accepted' })) !== null;
    },
    async waitingAbout(meetingId) {
      return (await rows.find({ meetingId, state: 'accepted' }).lean<CommandRow[]>()).map(commandOf);
    },
    async doneSince(receivedSince) {
      const done = await rows
        .find({ state: 'done', receivedAt: { $gte: toInstant(receivedSince) } })
        .sort({ receivedAt: 1, _id: 1 })
        .lean<CommandRow[]>();
      return done
        .filter((row) => row.sealedAnswer && answerOf(row, row.sealedAnswer).status < 300)
        .map(commandOf);
    },
    async waiting(now) {
      const [found] = await rows.aggregate<{ count: number; oldest: Date }>([
        { $match: { state: 'accepted', leaseUntil: { $lte: now } } },
        { $group: { _id: null, count: { $sum: 1 }, oldest: { $min: '$createdAt' } } },
      ]);
      return found
        ? { count: found.count, oldestSeconds: secondsBetween(found.oldest, now) }
        : { count: 0, oldestSeconds: 0 };
    },
    async keysNeeded() {
      return {
        fieldKeys: await countBy(rows, '$sealedBy'),
        hashKeys: await countBy(rows, keyIdOf('$keyHash')),
      };
    },
  };
}

const withActor = (command: Command): Command => ({ ...command, actor: actorOf(command) });

/**
 * JSON with the keys of every object in order: the same content written in another order is the same content.
 */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
