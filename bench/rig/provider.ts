import { createServer } from 'node:http';
import { listen } from '../../local/listen';

/** One POST that came to the stand-in of the provider. */
export interface Arrival {
  /** Milliseconds since 1970. */
  at: number;
  to: string | null;
  message: string;
}

/** The stand-in of the SMS provider that all three send to: it notes when what came, and takes it. */
export interface Provider {
  url: string;
  arrivals: Arrival[];
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const arrivals: Arrival[] = [];
  const server = createServer((request, response) => {
    const at = Date.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      arrivals.push({ at, to: form.get('to'), message: form.get('message') ?? '' });
      response.setHeader('content-type', 'application/json');
      // As 46elks answers; it tells of no delivery, for the other two would not listen.
      response.end(
        JSON.stringify({
          id: `s${arrivals.length.toString(16).padStart(32, '0')}`,
          status: 'created',
          parts: 1,
          cost: 3_500,
        }),
      );
    });
  });
  return { ...(await listen(server)), arrivals };
}
