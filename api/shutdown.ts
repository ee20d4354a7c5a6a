import type { Server } from 'node:http';

/** How often connections that have been answered are closed: a client may keep one open for more requests. */
const SWEEP_MS = 100;

/**
 * Makes what shuts a server down: it takes no more connections, answers what is under way, tells each client
 * not to send more on the same connection, and closes those that have nothing under way. Nothing that was
 * taken goes unanswered, but for what takes longer than the grace: a command is stored before anything is
 * done about it, and a worker carries it out.
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
