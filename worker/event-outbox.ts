import type { Logger } from 'pino';
import { webhookBody } from '../integrations/pas/webhook-body';
import type { WebhookSender } from '../integrations/pas/webhook-sender';
import type { Records } from '../records';
import type { EventClaim, EventOutcome } from '../records/events';
import type { Clock } from '../rules/clock';
import { nextTry } from '../rules/events';
import { createLeaseKeeper, type LeaseKeeper } from './lease-keeper';
import { startLoop } from './loop';

/** What the outbox needs, handed in once. */
export interface EventOutboxDeps {
  records: Records;
  clock: Clock;
  sender: WebhookSender;
  /** The one that all work of this process is done under; without it the outbox keeps one of its own. */
  lease?: LeaseKeeper;
}

const EVERY_MS = 1_000;
const IDLE_MS = 6_000;
/** Much longer than the time between two looks; an outbox that died is followed by another one after this. */
const LEASE_MS = 10_000;
/** Longer than a try takes (15 s), so that nobody else sends the same subject meanwhile. */
const CLAIM_MS = 30_000;
/** Subjects of one clinic that are sent at once: its slow receiver holds up nobody but itself. */
const AT_ONCE_PER_CLINIC = 4;
/** Where a webhook has gone that was there: nothing is lost, and it is looked for again. */
const NO_WEBHOOK_MS = 3_600_000;

/** The outbox's work, to be called again and again. */
export interface EventOutbox {
  /**
   * Begins to send what is due, if this process has the lease; does not wait for it. Answers with whether
   * there was anything.
   */
  begin(): Promise<boolean>;
  /** Waits for all that was begun. */
  settled(): Promise<void>;
  /** Begins nothing more. */
  stop(): void;
}

/**
 * Delivers the outbox's events at least once: subject by subject in order, different subjects and clinics
 * side by side. A claim in the database keeps a subject to one sender even where two processes think that
 * they have the lease.
 */
export function createEventOutbox(deps: EventOutboxDeps, log: Logger): EventOutbox {
  const { records, clock, sender } = deps;
  const lease = deps.lease ?? createLeaseKeeper(deps, { name: 'event-outbox', forMs: LEASE_MS });
  const senders = new Map<string, Set<Promise<void>>>();
  let stopped = false;

  const isActive = (): boolean => !stopped && clock.now().getTime() < lease.heldUntil();

  /** Sends what is due at one clinic, one after the other, until nothing is. */
  async function sendFor(clinicId: string): Promise<void> {
    while (isActive()) {
      const claim = await records.events.claim(clinicId, clock.now(), CLAIM_MS);
      if (!claim) return;
      await deliver(claim);
    }
  }

  async function deliver(claim: EventClaim): Promise<void> {
    const { event } = claim;
    const at = clock.now();
    const endpoint = await records.webhooks.endpoint(event.clinicId, at);
    if (!endpoint) {
      await records.events.letGo(claim, new Date(at.getTime() + NO_WEBHOOK_MS));
      return;
    }
    const result = await sender.send({ ...endpoint, eventId: event.eventId, body: webhookBody(event), at });
    const now = clock.now();
    if (result.kind === 'taken') {
      await records.events.settle(claim, { kind: 'delivered' }, now);
      return;
    }
    const { reason } = result;
    const failures = event.failures + 1;
    const failingSince = event.failingSince === null ? now : new Date(event.failingSince);
    const retryAt = nextTry({ failures, failingSince, now, retryAfterMs: result.retryAfterMs });
    const outcome: EventOutcome = retryAt ? { kind: 'failed', reason, retryAt } : { kind: 'dead', reason };
    await records.events.settle(claim, outcome, now);
    const { eventId, clinicId } = event;
    if (retryAt) log.info({ eventId, clinicId, reason, failures, retryAt }, 'an event was not taken');
    else log.warn({ eventId, clinicId, reason, failures }, 'an event was given up');
  }

  function startSender(clinicId: string): void {
    const ofClinic = senders.get(clinicId) ?? new Set();
    senders.set(clinicId, ofClinic);
    const sending = sendFor(clinicId)
      .catch((error: unknown) => log.warn({ err: error, clinicId }, 'the outbox tries again'))
      .finally(() => ofClinic.delete(sending));
    ofClinic.add(sending);
  }

  return {
    async begin() {
      if (stopped || !(await lease.hold())) return false;
      const clinicIds = await records.events.clinicsWithDue(clock.now());
      for (const clinicId of clinicIds) {
        for (let busy = senders.get(clinicId)?.size ?? 0; busy < AT_ONCE_PER_CLINIC; busy += 1) {
          startSender(clinicId);
        }
      }
      return clinicIds.length > 0;
    },
    async settled() {
      await Promise.all([...senders.values()].flatMap((ofClinic) => [...ofClinic]));
    },
    stop() {
      stopped = true;
    },
  };
}

/**
 * Runs the outbox beside the workers, one process at a time. Answers with what stops it; a try under way is
 * waited for.
 */
export function startEventOutbox(deps: EventOutboxDeps, log: Logger): () => Promise<void> {
  const outbox = createEventOutbox(deps, log);
  const stopLoop = startLoop(
    { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS },
    () => outbox.begin(),
    (error) => log.warn({ err: error }, 'the outbox tries again'),
  );
  return async () => {
    outbox.stop();
    await stopLoop();
    await outbox.settled();
  };
}
