import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import type { LedgerRow } from '../../../records/ledger';
import { defaultNoticeRules, type NoticeKind } from '../../../rules/notices';
import { deliveryOf } from '../../../use-cases/notice/admin-facts';
import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../../support/clinic';
import { stockholm } from '../../support/skipped-time';
import type { SendResult } from '../../../rules/send-result';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { createBench, LEASE_MS, testTime, type Bench } from './harness';
import { report } from './provider';

const DAY_MS = 86_400_000;

/**
 * The hand-over of one SMS against the real database, with a provider that does as the test says and a clock
 * of its own.
 */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  // No workers: each test carries out the activities itself, as a worker would, also one that dies.
  service = await startService({ workers: false });
  // The tests run at any time of the day; the quiet hours have a test of their own.
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(() => service.close());

const bench = (
  person: object = {},
  {
    at = clinic,
    now,
    ...more
  }: { at?: TestClinic; now?: Date; participants?: object[]; child?: boolean } = {},
): Promise<Bench> => createBench(service, at, { person, ...(now ? { clock: testTime(now) } : {}), ...more });

describe('handing an SMS over (R2.7)', () => {
  it('happens once, however often the activity runs', async () => {
    const { prepare, handOver, sent } = await bench();
    const [rowId = ''] = await prepare('booking');
    expect(await handOver(rowId)).toBe('sent');
    expect(await handOver(rowId)).toBe('sent');
    expect(await prepare('booking')).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  it('happens once when ten processes try at the same instant', async () => {
    const { prepare, handOver, sent, row } = await bench();
    const [rowId = ''] = await prepare('booking');
    await Promise.allSettled(Array.from({ length: 10 }, () => handOver(rowId)));
    expect(sent).toHaveLength(1);
    expect((await row(rowId)).state).toBe('sent');
  });

  it('left by a process that died before the provider had it: waited out, then unknown, and never sent again', async () => {
    const { prepare, handOver, sent, row, provider, clock } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = () => new Promise(() => undefined);
    void handOver(rowId);
    await waitUntil(
      () => sent.length,
      (count) => count === 1,
    );

    await expect(handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    clock.ms += LEASE_MS + 1;
    expect(await handOver(rowId)).toBe('unknown');
    expect(await handOver(rowId)).toBe('unknown');
    expect(sent).toHaveLength(1);
    expect((await row(rowId)).reason).toBe('process-died-while-handing-over');

    // Its delivery report clears it up.
    const told = { providerId: 'slate00000001', status: 'delivered' };
    expect((await report(sent[0]!.reportUrl, told)).status).toBe(204);
    expect((await row(rowId)).state).toBe('delivered');
  });

  it('left by a process that died when the provider had it: found in the history when the lease has passed', async () => {
    const { prepare, handOver, sent, row, provider, clock } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = (sms) => {
      provider.take(sms);
      return new Promise(() => undefined);
    };
    void handOver(rowId);
    await waitUntil(
      () => provider.messages.length,
      (count) => count === 1,
    );
    clock.ms += LEASE_MS + 1;
    expect(await handOver(rowId)).toBe('sent');
    expect(await row(rowId)).toMatchObject({
      reason: 'providers-history',
      providerId: provider.messages[0]!.providerId,
    });
    expect(sent).toHaveLength(1);
  });

  it('surely not sent is tried again', async () => {
    const { prepare, handOver, sent, provider } = await bench();
    const [booking = ''] = await prepare('booking');
    provider.answer = () => ({ kind: 'not-sent', reason: 'connection-refused', retryable: true });
    await expect(handOver(booking)).rejects.toMatchObject({ type: 'not-sent' });
    provider.answer = (sms) => provider.take(sms);
    expect(await handOver(booking)).toBe('sent');
    expect(sent).toHaveLength(2);
  });

  it('uncertain is looked for in the history a moment later, and not sent again', async () => {
    const { prepare, handOver, sent, provider, row } = await bench();
    const [soon = ''] = await prepare('soon');
    provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
    await expect(handOver(soon)).rejects.toMatchObject({ type: 'look-again', nextRetryDelay: 3_000 });
    expect(await handOver(soon)).toBe('unknown');
    expect(await handOver(soon)).toBe('unknown');
    expect((await row(soon)).reason).toBe('time-out');
    expect([sent.length, provider.history.asked]).toEqual([1, 1]);
  });

  it('uncertain that the provider has is what its history says', async () => {
    for (const status of ['created', 'delivered', 'failed'] as const) {
      const { prepare, handOver, sent, provider } = await bench();
      const [rowId = ''] = await prepare('booking');
      provider.answer = (sms) => {
        provider.take(sms, status);
        return { kind: 'uncertain', reason: 'http-502' };
      };
      await expect(handOver(rowId)).rejects.toMatchObject({ type: 'look-again' });
      expect(await handOver(rowId)).toBe(status === 'created' ? 'sent' : status);
      expect(sent).toHaveLength(1);
    }
  });

  it('refused by the provider is failed', async () => {
    const { prepare, handOver, provider, row } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = () => ({ kind: 'not-sent', reason: 'http-403', retryable: false });
    expect(await handOver(rowId)).toBe('failed');
    expect((await row(rowId)).reason).toBe('http-403');
  });

  it('a process that was held up past its lease sends nothing', async () => {
    const { prepare, handOver, sent, clock, row, meeting: booked } = await bench();
    const meeting = await service.records.meetings.get(booked.meetingId);
    const [rowId = ''] = await prepare('booking');
    const failed = jest.spyOn(service.records.smsRuns, 'failed');
    const { now } = clock;
    // Time stands still in the transaction, and has passed when that is done.
    let asked = 0;
    clock.now = () => {
      asked += 1;
      if (asked === 2) clock.ms += LEASE_MS;
      return now();
    };
    await expect(handOver(rowId)).rejects.toMatchObject({ type: 'not-sent' });
    expect(sent).toEqual([]);
    const heldUp = await row(rowId);
    expect(heldUp).toMatchObject({ state: 'planned', reason: 'held-up' });
    // The provider has refused nothing: it counts among no SMS that fail, and administrators see no refusal.
    expect(failed).not.toHaveBeenCalled();
    failed.mockRestore();
    expect(deliveryOf(meeting, heldUp as LedgerRow<NoticeKind>).reason).toBeNull();
    expect(await handOver(rowId)).toBe('sent');
  });

  it('an answer that comes when others have given the process up counts', async () => {
    const { prepare, handOver, provider, clock, row } = await bench();
    const [booking = ''] = await prepare('booking');
    const [soon = ''] = await prepare('soon');
    const answers: (() => void)[] = [];
    const late = (result: SendResult): void => {
      provider.answer = () => new Promise((resolve) => answers.push(() => resolve(result)));
    };
    late({ kind: 'accepted', providerId: 'slate00000002', status: 'created' });
    const sending = handOver(booking);
    await waitUntil(
      () => answers.length,
      (count) => count === 1,
    );
    late({ kind: 'not-sent', reason: 'http-429', retryable: true });
    const refusing = handOver(soon);
    await waitUntil(
      () => answers.length,
      (count) => count === 2,
    );
    clock.ms += LEASE_MS + 1;
    expect([await handOver(booking), await handOver(soon)]).toEqual(['unknown', 'unknown']);
    for (const answer of answers) answer();
    expect([await sending, await refusing]).toEqual(['sent', 'failed']);
    expect(await row(soon)).toMatchObject({ state: 'failed', reason: 'http-429' });
  });

  it('a delivery report that comes before the provider’s answer stands', async () => {
    const { prepare, handOver, provider } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = async (sms) => {
      const answer = provider.take(sms);
      await report(sms.reportUrl, { providerId: answer.providerId, status: 'delivered' });
      return answer;
    };
    expect(await handOver(rowId)).toBe('delivered');
  });
});

/** The read model of a meeting that was cancelled. */
async function cancelled({ meetingId }: TestMeeting): Promise<void> {
  const { course } = await service.records.meetings.get(meetingId);
  const outcome = {
    outcome: 'cancelled-in-time' as const,
    decidedBy: 'cancellation' as const,
    because: [],
    way: null,
  };
  const next = { ...course, version: course.version + 1, state: 'ended' as const, outcome };
  await saveMeeting(service.records, next, new Date());
}

/** The read model of a meeting that was moved by a day. */
async function moved({ meetingId }: TestMeeting): Promise<void> {
  const { course } = await service.records.meetings.get(meetingId);
  const later = (instant: string): string => new Date(Date.parse(instant) + DAY_MS).toISOString();
  const { startVersion, startAt, endAt } = course.time;
  const time = {
    ...course.time,
    startVersion: startVersion + 1,
    startAt: later(startAt),
    endAt: later(endAt),
  };
  await saveMeeting(service.records, { ...course, version: course.version + 1, time }, new Date());
}

describe('what takes back an earlier notice waits for that one to be through (R2.4)', () => {
  /** Begins to hand it over to a provider that has taken it and hangs. Answers with what lets it answer. */
  async function hanging({ provider, handOver }: Bench, rowId: string): Promise<() => Promise<string>> {
    let answer: () => void = () => undefined;
    provider.answer = (sms) => {
      const taken = provider.take(sms);
      return new Promise((resolve) => (answer = () => resolve(taken)));
    };
    const before = provider.messages.length;
    const handingOver = handOver(rowId);
    await waitUntil(
      () => provider.messages.length,
      (count) => count > before,
    );
    provider.answer = (sms) => provider.take(sms);
    return () => {
      answer();
      return handingOver;
    };
  }
  const texts = ({ sent }: Bench): string[] => sent.map(({ message }) => message);

  it('R2.8 a cancellation, for a reminder that hangs at the provider; a second or two later it goes', async () => {
    const at = await bench();
    const [soon = ''] = await at.prepare('soon');
    const answered = await hanging(at, soon);
    await cancelled(at.meeting);
    const [cancellation = ''] = await at.prepare('cancellation');
    await expect(at.handOver(cancellation)).rejects.toMatchObject({ type: 'wait', nextRetryDelay: 3_000 });
    expect(at.sent).toHaveLength(1);
    // It is no failure, and nothing is noted.
    expect(await at.row(cancellation)).toMatchObject({ state: 'planned', reason: null, handedOverAt: null });

    expect(await answered()).toBe('sent');
    expect(await at.handOver(cancellation)).toBe('sent');
    expect(texts(at)).toEqual([
      expect.stringMatching(/börjar snart/),
      expect.stringMatching(/är avbokat\.$/),
    ]);
  });

  it('and never longer than the lease: one whose process has died holds up nobody', async () => {
    const at = await bench();
    const [soon = ''] = await at.prepare('soon');
    await hanging(at, soon);
    await cancelled(at.meeting);
    const [cancellation = ''] = await at.prepare('cancellation');
    at.clock.ms += LEASE_MS - 1_000;
    await expect(at.handOver(cancellation)).rejects.toMatchObject({ type: 'wait', nextRetryDelay: 1_000 });
    at.clock.ms += 1_000;
    expect(await at.handOver(cancellation)).toBe('sent');
  });

  it('R2.6 nor longer than it helps', async () => {
    const at = await bench();
    const [soon = ''] = await at.prepare('soon');
    await hanging(at, soon);
    await cancelled(at.meeting);
    const lastUsefulAt = new Date(at.clock.ms + 2_000);
    const [cancellation = ''] = await at.prepare('cancellation', lastUsefulAt);
    await expect(at.handOver(cancellation)).rejects.toMatchObject({ type: 'wait' });
    at.clock.ms = lastUsefulAt.getTime();
    expect(await at.handOver(cancellation)).toBe('expired');
    expect(at.sent).toHaveLength(1);
  });

  it('R2.8 a move, for what tells of the time before; what tells of the same time goes beside it', async () => {
    const at = await bench();
    const [booking = ''] = await at.prepare('booking');
    const bookingAnswered = await hanging(at, booking);
    const [morning = ''] = await at.prepare('morning');
    expect(await at.handOver(morning)).toBe('sent');

    await moved(at.meeting);
    const [change = ''] = await at.prepare('change', at.startAt, 2);
    await expect(at.handOver(change)).rejects.toMatchObject({ type: 'wait' });
    await bookingAnswered();
    const changeAnswered = await hanging(at, change);
    const [soon = ''] = await at.prepare('soon', at.startAt, 2);
    expect(await at.handOver(soon)).toBe('sent');
    expect(await changeAnswered()).toBe('sent');
  });

  it('R2.8 the cancellation names the time that one who was left on its way may have been told', async () => {
    const at = await bench();
    const [booking = ''] = await at.prepare('booking');
    await at.handOver(booking);
    await moved(at.meeting);
    const [change = ''] = await at.prepare('change', at.startAt, 2);
    await hanging(at, change);
    await cancelled(at.meeting);
    const [cancellation = ''] = await at.prepare('cancellation', at.startAt, 2);
    at.clock.ms += LEASE_MS;
    expect(await at.handOver(cancellation)).toBe('sent');
    const [first, told, takenBack] = texts(at).map((text) => /\d+ \w+ kl\. \d\d\.\d\d/.exec(text)?.[0]);
    expect(told).not.toBe(first);
    expect(takenBack).toBe(told);
  });

  it('R2.7 not for another recipient’s', async () => {
    const guardianId = await clinic.addPatient();
    const at = await bench(
      { birthDate: childBorn },
      { child: true, participants: [{ role: 'guardian', personId: guardianId }] },
    );
    const [ofOne = '', ofOther = ''] = await at.prepare('soon');
    await hanging(at, ofOne);
    await cancelled(at.meeting);
    const cancellations = await at.prepare('cancellation');
    const recipient = (rowId: string): string => rowId.split(':')[3] ?? '';
    const [same, another] = [ofOne, ofOther].map((row) =>
      cancellations.find((rowId) => recipient(rowId) === recipient(row)),
    );
    expect(await at.handOver(another ?? '')).toBe('sent');
    await expect(at.handOver(same ?? '')).rejects.toMatchObject({ type: 'wait' });
  });
});

describe('what is checked immediately before', () => {
  it('R2.2 a consent withdrawn after the planning', async () => {
    const { prepare, handOver, sent, patientId } = await bench();
    const [rowId = ''] = await prepare('booking');
    await clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, {
      body: { given: false, source: 'asked' },
    });
    expect(await handOver(rowId)).toBe('no-consent');
    expect(sent).toEqual([]);
  });

  it('R2.6 its last useful moment, to the millisecond', async () => {
    const { prepare, handOver, sent, clock, startAt } = await bench();
    const [rowId = ''] = await prepare('soon');
    clock.ms = startAt.getTime();
    expect(await handOver(rowId)).toBe('expired');
    expect(sent).toEqual([]);
  });

  it.each([
    ['09:08', { morning: 'expired', soon: 'expired', start: 'sent' }],
    ['09:12', { morning: 'expired', soon: 'expired', start: 'expired' }],
  ])('R2.6 down from 06:50 with a meeting at 09:00, up again at %s', async (upAgain, expected) => {
    const day = `${new Date().getUTCFullYear() + 1}-06-01`;
    const now = new Date(stockholm(`${day}T09:00`).getTime() - 48 * 3_600_000);
    const { prepare, handOver, row, clock, meeting, sent } = await bench({}, { now });
    const { course } = await service.records.meetings.get(meeting.meetingId);
    clock.ms = stockholm(`${day}T${upAgain}`).getTime();
    const states: Record<string, string> = {};
    for (const { kind, lastUsefulAt } of course.notices.filter(({ kind }) => kind in expected)) {
      for (const rowId of await prepare(kind, new Date(lastUsefulAt))) await handOver(rowId);
      states[kind] = (await row(`${meeting.meetingId}:1:${kind}:${meeting.patientParticipantId}`)).state;
    }
    expect(states).toEqual(expected);
    expect(sent).toHaveLength(Object.values(expected).filter((state) => state === 'sent').length);
  });

  it('R2.4 the meeting as it is now: a cancelled one sends nothing but the notice of that', async () => {
    const { prepare, handOver, sent, meeting } = await bench();
    const [soon = ''] = await prepare('soon');
    await cancelled(meeting);
    expect(await handOver(soon)).toBe('skipped');
    const [cancellation = ''] = await prepare('cancellation');
    expect(await handOver(cancellation)).toBe('sent');
    expect(sent.map(({ message }) => message)).toEqual([expect.stringMatching(/är avbokat\.$/)]);
  });

  it('a command about the meeting that waits to be carried out holds its SMS up', async () => {
    const { prepare, handOver, sent, meeting } = await bench();
    const [rowId = ''] = await prepare('soon');
    const pending = await service.records.commands.accept(
      `pending-${meeting.meetingId}`,
      {
        clinicId: clinic.clinicId,
        operation: 'meeting.cancel',
        actor: { kind: 'staff', staffId: 'clinician-1', role: 'booker' },
        reason: null,
        params: { meetingId: meeting.meetingId },
        body: { by: 'patient', receivedAt: null },
      },
      new Date(),
    );
    await expect(handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    expect(sent).toEqual([]);
    if (pending.kind === 'carry-out')
      await service.records.commands.answer(pending.command.commandId, { status: 409, body: {} });
    expect(await handOver(rowId)).toBe('sent');
  });

  it('R7.5 nothing goes to a person with protected data', async () => {
    const { prepare, sent } = await bench({ protectedIdentity: true });
    expect(await prepare('booking')).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('R2.3 sends the text in the person’s language, with our own link and nothing else', async () => {
    const { prepare, handOver, sent } = await bench({ language: 'en', name: 'Astrid Hemlig' });
    const [rowId = ''] = await prepare('booking');
    await handOver(rowId);
    expect(sent[0]).toMatchObject({ from: 'Vardmote', to: expect.stringMatching(/^\+46/) });
    expect(sent[0]?.message).toMatch(
      /^Hello! You have a digital meeting on \w+ \d+ \w+ at \d\d:\d\d\. Read more: https:\/\/mote\.example\/m\/[\w-]{23}$/,
    );
    expect(sent[0]?.message).not.toMatch(/Astrid|Hemlig|Testmottagningen/);
  });

  it('R2.2 a consent is for the number that it was given for', async () => {
    const { prepare, sent, patientId } = await bench();
    await clinic.call('PATCH', `/clinic/people/${patientId}`, { body: { mobile: nextMobile() } });
    expect(await prepare('booking')).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('R2.7 a child’s number that is its guardian’s hears once', async () => {
    const mobile = nextMobile();
    const guardianId = await clinic.addPatient({ mobile });
    const { prepare } = await bench(
      { mobile, birthDate: childBorn },
      { child: true, participants: [{ role: 'guardian', personId: guardianId }] },
    );
    expect(await prepare('booking')).toHaveLength(1);
  });

  it('R7.5 nobody hears of a child with protected data, its guardian neither', async () => {
    const guardianId = await clinic.addPatient();
    const { prepare } = await bench(
      { birthDate: childBorn, protectedIdentity: true },
      { child: true, participants: [{ role: 'guardian', personId: guardianId }] },
    );
    expect(await prepare('booking')).toEqual([]);
  });

  it('R2.9 a notice that an outage held up until the night waits for the morning', async () => {
    const night = stockholm(`${new Date().getUTCFullYear() + 1}-06-01T02:30`);
    const morning = stockholm(`${new Date().getUTCFullYear() + 1}-06-01T07:00`);
    const { prepare, notBefore, clock, sent } = await bench(
      {},
      { at: await createClinic(service), now: night },
    );
    expect(await notBefore('booking')).toBe(morning.toISOString());
    expect(await prepare('booking')).toEqual([]);
    expect(sent).toEqual([]);
    clock.ms = morning.getTime();
    expect(await prepare('booking')).toHaveLength(1);
  });
});

const childBorn = `${new Date().getUTCFullYear() - 5}-01-01`;
