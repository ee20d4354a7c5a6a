import type { Router } from 'express';
import { smsParts } from '../../integrations/sms/gsm7';
import { createFaultRoutes } from './fault-routes';
import { createFaultSwitch, type FaultSwitch } from './fault-switch';
import { createLivePages } from './live-pages';
import { OutboxPage } from './phones';
import type { OutboxStore } from './store';

/**
 * The outbox's pages, to be mounted at `/outbox`: the phones with their SMS (`/`), and the same as data
 * (`/messages.json`, one number by `?to=`), and the provider's faults (`/faults`).
 */
export function createOutboxPages(options: { store: OutboxStore; faults?: FaultSwitch }): Router {
  const { store, faults = createFaultSwitch() } = options;
  const router = createLivePages({
    page: (base) => <OutboxPage base={base} messages={store.messages()} faults={faults.rules()} />,
    subscribe(listener) {
      const ends = [store.subscribe(listener), faults.subscribe(listener)];
      return () => ends.forEach((end) => end());
    },
  });
  router.use('/faults', createFaultRoutes(faults));

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

  return router;
}
