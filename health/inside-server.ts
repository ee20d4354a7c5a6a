import { createServer, type Server, type ServerResponse } from 'node:http';
import { registry } from '../platform/metrics';
import { tellWhenAgain } from '../platform/retry-after';
import type { Health } from './check';

/** What a process tells those who run it. */
export interface InsideDeps {
  health: () => Promise<Health>;
  /** Figures of what is stored, as Prometheus reads them; only one kind of process needs to show them. */
  storedFigures?: () => Promise<string>;
}

/**
 * Answers those who run the service, on a port of its own that patients and clinics never reach: `/healthz`
 * (the process is alive), `/readyz` (it can do its work) and `/metrics` (Prometheus).
 */
export function createInsideServer({ health, storedFigures }: InsideDeps): Server {
  async function answer(url: string | undefined, response: ServerResponse): Promise<void> {
    switch (url) {
      case '/healthz':
        sendJson(response, 200, { status: 'alive' });
        break;
      case '/readyz': {
        const state = await health();
        sendJson(response, state.status === 'not-ready' ? 503 : 200, state);
        break;
      }
      case '/metrics': {
        // Also brings the checks' own figures up to date.
        await health();
        const text = `${await registry.metrics()}\n${(await storedFigures?.()) ?? ''}`;
        response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
        break;
      }
      case undefined:
      default:
        sendJson(response, 404, { status: 'nothing-here' });
    }
  }
  return createServer((request, response) => {
    tellWhenAgain(response);
    const { method, url } = request;
    if (method !== 'GET' && method !== 'HEAD')
      sendJson(response.setHeader('Allow', 'GET, HEAD'), 405, { status: 'only-read' });
    else answer(url, response).catch(() => sendJson(response, 500, { status: 'failed' }));
  });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Listens, and answers with what stops it; where no port is set it does neither. */
export async function listenInside(
  server: Server,
  { host, port }: { host: string; port: number | undefined },
): Promise<() => void> {
  if (port === undefined) return () => undefined;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
