import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { meetingWorkflowId } from '../../../temporal/ids';
import { startTracing } from '../../../platform/tracing/start';
import { createClinic, nextMobile } from '../../support/clinic';
import { replayOwn } from '../../support/replays';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/** Traces as a collector receives them: from the request to the SMS, and nothing personal in any. */
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

let collector: Server;
let received = '';
let service: Service;
let stopTracing: () => Promise<void>;
let flushed = false;

const spans = (): OtlpSpan[] =>
  received
    .split('\n')
    .filter(Boolean)
    .flatMap(
      (line) =>
        (JSON.parse(line) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans,
    )
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
const attributesOf = ({ attributes }: OtlpSpan): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received += `${body}\n`;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  stopTracing = startTracing({ endpoint, service: 'vardmote-test' });
  service = await startService({ traced: true });
});
afterAll(async () => {
  await service.close();
  if (!flushed) await stopTracing();
  collector.closeAllConnections();
  collector.close();
});

const secrets = {
  name: 'Hjördis Oförväxlingsbar',
  number: '198112189876',
  mobile: nextMobile(),
  refused: 'Ofullbordad Ansökan',
};

it('one trace goes from the request by way of the workflow to the SMS, without anything personal', async () => {
  const clinic = await createClinic(service);
  const personId = await clinic.addPatient({
    name: secrets.name,
    personalNumber: secrets.number,
    birthDate: undefined,
    mobile: secrets.mobile,
  });
  await clinic.call('POST', '/clinic/people', { body: { name: secrets.refused, personalNumber: '1' } });
  const { meetingId, path } = await clinic.book({
    patientId: personId,
    startAt: new Date(Date.now() + 3 * 3_600_000).toISOString(),
  });
  await waitUntil(
    () => service.sentTo(secrets.mobile).length,
    (count) => count === 1,
  );
  await clinic.call('POST', `${path}/cancel`, { body: { by: 'clinic' } });
  await waitUntil(
    () => service.sentTo(secrets.mobile).length,
    (count) => count === 2,
  );
  // The histories that carry the trace are those that the workflows' code makes.
  await waitUntil(
    async () =>
      (await service.client.workflow.getHandle(meetingWorkflowId(meetingId)).describe()).status.name,
    (status) => status === 'COMPLETED',
  );
  expect(await replayOwn(service, 5)).toBe(1);
  await service.stopWorkers();
  flushed = true;
  await stopTracing();

  const all = spans();
  const byId = new Map(all.map((span) => [span.spanId, span]));
  const pathTo = (span: OtlpSpan): string[] => {
    const parent = span.parentSpanId ? byId.get(span.parentSpanId) : undefined;
    return [...(parent ? pathTo(parent) : []), span.name];
  };
  const handOvers = all.filter(({ name }) => name === 'hand over by sms');
  const paths = Object.fromEntries(
    handOvers.map((span) => [attributesOf(span)['vardmote.notice'], pathTo(span)]),
  );
  expect(paths).toEqual({
    booking: [
      'POST /clinic/meetings',
      'StartWorkflow:careMeeting',
      'RunActivity:giveNotice',
      'hand over by sms',
    ],
    // What follows from a later request belongs to that one's trace.
    cancellation: [
      'POST /clinic/meetings/:meetingId/cancel',
      'StartWorkflowUpdate:cancel',
      'RunActivity:giveNotice',
      'hand over by sms',
    ],
  });
  expect(new Set(handOvers.map(({ traceId }) => traceId)).size).toBe(2);
  const [activity] = all.filter(({ name }) => name === 'RunActivity:giveNotice');
  expect(attributesOf(activity!)).toMatchObject({ temporalWorkflowId: meetingWorkflowId(meetingId) });

  const texts = service.sentTo(secrets.mobile).map(({ message }) => message);
  for (const secret of [...Object.values(secrets), secrets.mobile.slice(3), ...texts, clinic.apiKey]) {
    expect(received).not.toContain(secret);
  }
  const known = /^(http\.|vardmote\.|temporal|run_id$)/;
  for (const span of all) {
    for (const { key } of span.attributes) expect(key).toMatch(known);
    expect(span).toMatchObject({ events: [], links: [] });
  }
});
