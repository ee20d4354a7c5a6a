import { DateTime } from 'luxon';
import { STOCKHOLM } from '../../../rules/calendar/stockholm';
import type { SendResult } from '../../../rules/send-result';
import { createSettleOutcome } from '../../../activities/meeting/settle-outcome';
import { defaultCaseRules } from '../../../rules/case';
import { defaultNoticeRules } from '../../../rules/notices';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { createClinic, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import { adminFactsOf } from '../../../use-cases/notice/admin-facts';
import { troubleOf } from '../../../workflows/shared/deliveries';
import { createBench, testTime, type Bench, type TestTime } from './harness';

/**
 * Notices that the provider refuses, or loses: staff are asked to call while it helps, and managers hear of
 * an outage (R2.10, R5.6).
 */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
const noQuietHours = { noticeRules: { ...defaultNoticeRules, quietHours: null } };

beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, noQuietHours);
  raw = await openDatabase(service);
});
beforeEach(async () => {
  await raw.db.collection('ledger').updateMany({}, { $unset: { lateAt: 1 } });
  await raw.db.collection('meetings').updateMany({}, { $unset: { noticeBy: 1 } });
  for (const name of ['leases', 'smsRuns']) await raw.db.collection(name).deleteMany({});
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const bench = (
  part: { startInMs?: number; at?: TestClinic; smsPerMinute?: number; clock?: TestTime } = {},
): Promise<Bench> => createBench(service, part.at ?? clinic, part);
const refuses =
  (reason: string): (() => SendResult) =>
  () => ({ kind: 'not-sent', reason, retryable: true });
const tasksOf = async ({ meeting }: Bench) =>
  (await service.records.tasks.ofMeeting(meeting.meetingId)).map(({ kind, state, because }) => [
    kind,
    state,
    ...because,
  ]);
/** Tries again and again for so long, with a worker that looks for what is late. */
async function tryFor(it: Bench, rowId: string, ms: number, stepMs = MINUTE): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await it.handOver(rowId).catch(() => undefined);
    await it.tellLate();
    it.clock.ms += stepMs;
  }
}

describe('A12 a notice that the provider surely refuses', () => {
  it.each(['http-429', 'http-401', 'http-402', 'connection-refused'])(
    'with %s is a task a quarter of an hour later, one, that goes when it gets through',
    async (reason) => {
      const it = await bench();
      it.provider.answer = refuses(reason);
      const [rowId = ''] = await it.prepare('booking');
      await tryFor(it, rowId, 14 * MINUTE);
      expect(await tasksOf(it)).toEqual([]);
      await tryFor(it, rowId, 30 * MINUTE);
      expect(await tasksOf(it)).toEqual([['nobody-reached', 'open', reason]]);
      expect((await it.row(rowId)).state).toBe('planned');
      it.provider.answer = (sms) => it.provider.take(sms);
      expect(await it.handOver(rowId)).toBe('sent');
      expect(await tasksOf(it)).toEqual([['nobody-reached', 'withdrawn', reason]]);
    },
  );

  it('within the hour before the start is one at once, and before the start', async () => {
    const it = await bench({ startInMs: 55 * MINUTE });
    it.provider.answer = refuses('http-429');
    const [rowId = ''] = await it.prepare('booking');
    await it.tellLate();
    expect(await tasksOf(it)).toEqual([]);
    await expect(it.handOver(rowId)).rejects.toMatchObject({ type: 'not-sent' });
    await it.tellLate();
    expect(await tasksOf(it)).toEqual([['nobody-reached', 'open', 'http-429']]);
  });

  it('is one also where no worker ever came to try it, and where the one that looked died', async () => {
    const it = await bench();
    await it.prepare('booking');
    it.clock.ms += 15 * MINUTE;
    // Taken by one that died.
    await service.records.ledger.takeLate(it.clock.now(), MINUTE);
    await it.tellLate();
    expect(await tasksOf(it)).toEqual([]);
    it.clock.ms += MINUTE;
    await it.tellLate();
    expect(await tasksOf(it)).toEqual([['nobody-reached', 'open', 'late']]);
  });

  it('that was handed over in time is never one', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    await it.handOver(rowId);
    it.clock.ms += HOUR;
    await it.tellLate();
    expect(await tasksOf(it)).toEqual([]);
    const stored = await raw.db.collection('ledger').findOne({ _id: rowId as never });
    expect([stored?.late, stored?.lateAt]).toEqual([undefined, undefined]);
  });
});

describe('F7 a notice that was due some minutes ago and nobody has handed over', () => {
  /** What administrators find the meeting by, and what stands in its details. */
  const shown = async ({ meeting }: Bench) => {
    const { deliveries } = await adminFactsOf(
      service.records,
      await service.records.meetings.get(meeting.meetingId),
    );
    return { states: troubleOf(deliveries).states, waits: deliveries.map(({ waits }) => waits) };
  };

  it('is shown as overdue to administrators after five minutes; staff hear after a quarter of an hour', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    it.clock.ms += 5 * MINUTE - 1_000;
    await it.tellLate();
    expect(await shown(it)).toEqual({ states: [], waits: [undefined] });
    it.clock.ms += MINUTE;
    await it.tellLate();
    expect(await shown(it)).toEqual({ states: ['overdue'], waits: ['overdue'] });
    expect(await tasksOf(it)).toEqual([]);
    it.clock.ms += 10 * MINUTE;
    await it.tellLate();
    expect((await shown(it)).states).toEqual(['late']);
    expect(await tasksOf(it)).toEqual([['nobody-reached', 'open', 'late']]);
    // Once it has gone it is neither.
    await it.handOver(rowId);
    expect(await shown(it)).toEqual({ states: [], waits: [undefined] });
  });

  it('is found in the list by its workflow, which is told', async () => {
    const it = await bench();
    await it.prepare('booking');
    const told: string[] = [];
    const tell = jest
      .spyOn(service.temporal, 'tellFact')
      .mockImplementation((meetingId, { kind }) => Promise.resolve(void told.push(`${meetingId} ${kind}`)));
    it.clock.ms += 6 * MINUTE;
    await it.tellLate();
    await it.tellLate();
    tell.mockRestore();
    expect(told).toEqual([`${it.meeting.meetingId} deliveries`]);
  });

  it('waits for a good reason at the provider’s rate, and that is said; it is overdue when the queue stands', async () => {
    // After all that the other tests have handed over.
    const it = await bench({ smsPerMinute: 2, clock: testTime(new Date(Date.now() + 30 * 24 * HOUR)) });
    await it.prepare('booking');
    it.clock.ms += 6 * MINUTE;
    const other = await bench({ clock: it.clock });
    const [othersRow = ''] = await other.prepare('booking');
    await other.handOver(othersRow);
    await it.tellLate();
    expect(await shown(it)).toEqual({ states: [], waits: ['rate'] });
    it.clock.ms += 2 * MINUTE;
    await it.tellLate();
    expect(await shown(it)).toEqual({ states: ['overdue'], waits: ['overdue'] });
  });

  it('waits for the morning, which is said, and is overdue only after that', async () => {
    const night = DateTime.fromISO(`${new Date().getUTCFullYear() + 1}-06-01T02:30`, { zone: STOCKHOLM });
    const at = await createClinic(service);
    const it = await bench({ at, clock: testTime(night.minus({ hours: 6 }).toJSDate()) });
    const [rowId = ''] = await it.prepare('booking');
    it.clock.ms = night.toMillis();
    await expect(it.handOver(rowId)).rejects.toMatchObject({ type: 'wait' });
    await it.tellLate();
    expect(await shown(it)).toEqual({ states: [], waits: ['quiet-hours'] });
    it.clock.ms = night.set({ hour: 7, minute: 4 }).toMillis();
    await it.tellLate();
    expect((await shown(it)).states).toEqual([]);
    it.clock.ms = night.set({ hour: 7, minute: 6 }).toMillis();
    await it.tellLate();
    expect((await shown(it)).states).toEqual(['overdue']);
  });
});

describe('R2.10 a notice that nobody has entered', () => {
  const noticeByOf = async ({ meeting }: Bench) =>
    (await service.records.meetings.get(meeting.meetingId)).noticeBy;
  const rowsOf = async ({ meeting }: Bench) =>
    (await service.records.ledger.ofMeeting(meeting.meetingId)).map(({ kind, state }) => [kind, state]);

  it('at night is not late: it is sought again in the morning', async () => {
    const night = DateTime.fromISO(`${new Date().getUTCFullYear() + 1}-06-01T02:30`, { zone: STOCKHOLM });
    const it = await bench({ at: await createClinic(service), clock: testTime(night.toJSDate()) });
    await it.tellLate();
    expect(await rowsOf(it)).toEqual([]);
    expect(await noticeByOf(it)).toEqual(night.set({ hour: 7, minute: 5 }).toJSDate());
    it.clock.ms = night.set({ hour: 7, minute: 6 }).toMillis();
    await it.tellLate();
    expect(await rowsOf(it)).toEqual([['booking', 'planned']]);
  });

  it('of a meeting that was cancelled is not sought', async () => {
    const it = await bench();
    const { course } = await service.records.meetings.get(it.meeting.meetingId);
    const outcome = {
      outcome: 'cancelled-in-time' as const,
      decidedBy: 'cancellation' as const,
      because: [],
      way: null,
    };
    const cancelled = { ...course, version: course.version + 1, state: 'ended' as const, outcome };
    await saveMeeting(service.records, cancelled, it.clock.now());
    expect(await noticeByOf(it)).toBeUndefined();
    it.clock.ms += 16 * MINUTE;
    await it.tellLate();
    expect(await rowsOf(it)).toEqual([]);
  });
});

describe('a notice that was late, failed, and is taken up again by an operator', () => {
  it('is judged anew: not late before it is', async () => {
    const it = await bench();
    const [rowId = ''] = await it.prepare('booking');
    it.clock.ms += 16 * MINUTE;
    await it.tellLate();
    expect((await it.row(rowId)).late).toBe(true);
    it.provider.answer = () => ({ kind: 'not-sent', reason: 'http-403', retryable: false });
    await it.handOver(rowId);
    expect((await it.row(rowId)).state).toBe('failed');
    await it.prepare('booking', it.startAt, 1, [rowId]);
    const again = await it.row(rowId);
    expect([again.state, again.late, again.waits]).toEqual(['planned', undefined, undefined]);
    // It is on its way, so nobody is asked to call; and it is no SMS that the provider refuses.
    expect((await tasksOf(it)).map(([, state]) => state)).toEqual(['withdrawn']);
    const meeting = await service.records.meetings.get(it.meeting.meetingId);
    expect(troubleOf((await adminFactsOf(service.records, meeting)).deliveries).states).toEqual([]);
    it.clock.ms += 16 * MINUTE;
    await it.tellLate();
    expect((await it.row(rowId)).late).toBe(true);
    expect((await tasksOf(it)).map(([, state]) => state)).toContain('open');
  });
});

describe('A12 SMS that fail in a row', () => {
  const failing = async (name: string) => {
    const manager = `${name}@chef.example`;
    const at = await createClinic(service, {
      ...noQuietHours,
      caseRules: { ...defaultCaseRules, managerEmails: [manager] },
    });
    return { manager, at, it: await bench({ at }) };
  };
  const fail = async (it: Bench, rowId: string, times: number, stepMs: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      await it.handOver(rowId).catch(() => undefined);
      it.clock.ms += stepMs;
      await it.tellFailing();
    }
  };

  it('are told to the operations manager, once a day, also by another process; and whoever runs the service reads it', async () => {
    const { manager, at, it } = await failing('en');
    it.provider.answer = refuses('http-402');
    const [rowId = ''] = await it.prepare('booking');
    await fail(it, rowId, 4, 2 * MINUTE);
    expect(service.mailedTo(manager)).toEqual([]);
    await fail(it, rowId, 10, MINUTE / 10);
    const [mail, ...others] = service.mailedTo(manager);
    expect(others).toEqual([]);
    expect(mail!.text).toContain('http-402');
    expect(mail!.text).not.toMatch(/\+46|Testperson/);
    expect(it.warned).toContainEqual(expect.objectContaining({ failures: 5, reason: 'http-402' }));
    it.clock.ms += 24 * HOUR;
    await it.tellFailing();
    await it.tellFailing();
    expect(service.mailedTo(manager)).toHaveLength(2);
    // Nothing has been tried since: days later that is no news, and one more failure is a new run.
    it.clock.ms += 3 * 24 * HOUR;
    await it.tellFailing();
    await service.records.smsRuns.failed(at.clinicId, 'http-402', it.clock.now());
    await it.tellFailing();
    expect(service.mailedTo(manager)).toHaveLength(2);
  });

  it('A12 are told to a clinic also where those of another cannot be told', async () => {
    const { manager, it } = await failing('tre');
    // Before the clinic's own; its record has gone.
    for (let count = 0; count < 6; count += 1)
      await service.records.smsRuns.failed('A'.repeat(22), 'http-402', new Date(it.clock.ms + count * HOUR));
    it.provider.answer = refuses('http-402');
    const [rowId = ''] = await it.prepare('booking');
    await fail(it, rowId, 8, 10 * MINUTE);
    expect(service.mailedTo(manager)).toHaveLength(1);
    expect(it.warned).toContainEqual(
      expect.objectContaining({ clinicId: 'A'.repeat(22), err: expect.anything() }),
    );
  });

  it('in a burst, or with one in between that was taken, are not', async () => {
    const { manager, it } = await failing('tva');
    it.provider.answer = refuses('http-429');
    const [rowId = ''] = await it.prepare('booking');
    await fail(it, rowId, 20, 1_000);
    expect(service.mailedTo(manager)).toEqual([]);
    it.provider.answer = (sms) => it.provider.take(sms);
    await it.handOver(rowId);
    it.clock.ms += HOUR;
    await it.tellFailing();
    expect(service.mailedTo(manager)).toEqual([]);
    expect(it.warned).toEqual([]);
  });
});

describe('A3 reminders that were lost', () => {
  const outcomeOf = ({ meeting, clock }: Bench) =>
    createSettleOutcome({ records: service.records, clock })({
      meetingId: meeting.meetingId,
      startVersion: 1,
      letIn: [],
    });

  /** The clinic is in the room from the start until the end. */
  async function clinicWaits({ meeting, startAt, patientId }: Bench): Promise<void> {
    await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    const { participants } = await service.records.meetings.get(meeting.meetingId);
    const { participantId, role } = participants.find((each) => each.role === 'staff')!;
    const stay = { meetingId: meeting.meetingId, startVersion: 1, participantId, role };
    await service.records.evidence.joined(stay, 'jid', new Date(startAt.getTime() - MINUTE).toISOString());
  }
  const loses = (it: Bench): void => {
    it.provider.answer = () => ({ kind: 'uncertain', reason: 'http-500' });
  };
  async function handOverAndLook(it: Bench, kind: 'booking' | 'morning' | 'soon' | 'start'): Promise<void> {
    const [rowId = ''] = await it.prepare(kind, new Date(it.startAt.getTime() + 10 * MINUTE));
    await it.handOver(rowId).catch(() => undefined);
    await it.handOver(rowId).catch(() => undefined);
  }

  it('A9 a meeting that was moved while its end was looked at is not waited for for ever', async () => {
    const it = await bench();
    const { meetingId } = it.meeting;
    const order = { meetingId, startVersion: 1, letIn: [] };
    const read = await service.records.meetings.get(meetingId);
    const moved = { ...read, course: { ...read.course, time: { ...read.course.time, startVersion: 2 } } };
    const meetings = { ...service.records.meetings, get: () => Promise.resolve(moved) };
    const settle = createSettleOutcome({ records: { ...service.records, meetings }, clock: it.clock });
    expect(await settle(order)).toMatchObject({ outcome: 'unclear', because: [] });
    await expect(settle({ ...order, startVersion: 3 })).rejects.toThrow('not saved yet');
  });

  it('are a task before the start, where no other reminder comes, and make a no-show unclear', async () => {
    const it = await bench();
    await handOverAndLook(it, 'booking');
    loses(it);
    it.clock.ms = it.startAt.getTime() - 2 * HOUR;
    await handOverAndLook(it, 'morning');
    // The one a quarter of an hour before the start may still help by itself.
    expect(await tasksOf(it)).toEqual([]);
    it.clock.ms = it.startAt.getTime() - 15 * MINUTE;
    await it.prepare('soon', it.startAt);
    expect(await tasksOf(it)).toEqual([]);
    await handOverAndLook(it, 'soon');
    expect(await tasksOf(it)).toEqual([['nobody-reached', 'open', 'http-500']]);
    it.clock.ms = it.startAt.getTime();
    await handOverAndLook(it, 'start');
    expect(await tasksOf(it)).toHaveLength(1);
    await clinicWaits(it);
    expect(await outcomeOf(it)).toMatchObject({
      outcome: 'unclear',
      because: ['no-reminder-reached-the-patient'],
    });
  });

  it('but for one that came are no doubt, and the task goes', async () => {
    const it = await bench();
    await handOverAndLook(it, 'booking');
    loses(it);
    it.clock.ms = it.startAt.getTime() - 15 * MINUTE;
    await handOverAndLook(it, 'soon');
    it.provider.answer = (sms) => it.provider.take(sms);
    it.clock.ms = it.startAt.getTime();
    await handOverAndLook(it, 'start');
    expect(await tasksOf(it)).toEqual([['nobody-reached', 'withdrawn', 'http-500']]);
    await clinicWaits(it);
    expect((await outcomeOf(it)).outcome).toBe('no-show');
  });

  it('that the patient wants none of are no doubt and no task', async () => {
    const it = await bench();
    await handOverAndLook(it, 'booking');
    await clinic.call('PUT', `/clinic/people/${it.patientId}/sms-consent`, {
      body: { given: false, source: 'asked' },
    });
    it.clock.ms = it.startAt.getTime() - 15 * MINUTE;
    await handOverAndLook(it, 'soon');
    expect(await tasksOf(it)).toEqual([]);
    await clinicWaits(it);
    expect((await outcomeOf(it)).outcome).toBe('no-show');
  });
});
