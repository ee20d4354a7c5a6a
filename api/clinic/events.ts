import { replayBody, rotateSecretBody, webhookBody, type ReplayEvents } from '../../use-cases/clinic/bodies';
import type { CommandDeps, FieldProblem } from '../../use-cases/command';
import { webhookUrlProblem, type WebhookUrlProblem } from '../../integrations/pas/webhook-url';
import type { Events } from '../../records/events';
import type { Webhooks } from '../../records/webhooks';
import type { EventState } from '../../rules/events';
import type { Instant } from '../../rules/instant';
import type { ClinicRoute } from '../route';
import { managers } from './roles';
import { eventsForStatus } from './sight';
import {
  eventsAnswer,
  eventsQuery,
  replayAnswer,
  webhookAnswer,
  webhookWithSecretAnswer,
} from './event-schemas';

const PAGE = 50;

export interface EventRouteDeps {
  records: CommandDeps['records'];
  /** Webhooks may go anywhere, as on one machine. */
  webhooksToPrivateAddresses: boolean;
}

/** The rows of the clinic's table that are about its webhook and its events (design, decision 11). */
export function eventRoutes(deps: EventRouteDeps): ClinicRoute[] {
  return [
    {
      method: 'get',
      path: '/clinic/webhook',
      operation: 'webhook.read',
      summary: 'Where the clinic’s events go; never the secret',
      roles: managers,
      subject: 'clinic',
      answers: { 200: webhookAnswer },
      handle: async ({ caller }) => ({
        status: 200,
        body: await webhookView(deps.records.webhooks, caller.clinic.clinicId),
      }),
    },
    {
      method: 'put',
      path: '/clinic/webhook',
      operation: 'webhook.set',
      summary: 'Set where the clinic’s events go; the first time the answer holds the secret, this once',
      roles: managers,
      subject: 'clinic',
      body: webhookBody,
      check: ({ url }) => urlProblems(url, deps.webhooksToPrivateAddresses),
      answers: { 200: webhookWithSecretAnswer },
      handle: 'webhook.set',
    },
    {
      method: 'post',
      path: '/clinic/webhook/rotate-secret',
      operation: 'webhook.rotate-secret',
      summary: 'A new secret, told this once; events are signed with both until the old one ends',
      roles: managers,
      subject: 'clinic',
      body: rotateSecretBody,
      answers: { 200: webhookWithSecretAnswer },
      handle: 'webhook.rotate-secret',
    },
    {
      method: 'get',
      path: '/clinic/events',
      operation: 'event.list',
      summary: 'Events by when they happened, 50 a page; with state=dead those that were given up',
      roles: managers,
      subject: 'clinic',
      query: eventsQuery,
      answers: { 200: eventsAnswer },
      forStatus: eventsForStatus,
      handle: async ({ caller, query }) => ({
        status: 200,
        body: await eventsView(deps.records.events, caller.clinic.clinicId, query),
      }),
    },
    {
      method: 'post',
      path: '/clinic/events/replay',
      operation: 'event.replay',
      summary: 'Send again what happened in a range, in order and with the same ids, dead events too',
      roles: managers,
      subject: 'clinic',
      body: replayBody,
      check: rangeProblems,
      answers: { 200: replayAnswer },
      handle: 'event.replay',
    },
  ];
}

async function webhookView(webhooks: Webhooks, clinicId: string) {
  return (await webhooks.find(clinicId)) ?? { url: null, enabledAt: null, oldSecretUntil: null };
}

async function eventsView(events: Events, clinicId: string, query: Record<string, unknown>) {
  const { from, until, state, cursor } = query as {
    from?: Instant;
    until?: Instant;
    state?: EventState;
    cursor?: string;
  };
  const page = await events.list({
    clinicId,
    from: from ?? null,
    until: until ?? null,
    state: state ?? null,
    cursor: cursor ?? null,
    limit: PAGE,
  });
  return {
    items: page.items.map((event) => ({
      eventId: event.eventId,
      type: event.type,
      timestamp: event.at,
      data: event.data,
      subject: event.subject,
      sequence: event.sequence,
      state: event.state,
      tries: event.tries,
      lastFailure: event.lastFailure,
      retryAt: event.retryAt,
      deliveredAt: event.deliveredAt,
    })),
    next: page.next,
  };
}

const urlWords: Record<WebhookUrlProblem, string> = {
  'not-http': 'must begin with http:// or https://',
  'not-https': 'must begin with https://',
  'credentials-in-it': 'must have no user and no password in it',
  'not-a-public-host': 'must name a host that the internet knows',
};

function urlProblems(url: string, toPrivateAddresses: boolean): FieldProblem[] {
  const reason = webhookUrlProblem(url, toPrivateAddresses);
  return reason ? [{ field: '/body/url', reason, message: urlWords[reason] }] : [];
}

function rangeProblems({ from, until }: ReplayEvents): FieldProblem[] {
  return from < until
    ? []
    : [{ field: '/body/until', reason: 'not-after-from', message: 'must be after from' }];
}
