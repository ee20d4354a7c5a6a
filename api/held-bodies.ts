import type { Request, RequestHandler, Response } from 'express';
import { problem } from '../use-cases/command';
import type { FormRefusal } from '../files/form-parser';
import { createHeldBytes, type HoldLimits } from '../files/held-bytes';
import { addressKey } from '../platform/client-address';
import { sendAnswer } from './problems';

/**
 * Bodies of JSON and of forms without files (ours): the parsers hold each whole, before anybody has said who
 * they are. An address can have a whole region's clinics or phones behind it, so its part is most of all.
 */
const limits: HoldLimits = {
  all: 96 * 1024 * 1024,
  sender: 64 * 1024 * 1024,
  requestsOfSender: 2_000,
};
/**
 * Packed bodies, counted apart (ours). A thousand bytes of one can become a million when unpacked, so each
 * counts as the largest that is read.
 */
const packedLimits: HoldLimits = {
  all: 24 * 1024 * 1024,
  sender: 16 * 1024 * 1024,
  requestsOfSender: 2_000,
};
/** The most that a packed body becomes: clinics' JSON. Patients' forms are never packed, and not unpacked. */
const MOST_UNPACKED_BYTES = 200 * 1024;
/**
 * How long a body without files may take, in milliseconds (ours). It is enough for the largest form over a
 * phone with a weak signal.
 */
const MOST_MS = 60_000;

/** Why a body is not read: what is missing is room, or patience. */
export type BodyRefusal = Extract<FormRefusal, 'too-much-held' | 'too-slow'>;

/**
 * Bounds what all small bodies together take in memory, and how long each may take; forms with files are
 * bounded where they are read.
 * @param tell answers one whose body is not read, in the way of those who ask there
 */
export function holdBodies(
  tell: (request: Request, response: Response, why: BodyRefusal) => void,
  mostMs = MOST_MS,
  bounds = limits,
): RequestHandler {
  const plain = createHeldBytes(bounds);
  const packed = createHeldBytes(packedLimits);
  return (request, response, next) => {
    const { headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (!hasBody || /^\s*multipart\//i.test(headers['content-type'] ?? '')) {
      next();
      return;
    }
    const isPacked = !['', 'identity'].includes(headers['content-encoding']?.trim().toLowerCase() ?? '');
    const hold = (isPacked ? packed : plain).open(addressKey(request));
    response.once('close', () => hold?.release());
    const refuse = (why: BodyRefusal): void => {
      // Answered already, by somebody who needed nothing of the body.
      if (response.headersSent) request.destroy();
      else tell(request, response.set('Connection', 'close'), why);
    };
    const tooMuch = (): void => refuse('too-much-held');
    if (!hold || (isPacked && !hold.add(MOST_UNPACKED_BYTES))) {
      tooMuch();
      return;
    }
    if (!isPacked) countAsItComes(request, (bytes) => hold.add(bytes), tooMuch);
    const late = setTimeout(() => refuse('too-slow'), mostMs);
    const done = (): void => clearTimeout(late);
    request.once('end', done).once('close', done);
    next();
  };
}

/**
 * Counts what has come, not what a request says that it will send: whoever says much and sends nothing takes
 * nobody's room. What there is no room for goes by, and is told once.
 */
function countAsItComes(request: Request, add: (bytes: number) => boolean, tooMuch: () => void): void {
  const push = request.push.bind(request);
  let isRefused = false;
  request.push = (part: Buffer | null, encoding) => {
    if (part === null || (!isRefused && add(part.length))) return push(part, encoding);
    if (!isRefused) {
      isRefused = true;
      tooMuch();
    }
    return true;
  };
}

/** To a program. */
export function tellProgram(_request: Request, response: Response, why: BodyRefusal): void {
  sendAnswer(
    response,
    why === 'too-slow'
      ? problem(408, 'too-slow', `The body must come within ${MOST_MS / 1000} seconds.`)
      : problem(503, 'busy', 'Too much is being sent at once. Try again in a moment.'),
  );
}
