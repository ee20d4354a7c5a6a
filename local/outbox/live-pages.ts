import { Router } from 'express';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { outboxScript } from './script';
import { outboxStyle } from './style';

/**
 * A page that follows what arrives: live by `/events`, and without script by reloading. It holds under a Content-Security-Policy
 * without inline script or style, and expects Pico's stylesheet at `/assets/pico.css`.
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

  // Says only that something is new; the page then fetches itself.
  router.get('/events', (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': listening\n\n');
    const unsubscribe = options.subscribe(() => response.write('data: changed\n\n'));
    request.on('close', unsubscribe);
  });

  router.get('/outbox.css', (_, response) => {
    response.type('css').send(outboxStyle);
  });
  router.get('/outbox.js', (_, response) => {
    response.type('js').send(outboxScript);
  });

  return router;
}
