import type { Server } from 'node:http';

/**
 * Lets the launcher of one machine know its own processes' answers from those of another checkout on the same
 * ports: each answer carries the launcher's run id in `X-Run-Id`.
 *
 * @param runId - undefined outside of `npm start`: then nothing is added
 */
export function tellRunId(server: Server, runId: string | undefined): void {
  if (runId === undefined) return;
  server.prependListener('request', (_request, response) => {
    response.setHeader('X-Run-Id', runId);
  });
}
