import { z } from 'zod';
import { elksCall, type ElksAt } from './elks-call';
import { elksId } from './elks-id';
import { elksTime, toElksTime } from './elks-time';
import { parseJson } from './parse-json';

/** Which of the provider's messages are asked for. */
export interface HistoryQuery {
  /** The sender, as it was handed over. */
  from: string;
  /** E.164. */
  to: string;
  /** Created after this and before that, both excluded. */
  after: Date;
  before: Date;
}

/** A message that the provider has, as its own history tells of it. */
export interface SmsInHistory {
  providerId: string;
  createdAt: Date;
  status: 'created' | 'sent' | 'delivered' | 'failed';
}

/**
 * What came of asking. `unread` says nothing of what was sent; its reasons are short kebab words, as those of
 * a send.
 */
export type History =
  | {
      kind: 'read';
      messages: SmsInHistory[];
      /** So many rows could not be read, and may be messages that were asked for. */
      odd: number;
    }
  | { kind: 'unread'; reason: string };

/** The most that a page holds (facts.md). */
const PAGE = 100;
/** To one number within minutes there are a few; what has more pages than this is something else. */
const MAX_PAGES = 10;
/** A hundred messages with the longest texts; what is larger is something else. */
const MAX_PAGE_BYTES = 524_288;

const outgoing = z
  .object({
    direction: z.literal('outgoing'),
    id: elksId,
    from: z.string(),
    to: z.string(),
    status: z.enum(['created', 'sent', 'delivered', 'failed']),
    created: elksTime,
  })
  .transform(({ id, from, to, status, created }) => ({
    providerId: id,
    from,
    to,
    status,
    createdAt: created,
  }));

/** What phones have sent to us, and what was answered to that, stand in the same history. */
const notOurs = z.object({ direction: z.enum(['incoming', 'outgoing-reply']) }).transform(() => null);
/**
 * Of a kind or in a form that we do not know. One odd row must not make the others unreadable: it explains no
 * SMS of ours, whose row in the ledger then stays unknown, which is never wrong.
 */
const oddRow = z.unknown().transform((row) => ({ odd: true, to: numberIn(row) }) as const);

/** Whom an odd row is to, where it says so. */
const numberIn = (row: unknown): string | null =>
  z.object({ to: z.string() }).safeParse(row).data?.to ?? null;

const pageSchema = z.object({
  data: z.array(z.union([outgoing, notOurs, oddRow])).max(PAGE),
  /** The `start` of the next page. */
  next: z.string().min(1).max(100).nullish(),
});

/**
 * Reads what the provider has sent to one number within a time, all pages of it. Never throws for what the
 * provider or the network does, and never takes half a history for a whole one.
 *
 * @param at.timeoutMs - for all pages together
 */
export async function readHistory(at: ElksAt, query: HistoryQuery): Promise<History> {
  const { from, to, after, before } = query;
  const until = performance.now() + at.timeoutMs;
  const found = new Map<string, SmsInHistory>();
  let start = toElksTime(before);
  let odd = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    // `start` is the newer end (facts.md).
    const asked = new URLSearchParams({ to, start, end: toElksTime(after), limit: String(PAGE) });
    const url = `${at.url}?${asked.toString()}`;
    const answer = await elksCall({ ...at, url, timeoutMs: until - performance.now() }, MAX_PAGE_BYTES);
    if (answer.kind === 'failed') return { kind: 'unread', reason: answer.reason };
    const { status, body } = answer;
    if (status !== 200) return { kind: 'unread', reason: `http-${status}` };
    if (body === null) return { kind: 'unread', reason: 'answer-too-large' };
    const read = pageSchema.safeParse(parseJson(body));
    if (!read.success) return { kind: 'unread', reason: 'answer-odd' };
    for (const sms of read.data.data) {
      if (sms && 'odd' in sms) {
        if (sms.to === null || sms.to === to) odd += 1;
        continue;
      }
      // Asked again of what came: a filter that the provider passed over must not let another's message
      // explain ours.
      if (sms?.to !== to || sms.from !== from || sms.createdAt <= after || sms.createdAt >= before) continue;
      const { providerId, createdAt, status: smsStatus } = sms;
      found.set(providerId, { providerId, createdAt, status: smsStatus });
    }
    const { next } = read.data;
    if (next === undefined || next === null) return { kind: 'read', messages: [...found.values()], odd };
    start = next;
  }
  return { kind: 'unread', reason: 'too-many-pages' };
}
