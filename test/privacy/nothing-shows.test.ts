import type { Payload } from '@temporalio/common';
import { readFileSync } from 'node:fs';
import mongoose from 'mongoose';
import { isEncrypted } from '../../temporal/codec';
import { invoiceWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import { createClinic, nextMobile, type TestClinic } from '../support/clinic';
import { roomOf } from '../support/room';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/** R8.3: what is personal stands in no history, id, log or plain field, whatever a meeting goes through. */
const secrets = {
  name: 'Hjördis Oförväxlingsbar',
  number: '198112189876',
  mobile: nextMobile(),
  email: 'hjordis@oforvaxlingsbar.example',
  answer: 'Ont i vänster stortå sedan i tisdags',
  refusedName: 'Ofullbordad Ansökan',
};

let service: Service;
let clinic: TestClinic;
let meetingId: string;
/** Of a second meeting, which took place and costs something, and of which the patient heard by e-mail. */
let chargedMeetingId: string;
let token: string;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service, { doorOpensMinutesBefore: 120 });
  const { body: person } = await clinic.call('POST', '/clinic/people', {
    body: {
      name: secrets.name,
      personalNumber: secrets.number,
      mobile: secrets.mobile,
      email: secrets.email,
    },
  });
  const { personId } = person as { personId: string };
  await clinic.call('POST', '/clinic/people', { body: { name: secrets.refusedName, personalNumber: '1' } });
  await clinic.call('POST', '/clinic/people/search', { body: { personalNumber: secrets.number } });
  await clinic.call('PUT', `/clinic/people/${personId}/sms-consent`, {
    body: { given: true, source: 'asked' },
  });
  await clinic.call('PUT', `/clinic/people/${personId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const { body: form } = await clinic.call('POST', '/clinic/forms', {
    body: {
      title: 'Besvär',
      questions: [{ questionId: 'what', label: 'Vad gäller det?', required: true, type: 'text' }],
    },
  });
  const { formId } = form as { formId: string };
  const meeting = await clinic.book({
    patientId: personId,
    startAt: new Date(Date.now() + 3_600_000).toISOString(),
    formIds: [formId],
  });
  meetingId = meeting.meetingId;
  await clinic.call('PUT', `${meeting.path}/forms/${formId}/answers`, {
    body: { answers: { what: secrets.answer }, answeredBy: 'patient' },
  });
  await clinic.confirmReady(meeting);
  const { body: entry } = await clinic.call('POST', `${meeting.path}/entry`, {
    body: { participantId: meeting.patientParticipantId, identityChecked: 'e-identification' },
  });
  token = (entry as { room: { token: string } }).room.token;
  const room = await roomOf(service, meetingId);
  await room.joined(meeting.patientParticipantId, new Date());
  await waitUntil(
    () => service.sentTo(secrets.mobile).length,
    (count) => count === 1,
  );
  await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
  await waitUntil(
    () => service.sentTo(secrets.mobile).length,
    (count) => count === 2,
  );
  await waitUntil(
    async () =>
      (await service.client.workflow.getHandle(meetingWorkflowId(meetingId)).describe()).status.name,
    (status) => status === 'COMPLETED',
  );
  await clinic.call('PATCH', `/clinic/people/${personId}`, { body: { noticesBy: 'email' } });
  const charged = await clinic.book({
    patientId: personId,
    startAt: new Date(Date.now() + 1_800_000).toISOString(),
    reference: 'V-1',
  });
  chargedMeetingId = charged.meetingId;
  await waitUntil(
    () => service.mailedTo(secrets.email).length,
    (count) => count === 1,
  );
  await clinic.call('POST', `${charged.path}/outcome`, { body: { outcome: 'completed' } });
  const { body: invoices } = await waitUntil(
    () => clinic.call('GET', `${charged.path}/invoices`),
    ({ body }) => (body as { items: unknown[] }).items.length === 1,
  );
  const [invoice] = (invoices as { items: { invoiceId: string }[] }).items;
  await clinic.call('POST', `/clinic/invoices/${invoice!.invoiceId}/objection`);
  await clinic.call('POST', `/clinic/invoices/${invoice!.invoiceId}/approve`, { body: {} });
  await clinic.call('GET', `/clinic/billing-file?from=2026-01-01&until=2099-12-31`, { role: 'system' });
});
afterAll(() => service.close());

/** Every personal thing, as it would look in text. */
const personal = (): string[] => [
  ...Object.values(secrets),
  secrets.mobile.slice(3),
  secrets.number.slice(2),
  token,
  ...service.sentTo(secrets.mobile).map(({ message }) => message),
  ...service.mailedTo(secrets.email).map(({ text }) => text),
];

function expectNothingPersonal(place: string, text: string): void {
  const found = personal().filter((secret) => text.includes(secret));
  expect({ place, found }).toEqual({ place, found: [] });
}

const workflows = (): [name: string, workflowId: string][] => [
  ['meeting', meetingWorkflowId(meetingId)],
  ['meeting by e-mail', meetingWorkflowId(chargedMeetingId)],
  ['invoice', invoiceWorkflowId(chargedMeetingId, 1)],
];

it('in a workflow’s history as Temporal stores it, its id, memo and attributes', async () => {
  for (const [name, workflowId] of workflows()) {
    const { history } = await service.client.workflowService.getWorkflowExecutionHistory({
      namespace: 'test',
      execution: { workflowId },
    });
    const bytes = (history?.events ?? []).map((event) => JSON.stringify(event, decodeBytes)).join('\n');
    expect(history?.events?.length).toBeGreaterThan(10);
    expectNothingPersonal(`history of ${name}`, bytes);
    // Nor does anything else that is ours stand there in plain text.
    expect(bytes).not.toMatch(/door-open|startVersion|consentGiven|amountOre/);
    const description = await service.client.workflow.getHandle(workflowId).describe();
    expectNothingPersonal(`description of ${name}`, JSON.stringify(description.raw, decodeBytes));
  }
});

it('in a history even when it is decrypted: ids, instants and states only', async () => {
  const [codec] = service.client.options.loadedDataConverter.payloadCodecs;
  for (const [name, workflowId] of workflows()) {
    const { history } = await service.client.workflowService.getWorkflowExecutionHistory({
      namespace: 'test',
      execution: { workflowId },
    });
    const payloads = (history?.events ?? []).flatMap(payloadsIn);
    expect(payloads.length).toBeGreaterThan(3);
    for (const payload of payloads) {
      const [plain] = isEncrypted(payload) ? await codec!.decode([payload]) : [payload];
      expectNothingPersonal(`payload of ${name}`, Buffer.from(plain?.data ?? []).toString());
    }
  }
  const handle = service.client.workflow.getHandle(meetingWorkflowId(meetingId));
  expectNothingPersonal('result', JSON.stringify(await handle.result()));
});

it('in any log line of the API, the worker or Temporal', () => {
  expect(service.logLines.length).toBeGreaterThan(5);
  expectNothingPersonal('api', service.logLines.join(''));
  expectNothingPersonal('temporal', readFileSync(process.env.TEST_TEMPORAL_LOG ?? '', 'utf8'));
});

it('the logs name what they are about, by opaque ids', () => {
  const lines = service.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ route }) => route === '/clinic/meetings/:meetingId/cancel')).toMatchObject({
    meetingId,
    requestId: expect.stringMatching(/^[\w-]{22}$/) as string,
    commandId: expect.stringMatching(/^[\w-]{22}$/) as string,
    status: 200,
  });
});

it('in any plain field of the database', async () => {
  const uri = (process.env.TEST_MONGODB_URI ?? '').replace('DATABASE', service.taskQueue);
  const connection = await mongoose.createConnection(uri).asPromise();
  const collections = await connection.db!.collections();
  expect(collections.length).toBeGreaterThan(8);
  for (const collection of collections) {
    for (const row of await collection.find().toArray()) {
      expectNothingPersonal(collection.collectionName, JSON.stringify(row, decodeBytes));
    }
  }
  await connection.close();
});

/** Bytes as the text that somebody would read in them. */
function decodeBytes(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array)
    return Buffer.from(value).toString('latin1') + Buffer.from(value).toString('utf8');
  if (isSerializedBuffer(value)) return Buffer.from(value.data).toString('latin1');
  return value;
}

const isSerializedBuffer = (value: unknown): value is { data: number[] } =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  value.type === 'Buffer' &&
  'data' in value;

/** Every payload anywhere in an event: what has metadata and data. */
function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) return [value as Payload];
  return Object.values(value).flatMap(payloadsIn);
}
