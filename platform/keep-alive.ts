/**
 * How long a server behind a proxy keeps an idle connection, in milliseconds. It is longer than the proxy's
 * time (nginx and most load balancers 60 s, Traefik 90 s, Caddy 120 s). So the proxy closes the connection.
 * We never close it at the moment in which the proxy sends the next request.
 */
export const KEEP_ALIVE_MS = 185_000;
