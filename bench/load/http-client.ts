import { Agent, request } from 'node:http';

/** An answer over HTTP. */
export interface HttpAnswer {
  status: number;
  body: string;
}

/**
 * Calls one server over connections that stay open, with as little work of its own as can be: the server is
 * measured.
 */
export interface HttpClient {
  call(method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpClient(url: string, atOnce: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  return {
    call: (method, path, headers, body) =>
      new Promise((resolve, reject) => {
        const content = body === undefined ? undefined : JSON.stringify(body);
        const outgoing = request(`${url}${path}`, {
          agent,
          method,
          headers: {
            ...headers,
            ...(content === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
          },
        });
        outgoing.on('error', reject);
        outgoing.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        });
        outgoing.end(content);
      }),
    close: () => agent.destroy(),
  };
}
