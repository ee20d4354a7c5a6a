import express, { Router, type RequestHandler } from 'express';
import { z } from 'zod';
import { elksTime, toElksTime } from '../../integrations/sms/elks-time';
import { smsParts } from '../../integrations/sms/gsm7';
import { createDeliveryReports } from './delivery-reports';
import { createFaultSwitch, type FaultSwitch } from './fault-switch';
import { misbehaveInHistory, misbehaviour } from './misbehave';
import type { OutboxMessage, OutboxStore } from './store';

/** In 1/10000 of the currency; 46elks' price in its own examples. */
const COST_PER_PART = 3_500;

/** What is left on the stand-in's account: nobody pays. */
const BALANCE = 10_000_000;

/** The most that one page of the history holds, and what it holds if nothing is asked. */
const MAX_PAGE = 100;

const E164 = /^\+[1-9]\d{6,14}$/;
const SENDER_TEXT = /^[A-Za-z][A-Za-z0-9]{2,10}$/;

/** The errors are what 46elks answers: one line of plain text. */
const smsForm = z.object({
  from: z
    .string('Missing key from')
    .refine(
      (from) => SENDER_TEXT.test(from) || E164.test(from),
      'Invalid from, must be 3-11 letters and digits',
    ),
  to: z.string('Missing key to').regex(E164, 'Invalid to, must be one number in E.164'),
  message: z.string('Missing key message').min(1, 'Message is empty'),
  whendelivered: z.url({ protocol: /^https?$/, error: 'Invalid whendelivered' }).optional(),
  dryrun: z.string().optional(),
  dontlog: z.string().optional(),
});

const historyQuery = z.object({
  to: z.string().optional(),
  /** Only what is older. */
  start: elksTime.optional(),
  /** Only what is newer. */
  end: elksTime.optional(),
  limit: z.coerce.number('Invalid limit').int().min(1).max(MAX_PAGE).default(MAX_PAGE),
});

/**
 * The local stand-in of 46elks with its documented wire format (facts.md, "46elks"): `POST /sms`, `GET /sms`
 * and the delivery reports. What it accepts goes to the store instead of to a phone. It does wrong what its
 * faults say; the store has what it accepted in any case.
 *
 * @param options.fetch - posts the delivery reports
 * @param options.faults - what is wrong with it; nothing, unless told
 */
export function createElksRouter(options: {
  store: OutboxStore;
  username: string;
  password: string;
  now: () => Date;
  fetch?: typeof fetch;
  faults?: FaultSwitch;
}): Router {
  const { store, username, password, now, faults = createFaultSwitch() } = options;
  const reports = createDeliveryReports({ store, now, fetch: options.fetch ?? fetch });
  /** Until when an SMS does not show in the history, by its id. */
  const hiddenUntil = new Map<string, Date>();
  const router = Router();
  router.use(basicAuth(username, password));

  router.post('/sms', express.urlencoded({ extended: false }), async (request, response) => {
    const form = smsForm.safeParse(request.body ?? {});
    if (!form.success) {
      response.status(403).type('text/plain').send(firstProblem(form.error));
      return;
    }
    const { from, to, message, whendelivered, dryrun, dontlog } = form.data;
    const { parts } = smsParts(message);
    if (dryrun === 'yes') {
      response.json({
        status: 'created',
        direction: 'outgoing',
        from,
        to,
        message,
        parts,
        estimated_cost: parts * COST_PER_PART,
      });
      return;
    }
    const fault = faults.strike('answer', to);
    const misbehaves = fault && misbehaviour(fault);
    if (misbehaves?.accepts === false) {
      misbehaves.answer(response, null);
      return;
    }
    const accepted = store.accept({
      from,
      to,
      message,
      createdAt: now().toISOString(),
      reportUrl: whendelivered ?? null,
      dontlog: dontlog === 'message',
    });
    const hiding = faults.strike('visibility', to);
    if (hiding) hiddenUntil.set(accepted.id, new Date(now().getTime() + hiding.forMs));
    await reports.follow(accepted, faults.strike('report', to));
    const answer = { ...toWire(accepted), message };
    if (misbehaves) misbehaves.answer(response, answer);
    else response.json(answer);
  });

  router.get('/me', (_request, response) => {
    response.json({ id: 'u-local', currency: 'SEK', displayname: 'vardmote', balance: BALANCE });
  });

  router.get('/sms', (request, response) => {
    const query = historyQuery.safeParse(request.query);
    if (!query.success) {
      response.status(403).type('text/plain').send(firstProblem(query.error));
      return;
    }
    const { limit, ...filter } = query.data;
    const fault = faults.strike('history', filter.to ?? null);
    if (fault) {
      misbehaveInHistory(fault, response);
      return;
    }
    const at = now();
    const shows = ({ id }: OutboxMessage): boolean => (hiddenUntil.get(id) ?? at) <= at;
    const found = store.messages().reverse().filter(isWithin(filter)).filter(shows);
    const page = found.slice(0, limit);
    response.json({
      data: page.map((message) =>
        message.dontlog ? toWire(message) : { ...toWire(message), message: message.message },
      ),
      // The next page is what is older than the last of this one.
      ...(found.length > limit && { next: toWire(page.at(-1)!).created }),
    });
  });

  return router;
}

function basicAuth(username: string, password: string): RequestHandler {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return (request, response, next) => {
    if (request.get('authorization') === expected) {
      next();
      return;
    }
    response.status(401).type('text/plain').send('API access requires Basic HTTP authentication.');
  };
}

function firstProblem(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'Invalid request';
}

function isWithin(filter: { to?: string; start?: Date; end?: Date }): (message: OutboxMessage) => boolean {
  const { to, start, end } = filter;
  return (message) => {
    const createdAt = new Date(message.createdAt);
    return (
      (to === undefined || message.to === to) &&
      (start === undefined || createdAt < start) &&
      (end === undefined || createdAt > end)
    );
  };
}

/** A message as 46elks tells of it, but for its text. */
function toWire({ id, from, to, message, createdAt, status }: OutboxMessage) {
  const { parts } = smsParts(message);
  return {
    id,
    direction: 'outgoing',
    status,
    from,
    to,
    parts,
    cost: parts * COST_PER_PART,
    created: toElksTime(new Date(createdAt)),
  };
}
