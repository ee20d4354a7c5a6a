import { setTimeout } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { randomId } from '../../platform/keys/random-id';
import type { ReceiverStore } from './store';

/** How the receiver behaves, for trying: takes events, takes its time over each, or takes none. */
export const moods = ['takes', 'slow', 'refuses'] as const;
export type Mood = (typeof moods)[number];

/** What the signature stands in (Standard Webhooks). */
export interface SignatureHeaders extends Record<string, string> {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * The clinic's system at the other end of the webhook, as any receiver would be: it has nothing but HTTP and
 * the secret.
 */
export interface EventReceiver {
  mood(): Mood;
  setMood(mood: Mood): void;
  /** Takes in an event as it came; answers with the status. */
  receive(headers: SignatureHeaders, body: string): Promise<number>;
  /** Plays somebody who changes the newest event on its way; false where none has come. */
  tamper(): Promise<boolean>;
}

/**
 * @param options.secrets - the demo clinic's, asked for at each event as they can be rotated
 * @param options.slowMs - how long the slow one takes
 */
export function createEventReceiver(options: {
  store: ReceiverStore;
  secrets: () => Promise<string[]>;
  now: () => Date;
  slowMs?: number;
}): EventReceiver {
  const { store, secrets, now, slowMs = 10_000 } = options;
  let mood: Mood = 'takes';
  let newest: { headers: SignatureHeaders; body: string } | null = null;

  async function receive(headers: SignatureHeaders, body: string): Promise<number> {
    const eventId = headers['webhook-id'];
    const receivedAt = now().toISOString();
    const signature = verdict(await secrets(), headers, body);
    if (signature !== 'holds') {
      // Kept apart, so that a forged event cannot take the place of a right one.
      const id = `refused-${randomId()}`;
      store.save({ id, eventId, receivedAt, body, signature, times: 1, answered: 401 });
      return 401;
    }
    newest = { headers, body };
    const before = store.get(eventId);
    const event = {
      id: eventId,
      eventId,
      receivedAt: before?.receivedAt ?? receivedAt,
      body,
      signature,
      times: (before?.times ?? 0) + 1,
    };
    if (mood === 'slow') {
      store.save({ ...event, answered: null });
      await setTimeout(slowMs, undefined, { ref: false });
    }
    const answered = mood === 'refuses' ? 500 : 204;
    store.save({ ...event, answered });
    return answered;
  }

  return {
    mood: () => mood,
    setMood: (wanted) => (mood = wanted),
    receive,
    async tamper() {
      if (!newest) return false;
      await receive(newest.headers, newest.body.replace(/"sequence":\d+/, '"sequence":999'));
      return true;
    },
  };
}

/**
 * `holds` where the library's own verifier takes it with one of the secrets; its words where it takes it with
 * none.
 */
function verdict(secrets: string[], headers: SignatureHeaders, body: string): string {
  let words = 'the clinic has no webhook';
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(body, headers);
      return 'holds';
    } catch (error) {
      words = error instanceof Error ? error.message : 'refused';
    }
  }
  return words;
}
