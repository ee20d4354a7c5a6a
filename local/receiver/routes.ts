import express, { Router } from 'express';
import { receiverScript, receiverStyle } from './assets';
import { tellOfChanges } from '../live';
import { receiverPage } from './page';
import { moods, type EventReceiver, type Mood } from './receive';
import type { ReceiverStore } from './store';

/**
 * The receiver's addresses, to be mounted at `/receiver`: the webhook (`/events`), the page (`/`, live by
 * `/live` and without script by reloading) and its buttons. They hold under a Content-Security-Policy without
 * inline script or style.
 */
export function createReceiverRoutes({
  store,
  receiver,
}: {
  store: ReceiverStore;
  receiver: EventReceiver;
}): Router {
  const router = Router();

  // As text: the signature is of the body as it came.
  router.post('/events', express.text({ type: () => true, limit: '200kb' }), async (request, response) => {
    const status = await receiver.receive(
      {
        'webhook-id': request.get('webhook-id') ?? '',
        'webhook-timestamp': request.get('webhook-timestamp') ?? '',
        'webhook-signature': request.get('webhook-signature') ?? '',
      },
      typeof request.body === 'string' ? request.body : '',
    );
    response.sendStatus(status);
  });

  router.get('/', (request, response) => {
    const page = receiverPage({ base: request.baseUrl, events: store.messages(), mood: receiver.mood() });
    response.set('cache-control', 'no-store').type('html').send(page);
  });

  router.get('/events.json', (_request, response) => {
    response.set('cache-control', 'no-store').json(store.messages());
  });

  router.get('/live', tellOfChanges(store.subscribe));

  router.post('/mood/:mood', (request, response) => {
    const { mood } = request.params;
    if (isMood(mood)) receiver.setMood(mood);
    response.redirect(303, request.baseUrl);
  });
  router.post('/tamper', async (request, response) => {
    await receiver.tamper();
    response.redirect(303, request.baseUrl);
  });

  router.get('/receiver.css', (_request, response) => {
    response.type('css').send(receiverStyle);
  });
  router.get('/receiver.js', (_request, response) => {
    response.type('js').send(receiverScript);
  });
  return router;
}

const isMood = (text: string): text is Mood => (moods as readonly string[]).includes(text);
