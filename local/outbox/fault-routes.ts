import express, { Router, type Response } from 'express';
import { z } from 'zod';
import { buttons, toggled } from './fault-buttons';
import type { FaultSwitch } from './fault-switch';
import { faultRuleSchema } from './faults';

const wish = z.strictObject({
  /** Of the chance that rules leave to it; the same seed and requests give the same faults. */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  rules: z.array(faultRuleSchema).max(100),
});

/**
 * Where the provider's faults are set, to be mounted at `/outbox/faults`: read (GET), set all of them (PUT,
 * JSON), taken away (DELETE), and the page's buttons (POST).
 */
export function createFaultRoutes(faults: FaultSwitch): Router {
  const router = Router();
  const tell = (response: Response): void => {
    response.set('cache-control', 'no-store').json({ rules: faults.rules() });
  };

  router.get('/', (_request, response) => tell(response));

  router.put('/', express.json(), (request, response) => {
    const wanted = wish.safeParse(request.body);
    if (!wanted.success) {
      response.status(422).json({ problems: z.prettifyError(wanted.error).split('\n') });
      return;
    }
    faults.set(wanted.data.rules, wanted.data.seed);
    tell(response);
  });

  router.delete('/', (_request, response) => {
    faults.set([]);
    tell(response);
  });

  router.post('/off', (request, response) => {
    faults.set([]);
    response.redirect(303, outboxOf(request.baseUrl));
  });
  router.post('/toggle/:fault', (request, response) => {
    const button = buttons.find(({ rule }) => rule.fault === request.params.fault);
    if (button) faults.set(toggled(faults.rules(), button));
    response.redirect(303, outboxOf(request.baseUrl));
  });
  return router;
}

const outboxOf = (base: string): string => base.replace(/\/faults$/, '');
