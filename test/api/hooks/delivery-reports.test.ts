import { createBench, type Bench } from '../../activities/notice/harness';
import { report } from '../../activities/notice/provider';
import { createClinic, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { defaultNoticeRules } from '../../../rules/notices';
import { openDatabase, type RawDatabase } from '../helpers';

/**
 * Delivery reports that come early, late, or from somebody else, against hand-overs that the test carries out
 * itself: each is harmless (R2.7; design, decision 5). What the stand-in provider's own reports do is in
 * hooks.test.ts.
 */
let service: Service;
let raw: RawDatabase;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
  raw = await openDatabase(service);
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const FORGED = 'sf0f0f0f0f0f0';

/** A booking message that the provider took and answered for. */
async function sent(person: object = {}): Promise<{ bench: Bench; rowId: string; reportUrl: string }> {
  const bench = await createBench(service, clinic, { person });
  const [rowId = ''] = await bench.prepare('booking');
  expect(await bench.handOver(rowId)).toBe('sent');
  return { bench, rowId, reportUrl: bench.sent[0]?.reportUrl ?? '' };
}
const told = async (url: string, providerId: string, status: string): Promise<number> =>
  (await report(url, { providerId, status })).status;
const tasksOf = async ({ meeting }: Bench) =>
  (await service.records.tasks.ofMeeting(meeting.meetingId)).map(({ kind, state }) => `${kind} ${state}`);

it('with the right token but of another message than the row’s is refused, and changes nothing', async () => {
  const { bench, rowId, reportUrl } = await sent();
  const before = await bench.row(rowId);
  for (const status of ['failed', 'delivered', 'sent']) {
    expect(await told(reportUrl, FORGED, status)).toBe(404);
  }
  expect(await bench.row(rowId)).toEqual(before);
  expect(await tasksOf(bench)).toEqual([]);
  expect(await told(reportUrl, before.providerId!, 'delivered')).toBe(204);
  expect((await bench.row(rowId)).state).toBe('delivered');
});

it('of a message that is another row’s is refused for a row that has none yet', async () => {
  const other = await sent();
  const { providerId } = await other.bench.row(other.rowId);
  const bench = await createBench(service, clinic);
  bench.provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
  const [rowId = ''] = await bench.prepare('booking');
  await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'look-again' });
  expect(await told(bench.sent[0]!.reportUrl, providerId!, 'delivered')).toBe(404);
  expect(await bench.row(rowId)).toMatchObject({ state: 'unknown', providerId: null });
  expect(await other.bench.row(other.rowId)).toMatchObject({ state: 'sent', providerId });
});

it('for a row that has no message yet is taken by its token, and then no other message’s', async () => {
  const bench = await createBench(service, clinic);
  bench.provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
  const [rowId = ''] = await bench.prepare('booking');
  await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'look-again' });
  const { reportUrl } = bench.sent[0]!;
  expect(await told(reportUrl, 's0a0a0a0a0a0a', 'sent')).toBe(204);
  expect(await told(reportUrl, FORGED, 'failed')).toBe(404);
  expect(await bench.row(rowId)).toMatchObject({ state: 'sent', providerId: 's0a0a0a0a0a0a' });
  expect(await told(reportUrl, 's0a0a0a0a0a0a', 'delivered')).toBe(204);
  expect((await bench.row(rowId)).state).toBe('delivered');
});

it('before our own call has its answer: repeated and in any order they come to the same', async () => {
  for (const statuses of [
    ['delivered', 'sent', 'delivered'],
    ['failed', 'sent'],
    ['sent', 'failed', 'delivered'],
  ]) {
    const bench = await createBench(service, clinic);
    bench.provider.answer = async (sms) => {
      const answer = bench.provider.take(sms);
      for (const status of statuses) expect(await told(sms.reportUrl, answer.providerId, status)).toBe(204);
      return answer;
    };
    const [rowId = ''] = await bench.prepare('booking');
    const expected = statuses.includes('delivered') ? 'delivered' : 'failed';
    expect(await bench.handOver(rowId)).toBe(expected);
    expect(bench.sent).toHaveLength(1);
  }
});

it('before our own call has its answer, of another message than that answers for: the answer stands', async () => {
  const bench = await createBench(service, clinic);
  bench.provider.answer = async (sms) => {
    expect(await told(sms.reportUrl, FORGED, 'delivered')).toBe(204);
    return bench.provider.take(sms);
  };
  const [rowId = ''] = await bench.prepare('booking');
  expect(await bench.handOver(rowId)).toBe('sent');
  const { providerId } = bench.provider.messages[0]!;
  expect(await bench.row(rowId)).toMatchObject({ providerId, reason: 'message-was-another' });
  const { reportUrl } = bench.sent[0]!;
  expect(await told(reportUrl, FORGED, 'delivered')).toBe(404);
  expect(await told(reportUrl, providerId, 'failed')).toBe(204);
  expect((await bench.row(rowId)).state).toBe('failed');
  expect(await tasksOf(bench)).toEqual(['nobody-reached open']);
});

it('two at the same instant, and a look in the history with them: one end', async () => {
  const bench = await createBench(service, clinic);
  bench.provider.answer = (sms) => {
    bench.provider.take(sms);
    return { kind: 'uncertain', reason: 'time-out' };
  };
  const [rowId = ''] = await bench.prepare('booking');
  await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'look-again' });
  const { providerId, reportUrl } = bench.provider.messages[0]!;
  const [first, second] = await Promise.all([
    told(reportUrl, providerId, 'delivered'),
    told(reportUrl, providerId, 'delivered'),
    bench.handOver(rowId),
    bench.reconcile(rowId),
  ]);
  expect([first, second]).toEqual([204, 204]);
  expect(await bench.row(rowId)).toMatchObject({ state: 'delivered', providerId, providerIdFrom: 'report' });
});

it('for one that was never handed over changes nothing: its token is gone', async () => {
  const bench = await createBench(service, clinic);
  bench.provider.answer = () => ({ kind: 'not-sent', reason: 'http-429', retryable: true });
  const [rowId = ''] = await bench.prepare('booking');
  await expect(bench.handOver(rowId)).rejects.toMatchObject({ type: 'not-sent' });
  bench.provider.answer = (sms) => bench.provider.take(sms);
  expect(await bench.handOver(rowId)).toBe('sent');
  const [first, second] = bench.sent;
  expect(await told(first!.reportUrl, FORGED, 'failed')).toBe(404);
  expect((await bench.row(rowId)).state).toBe('sent');
  expect(second!.reportUrl).not.toBe(first!.reportUrl);
});

it('of an e-mail there are none: what claims to be one is refused', async () => {
  const { bench, rowId } = await sent({ email: 'tolvan@example.com', noticesBy: 'email' });
  const row = await raw.db.collection('ledger').findOne({ _id: rowId as never });
  expect([row?.channel, row?.reportTokenHash, row?.addressHash]).toEqual(['email', null, null]);
  // Not even by a token that an earlier release has made.
  const sms = await sent();
  const reportTokenHash: unknown = (await raw.db.collection('ledger').findOne({ _id: sms.rowId as never }))
    ?.reportTokenHash;
  await raw.db
    .collection('ledger')
    .updateOne({ _id: sms.rowId as never }, { $set: { reportTokenHash: null } });
  await raw.db.collection('ledger').updateOne({ _id: rowId as never }, { $set: { reportTokenHash } });
  expect(await told(sms.reportUrl, FORGED, 'failed')).toBe(404);
  expect((await bench.row(rowId)).state).toBe('sent');
});

it('after the meeting is over: the state is raised, and staff are asked for nothing that helps no more', async () => {
  const { bench, rowId, reportUrl } = await sent();
  await raw.db
    .collection('meetings')
    .updateOne({ _id: bench.meeting.meetingId as never }, { $set: { 'course.state': 'ended' } });
  const { providerId } = await bench.row(rowId);
  expect(await told(reportUrl, providerId!, 'failed')).toBe(204);
  expect((await bench.row(rowId)).state).toBe('failed');
  expect(await tasksOf(bench)).toEqual([]);
  expect(await told(reportUrl, providerId!, 'delivered')).toBe(204);
  expect((await bench.row(rowId)).state).toBe('delivered');
});

describe('in another form than a report’s', () => {
  const form = 'application/x-www-form-urlencoded';
  const binary = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index % 256));
  it.each<[string, Record<string, string>, Buffer | string, number]>([
    ['longer than any report', { 'content-type': form }, `id=${'s'.repeat(20_000)}&status=failed`, 413],
    [
      'with as many fields as one likes',
      { 'content-type': form },
      `${'a=1&'.repeat(2_000)}status=failed`,
      413,
    ],
    ['binary', { 'content-type': 'application/octet-stream' }, binary, 400],
    ['binary that says that it is a form', { 'content-type': form }, binary, 400],
    ['bytes that are no text as an id', { 'content-type': form }, 'id=s%00%ff%fe0000&status=failed', 400],
    ['compressed, and not so', { 'content-type': form, 'content-encoding': 'gzip' }, binary, 400],
    ['in a character set that nobody has', { 'content-type': `${form}; charset=x` }, 'status=failed', 415],
    ['no form at all', {}, '', 400],
  ])('%s: refused, and nothing follows', async (_, headers, body, status) => {
    const { bench, rowId, reportUrl } = await sent();
    const before = await bench.row(rowId);
    const response = await fetch(reportUrl, {
      method: 'POST',
      headers,
      body: new Uint8Array(Buffer.from(body)),
    });
    expect(response.status).toBe(status);
    expect(await bench.row(rowId)).toEqual(before);
    expect(service.logLines.join('')).not.toContain(reportUrl.slice(reportUrl.lastIndexOf('/') + 1));
  });
});

// The last: it uses up the address.
it('C8 tokens that are guessed all at once are no more than one after the other, and the others hear when to come again', async () => {
  const { reportUrl } = await sent();
  const looked = jest.spyOn(service.records.ledger, 'report');
  const answers = await Promise.all(
    Array.from({ length: 620 }, (_, number) =>
      report(reportUrl.replace(/[\w-]{43}$/, String(number).padStart(43, 'x')), {
        providerId: FORGED,
        status: 'failed',
      }),
    ),
  );
  expect(looked.mock.calls.length).toBeLessThanOrEqual(600);
  looked.mockRestore();
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(20);
  expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['60']));
});
