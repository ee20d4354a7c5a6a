import type { Request, RequestHandler, Response } from 'express';

/**
 * Has a form read now: where it is clear who sends it, and not before.
 * @throws what its reader refuses
 */
export const readNow = (reader: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    void reader(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('the form could not be read'));
    });
  });

/** Whether a page's script asks, rather than a person. */
export const wantsData = (request: Request): boolean => request.accepts(['html', 'json']) === 'json';

/** The fields of a posted form. */
export const formOf = (request: Request): Record<string, unknown> =>
  typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {};
