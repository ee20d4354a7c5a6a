import type { RequestHandler, Response } from 'express';
import type { Clock } from '../rules/clock';

/**
 * Notes when a request was received: when its headers are in, before anything of ours takes its time, and
 * before its body is read (R5.3; design, decision 16). What is late, and who may still act, is judged by this
 * instant.
 */
export const noteReceipt =
  (clock: Clock): RequestHandler =>
  (_request, response, next) => {
    response.locals.receivedAt = clock.now();
    next();
  };

/** When the request of this response was received. */
export const receivedAtOf = ({ locals }: Response): Date => (locals as { receivedAt: Date }).receivedAt;
