import { ApplicationFailure } from '@temporalio/common';
import { createHandOver } from '../../activities/hand-over';
import { createPrepareNotice } from '../../activities/prepare-notice';
import { keepCourse } from '../../records/keep';
import type { LedgerRow } from '../../records/ledger';
import { defaultNoticeRules, type NoticeKind } from '../../rules/notices';
import type { SmsToSend } from '../../sms/elks';
import type { SendResult } from '../../rules/send-result';
import { createClinic, nextMobile, suitable, type TestClinic, type TestMeeting } from '../support/clinic';
import { testKeys } from '../support/keys';
import { stockholm } from '../support/skipped-time';
import { startService, type Service } from '../support/service';

/** The hand-over of one SMS against the real database, with a provider that does as the test says and a clock of its own. */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  // No workers: each test carries out the activities itself, as a worker would, also one that dies.
  service = await startService({ workers: false });
  // The tests run at any time of the day; the quiet hours have a test of their own.
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(() => service.close());

const LEASE_MS = 45_000;

interface Bench {
  meeting: TestMeeting;
  patientId: string;
  startAt: Date;
  sent: SmsToSend[];
  clock: { ms: number };
  provider: { answer: (sms: SmsToSend) => SendResult | Promise<SendResult> };
  prepare(kind: NoticeKind, lastUsefulAt?: Date): Promise<string[]>;
  /** Until when a notice that is due now waits, if it does. */
  notBefore(kind: NoticeKind): Promise<string | null>;
  handOver(rowId: string): Promise<string>;
  row(rowId: string): Promise<LedgerRow>;
}

const accepted: SendResult = {
  kind: 'accepted',
  providerId: 'sabcdef123456',
  status: 'created',
  parts: 1,
  costTenThousandths: 3500,
};

async function bench(
  person: object = {},
  options: { at?: TestClinic; now?: Date; participants?: object[]; child?: boolean } = {},
): Promise<Bench> {
  const { records } = service;
  const at = options.at ?? clinic;
  const patientId = await at.addPatient(person);
  const clock = { ms: (options.now ?? new Date()).getTime() };
  const startAt = new Date(clock.ms + 48 * 3_600_000);
  const meeting = await at.book({
    patientId,
    startAt: startAt.toISOString(),
    participants: [{ role: 'staff', staffId: 'clinician-1' }, ...(options.participants ?? [])],
    suitability: suitable({ child: options.child ?? false }),
  });
  const sent: SmsToSend[] = [];
  const provider: Bench['provider'] = { answer: () => accepted };
  const deps = {
    records,
    clock: { now: () => new Date(clock.ms) },
    elks: {
      async send(sms: SmsToSend) {
        sent.push(sms);
        return provider.answer(sms);
      },
    },
    temporal: service.temporal,
    mailer: service.mailer,
    sms: {
      sender: 'Vardmote',
      linkKeys: testKeys.linkKeys,
      publicUrl: 'https://mote.example',
      hooksUrl: service.apiUrl,
      leaseMs: LEASE_MS,
    },
  };
  const prepareNotice = createPrepareNotice(deps);
  const prepared = (kind: NoticeKind, lastUsefulAt: Date) =>
    prepareNotice({
      meetingId: meeting.meetingId,
      startVersion: 1,
      kind,
      lastUsefulAt: lastUsefulAt.toISOString(),
    });
  return {
    meeting,
    patientId,
    startAt,
    sent,
    clock,
    provider,
    notBefore: async (kind) => (await prepared(kind, startAt)).notBefore,
    prepare: async (kind, lastUsefulAt = startAt) =>
      (await prepared(kind, lastUsefulAt)).toSend.map(({ rowId }) => rowId),
    handOver: createHandOver(deps),
    row: (rowId) => records.ledger.get(rowId),
  };
}

const report = (token: string, status: string): Promise<Response> =>
  fetch(token, {
    method: 'POST',
    body: new URLSearchParams({ id: 'sabcdef123456', status, delivered: '2026-11-22T10:00:00' }),
  });

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

  it('left by a process that died while handing over: waited out, then unknown, and never sent again', async () => {
    const { prepare, handOver, sent, row, provider, clock } = await bench();
    const [rowId = ''] = await prepare('booking');
    // The provider has it, and the process dies before it can note that.
    provider.answer = () => new Promise(() => undefined);
    void handOver(rowId);
    while (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));

    await expect(handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    clock.ms += LEASE_MS + 1;
    expect(await handOver(rowId)).toBe('unknown');
    expect(await handOver(rowId)).toBe('unknown');
    expect(sent).toHaveLength(1);
    expect((await row(rowId)).reason).toBe('process-died-while-handing-over');

    // Its delivery report clears it up.
    expect((await report(sent[0]!.reportUrl, 'delivered')).status).toBe(204);
    expect((await row(rowId)).state).toBe('delivered');
  });

  it('surely not sent is tried again; uncertain is unknown and is not', async () => {
    const { prepare, handOver, sent, provider } = await bench();
    const [booking = ''] = await prepare('booking');
    provider.answer = () => ({ kind: 'not-sent', reason: 'connection-refused', retryable: true });
    await expect(handOver(booking)).rejects.toBeInstanceOf(ApplicationFailure);
    provider.answer = () => accepted;
    expect(await handOver(booking)).toBe('sent');
    expect(sent).toHaveLength(2);

    const [soon = ''] = await prepare('soon');
    provider.answer = () => ({ kind: 'uncertain', reason: 'time-out' });
    expect(await handOver(soon)).toBe('unknown');
    provider.answer = () => accepted;
    expect(await handOver(soon)).toBe('unknown');
    expect(sent).toHaveLength(3);
  });

  it('refused by the provider is failed', async () => {
    const { prepare, handOver, provider, row } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = () => ({ kind: 'not-sent', reason: 'http-403', retryable: false });
    expect(await handOver(rowId)).toBe('failed');
    expect((await row(rowId)).reason).toBe('http-403');
  });

  it('a delivery report that comes before the provider’s answer stands', async () => {
    const { prepare, handOver, provider } = await bench();
    const [rowId = ''] = await prepare('booking');
    provider.answer = async (sms) => {
      await report(sms.reportUrl, 'delivered');
      return accepted;
    };
    expect(await handOver(rowId)).toBe('delivered');
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

  it('R2.4 the meeting as it is now: a cancelled one sends nothing but the notice of that', async () => {
    const { prepare, handOver, sent, meeting } = await bench();
    const [soon = ''] = await prepare('soon');
    const read = await service.records.meetings.get(meeting.meetingId);
    const outcome = {
      outcome: 'cancelled-in-time',
      decidedBy: 'cancellation',
      because: [],
      way: null,
    } as const;
    const course = { ...read.course, version: read.course.version + 1, state: 'ended' as const };
    await keepCourse(service.records, { ...course, outcome: { ...outcome, because: [] } }, new Date());
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
        staffId: 'clinician-1',
        role: 'booker',
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
