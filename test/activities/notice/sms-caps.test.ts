import type { mongo } from 'mongoose';
import { inMs } from '../../api/helpers';
import { defaultNoticeRules } from '../../../rules/notices';
import type { NoticeKind } from '../../../rules/notices';
import type { ClinicSettings } from '../../../records/clinics';
import { createClinic, nextMobile, testSettingsBody, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { createBench, testTime, type Bench } from './harness';

/** The caps on SMS at the hand-over, against the real database, and numbers abroad. */
let service: Service;
beforeAll(async () => {
  service = await startService({ workers: false });
});
afterAll(() => service.close());

const DAY_MS = 24 * 3_600_000;
const awake = { ...defaultNoticeRules, quietHours: null };
const clinicWith = (settings: Partial<ClinicSettings>): Promise<TestClinic> =>
  createClinic(service, { noticeRules: awake, ...settings });

/** Plans a notice and hands it over; answers with the state that it came to. */
async function give({ prepare, handOver, row, meeting }: Bench, kind: NoticeKind): Promise<string> {
  const [rowId] = await prepare(kind);
  if (rowId) return handOver(rowId);
  const rows = await service.records.ledger.ofMeeting(meeting.meetingId);
  return (await row(rows.find((each) => each.kind === kind)!.rowId)).state;
}

const reasonsOf = async ({ meeting }: Bench): Promise<(string | null)[]> =>
  (await service.records.ledger.ofMeeting(meeting.meetingId)).flatMap(({ state, reason }) =>
    state === 'skipped' ? [reason] : [],
  );

const tasksOf = async ({ meeting }: Bench): Promise<string[]> =>
  (await service.records.tasks.ofMeeting(meeting.meetingId)).map(
    ({ kind, state, because }) => `${kind} ${state}: ${because.join(' ')}`,
  );

describe('the cap of one number', () => {
  it('R2.7 ends what is over it, at the hand-over and before the queue, with the reason', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 2 });
    const bench = await createBench(service, clinic);
    const { prepare, handOver, row, sent } = bench;
    const kinds = ['booking', 'soon', 'start'] as const;
    const [booking = '', soon = '', start = ''] = (
      await Promise.all(kinds.map((kind) => prepare(kind)))
    ).flat();
    expect([await handOver(booking), await handOver(soon), await handOver(start)]).toEqual([
      'sent',
      'sent',
      'skipped',
    ]);
    expect((await row(start)).reason).toBe('over-cap-number');
    // Over a cap it takes no place in the provider's queue.
    expect(await prepare('morning')).toEqual([]);
    // A loop that books and cancels is what the cap is against.
    expect(await prepare('cancellation')).toEqual([]);
    expect(sent).toHaveLength(2);
    expect(await reasonsOf(bench)).toEqual(['over-cap-number', 'over-cap-number', 'over-cap-number']);
  });

  it('R2.10 is a task for staff where nothing else reached the patient, and a warning in the log without anything personal', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 1 });
    const mobile = nextMobile();
    const first = await createBench(service, clinic, { person: { mobile } });
    expect(await give(first, 'booking')).toBe('sent');
    expect(first.warned).toEqual([]);
    const second = await createBench(service, clinic, { person: { mobile } });
    expect(await give(second, 'booking')).toBe('skipped');
    expect(await tasksOf(second)).toEqual(['nobody-reached open: over-cap-number']);
    expect(second.warned).toEqual([
      {
        rowId: expect.stringContaining(second.meeting.meetingId),
        clinicId: clinic.clinicId,
        reason: 'over-cap-number',
      },
    ]);
    expect(JSON.stringify(second.warned)).not.toContain(mobile.slice(3));
  });

  it('R2.7 is of any 24 hours', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 1 });
    const bench = await createBench(service, clinic);
    const [booking = ''] = await bench.prepare('booking');
    const [soon = ''] = await bench.prepare('soon');
    const [start = ''] = await bench.prepare('start');
    expect(await bench.handOver(booking)).toBe('sent');
    bench.clock.ms += DAY_MS - 1;
    expect(await bench.handOver(soon)).toBe('skipped');
    bench.clock.ms += 1;
    expect(await bench.handOver(start)).toBe('sent');
  });

  it('R2.7 is not used up by what was surely not sent, by e-mail, or at another clinic', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 1, smsPerDay: 1 });
    const mobile = nextMobile();
    const refused = await createBench(service, clinic, { person: { mobile } });
    refused.provider.answer = () => ({ kind: 'not-sent', reason: 'http-429', retryable: true });
    await expect(give(refused, 'booking')).rejects.toMatchObject({ type: 'not-sent' });
    const byEmail = await createBench(service, clinic, {
      person: { mobile, noticesBy: 'email', email: 'cap@example.com' },
    });
    expect([await give(byEmail, 'booking'), await give(byEmail, 'soon')]).toEqual(['sent', 'sent']);
    const elsewhere = await createBench(service, await clinicWith({}), { person: { mobile } });
    expect(await give(elsewhere, 'booking')).toBe('sent');

    refused.provider.answer = (sms) => refused.provider.take(sms);
    expect(await give(refused, 'booking')).toBe('sent');
    expect(await give(refused, 'soon')).toBe('skipped');
    // An e-mail costs nothing, and goes also when the cap is reached.
    expect(await give(byEmail, 'start')).toBe('sent');
  });

  it('R2.7 counts what may have been sent', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 1 });
    const bench = await createBench(service, clinic);
    bench.provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
    await expect(give(bench, 'booking')).rejects.toMatchObject({ type: 'look-again' });
    expect(await give(bench, 'soon')).toBe('skipped');
  });

  it('R2.7 holds for one person also when all are handed over at once', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 2 });
    const bench = await createBench(service, clinic);
    const { clock } = bench;
    const rows: string[] = [];
    for (const kind of ['booking', 'morning', 'soon', 'start'] as const)
      rows.push(...(await bench.prepare(kind)));
    // Hand-overs to one person meet in the write of the person's record, which must then be another one each
    // time.
    clock.now = () => new Date((clock.ms += 1));
    await Promise.allSettled(rows.map((rowId) => bench.handOver(rowId)));
    // Whoever met another's transaction comes again, as the activity's retries do.
    const states: string[] = [];
    for (const rowId of rows) states.push(await bench.handOver(rowId));
    expect(states.sort()).toEqual(['sent', 'sent', 'skipped', 'skipped']);
    expect(bench.sent).toHaveLength(2);
  });
});

describe('the cap of one number, by processes that know nothing of each other', () => {
  it('R2.7 is exact also where people share the number and all rows are taken at once', async () => {
    const clinic = await clinicWith({ smsPerNumberPerDay: 2 });
    const mobile = nextMobile();
    const benches = [];
    for (let count = 0; count < 5; count += 1)
      benches.push(await createBench(service, clinic, { person: { mobile } }));
    const given = await Promise.all(benches.map((bench) => bench.give('soon')));
    const states = given.map((each) => (each.kind === 'ended' ? each.delivery.state : each.kind));
    expect(states.sort()).toEqual(['sent', 'sent', 'skipped', 'skipped', 'skipped']);
    expect(benches.flatMap(({ sent }) => sent)).toHaveLength(2);
    expect((await Promise.all(benches.map(reasonsOf))).flat()).toEqual(Array(3).fill('over-cap-number'));
  });
});

describe('the caps of a clinic and of the account', () => {
  it('R2.7 processes exceed it by no more than what each takes in a second', async () => {
    const clinic = await clinicWith({ smsPerDay: 3 });
    const clock = testTime();
    const benches = [
      await createBench(service, clinic, { clock }),
      await createBench(service, clinic, { clock }),
    ];
    // Neither knows of the other in the second that its count holds.
    await Promise.all(
      benches.map(async ({ give: giveOne }) => {
        for (const kind of ['booking', 'morning', 'soon', 'start'] as const) await giveOne(kind);
      }),
    );
    const sent = (): number => benches.flatMap((bench) => bench.sent).length;
    const inOneSecond = sent();
    expect(inOneSecond).toBeGreaterThanOrEqual(3);
    expect(inOneSecond).toBeLessThanOrEqual(2 * 3);
    clock.ms += 1_000;
    for (const bench of benches) await bench.give('cancellation');
    expect(sent()).toBe(inOneSecond);
    expect((await Promise.all(benches.map(reasonsOf))).flat()).toEqual(
      Array(10 - inOneSecond).fill('over-cap-clinic'),
    );
  });

  it('R2.7 a burst counts the ledger once a second, and not for each SMS', async () => {
    const clinic = await clinicWith({});
    const bench = await createBench(service, clinic);
    const counted: unknown[] = [];
    const client = service.database.getClient();
    const note = ({ command }: mongo.CommandStartedEvent): void => {
      // The driver counts so.
      if (JSON.stringify(command.pipeline ?? null).includes('$group')) counted.push(command);
    };
    client.on('commandStarted', note);
    for (const kind of ['booking', 'morning', 'soon', 'start'] as const) await bench.give(kind);
    expect(counted).toHaveLength(2);
    bench.clock.ms += 1_000;
    await bench.give('cancellation');
    client.off('commandStarted', note);
    expect(counted).toHaveLength(4);
  });

  it('R2.7 a clinic’s is over all its numbers, and over nobody else’s', async () => {
    const clinic = await clinicWith({ smsPerDay: 2 });
    const benches = [];
    for (let count = 0; count < 3; count += 1) benches.push(await createBench(service, clinic));
    const states = [];
    for (const bench of benches) states.push(await give(bench, 'booking'));
    expect(states).toEqual(['sent', 'sent', 'skipped']);
    expect(await reasonsOf(benches[2]!)).toEqual(['over-cap-clinic']);
    expect(await give(await createBench(service, await clinicWith({})), 'booking')).toBe('sent');
  });

  it('R2.7 a clinic that raises its cap sends again, but not what has ended', async () => {
    const clinic = await clinicWith({ smsPerDay: 1 });
    const bench = await createBench(service, clinic);
    expect([await give(bench, 'booking'), await give(bench, 'soon')]).toEqual(['sent', 'skipped']);
    await changeSettings(clinic, { smsPerDay: 10 });
    expect([await give(bench, 'soon'), await give(bench, 'start')]).toEqual(['skipped', 'sent']);
  });

  it('R2.7 the account’s is over all clinics', async () => {
    // A day of its own, since the tests beside this one have the same account.
    const clock = testTime(new Date(inMs(100 * DAY_MS)));
    const benches = [];
    for (let count = 0; count < 3; count += 1)
      benches.push(await createBench(service, await clinicWith({}), { clock, smsPerDay: 2 }));
    const states = [];
    for (const bench of benches) states.push(await give(bench, 'booking'));
    expect(states).toEqual(['sent', 'sent', 'skipped']);
    expect(await reasonsOf(benches[2]!)).toEqual(['over-cap-account']);
    expect(await tasksOf(benches[2]!)).toEqual(['nobody-reached open: over-cap-account']);
  });
});

describe('numbers abroad', () => {
  const abroad = '+12025550143';

  it('R2.7 R2.10 a clinic that switches them off again sends no more there, and staff get a task', async () => {
    const clinic = await clinicWith({ foreignNumbers: true });
    const told = await createBench(service, clinic, { person: { mobile: abroad } });
    const untold = await createBench(service, clinic, { person: { mobile: abroad } });
    expect(await give(told, 'booking')).toBe('sent');
    expect(told.sent[0]?.to).toBe(abroad);
    // D12: another country's clock may show another time.
    expect(told.sent[0]?.message).toMatch(/ kl\. \d\d\.\d\d svensk tid\b/);
    const [rowId = ''] = await untold.prepare('booking');
    await changeSettings(clinic, { foreignNumbers: false });
    // One that stood in the queue already, and one that is planned after that.
    expect([await untold.handOver(rowId), await give(untold, 'soon')]).toEqual(['skipped', 'skipped']);
    expect(await reasonsOf(untold)).toEqual(['foreign-number', 'foreign-number']);
    expect(await tasksOf(untold)).toEqual(['nobody-reached open: foreign-number']);
    expect([told.sent.length, untold.sent.length]).toEqual([1, 0]);
  });

  it('R2.11 goes by e-mail then, where an address was given', async () => {
    const clinic = await clinicWith({ foreignNumbers: true });
    const email = 'abroad@example.com';
    const bench = await createBench(service, clinic, { person: { mobile: abroad, email } });
    await changeSettings(clinic, { foreignNumbers: false });
    expect(await give(bench, 'booking')).toBe('sent');
    expect([bench.sent.length, service.mailedTo(email).length]).toEqual([0, 1]);
  });
});

async function changeSettings(clinic: TestClinic, change: Partial<ClinicSettings>): Promise<void> {
  const body = { ...testSettingsBody, noticeRules: awake, ...change };
  const { status } = await clinic.call('PUT', '/clinic/settings', { body, role: 'operations-manager' });
  expect(status).toBe(200);
}
