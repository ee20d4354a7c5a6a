import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** What came to a receiver, whatever it answered. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  eventId: string;
  type: string;
  subject: string;
  sequence: number;
  /** Whether the receiver answered 2xx. */
  taken: boolean;
}

/** What a receiver does with an event; it answers 204 unless it is told otherwise. */
export type Behaviour = (event: Received, response: ServerResponse) => void | Promise<void>;

/** A clinic's system at the other end of its webhook: a real server. */
export interface Receiver {
  url: string;
  received: Received[];
  /** The events that it took, by their `subject/sequence`, in the order in which they came. */
  taken(subject?: string): string[];
  behave(behaviour: Behaviour): void;
  /** The library's own verdict on one that came, at that time. @throws WebhookVerificationError */
  verify(event: Pick<Received, 'headers' | 'body'>, secret: string, now?: Date): unknown;
  close(): void;
}

const taking: Behaviour = (_event, response) => void response.writeHead(204).end();

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let behave = taking;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { type, subject, sequence } = JSON.parse(body) as Received;
      const event: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        eventId: request.headers['webhook-id'] as string,
        type,
        subject,
        sequence,
        taken: false,
      };
      received.push(event);
      void Promise.resolve(behave(event, response)).then(() => {
        event.taken = response.headersSent && response.statusCode < 300;
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    received,
    taken: (subject) =>
      received
        .filter((event) => event.taken && (subject === undefined || event.subject === subject))
        .map((event) => `${event.subject}/${event.sequence}`),
    behave: (behaviour) => (behave = behaviour),
    verify: ({ headers, body }, secret, now) =>
      verifyAt(now, body, headers as Record<string, string>, secret),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The library asks the machine's clock whether a time stamp is too old: here it is told the test's. */
function verifyAt(
  now: Date | undefined,
  body: string,
  headers: Record<string, string>,
  secret: string,
): unknown {
  const clock = now ? jest.spyOn(Date, 'now').mockReturnValue(now.getTime()) : null;
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    clock?.mockRestore();
  }
}
