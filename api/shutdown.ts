import type { Server } from 'node:http';

/** How often connections that have been answered are closed: a client may keep one open for more requests. */
const SWEEP_MS = 100;

/**
 * Makes the function that shuts a server down. It takes no more connections and answers what is under way. It
 * tells each client to send no more on the same connection. It closes connections with nothing under way.
 *
 * Each request that was taken is answered, unless it takes longer than the grace. A command is stored before
 * anything is done about it, and a worker then carries it out.
 *
 * @param endStreams ends what would go on by itself
 * @returns answers with whether all was answered in time
 */
export function createShutdown(
  server: Server,
  graceMs: number,
  endStreams: () => void = () => undefined,
): () => Promise<boolean> {
  let stopping = false;
  server.prependListener('request', (_request, response) => {
    if (stopping) response.setHeader('Connection', 'close');
  });
  return async () => {
    stopping = true;
    const closed = new Promise<boolean>((resolve) => {
      server.close(() => resolve(true));
    });
    endStreams();
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), graceMs);
    });
    const inTime = await Promise.race([closed, late]);
    clearInterval(sweep);
    clearTimeout(timer);
    server.closeAllConnections();
    return inTime;
  };
}
