import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { carryOut } from '../../use-cases/carry-out';
import { systemClock } from '../../rules/clock';
import { testKeys } from '../support/keys';
import { quietPatient, readMeeting, taskIn } from '../api/clinic/after-meetings';
import { DAY, MINUTE, inMs } from '../api/helpers';
import { bookingOf, createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/**
 * B7: Temporal carries out what it is asked, and what comes back is an error. Whatever it is, the command is
 * stored, carried out once, and its key gets the answer later.
 */
let service: Service;
let clinic: TestClinic;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let temporal: { connection: Connection; native: NativeConnection; namespace: string };
let patientId: string;

beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  proxy = await startProxy(address);
  temporal = {
    // Without the client's own tries again, which would only make it take longer.
    connection: await Connection.connect({ address: proxy.address, interceptors: [] }),
    native: await NativeConnection.connect({ address }),
    namespace: 'test',
  };
  service = await startService({ deadlineMs: 4_000, temporal });
  clinic = await createClinic(service);
  patientId = await quietPatient(clinic);
});
afterAll(async () => {
  await service.close();
  await Promise.allSettled([temporal.connection.close(), temporal.native.close()]);
  proxy.close();
});

type Fault = { code: number } | 'reset' | null;

/** Stands before Temporal: passes everything on, and puts an error in place of the answers to one method. */
async function startProxy(address: string) {
  const upstream = http2.connect(`http://${address}`);
  const made: { fault: Fault; method: string } = { fault: null, method: '' };
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    const asked = upstream.request(
      Object.fromEntries(Object.entries(headers).filter(([name]) => name !== ':authority')),
    );
    const chunks: Buffer[] = [];
    let answer: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    stream.on('error', () => undefined);
    asked.on('error', () => stream.close(http2.constants.NGHTTP2_CANCEL));
    stream.on('aborted', () => asked.close());
    stream.pipe(asked);
    asked.on('response', (got) => (answer = got));
    asked.on('trailers', (got: http2.IncomingHttpHeaders) => (trailers = got));
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const { fault, method } = made;
      if (stream.destroyed) return;
      if (fault !== null && headers[':path']?.endsWith(`/${method}`)) {
        if (fault === 'reset') stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
        else
          stream.respond(
            { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(fault.code) },
            { endStream: true },
          );
        return;
      }
      if ('grpc-status' in answer) {
        stream.respond(answer, { endStream: true });
        return;
      }
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.respond(answer, { waitForTrailers: true });
      stream.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    made,
    close: () => {
      server.close();
      upstream.destroy();
    },
  };
}

const faults: Exclude<Fault, null>[] = [
  ...Array.from({ length: 16 }, (_, index) => ({ code: index + 1 })),
  'reset',
];
const nameOf = (fault: Exclude<Fault, null>): string => (fault === 'reset' ? fault : `code-${fault.code}`);

it('B7 every status of gRPC and a broken stream: 503 stored with Retry-After, then the answer, and nothing twice', async () => {
  const meetings = new Map<string, string>();
  const book = (fault: Exclude<Fault, null>) =>
    clinic.call('POST', '/clinic/meetings', {
      key: `books-${nameOf(fault)}`,
      body: bookingOf({ patientId, startAt: inMs(5 * DAY, new Date('2027-01-11T08:00:00Z')) }),
    });
  const cancel = (fault: Exclude<Fault, null>) =>
    clinic.call('POST', `/clinic/meetings/${meetings.get(nameOf(fault)) ?? ''}/cancel`, {
      key: `cancels-${nameOf(fault)}`,
      body: { by: 'clinic' },
    });
  async function allWith(method: string, ask: typeof book, done: number, known: number[]): Promise<void> {
    proxy.made.method = method;
    for (const fault of faults) {
      proxy.made.fault = fault;
      const answer = await ask(fault);
      const { title } = answer.body as { title?: string };
      // A known one says in itself what has come of it.
      const isKnown = fault !== 'reset' && known.includes(fault.code);
      expect([nameOf(fault), answer.status, title, answer.headers.get('retry-after')]).toEqual(
        isKnown ? [nameOf(fault), done, undefined, null] : [nameOf(fault), 503, 'not-carried-out-yet', '2'],
      );
    }
    proxy.made.fault = null;
    for (const fault of faults) {
      const answer = await waitUntil(
        () => ask(fault),
        ({ status }) => status !== 503 && status !== 409,
        60_000,
      );
      expect([nameOf(fault), answer.status]).toEqual([nameOf(fault), done]);
      meetings.set(nameOf(fault), (answer.body as { meetingId: string }).meetingId);
    }
  }
  // Started already is what a second try of the same booking hears.
  await allWith('StartWorkflowExecution', book, 201, [6]);
  expect(new Set(meetings.values()).size).toBe(faults.length);
  await allWith('UpdateWorkflowExecution', cancel, 200, []);
  for (const meetingId of meetings.values()) {
    const { happenings } = (await service.records.meetings.get(meetingId)).course;
    expect(happenings.map(({ what }) => what)).toEqual(
      ['booked', 'cancelled', 'outcome', 'invoice-proposed'].slice(0, happenings.length),
    );
    expect((await service.temporal.meetingStatus(meetingId)).state).toBe('ended');
  }
  const all = {
    clinicId: clinic.clinicId,
    by: { from: new Date(0), until: new Date('2099-01-01') },
    state: null,
    cursor: null,
    limit: 100,
  };
  expect((await service.records.meetings.list(all)).items).toHaveLength(faults.length);
}, 240_000);

it('B7, A4 what Temporal will never take is a failure of ours: patience ends, and the promise is a task', async () => {
  const meeting = await clinic.book({ patientId, startAt: inMs(5 * DAY) });
  const accepted = await service.records.commands.accept(
    'too-large-for-temporal',
    {
      clinicId: clinic.clinicId,
      actor: { kind: 'patient', personId: patientId },
      reason: null,
      operation: 'meeting.cancel',
      params: { meetingId: meeting.meetingId },
      body: { by: 'patient', receivedAt: null, forStartVersion: 1 },
    },
    new Date(),
  );
  if (accepted.kind !== 'carry-out') throw new Error(`not new: ${accepted.kind}`);
  Object.assign(proxy.made, { fault: { code: 3 }, method: 'UpdateWorkflowExecution' });
  const { records, temporal: gateway } = service;
  const deps = { records, temporal: gateway, clock: systemClock, roomKey: testKeys.roomKey };
  const came: (number | 'failed')[] = [];
  while (came.length < 20 && (came.at(-1) ?? 'failed') === 'failed')
    came.push(
      await carryOut(deps, accepted.command).then(
        ({ status }) => status,
        () => 'failed' as const,
      ),
    );
  proxy.made.fault = null;
  expect(came.length).toBeGreaterThan(4);
  expect(came.at(-1)).toBe(500);
  const task = await taskIn(clinic, meeting, 'not-carried-out', 'open');
  expect(task.because).toEqual(['meeting-cancel', 'by-patient', 'given-up']);
});

it('B7, D16 who does not answer is told: Temporal, or the workflows where the worker is away', async () => {
  const [first, second] = [0, 1].map(() => clinic.book({ patientId, startAt: inMs(10 * MINUTE) }));
  const enter = async (meeting: TestMeeting) =>
    clinic.call('POST', `${meeting.path}/entry`, {
      body: { participantId: meeting.staffParticipantId, identityChecked: 'known-to-staff' },
    });
  const [one, other] = [await first!, await second!];
  for (const meeting of [one, other])
    await waitUntil(
      () => readMeeting(clinic, meeting),
      ({ state }) => state === 'door-open',
    );
  Object.assign(proxy.made, { fault: null, method: 'UpdateWorkflowExecution' });
  // A server that says that nothing is there, of what runs, does not make anybody's meeting over.
  proxy.made.fault = { code: 5 };
  const missing = await enter(one);
  expect([missing.status, (missing.body as { title: string }).title]).toEqual([503, 'temporal-away']);
  proxy.made.fault = { code: 14 };
  const away = await enter(other);
  expect([away.status, (away.body as { title: string }).title]).toEqual([503, 'temporal-away']);
  proxy.made.fault = null;
  const last = await clinic.book({ patientId, startAt: inMs(10 * MINUTE) });
  await waitUntil(
    () => readMeeting(clinic, last),
    ({ state }) => state === 'door-open',
  );
  await service.stopWorkers();
  const unworked = await enter(last);
  expect([unworked.status, (unworked.body as { title: string }).title]).toEqual([
    503,
    'workflows-do-not-answer',
  ]);
  await service.startWorkers();
  // As soon as the workers have come.
  const entered = await waitUntil(
    () => enter(last),
    ({ status }) => status !== 503,
  );
  expect(entered.body).toMatchObject({ admitted: true });
}, 60_000);
