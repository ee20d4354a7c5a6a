import type { RequestHandler } from 'express';
import { problem } from '../use-cases/command';
import { createHeldBytes, type HoldLimits } from '../files/held-bytes';
import { addressKey } from './client-address';
import { MOST_FORM_BYTES } from './patient/frame/form-fields';
import { sendAnswer } from './problems';

/**
 * Bodies of JSON and of forms without files (ours): the parsers hold each whole, before anybody has said who they are. An address can have a
 * whole region's clinics or phones behind it, so its part is most of all.
 */
const limits: HoldLimits = {
  all: 96 * 1024 * 1024,
  sender: 64 * 1024 * 1024,
  requestsOfSender: 2_000,
};
/** More than any body has that is no form of the patients' pages: what is longer is refused by its parser before it is held. */
const MOST_OTHER_BYTES = 400 * 1024;
/** So long a body without files may take, in milliseconds (ours): the largest form over a phone with little contact. */
const MOST_MS = 60_000;

/** Bounds what all small bodies together take in memory, and how long each may take; forms with files are bounded where they are read. */
export function holdBodies(mostMs = MOST_MS, bounds = limits): RequestHandler {
  const held = createHeldBytes(bounds);
  return (request, response, next) => {
    const most = request.path.startsWith('/my/') ? MOST_FORM_BYTES : MOST_OTHER_BYTES;
    const length = Math.min(lengthOf(request.headers), most);
    if (length === 0 || /^\s*multipart\//i.test(request.headers['content-type'] ?? '')) {
      next();
      return;
    }
    const hold = held.open(addressKey(request));
    response.once('close', () => hold?.release());
    if (!hold?.add(length)) {
      response.set('Connection', 'close');
      sendAnswer(response, problem(503, 'busy', 'Too much is being sent at once. Try again in a moment.'));
      return;
    }
    const late = setTimeout(() => {
      response.set('Connection', 'close');
      if (response.headersSent) request.destroy();
      else
        sendAnswer(response, problem(408, 'too-slow', `The body must come within ${mostMs / 1000} seconds.`));
    }, mostMs);
    const done = (): void => clearTimeout(late);
    request.once('end', done).once('close', done);
    next();
  };
}

/** In bytes; a body that does not say how long it is counts as the largest that is read. */
function lengthOf(headers: { 'content-length'?: string; 'transfer-encoding'?: string }): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}
