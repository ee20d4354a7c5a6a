import { Router } from 'express';
import { renderToString } from 'preact-render-to-string';
import { smsParts } from '../../sms/gsm7';
import { OutboxPage } from './phones';
import { outboxScript } from './script';
import type { OutboxStore } from './store';
import { outboxStyle } from './style';

/**
 * The outbox's pages, to be mounted at `/outbox`: the phones with their SMS (`/`, live by `/events` and without script
 * by reloading), and the same as data (`/messages.json`, one number by `?to=`). They hold under a Content-Security-Policy
 * without inline script or style, and expect Pico's stylesheet at `/assets/pico.css`.
 */
export function createOutboxPages({ store }: { store: OutboxStore }): Router {
  const router = Router();

  router.get('/', (request, response) => {
    const page = renderToString(<OutboxPage base={request.baseUrl} messages={store.messages()} />);
    response.set('cache-control', 'no-store').type('html').send(`<!doctype html>${page}`);
  });

  router.get('/messages.json', (request, response) => {
    const { to } = request.query;
    // A plus that is not escaped in a query means a space.
    const number = typeof to === 'string' ? to.replace(/^ /, '+') : undefined;
    const messages = store.messages().filter((message) => number === undefined || message.to === number);
    response.set('cache-control', 'no-store').json(
      messages.map(({ id, from, to, message, createdAt, status }) => {
        return { id, from, to, message, createdAt, status, parts: smsParts(message).parts };
      }),
    );
  });

  // Says only that something is new; the page then fetches itself.
  router.get('/events', (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': listening\n\n');
    const unsubscribe = store.subscribe(() => response.write('data: changed\n\n'));
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
