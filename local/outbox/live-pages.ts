import { Router } from 'express';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { tellOfChanges } from '../live';
import { outboxScript } from './script';
import { outboxStyle } from './style';

/**
 * A page that follows what arrives: live by `/events`, and without script by reloading. It holds under a
 * Content-Security-Policy without inline script or style, and expects the stylesheet of all pages at its
 * address.
 *
 * @param options.page - the page as it is now, told where it is mounted
 */
export function createLivePages(options: {
  page: (base: string) => VNode;
  subscribe: (listener: () => void) => () => void;
}): Router {
  const router = Router();

  router.get('/', (request, response) => {
    const page = renderToString(options.page(request.baseUrl));
    response.set('cache-control', 'no-store').type('html').send(`<!doctype html>${page}`);
  });

  router.get('/events', tellOfChanges(options.subscribe));

  router.get('/outbox.css', (_, response) => {
    response.type('css').send(outboxStyle);
  });
  router.get('/outbox.js', (_, response) => {
    response.type('js').send(outboxScript);
  });

  return router;
}
