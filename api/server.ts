import { createServer, type RequestListener, type Server } from 'node:http';
import { KEEP_ALIVE_MS } from '../platform/keep-alive';

/** Headers come in one piece, behind a proxy at once. */
const HEADERS_MS = 20_000;
/**
 * A message with 30 MB of files over a slow phone; how slow it may be is judged where bodies are read
 * (files/form-parser.ts, held-bodies.ts).
 */
const REQUEST_MS = 30 * 60_000;

/**
 * The server of the API. Its times are set, not left to Node, whose own are those of a server that browsers
 * reach directly.
 */
export function createApiServer(app?: RequestListener): Server {
  return createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 5_000,
    },
    app,
  );
}
