import { z } from 'zod';
import type { HttpResult } from '../../platform/calls/http-call';
import { readAccount, type Account } from './elks-account';
import { readHistory, type History, type HistoryQuery } from './elks-history';
import { elksId } from './elks-id';
import { elksCall } from './elks-call';
import { parseJson } from './parse-json';
import type { SendResult } from '../../rules/send-result';

/** One SMS as it is handed over. */
export interface SmsToSend {
  /** 3-11 of A-Z a-z 0-9 not beginning with a digit, or a number in E.164. */
  from: string;
  /** E.164. */
  to: string;
  message: string;
  /** Where the delivery reports go; it carries an unguessable token, because reports are not signed. */
  reportUrl: string;
}

export interface ElksClient {
  /**
   * Hands over one SMS, once: no retries of its own. Never throws for what the provider or the network does.
   */
  send: (sms: SmsToSend) => Promise<SendResult>;
  /**
   * The provider's own history of messages to one number. Never throws for what the provider or the network
   * does.
   */
  sentBetween: (query: HistoryQuery) => Promise<History>;
  /**
   * Whether the provider answers and takes our login. Never throws for what the provider or the network does.
   */
  account: () => Promise<Account>;
}

/** A proper answer is some 300 bytes and the longest message; what is larger is something else. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * 4xx where the request was not taken up now, but may be later: wrong password, no money, time-out, too
 * early, too many.
 */
const RETRYABLE_STATUSES = new Set([401, 402, 408, 425, 429]);

const answerSchema = z
  .object({
    id: elksId,
    status: z.enum(['created', 'sent', 'delivered', 'failed']),
    parts: z.int().positive(),
    cost: z.int().nonnegative(),
  })
  .transform(({ id, status, parts, cost }) => ({ providerId: id, status, parts, costTenThousandths: cost }));

/**
 * A client of 46elks' `POST /sms` and `GET /sms` (facts.md, "46elks").
 *
 * @param options.baseUrl - such as `https://api.46elks.com/a1`
 * @param options.timeoutMs - for a whole exchange; shorter than the lease of who hands over (design, decision
 * 5)
 */
export function createElksClient(options: {
  baseUrl: string;
  username: string;
  password: string;
  timeoutMs: number;
}): ElksClient {
  const url = `${options.baseUrl}/sms`;
  const authorization = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`;

  async function send({ from, to, message, reportUrl }: SmsToSend): Promise<SendResult> {
    // dontlog: the provider's log keeps no text.
    const form = { from, to, message, whendelivered: reportUrl, dontlog: 'message' };
    return resultOf(
      await elksCall({ url, authorization, timeoutMs: options.timeoutMs }, MAX_ANSWER_BYTES, form),
    );
  }

  return {
    send,
    sentBetween: (query) => readHistory({ url, authorization, timeoutMs: options.timeoutMs }, query),
    account: () => readAccount({ url: `${options.baseUrl}/me`, authorization, timeoutMs: options.timeoutMs }),
  };
}

function resultOf(answer: HttpResult): SendResult {
  if (answer.kind === 'failed') {
    // Before any of the request was written, surely nothing was sent; after that nobody knows (R2.7).
    const { reason, written } = answer;
    return written ? { kind: 'uncertain', reason } : { kind: 'not-sent', reason, retryable: true };
  }
  const { status, body } = answer;
  if (status !== 200) {
    // The provider answers 4xx to what it refuses, before it sends anything. After a redirect, a 5xx or
    // another 2xx (there is no documented one) the message may have gone.
    if (status >= 400 && status < 500) {
      return { kind: 'not-sent', reason: `http-${status}`, retryable: RETRYABLE_STATUSES.has(status) };
    }
    return { kind: 'uncertain', reason: `http-${status}` };
  }
  if (body === null) return { kind: 'uncertain', reason: 'answer-too-large' };
  const read = answerSchema.safeParse(parseJson(body));
  if (!read.success) return { kind: 'uncertain', reason: 'answer-odd' };
  return { kind: 'accepted', ...read.data };
}
