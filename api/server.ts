import { createServer, type RequestListener, type Server } from 'node:http';

/**
 * Longer than a proxy keeps a connection to us that it does not use (nginx and most load balancers 60 s, Traefik 90 s, Caddy 120 s): the proxy
 * closes it, never we at the moment in which it sends the next request.
 */
export const KEEP_ALIVE_MS = 185_000;
/** Headers come in one piece, behind a proxy at once. */
const HEADERS_MS = 20_000;
/** A message with 30 MB of files over a slow phone; how slow it may be is judged where bodies are read (files/form-parser.ts, held-bodies.ts). */
const REQUEST_MS = 30 * 60_000;

/** The server of the API. Its times are set, not left to Node, whose own are those of a server that browsers reach directly. */
export function createApiServer(app?: RequestListener): Server {
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 5_000,
    },
    app,
  );
  // A request that is no HTTP, or comes too slowly: answered by Node itself.
  return server;
}
