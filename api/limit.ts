import { rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import { problem } from '../use-cases/command';
import type { Answer } from '../records/commands';
import { addressKey } from '../platform/client-address';
import { sendAnswer } from './problems';

/**
 * So many calls per address and minute. The windows are kept per process: they hold off guessing, they do not
 * count for anybody.
 */
export function limit(perMinute: number): RateLimitRequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    keyGenerator: addressKey,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => sendAnswer(response, tooManyRequests()),
  });
}

/** To an address that has to wait. */
export const tooManyRequests = (): Answer =>
  problem(429, 'too-many-requests', 'Too many requests from this address. Wait a minute.');
