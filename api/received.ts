import type { RequestHandler, Response } from 'express';
import type { Clock } from '../rules/clock';

/**
 * Notes when a request was received: when its headers are in, before its body is read, and before anything of
 * ours takes time (R5.3; design, decision 16). This instant decides what is late, and who may still act.
 */
export const noteReceipt =
  (clock: Clock): RequestHandler =>
  (_request, response, next) => {
    response.locals.receivedAt = clock.now();
    next();
  };

/** When the request of this response was received. */
export const receivedAtOf = ({ locals }: Response): Date => (locals as { receivedAt: Date }).receivedAt;
