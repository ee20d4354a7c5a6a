import fc from 'fast-check';
import { Writable } from 'node:stream';
import pino from 'pino';
import { randomId } from '../../platform/keys/random-id';
import { createWebhookSender, type WebhookSender } from '../../integrations/pas/webhook-sender';
import type { Records } from '../../records';
import type { EventState } from '../../rules/events';
import { createEventOutbox, type EventOutbox } from '../../worker/event-outbox';
import { DAY, HOUR, MINUTE, openDatabase, testClock, type TestClock } from '../api/helpers';
import { setWebhook, writeEvents } from '../support/events';
import { misbehaviours, startPeer, type Misbehaviour } from '../support/peers';
import { startReceiver, type Behaviour, type Receiver } from '../support/receiver';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/**
 * Decision 11: a receiver that is slow, wrong, or down for a day misses nothing and gets nothing in the wrong
 * order. Real receivers over HTTP, the real database, and a clock that the test moves.
 */
let service: Service;
let records: Records;
let clock: TestClock;
let receivers: Receiver[];
const logLines: string[] = [];
const log = pino(
  { level: 'debug' },
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logLines.push(chunk.toString());
      done();
    },
  }),
);
const BEGIN = new Date('2026-11-23T08:00:00.000Z');
const SECOND = 1_000;

beforeAll(async () => {
  service = await startService({ workers: false });
  ({ records } = service);
});
afterAll(() => service.close());
beforeEach(() => {
  clock = testClock();
  clock.holdAt(BEGIN);
  receivers = [];
});
afterEach(async () => {
  for (const receiver of receivers) receiver.close();
  // What a test left waiting is nothing to the next one.
  const raw = await openDatabase(service);
  for (const name of ['events', 'eventQueues', 'leases']) await raw.db.collection(name).deleteMany({});
  await raw.close();
});

const sender = (timeoutMs = 5_000): WebhookSender =>
  createWebhookSender({ toPrivateAddresses: true, timeoutMs });
const outboxWith = (part: Partial<{ records: Records; sender: WebhookSender }> = {}): EventOutbox =>
  createEventOutbox({ records, clock, sender: sender(), ...part }, log);

/** Sends all that is due now. */
async function deliver(outbox: EventOutbox): Promise<void> {
  await outbox.begin();
  await outbox.settled();
}

/** Sends what is due, and lets time pass, again and again. */
async function deliverFor(outbox: EventOutbox, ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await deliver(outbox);
    clock.passMs(stepMs);
  }
}

interface Clinic {
  clinicId: string;
  receiver: Receiver;
  secret: string;
}
async function clinicWithReceiver(behaviour?: Behaviour): Promise<Clinic> {
  const receiver = await startReceiver();
  receivers.push(receiver);
  if (behaviour) receiver.behave(behaviour);
  const clinicId = randomId();
  return { clinicId, receiver, secret: await setWebhook(records, clinicId, receiver.url, clock.now()) };
}
const write = (clinicId: string, subject: string, count: number, from = 1): Promise<void> =>
  writeEvents(
    records,
    clinicId,
    subject,
    Array.from({ length: count }, (_, index) => from + index),
    clock.now(),
  );
const inOrder = (subject: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${subject}/${index + 1}`);
async function states(clinicId: string): Promise<EventState[]> {
  const all = { clinicId, from: null, until: null, state: null, cursor: null, limit: 1_000 };
  return (await records.events.list(all)).items.map(({ state }) => state);
}
const answers =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (_event, response) =>
    void response.writeHead(status, headers).end();
const taking = answers(204);

it.each<[Misbehaviour, string]>([
  ['switching protocols', 'http-101'],
  ['headers that never end', 'time-out'],
  ['never reads', 'time-out'],
  ['drops', 'connection-closed'],
])(
  'B12 four answers of a peer that %s stop no event: it is told, the next are tried, other clinics get theirs',
  async (misbehaviour, reason) => {
    const peer = await startPeer(misbehaviours[misbehaviour]);
    const odd = randomId();
    await setWebhook(records, odd, `http://127.0.0.1:${peer.port}/`, clock.now());
    const other = await clinicWithReceiver();
    const subjects = Array.from({ length: 6 }, () => randomId());
    for (const subject of subjects) await write(odd, subject, 1);
    const subject = randomId();
    await write(other.clinicId, subject, 2);
    const outbox = outboxWith({ sender: sender(500) });
    await deliver(outbox);
    expect(other.receiver.taken()).toEqual(inOrder(subject, 2));
    expect(peer.connections()).toBe(subjects.length);
    const told = logLines.map((line) => JSON.parse(line) as { clinicId?: string; reason?: string });
    expect(told.filter(({ clinicId }) => clinicId === odd).map((line) => line.reason)).toEqual(
      subjects.map(() => reason),
    );
    // It comes to its senses, and misses nothing.
    const receiver = await startReceiver();
    receivers.push(receiver);
    clock.passMs(HOUR);
    const receivedAt = clock.now().toISOString();
    await records.webhooks.set({ clinicId: odd, commandId: 'second', receivedAt }, receiver.url);
    await deliver(outbox);
    expect(receiver.taken().sort()).toEqual(subjects.flatMap((each) => inOrder(each, 1)).sort());
    await peer.close();
  },
);

describe('in order', () => {
  it('sends each subject’s events one after the other, signed so that the library’s verifier takes them', async () => {
    const { clinicId, receiver, secret } = await clinicWithReceiver();
    const subject = randomId();
    await write(clinicId, subject, 5);
    await deliver(outboxWith());
    expect(receiver.taken()).toEqual(inOrder(subject, 5));
    for (const event of receiver.received) receiver.verify(event, secret, clock.now());
    expect(await states(clinicId)).toEqual(Array(5).fill('delivered'));
  });

  it('holds the next one back while one of its subject is not taken, and only of its subject', async () => {
    const [blocked, free] = [randomId(), randomId()];
    const { clinicId, receiver } = await clinicWithReceiver((event, response) =>
      (event.subject === blocked && event.sequence === 2 ? answers(500) : taking)(event, response),
    );
    await write(clinicId, blocked, 4);
    await write(clinicId, free, 4);
    await deliver(outboxWith());
    expect(receiver.taken(blocked)).toEqual([`${blocked}/1`]);
    expect(receiver.taken(free)).toEqual(inOrder(free, 4));
    receiver.behave(taking);
    clock.passMs(5 * SECOND);
    await deliver(outboxWith());
    // Another process has the lease until it runs out.
    expect(receiver.taken(blocked)).toEqual([`${blocked}/1`]);
    clock.passMs(10 * SECOND);
    await deliver(outboxWith());
    expect(receiver.taken(blocked)).toEqual(inOrder(blocked, 4));
  });

  it('whatever a receiver does with each of them, every subject comes whole and in order', async () => {
    const misdeeds: Behaviour[] = [
      answers(500),
      answers(400),
      answers(410),
      answers(307, { location: 'http://127.0.0.1:1/' }),
      answers(503, { 'retry-after': '20' }),
      (_event, response) => void response.socket?.destroy(),
      // Taken, and the connection is lost before the answer: it comes again.
      (_event, response) => void response.socket?.end('HTT'),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -6, max: misdeeds.length - 1 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        async (course, counts) => {
          let turn = 0;
          const { clinicId, receiver } = await clinicWithReceiver((event, response) => {
            const misdeed = misdeeds[course[turn++] ?? -1];
            return (misdeed ?? taking)(event, response);
          });
          const subjects = counts.map(() => randomId());
          const outbox = outboxWith();
          for (const [index, subject] of subjects.entries()) await write(clinicId, subject, counts[index]!);
          // Some more come while the first ones are on their way.
          await deliver(outbox);
          for (const [index, subject] of subjects.entries())
            await write(clinicId, subject, 2, counts[index]! + 1);
          await deliverFor(outbox, 2 * DAY, HOUR);
          for (const [index, subject] of subjects.entries()) {
            expect(receiver.taken(subject)).toEqual(inOrder(subject, counts[index]! + 2));
          }
          expect(new Set(await states(clinicId))).toEqual(new Set(['delivered']));
          // One outbox after the other: let its lease run out.
          clock.passMs(MINUTE);
        },
      ),
      { numRuns: 12, seed: 20261123 },
    );
  });
});

describe('a receiver that is not there', () => {
  it('for a day: misses nothing and gets all in order, with the ids that were tried before', async () => {
    const { clinicId, receiver } = await clinicWithReceiver(answers(503));
    const subjects = [randomId(), randomId(), randomId()];
    const outbox = outboxWith();
    for (const subject of subjects) await write(clinicId, subject, 2);
    await deliverFor(outbox, DAY, 5 * MINUTE);
    for (const subject of subjects) await write(clinicId, subject, 2, 3);
    const tried = receiver.received.length;
    // Five soon, then one an hour: the receiver is not hammered while it is down.
    expect(tried / subjects.length).toBeGreaterThan(20);
    expect(tried / subjects.length).toBeLessThan(32);
    expect(receiver.taken()).toEqual([]);
    receiver.behave(taking);
    await deliverFor(outbox, 2 * HOUR, 5 * MINUTE);
    for (const subject of subjects) expect(receiver.taken(subject)).toEqual(inOrder(subject, 4));
    const idsOf = (taken: boolean) =>
      new Set(receiver.received.filter((event) => event.taken === taken).map(({ eventId }) => eventId));
    for (const id of idsOf(false)) expect(idsOf(true)).toContain(id);
  });

  it('asks for time with Retry-After, and is left alone so long', async () => {
    const { clinicId, receiver } = await clinicWithReceiver(answers(429, { 'retry-after': '600' }));
    const outbox = outboxWith();
    await write(clinicId, randomId(), 1);
    await deliverFor(outbox, 600 * SECOND, 20 * SECOND);
    expect(receiver.received).toHaveLength(1);
    await deliver(outbox);
    expect(receiver.received).toHaveLength(2);
  });

  it('hangs: the time-out ends the try, and the event comes again', async () => {
    const { clinicId, receiver } = await clinicWithReceiver(() => undefined);
    const outbox = outboxWith({ sender: sender(150) });
    const subject = randomId();
    await write(clinicId, subject, 2);
    await deliver(outbox);
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1]);
    const [event] = (
      await records.events.list({ clinicId, from: null, until: null, state: null, cursor: null, limit: 1 })
    ).items;
    expect(event).toMatchObject({ state: 'waiting', tries: 1, failures: 1, lastFailure: 'time-out' });
    receiver.behave(taking);
    await deliverFor(outbox, 30 * SECOND, 6 * SECOND);
    expect(receiver.taken()).toEqual(inOrder(subject, 2));
  });

  it('of one clinic does not hold up the others, nor the clinic’s own other subjects', async () => {
    const hanging = await clinicWithReceiver(() => undefined);
    const well = await clinicWithReceiver();
    const outbox = outboxWith({ sender: sender(3_000) });
    for (let count = 0; count < 8; count += 1) await write(hanging.clinicId, randomId(), 1);
    const subject = randomId();
    await write(well.clinicId, subject, 3);
    await outbox.begin();
    await waitUntil(
      () => well.receiver.taken(),
      (taken) => taken.length === 3,
      2_500,
    );
    // As many as may be under way at once, each of another subject.
    expect(new Set(hanging.receiver.received.map((event) => event.subject)).size).toBe(4);
    expect(hanging.receiver.received).toHaveLength(4);
    outbox.stop();
    await outbox.settled();
  });
});

describe('an event that nobody takes', () => {
  it('is dead after three days and lets the next ones pass; the receiver sees the gap', async () => {
    const { clinicId, receiver } = await clinicWithReceiver((event, response) =>
      (event.sequence === 2 ? answers(422) : taking)(event, response),
    );
    const subject = randomId();
    const outbox = outboxWith();
    await write(clinicId, subject, 3);
    await deliverFor(outbox, 3 * DAY - HOUR, 30 * MINUTE);
    expect(await states(clinicId)).toEqual(['delivered', 'waiting', 'waiting']);
    await deliverFor(outbox, 2 * HOUR, 30 * MINUTE);
    expect(await states(clinicId)).toEqual(['delivered', 'dead', 'delivered']);
    expect(receiver.taken()).toEqual([`${subject}/1`, `${subject}/3`]);
    expect(logLines.join('')).toContain('an event was given up');
  });

  it('is sent again by a replay, with what came after it, in order and with the same ids and bodies', async () => {
    const { clinicId, receiver, secret } = await clinicWithReceiver(answers(500));
    const subjects = [randomId(), randomId()];
    const outbox = outboxWith();
    for (const subject of subjects) await write(clinicId, subject, 2);
    await deliverFor(outbox, 8 * DAY, 30 * MINUTE);
    expect(await states(clinicId)).toEqual(Array(4).fill('dead'));
    const before = new Map(receiver.received.map(({ eventId, body }) => [eventId, body]));
    receiver.behave(taking);
    const from = BEGIN.toISOString();
    const until = new Date(BEGIN.getTime() + 1).toISOString();
    expect(await records.events.replay(clinicId, from, until, clock.now().toISOString())).toBe(4);
    await deliver(outbox);
    for (const subject of subjects) expect(receiver.taken(subject)).toEqual(inOrder(subject, 2));
    const again = receiver.received.filter(({ taken }) => taken);
    expect(new Map(again.map(({ eventId, body }) => [eventId, body]))).toEqual(before);
    for (const event of again) receiver.verify(event, secret, clock.now());
    // And once more for what was delivered already; outside of the range nothing is sent.
    clock.passMs(SECOND);
    expect(await records.events.replay(clinicId, from, until, clock.now().toISOString())).toBe(4);
    expect(await records.events.replay(clinicId, until, clock.now().toISOString(), until)).toBe(0);
    await deliver(outbox);
    for (const subject of subjects) {
      expect(receiver.taken(subject)).toEqual([...inOrder(subject, 2), ...inOrder(subject, 2)]);
    }
  });
});

describe('at least once', () => {
  it('a process that dies between delivery and note leaves it to the next, with the same id, and nothing passes it', async () => {
    const { clinicId, receiver } = await clinicWithReceiver();
    const subject = randomId();
    await write(clinicId, subject, 2);
    const dying: Records = {
      ...records,
      events: { ...records.events, settle: () => Promise.reject(new Error('killed')) },
    };
    await deliver(outboxWith({ records: dying }));
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1]);
    const next = outboxWith();
    // The lease has run out, the claim has not.
    clock.passMs(11 * SECOND);
    await deliver(next);
    expect(receiver.received).toHaveLength(1);
    clock.passMs(20 * SECOND);
    await deliver(next);
    expect(receiver.received.map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
    const [first, second] = receiver.received;
    expect([second!.eventId, second!.body]).toEqual([first!.eventId, first!.body]);
    expect(await states(clinicId)).toEqual(['delivered', 'delivered']);
  });

  it('of two outboxes one is at work', async () => {
    const { clinicId, receiver } = await clinicWithReceiver();
    const outboxes = [outboxWith(), outboxWith()];
    const subjects = Array.from({ length: 6 }, () => randomId());
    for (const subject of subjects) await write(clinicId, subject, 3);
    await Promise.all(outboxes.map(deliver));
    expect(receiver.received).toHaveLength(18);
    for (const subject of subjects) expect(receiver.taken(subject)).toEqual(inOrder(subject, 3));
  });

  it('two that both think that they have the lease still send each subject in order, and each event once', async () => {
    const { clinicId, receiver } = await clinicWithReceiver(async (_event, response) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      response.writeHead(204).end();
    });
    const leaseless: Records = { ...records, leases: { hold: () => Promise.resolve(true) } };
    const outboxes = [1, 2, 3].map(() => outboxWith({ records: leaseless }));
    const subjects = Array.from({ length: 5 }, () => randomId());
    for (const subject of subjects) await write(clinicId, subject, 4);
    await Promise.all(outboxes.map(deliver));
    await Promise.all(outboxes.map(deliver));
    expect(receiver.received).toHaveLength(20);
    for (const subject of subjects) expect(receiver.taken(subject)).toEqual(inOrder(subject, 4));
  });

  it('a stopped outbox finishes what is under way and begins nothing', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { clinicId, receiver } = await clinicWithReceiver(async (_event, response) => {
      await held;
      response.writeHead(204).end();
    });
    const subject = randomId();
    await write(clinicId, subject, 2);
    const outbox = outboxWith();
    await outbox.begin();
    await waitUntil(
      () => receiver.received.length,
      (count) => count === 1,
    );
    outbox.stop();
    release();
    await outbox.settled();
    expect(await states(clinicId)).toEqual(['delivered', 'waiting']);
  });
});

describe('the webhook', () => {
  it('that is not there: events wait, and are sent only when they are asked for', async () => {
    const clinicId = randomId();
    const subject = randomId();
    const outbox = outboxWith();
    await write(clinicId, subject, 2);
    await deliverFor(outbox, DAY, HOUR);
    expect(await states(clinicId)).toEqual(['waiting', 'waiting']);
    const receiver = await startReceiver();
    receivers.push(receiver);
    await setWebhook(records, clinicId, receiver.url, clock.now());
    await write(clinicId, subject, 2, 3);
    await deliver(outbox);
    // What happened before is not sent by itself, and holds nothing up.
    expect(receiver.taken()).toEqual([`${subject}/3`, `${subject}/4`]);
    clock.passMs(SECOND);
    await records.events.replay(
      clinicId,
      BEGIN.toISOString(),
      clock.now().toISOString(),
      clock.now().toISOString(),
    );
    await deliver(outbox);
    expect(receiver.taken().slice(2)).toEqual(inOrder(subject, 4));
  });

  it('whose secret is rotated: both sign, the new one alone when the old one has ended', async () => {
    const { clinicId, receiver, secret: old } = await clinicWithReceiver();
    const outbox = outboxWith();
    const rotate = async (commandId: string, at: Date): Promise<string> => {
      const change = { clinicId, commandId, receivedAt: at.toISOString() };
      const until = new Date(at.getTime() + DAY).toISOString();
      const first = await records.webhooks.rotate(change, until);
      // The command carried out twice makes one secret, and tells it both times.
      expect(await records.webhooks.rotate(change, until)).toEqual(first);
      return first!.secret!;
    };
    const sentNow = async (number: number) => {
      await write(clinicId, randomId(), 1, number);
      await deliver(outbox);
      return receiver.received.at(-1)!;
    };
    const refused = (event: Parameters<Receiver['verify']>[0], secret: string) =>
      expect(() => receiver.verify(event, secret, clock.now())).toThrow('No matching signature');

    clock.passMs(HOUR);
    const second = await rotate('second', clock.now());
    expect(second).not.toBe(old);
    const both = await sentNow(1);
    receiver.verify(both, old, clock.now());
    receiver.verify(both, second, clock.now());

    // Rotated again before the first has ended: never more than two.
    clock.passMs(HOUR);
    const third = await rotate('third', clock.now());
    const next = await sentNow(2);
    refused(next, old);
    receiver.verify(next, second, clock.now());
    receiver.verify(next, third, clock.now());

    clock.passMs(DAY);
    const alone = await sentNow(3);
    refused(alone, second);
    receiver.verify(alone, third, clock.now());
    expect(alone.headers['webhook-signature']).not.toContain(' ');
  });

  it('that is moved: what waits goes to the new address', async () => {
    const { clinicId, receiver } = await clinicWithReceiver(answers(404));
    const subject = randomId();
    const outbox = outboxWith();
    await write(clinicId, subject, 2);
    await deliver(outbox);
    const moved = await startReceiver();
    receivers.push(moved);
    const change = { clinicId, commandId: 'moved', receivedAt: clock.now().toISOString() };
    expect(await records.webhooks.set(change, moved.url)).toMatchObject({
      secret: null,
      webhook: { url: moved.url },
    });
    await deliverFor(outbox, MINUTE, 6 * SECOND);
    expect(moved.taken()).toEqual(inOrder(subject, 2));
    expect(receiver.received).toHaveLength(1);
  });

  it('has secrets that stand in no log and nowhere in the database in plain text', async () => {
    const { clinicId, receiver, secret } = await clinicWithReceiver(answers(500));
    await write(clinicId, randomId(), 1);
    await deliver(outboxWith());
    expect(receiver.received).toHaveLength(1);
    const lines = [...logLines, ...service.logLines].join('');
    expect(lines).toContain('an event was not taken');
    const raw = await openDatabase(service);
    const key = secret.replace('whsec_', '');
    const forms = [
      key,
      Buffer.from(key, 'base64').toString('latin1'),
      Buffer.from(key, 'base64').toString('hex'),
    ];
    for (const form of forms) expect(lines).not.toContain(form);
    expect(lines).not.toContain(receiver.url);
    for (const { name } of await raw.db.listCollections().toArray()) {
      const rows = await raw.db.collection(name).find({}, { promoteBuffers: true }).toArray();
      const text = rows
        .flatMap((row): unknown[] => Object.values(row))
        .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
        .join('\n');
      for (const form of forms) expect([name, text.includes(form)]).toEqual([name, false]);
    }
    await raw.close();
  });
});
