import type { Request, RequestHandler, Response } from 'express';
import { isCsrfToken, isFromOurPages } from './same-site';

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

/** The form's own key, as our pages carry it; null for anything else. */
export const formKeyOf = (given: unknown): string | null =>
  typeof given === 'string' && /^[A-Za-z0-9_-]{22}$/.test(given) ? given : null;

/**
 * The fields of a form whose login has ended since its page was shown; null for what comes from any other page,
 * and for what its reader refuses.
 */
export async function fieldsOfEnded(
  reader: RequestHandler,
  request: Request,
  response: Response,
  { publicUrl, endedSecret }: { publicUrl: string; endedSecret: string },
): Promise<Record<string, unknown> | null> {
  if (!isFromOurPages(request, new URL(publicUrl).origin)) return null;
  const isRead = await readNow(reader, request, response).then(
    () => true,
    () => false,
  );
  const fields = formOf(request);
  return isRead && isCsrfToken(fields.csrf, endedSecret) ? fields : null;
}
