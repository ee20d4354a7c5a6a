import { z } from 'zod';
import { elksId } from './elks-id';
import { elksTime, toElksTime } from './elks-time';
import { parseJson } from './parse-json';
import { readLimited } from './read-limited';
import { sendFailure } from './send-failure';

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

/** What came of asking. `unread` says nothing of what was sent; its reasons are short kebab words, as those of a send. */
export type History = { kind: 'read'; messages: SmsInHistory[] } | { kind: 'unread'; reason: string };

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
/** What phones have sent to us stands in the same history. */
const incoming = z.object({ direction: z.literal('incoming') }).transform(() => null);

const pageSchema = z.object({
  data: z.array(z.union([outgoing, incoming])).max(PAGE),
  /** The `start` of the next page. */
  next: z.string().min(1).max(100).optional(),
});

/**
 * Reads what the provider has sent to one number within a time, all pages of it. Never throws for what the provider or the network
 * does, and never takes half a history for a whole one.
 *
 * @param at.timeoutMs - for all pages together
 */
export async function readHistory(
  at: { url: string; authorization: string; timeoutMs: number },
  query: HistoryQuery,
): Promise<History> {
  const { from, to, after, before } = query;
  const signal = AbortSignal.timeout(at.timeoutMs);
  const found = new Map<string, SmsInHistory>();
  let start = toElksTime(before);
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      // `start` is the newer end (facts.md).
      const asked = new URLSearchParams({ to, start, end: toElksTime(after), limit: String(PAGE) });
      const response = await fetch(`${at.url}?${asked.toString()}`, {
        headers: { authorization: at.authorization, connection: 'close' },
        redirect: 'manual',
        signal,
      });
      if (response.status !== 200) {
        response.body?.cancel().catch(() => undefined);
        return { kind: 'unread', reason: `http-${response.status}` };
      }
      const body = await readLimited(response, MAX_PAGE_BYTES);
      if (body === null) return { kind: 'unread', reason: 'answer-too-large' };
      const answer = pageSchema.safeParse(parseJson(body));
      if (!answer.success) return { kind: 'unread', reason: 'answer-odd' };
      for (const sms of answer.data.data) {
        // Asked again of what came: a filter that the provider passed over must not let another's message explain ours.
        if (sms?.to !== to || sms.from !== from || sms.createdAt <= after || sms.createdAt >= before)
          continue;
        const { providerId, createdAt, status } = sms;
        found.set(providerId, { providerId, createdAt, status });
      }
      if (answer.data.next === undefined) return { kind: 'read', messages: [...found.values()] };
      start = answer.data.next;
    }
    return { kind: 'unread', reason: 'too-many-pages' };
  } catch (error) {
    return { kind: 'unread', reason: sendFailure(error).reason };
  }
}
