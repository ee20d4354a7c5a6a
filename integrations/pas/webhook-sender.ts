import type { LookupFunction } from 'node:net';
import { useAgent } from 'request-filtering-agent';
import { Webhook } from 'standardwebhooks';
import { parsedAddress } from '../../platform/web-address';
import { httpCall, type HttpResult } from '../../platform/calls/http-call';
import { webhookUrlProblem } from './webhook-url';

/** One event for one endpoint, to be signed with each of its secrets. */
export interface WebhookToSend {
  url: string;
  /** As Standard Webhooks writes them; while one is being rotated there are two. */
  secrets: string[];
  /** The same at each try: receivers know a repetition by it. */
  eventId: string;
  body: string;
  /** The time of this try. */
  at: Date;
}

/** What came of a try: the receiver took it, or why not in machine words. */
export type WebhookResult =
  | { kind: 'taken' }
  /** `retryAfterMs`: what the receiver asked for, from the time of the try; null where it did not. */
  | { kind: 'not-taken'; reason: string; retryAfterMs: number | null };

export interface WebhookSender {
  /** Sends once. Never throws for what the receiver or the network does. */
  send(webhook: WebhookToSend): Promise<WebhookResult>;
}

/**
 * Sends signed webhooks (Standard Webhooks). Redirects are not followed and answers are not read: a receiver
 * says with its status whether it has taken the event.
 *
 * @param options.toPrivateAddresses - http and addresses of our own network are allowed, as on one machine
 * @param options.timeoutMs - for the whole exchange
 * @param options.lookup - finds a name's addresses; the system's own if absent
 */
export function createWebhookSender(options: {
  toPrivateAddresses: boolean;
  timeoutMs: number;
  lookup?: LookupFunction;
}): WebhookSender {
  const { toPrivateAddresses, timeoutMs, lookup } = options;

  return {
    async send({ url, secrets, eventId, body, at }) {
      const problem = webhookUrlProblem(url, toPrivateAddresses);
      if (problem) return { kind: 'not-taken', reason: problem, retryAfterMs: null };
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'vardmote',
        'webhook-id': eventId,
        'webhook-timestamp': Math.floor(at.getTime() / 1000),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(eventId, at, body)).join(' '),
      };
      // As it is compared by all who look at it, the agent too: one that was stored earlier can be written
      // otherwise.
      const address = parsedAddress(url);
      const answer = await httpCall({
        url: address,
        method: 'POST',
        headers,
        body,
        timeoutMs,
        maxBodyBytes: 0,
        // Checks each address that the name resolves to, and connects to that one: a name cannot change its
        // mind between.
        agent: useAgent(address, { allowPrivateIPAddress: toPrivateAddresses, keepAlive: false }),
        ...(lookup ? { lookup } : {}),
      });
      return resultOf(answer, at);
    },
  };
}

function resultOf(answer: HttpResult, at: Date): WebhookResult {
  if (answer.kind === 'failed') {
    const { message } = answer.error instanceof Error ? answer.error : { message: '' };
    // The agent's refusals have no code of their own.
    const reason = message.includes('is not allowed') ? 'private-address' : answer.reason;
    return { kind: 'not-taken', reason, retryAfterMs: null };
  }
  const { status, headers } = answer;
  return status >= 200 && status < 300
    ? { kind: 'taken' }
    : { kind: 'not-taken', reason: `http-${status}`, retryAfterMs: retryAfterMs(headers['retry-after'], at) };
}

/** Retry-After as seconds or as a date (RFC 9110), in milliseconds from `at`; null for neither. */
export function retryAfterMs(header: string | undefined, at: Date): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - at.getTime());
}
