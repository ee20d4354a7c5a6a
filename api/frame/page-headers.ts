import type { RequestHandler, Response } from 'express';
import type { PageNeeds } from './page-content';

/**
 * What a page may load, and nothing beside: our own files, and on the meeting's page the room in a
 * frame, whose host runs no script in our pages. Camera and microphone are closed everywhere but where they
 * are tested and used.
 */
export function setPageHeaders(response: Response, { camera, roomOrigin }: PageNeeds = {}): void {
  const room = roomOrigin === undefined ? '' : ` ${roomOrigin}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    ...(roomOrigin === undefined ? [] : [`frame-src ${roomOrigin}`]),
    // A form of ours may lead to the room: browsers ask this of where it is redirected to as well.
    `form-action 'self'${room}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const allowed = camera ? `(self${roomOrigin === undefined ? '' : ` "${roomOrigin}"`})` : '()';
  response.set({
    'Content-Security-Policy': policy,
    'Permissions-Policy': [
      `camera=${allowed}`,
      `microphone=${allowed}`,
      `display-capture=${roomOrigin === undefined ? '()' : allowed}`,
      'geolocation=()',
      'payment=()',
      'usb=()',
    ].join(', '),
    'Cache-Control': 'no-store',
    'X-Robots-Tag': 'noindex',
  });
}

/** The same on all that a row answers, also on what is no page: a redirect, a refusal. */
export const withPageHeaders: RequestHandler = (_request, response, next) => {
  setPageHeaders(response);
  next();
};
