/**
 * So long a server that stands behind a proxy keeps a connection that nobody uses, in milliseconds. Longer
 * than the proxy does (nginx and most load balancers 60 s, Traefik 90 s, Caddy 120 s): the proxy closes it,
 * never we at the moment in which it sends the next request.
 */
export const KEEP_ALIVE_MS = 185_000;
