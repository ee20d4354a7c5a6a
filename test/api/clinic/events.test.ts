import type { z } from 'zod';
import { webhookEvents } from '../../../api/clinic/event-schemas';
import { webhookBody } from '../../../integrations/pas/webhook-body';
import { randomId } from '../../../platform/keys/random-id';
import type { BillingFacts, ClinicEvent } from '../../../rules/events';
import { createClinic, type CallAnswer, type TestClinic } from '../../support/clinic';
import { meetingEvent, writeEvents } from '../../support/events';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, expectProblem, inMs, openDatabase, type RawDatabase } from '../helpers';

/**
 * Decision 11 over HTTP: a clinic sets up its webhook, gets its events, reads them and asks for them again.
 */
let service: Service;
let clinic: TestClinic;
let receiver: Receiver;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService();
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});
beforeEach(async () => {
  clinic = await createClinic(service);
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const manager = { role: 'operations-manager', staffId: 'chefen' };
const call = (method: string, path: string, body?: object, key?: string): Promise<CallAnswer> =>
  clinic.call(method, path, { ...manager, ...(body ? { body } : {}), ...(key ? { key } : {}) });
const set = (url = receiver.url, key?: string) => call('PUT', '/clinic/webhook', { url }, key);

describe('the webhook', () => {
  it('is not there at first; setting it tells the secret, this once', async () => {
    const none = { url: null, enabledAt: null, oldSecretUntil: null };
    expect((await call('GET', '/clinic/webhook')).body).toEqual(none);
    const first = await set(receiver.url, 'set-webhook-1');
    expect(first).toMatchObject({ status: 200, body: { url: receiver.url, oldSecretUntil: null } });
    expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    // The same command again gets its first answer again, as every command does.
    expect((await set(receiver.url, 'set-webhook-1')).body).toEqual(first.body);
    expect((await set()).body).toEqual({ ...first.body, secret: null });
    const { secret, ...shown } = first.body as Record<string, unknown>;
    expect((await call('GET', '/clinic/webhook')).body).toEqual(shown);
    expect(secret).toBeDefined();
  });

  it('tells a new secret at a rotation, and until when the old one signs', async () => {
    const first = await set();
    const rotated = await call('POST', '/clinic/webhook/rotate-secret', {});
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(first.body.secret);
    const hours = (Date.parse(rotated.body.oldSecretUntil as string) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 1);
    const now = await call('POST', '/clinic/webhook/rotate-secret', { oldSecretHours: 0 });
    expect(Date.parse(now.body.oldSecretUntil as string)).toBeLessThanOrEqual(Date.now());
  });

  it('R8.2 the command’s answer keeps its secret sealed, and nobody’s audit row has it', async () => {
    const { secret } = (await set()).body as { secret: string };
    for (const { name } of await raw.db.listCollections().toArray()) {
      const rows = await raw.db.collection(name).find({}, { promoteBuffers: true }).toArray();
      const text = rows
        .flatMap((row): unknown[] => Object.values(row))
        .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
        .join('\n');
      expect([name, text.includes(secret.slice(6))]).toEqual([name, false]);
    }
    expect(service.logLines.join('')).not.toContain(secret.slice(6));
  });

  it('is needed for a rotation and a replay', async () => {
    expectProblem(await call('POST', '/clinic/webhook/rotate-secret', {}), 409);
    const range = { from: inMs(-DAY), until: inMs(0) };
    const answer = await call('POST', '/clinic/events/replay', range);
    expectProblem(answer, 409);
    expect(answer.body).toMatchObject({ title: 'no-webhook' });
  });

  it('of another clinic stays as it is', async () => {
    await set();
    const other = await createClinic(service);
    const { body } = await other.call('GET', '/clinic/webhook', manager);
    expect(body).toMatchObject({ url: null });
  });

  it.each(['http://pas.example.org/', 'https://127.0.0.1/', 'https://localhost/', 'https://mongodb:27017/'])(
    'is not taken in production at %s',
    async (url) => {
      const production = await startService({ workers: false, webhooksToPrivateAddresses: false });
      const there = await createClinic(production);
      const answer = await there.call('PUT', '/clinic/webhook', { ...manager, body: { url } });
      expect(expectProblem(answer, 422).map(({ field }) => field)).toEqual(['/body/url']);
      const right = { url: 'https://pas.example.org/events' };
      expect((await there.call('PUT', '/clinic/webhook', { ...manager, body: right })).status).toBe(200);
      await production.close();
    },
  );
});

describe('the events', () => {
  it('come by themselves, signed; are listed with what became of them; and come again when asked for', async () => {
    const { secret } = (await set()).body as { secret: string };
    const subject = randomId();
    const at = new Date();
    await writeEvents(service.records, clinic.clinicId, subject, [1, 2], at);
    await waitUntil(
      () => receiver.taken(),
      (taken) => taken.length === 2,
    );
    for (const event of receiver.received) receiver.verify(event, secret);
    const listed = await waitUntil(
      async () => (await call('GET', '/clinic/events?state=delivered')).body.items as unknown[],
      (items) => items.length === 2,
    );
    expect(listed[0]).toEqual({
      eventId: `${subject}:rebooked:1`,
      type: 'meeting.rebooked',
      timestamp: at.toISOString(),
      data: meetingEvent(subject, 1, at).data,
      subject,
      sequence: 1,
      state: 'delivered',
      tries: 1,
      lastFailure: null,
      retryAt: null,
      deliveredAt: expect.any(String) as unknown,
    });
    const range = { from: at.toISOString(), until: inMs(1_000) };
    expect((await call('POST', '/clinic/events/replay', range)).body).toEqual({ events: 2 });
    await waitUntil(
      () => receiver.taken(),
      (taken) => taken.length === 4,
    );
    expect(receiver.taken()).toEqual([1, 2, 1, 2].map((sequence) => `${subject}/${sequence}`));
    const other = await createClinic(service);
    expect((await other.call('GET', '/clinic/events', manager)).body).toEqual({ items: [], next: null });
  });

  it('R8.2 are read under the reader’s own name, for the clinic', async () => {
    await call('GET', '/clinic/events?state=dead');
    expect(await raw.audit({ clinicId: clinic.clinicId, operation: 'event.list' })).toMatchObject([
      { staffId: 'chefen', role: 'operations-manager', personId: null, allowed: true },
    ]);
  });

  it('are listed 50 a page', async () => {
    const subject = randomId();
    await service.records.transaction((session) =>
      service.records.events.add(
        session,
        { clinicId: clinic.clinicId, subject },
        Array.from({ length: 60 }, (_, index) => meetingEvent(subject, index + 1, new Date())),
      ),
    );
    const first = await call('GET', '/clinic/events');
    expect(first.body.items).toHaveLength(50);
    const second = await call('GET', `/clinic/events?cursor=${first.body.next as string}`);
    expect(second.body.items).toHaveLength(10);
    expect(second.body.next).toBeNull();
  });
});

describe('the OpenAPI document', () => {
  const at = '2026-11-23T08:00:00.000Z';
  const meeting = meetingEvent('meeting', 1, new Date(at)).data as Extract<
    ClinicEvent,
    { type: 'meeting.booked' }
  >['data'];
  const of = { invoiceId: 'i', meetingId: 'm', startVersion: 1, kind: 'visit-fee' } as const;
  const invoice = { ...of, state: 'proposed', amountOre: null };
  const billing: BillingFacts = {
    ...of,
    reference: null,
    patientId: 'p',
    feeCode: 'visit',
    amountOre: 30_000,
    currency: 'SEK',
    payer: 'patient',
    visitAt: at,
    because: [{ rule: 'R5.2', reason: 'agreed' }],
  };
  const task = { taskId: 't', kind: 'call-patient', meetingId: 'm', dueAt: at };
  const messageCase = {
    caseId: 'c',
    patientId: 'p',
    state: 'waiting-for-reply' as const,
    deadlineAt: at,
    breaches: 1,
  };
  /** One of each type; a type without a line here does not compile. */
  const bodies: { [Type in ClinicEvent['type']]: Extract<ClinicEvent, { type: Type }>['data'] } = {
    'meeting.booked': meeting,
    'meeting.rebooked': meeting,
    'meeting.duration-changed': meeting,
    'meeting.cancelled': meeting,
    'meeting.gates-opened': meeting,
    'meeting.gates-closed': meeting,
    'meeting.door-opened': meeting,
    'meeting.under-way': meeting,
    'meeting.outcome': {
      ...meeting,
      outcome: 'completed',
      decidedBy: 'evidence',
      because: ['met'],
    },
    'meeting.outcome-corrected': { ...meeting, outcome: 'completed', was: 'no-show', number: 1 },
    'meeting.taken-over': { ...meeting, participantId: 'p', reason: 'absent' },
    'meeting.visit-registered': meeting,
    'invoice.proposed': invoice,
    'invoice.withdrawn': invoice,
    'invoice.waived': { ...invoice, reason: 'by-staff' },
    'invoice.objected': invoice,
    'invoice.issued': invoice,
    'invoice.refused': invoice,
    'invoice.credited': invoice,
    'billing.basis': billing,
    'billing.credit': billing,
    'case.opened': messageCase,
    'case.message': { ...messageCase, messageId: 'm', from: 'patient-side' },
    'case.answered': { ...messageCase, messageId: 'm' },
    'case.deadline-near': messageCase,
    'case.breached': messageCase,
    'case.breach-withdrawn': messageCase,
    'case.closed': messageCase,
    'case.documented': { ...messageCase, deadlineAt: null },
    'task.opened': task,
    'task.reminder': { taskId: 't', kind: 'reply-due', caseId: 'c', dueAt: at },
    'task.overdue': task,
    'task.done': task,
  };

  it('describes every type of event, and the ways to know that it is ours', async () => {
    const document = (await (await fetch(`${service.apiUrl}/openapi.json`)).json()) as {
      webhooks: Record<string, { post: { parameters: { name: string }[]; security: unknown[] } }>;
    };
    expect(Object.keys(document.webhooks).sort()).toEqual(Object.keys(bodies).sort());
    for (const { post } of Object.values(document.webhooks)) {
      expect(post.parameters.map(({ name }) => name)).toEqual([
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
      ]);
      expect(post.security).toEqual([]);
    }
  });

  it.each(Object.entries(bodies))('says of %s what is sent, field by field', (type, data) => {
    const schema: z.ZodType = webhookEvents.find((each) => each.type === type)!.body;
    const event = { eventId: 'e', at, type, data } as ClinicEvent;
    const sent: unknown = JSON.parse(webhookBody({ ...event, clinicId: 'c', subject: 'm', sequence: 1 }));
    // A field that the schema does not name falls away in parsing, and is seen here.
    expect(schema.parse(sent)).toEqual(sent);
  });
});
