import type { ClientSession, Connection } from 'mongoose';
import { nameOf, type Actor } from '../rules/actor';
import type { Instant } from '../rules/instant';
import type { PersonKeys } from './person-keys';
import { collection } from './schema';

/** What a thread belongs to: a message case, or a meeting, whose chat it is (R4.4). */
export type ThreadKind = 'case' | 'meeting';

/** A message of a thread. */
export interface Message {
  messageId: string;
  thread: ThreadKind;
  /** The case's id, or the meeting's. */
  threadId: string;
  clinicId: string;
  patientId: string;
  author: Actor['kind'];
  /** As {@link nameOf} has it. */
  writtenBy: string;
  /** Null where there are files only. */
  text: string | null;
  /** Staff ask for more than they were told (R6.3): to be shown so. */
  asksForMore: boolean;
  fileIds: string[];
  /** When our API received it. */
  receivedAt: Instant;
  /** From 1 without gaps: the order in which the thread is read. */
  number: number;
}

interface MessageRow extends Omit<Message, 'messageId' | 'text'> {
  _id: string;
  sealed: Buffer;
}

interface ThreadRow {
  _id: string;
  last: number;
}

/** A message that is ready to be kept: sealed, and not numbered yet. */
export type SealedMessage = Omit<MessageRow, 'number'>;

/** The messages of all threads, each sealed with its patient's key (R6.7, R8.3). */
export interface Messages {
  /** Before the transaction that keeps it. */
  seal(message: Omit<Message, 'number' | 'author' | 'writtenBy'>, author: Actor): Promise<SealedMessage>;
  /**
   * Keeps a message once, as the last of its thread; the same id again changes nothing. Answers with its
   * number.
   */
  add(message: SealedMessage, session: ClientSession): Promise<{ isNew: boolean; number: number }>;
  isKnown(messageId: string): Promise<boolean>;
  count(threadId: string): Promise<number>;
  /** The number of the last message of each thread that has any. */
  lastOf(threadIds: string[]): Promise<Map<string, number>>;
  /** The number of one message; null where the thread has none of that id. */
  numberOf(threadId: string, messageId: string): Promise<number | null>;
  /** Of those received at that instant or later: who wrote each, and when it was received; in order. */
  receivedSince(
    threadId: string,
    since: Instant,
  ): Promise<Pick<Message, 'messageId' | 'author' | 'writtenBy' | 'receivedAt'>[]>;
  /** Those after a number, in order. */
  list(threadId: string, after: number, limit: number): Promise<Message[]>;
}

export function createMessages(connection: Connection, personKeys: PersonKeys): Messages {
  const rows = collection<MessageRow>(
    connection,
    'messages',
    {
      thread: String,
      threadId: String,
      clinicId: String,
      patientId: String,
      author: String,
      writtenBy: String,
      asksForMore: Boolean,
      fileIds: [String],
      receivedAt: String,
      number: Number,
      sealed: Buffer,
    },
    [[{ threadId: 1, number: 1 }, { unique: true }], [{ threadId: 1, receivedAt: 1 }]],
  );
  // Whoever adds writes it, so that the order of commits is the order of numbers.
  const threads = collection<ThreadRow>(connection, 'threads', { last: Number });
  const place = (messageId: string): string => `message:${messageId}`;

  return {
    async seal({ messageId, text, ...message }, author) {
      return {
        _id: messageId,
        ...message,
        author: author.kind,
        writtenBy: nameOf(author),
        sealed: await personKeys.seal(message.patientId, place(messageId), text),
      };
    },
    async add(message, session) {
      const earlier = await rows.findById(message._id).session(session).lean<MessageRow>();
      if (earlier) return { isNew: false, number: earlier.number };
      const _id = message.threadId;
      // Written first: from then on nobody else counts until the end of the transaction.
      await threads.updateOne({ _id }, { $inc: { last: 1 } }, { session, upsert: true });
      const thread = await threads.findById(_id).session(session).lean<ThreadRow>();
      if (!thread) throw new Error(`the thread ${_id} was counted and has gone`);
      const { last } = thread;
      await rows.create([{ ...message, number: last }], { session });
      return { isNew: true, number: last };
    },
    async isKnown(messageId) {
      return (await rows.exists({ _id: messageId })) !== null;
    },
    count: (threadId) => rows.countDocuments({ threadId }),
    async lastOf(threadIds) {
      const found = await threads.find({ _id: { $in: threadIds } }).lean<ThreadRow[]>();
      return new Map(found.map(({ _id, last }) => [_id, last]));
    },
    async numberOf(threadId, messageId) {
      const row = await rows.findById(messageId, { threadId: 1, number: 1 }).lean<MessageRow>();
      return row?.threadId === threadId ? row.number : null;
    },
    async receivedSince(threadId, since) {
      const found = await rows
        .find({ threadId, receivedAt: { $gte: since } }, { author: 1, writtenBy: 1, receivedAt: 1 })
        .sort({ number: 1 })
        .lean<Pick<MessageRow, '_id' | 'author' | 'writtenBy' | 'receivedAt'>[]>();
      return found.map(({ _id, author, writtenBy, receivedAt }) => ({
        messageId: _id,
        author,
        writtenBy,
        receivedAt,
      }));
    },
    async list(threadId, after, limit) {
      const found = await rows
        .find({ threadId, number: { $gt: after } })
        .sort({ number: 1 })
        .limit(limit)
        .lean<MessageRow[]>();
      return Promise.all(
        found.map(async ({ _id, sealed, ...row }) => ({
          messageId: _id,
          ...row,
          text: await personKeys.unseal<string | null>(row.patientId, place(_id), sealed),
        })),
      );
    },
  };
}
