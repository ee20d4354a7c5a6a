import type { mongo } from 'mongoose';
import { endPointlessRows } from '../../../use-cases/notice/end-pointless';
import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import { defaultNoticeRules } from '../../../rules/notices';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { createClinic, nextMobile, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { stockholm } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';
import { createBench, LEASE_MS, testTime, type Bench, type TestTime } from './harness';

/**
 * A notice that is made, taken, sent and noted in one activity, against the real database, with a provider
 * that does as the test says and a clock of its own.
 */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const MINUTE = 60_000;
const childBorn = `${new Date().getUTCFullYear() - 5}-01-01`;
const bench = (
  person: object = {},
  more: {
    clock?: TestTime;
    participants?: object[];
    child?: boolean;
    at?: TestClinic;
    startInMs?: number;
  } = {},
): Promise<Bench> => createBench(service, more.at ?? clinic, { person, ...more });

const rowsOf = ({ meeting }: Bench) => service.records.ledger.ofMeeting(meeting.meetingId);
const states = async (it: Bench) => (await rowsOf(it)).map(({ state, reason }) => [state, reason]);
const openTasks = async ({ meeting }: Bench) =>
  (await service.records.tasks.ofMeeting(meeting.meetingId))
    .filter(({ state }) => state === 'open')
    .map(({ kind, because }) => [kind, ...because]);

/** A child whose guardian takes part, both hearing of it. */
async function family(
  child: object,
  guardian: object,
): Promise<{ it: Bench; guardianId: string; ids: string[] }> {
  const guardianId = await clinic.addPatient(guardian);
  const it = await bench(
    { birthDate: childBorn, ...child },
    { child: true, participants: [{ role: 'guardian', personId: guardianId }] },
  );
  const { participants } = await service.records.meetings.get(it.meeting.meetingId);
  const ids = ['patient', 'guardian'].map(
    (role) => participants.find((each) => each.role === role)!.participantId,
  );
  return { it, guardianId, ids };
}

/** A command about the meeting that waits to be carried out. @returns what carries it out */
async function pending({ meeting }: Bench, operation: string, seen = 1): Promise<() => Promise<void>> {
  const accepted = await service.records.commands.accept(
    `pending-${operation}-${meeting.meetingId}`,
    {
      clinicId: clinic.clinicId,
      operation,
      actor: { kind: 'staff', staffId: 'clinician-1', role: 'booker' },
      reason: null,
      params: { meetingId: meeting.meetingId },
      body: {},
      seen: { startVersion: seen, ended: false },
    },
    new Date(),
  );
  if (accepted.kind !== 'carry-out') throw new Error('it was accepted before');
  const { commandId } = accepted.command;
  return async () => {
    await service.records.commands.answer(commandId, { status: 409, body: {} });
  };
}

/** The read model as a change leaves it. */
async function changed({ meeting }: Bench, change: 'cancelled' | 'moved' | 'ended'): Promise<void> {
  const { course } = await service.records.meetings.get(meeting.meetingId);
  const later = (at: string): string => new Date(Date.parse(at) + 1_440 * MINUTE).toISOString();
  const { time } = course;
  const outcome = {
    outcome: change === 'cancelled' ? ('cancelled-in-time' as const) : ('completed' as const),
    decidedBy: 'cancellation' as const,
    because: [],
    way: null,
  };
  await saveMeeting(
    service.records,
    {
      ...course,
      version: course.version + 1,
      ...(change === 'moved'
        ? { time: { ...time, startVersion: 2, startAt: later(time.startAt), endAt: later(time.endAt) } }
        : { state: 'ended' as const, outcome }),
    },
    new Date(),
  );
}

describe('a notice that is given', () => {
  it('is entered, taken, sent and noted, and a rerun finds it', async () => {
    const it = await bench();
    expect(await it.give('soon')).toEqual({
      kind: 'ended',
      delivery: { recipient: 1, channel: 'sms', state: 'sent', reason: null, at: expect.any(String) },
    });
    const again = await it.give('soon');
    expect(again).toMatchObject({ kind: 'ended', delivery: { recipient: 1, state: 'sent' } });
    expect(it.sent).toHaveLength(1);
    const [row] = await rowsOf(it);
    expect(row!.history.map(({ state }) => state)).toEqual(['planned', 'handing-over', 'sent']);
    expect(await openTasks(it)).toEqual([]);
  });

  it('R2.7 goes once when ten processes try at the same instant', async () => {
    const it = await bench();
    await Promise.allSettled(Array.from({ length: 10 }, () => it.give('soon')));
    expect(it.sent).toHaveLength(1);
    expect(await states(it)).toEqual([['sent', null]]);
  });

  it('R2.7 whose process died before or after the provider had it is never sent again', async () => {
    for (const [isTaken, state] of [
      [false, 'unknown'],
      [true, 'sent'],
    ] as const) {
      const it = await bench();
      it.provider.answer = (sms) => {
        if (isTaken) it.provider.take(sms);
        return new Promise(() => undefined);
      };
      void it.give('soon');
      await waitUntil(
        () => it.sent.length,
        (count) => count === 1,
      );
      await expect(it.give('soon')).rejects.toMatchObject({ type: 'wait' });
      it.clock.ms += LEASE_MS + 1;
      expect(await it.give('soon')).toMatchObject({ delivery: { state } });
      expect(it.sent).toHaveLength(1);
    }
  });

  it('R2.7 that was surely not sent waits in its row and is tried again; refused it ends, and is a task', async () => {
    const it = await bench();
    it.provider.answer = () => ({ kind: 'not-sent', reason: 'http-429', retryable: true });
    await expect(it.give('booking')).rejects.toMatchObject({ type: 'not-sent' });
    expect(await states(it)).toEqual([['planned', 'http-429']]);
    it.provider.answer = () => ({ kind: 'not-sent', reason: 'http-403', retryable: false });
    expect(await it.give('booking')).toMatchObject({ delivery: { state: 'failed', reason: 'http-403' } });
    expect(await openTasks(it)).toEqual([['nobody-reached', 'http-403']]);
    // R2.7: an operator has it tried again; that it comes withdraws the task.
    it.provider.answer = (sms) => it.provider.take(sms);
    expect(await it.give('booking')).toMatchObject({ delivery: { state: 'failed' } });
    expect(await it.give('booking', { again: true })).toMatchObject({ delivery: { state: 'sent' } });
    expect(await it.give('booking', { again: true })).toMatchObject({ delivery: { state: 'sent' } });
    expect(it.sent).toHaveLength(3);
    expect(await openTasks(it)).toEqual([]);
  });
});

it('B5 R2.6 a row that took until after the last useful moment is not sent, and ends', async () => {
  const it = await bench();
  const { now } = it.clock;
  const lastUsefulAt = new Date(it.clock.ms + 500).toISOString();
  // Time stands still in the transaction, and has passed when that is done.
  let asked = 0;
  it.clock.now = () => {
    asked += 1;
    if (asked === 2) it.clock.ms += 800;
    return now();
  };
  await expect(it.give('soon', { lastUsefulAt })).rejects.toMatchObject({ type: 'not-sent' });
  expect(await it.give('soon', { lastUsefulAt })).toMatchObject({ delivery: { state: 'expired' } });
  expect(it.sent).toEqual([]);
});

describe('the queue that it comes through', () => {
  it('B15 an SMS does not go through the one for e-mail, and nothing is entered', async () => {
    const it = await bench();
    expect(await it.give('soon', { queue: 'email' })).toEqual({ kind: 'through-sms' });
    expect([await rowsOf(it), it.sent]).toEqual([[], []]);
    // R2.10: one that waits for its turn among the SMS for too long is told.
    const dueAt = new Date(it.clock.ms - 16 * MINUTE).toISOString();
    expect(await it.give('soon', { queue: 'email', dueAt })).toEqual({ kind: 'through-sms' });
    await it.tellLate();
    expect(await openTasks(it)).toEqual([['nobody-reached', 'late']]);
    expect(await it.give('soon', { dueAt })).toMatchObject({ delivery: { state: 'sent' } });
    expect(await openTasks(it)).toEqual([]);
  });

  it('B15 what need not be sent ends in either', async () => {
    const it = await bench();
    const past = { queue: 'email' as const, lastUsefulAt: new Date(it.clock.ms).toISOString() };
    const expired = { state: 'expired', reason: 'past-its-last-useful-moment' };
    expect(await it.give('soon', past)).toMatchObject({ kind: 'ended', delivery: expired });
    expect(await openTasks(it)).toEqual([['nobody-reached', 'past-its-last-useful-moment']]);
    const without = await bench({ smsConsent: undefined, mobile: undefined });
    expect(await without.give('soon', { queue: 'email' })).toMatchObject({
      delivery: { state: 'no-consent', reason: 'no-phone-number' },
    });
    expect([it.sent, without.sent]).toEqual([[], []]);
  });

  it('R2.11 an e-mail goes through either', async () => {
    const email = 'either@example.com';
    const it = await bench({ email, noticesBy: 'email' });
    expect(await it.give('booking', { queue: 'email' })).toMatchObject({ delivery: { channel: 'email' } });
    expect(await it.give('soon', { queue: 'sms' })).toMatchObject({ delivery: { channel: 'email' } });
    expect([service.mailedTo(email).length, it.sent.length]).toEqual([2, 0]);
  });
});

describe('who hears', () => {
  it('R7.1 one who does not hear has no row', async () => {
    const it = await bench();
    expect(await it.give('soon', { participantId: 'nobody' })).toEqual({ kind: 'does-not-hear' });
    const { participants } = await service.records.meetings.get(it.meeting.meetingId);
    const staff = participants.find(({ role }) => role === 'staff')!.participantId;
    expect(await it.give('soon', { participantId: staff })).toEqual({ kind: 'does-not-hear' });
    expect(await rowsOf(it)).toEqual([]);
  });

  it('R2.7 one phone hears once, in whatever order and however many at once', async () => {
    const mobile = nextMobile();
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { it, ids } = await family({ mobile }, { mobile });
      const gave = order.map((place) => it.give('soon', { participantId: ids[place]! }));
      expect((await Promise.all(gave)).map(({ kind }) => kind)).toEqual(['ended', 'ended']);
      expect((await states(it)).sort()).toEqual([
        ['sent', null],
        ['skipped', 'same-number'],
      ]);
      expect(it.sent).toHaveLength(1);
    }
    const [mine, theirs] = [nextMobile(), nextMobile()];
    const { it, ids } = await family({ mobile: mine }, { mobile: theirs });
    await Promise.all(ids.map((participantId) => it.give('soon', { participantId })));
    expect(it.sent.map(({ to }) => to).sort()).toEqual([mine, theirs].sort());
  });

  it('R2.7 a number that changes hands between two takings of a row hears once', async () => {
    const [mine, theirs] = [nextMobile(), nextMobile()];
    const { it, ids, guardianId } = await family({ mobile: mine }, { mobile: theirs });
    const [patient, guardian] = ids as [string, string];
    // Who comes later in the order has been given it first.
    const { participants } = await service.records.meetings.get(it.meeting.meetingId);
    const [first, later] =
      participants.findIndex((each) => each.participantId === patient) <
      participants.findIndex((each) => each.participantId === guardian)
        ? [patient, guardian]
        : [guardian, patient];
    expect(await it.give('soon', { participantId: later })).toMatchObject({ delivery: { state: 'sent' } });
    const changes = first === patient ? it.patientId : guardianId;
    const number = first === patient ? theirs : mine;
    await clinic.call('PATCH', `/clinic/people/${changes}`, { body: { mobile: number } });
    const consent = { given: true, source: 'asked' };
    const recorded = await clinic.call('PUT', `/clinic/people/${changes}/sms-consent`, { body: consent });
    expect(recorded.status).toBe(200);
    expect(await it.give('soon', { participantId: first })).toMatchObject({
      delivery: { state: 'skipped', reason: 'same-number' },
    });
    expect(it.sent).toHaveLength(1);
  });
});

describe('what holds it back', () => {
  it('R2.9 at night nothing is entered; what was refused waits in its row', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const clock = testTime(stockholm(`${year}-06-01T20:59`));
    const it = await bench({}, { clock, at: await createClinic(service) });
    it.provider.answer = () => ({ kind: 'not-sent', reason: 'http-429', retryable: true });
    await expect(it.give('booking')).rejects.toMatchObject({ type: 'not-sent' });
    clock.ms = stockholm(`${year}-06-02T02:30`).getTime();
    const untilMorning = { type: 'wait', nextRetryDelay: 4.5 * 60 * MINUTE };
    await expect(it.give('booking')).rejects.toMatchObject(untilMorning);
    const morning = stockholm(`${year}-06-02T07:00`).toISOString();
    expect(await it.give('cancellation')).toEqual({ kind: 'not-before', at: morning });
    expect((await rowsOf(it)).map(({ kind }) => kind)).toEqual(['booking']);
    // What has become pointless meanwhile ends at once.
    await changed(it, 'cancelled');
    expect(await it.give('booking')).toMatchObject({ delivery: { reason: 'meeting-cancelled' } });
  });

  it('B9 a command holds back what it changes, and nothing else', async () => {
    const it = await bench();
    for (const operation of ['form.fill-in', 'meeting.write-chat', 'meeting.note-try'])
      await pending(it, operation);
    expect(await it.give('morning')).toMatchObject({ delivery: { state: 'sent' } });
    const carriedOut = await pending(it, 'meeting.cancel');
    await expect(it.give('soon')).rejects.toMatchObject({ type: 'wait', nextRetryDelay: 3_000 });
    expect((await states(it)).sort()).toEqual([
      ['planned', null],
      ['sent', null],
    ]);
    // The notice of its own effect does not wait for its answer.
    expect(await it.give('cancellation')).toMatchObject({ delivery: { state: 'sent' } });
    // R2.10: it is late also while it waits so.
    it.clock.ms += 16 * MINUTE;
    await it.tellLate();
    expect((await rowsOf(it)).find(({ kind }) => kind === 'soon')).toMatchObject({ late: true });
    await carriedOut();
    expect(await it.give('soon')).toMatchObject({ delivery: { state: 'sent' } });
  });

  it('B9 a move holds back what tells of the time before it, and not the notice of the move', async () => {
    const it = await bench();
    await pending(it, 'meeting.rebook');
    await expect(it.give('booking')).rejects.toMatchObject({ type: 'wait' });
    await expect(it.give('change', { occasion: 2 })).rejects.toMatchObject({ type: 'wait' });
    await changed(it, 'moved');
    expect(await it.give('change', { occasion: 2 })).toMatchObject({ delivery: { state: 'sent' } });
    expect(await it.give('booking')).toMatchObject({ delivery: { reason: 'meeting-moved' } });
  });
});

describe('after a restore', () => {
  afterEach(() => raw.db.collection('restores').deleteMany({}));

  it('R2.7 a notice that a restored ledger does not know is held, and looked for before it is sent', async () => {
    const it = await bench();
    const dueAt = new Date(it.clock.ms).toISOString();
    await it.give('booking', { dueAt });
    await raw.db.collection('ledger').deleteMany({ meetingId: it.meeting.meetingId });
    it.clock.ms += MINUTE;
    const [dataAsOf, restoredAt] = [it.clock.ms - 10 * MINUTE, it.clock.ms].map((ms) =>
      new Date(ms).toISOString(),
    );
    await service.records.restores.note({ dataAsOf: dataAsOf!, restoredAt: restoredAt! });
    await expect(it.give('booking', { dueAt })).rejects.toMatchObject({ type: 'wait' });
    expect(await states(it)).toEqual([['planned', null]]);
    await service.records.restores.release(it.clock.now());
    const gone = { state: 'unknown', reason: 'may-have-gone-before-the-restore' };
    expect(await it.give('booking', { dueAt })).toMatchObject({ delivery: gone });
    expect(await it.give('booking', { dueAt })).toMatchObject({ delivery: gone });
    expect(it.sent).toHaveLength(1);
    // What is due after it goes without a look.
    expect(await it.give('soon')).toMatchObject({ delivery: { state: 'sent' } });
  });
});

describe('B5 rows that nobody is to get any more', () => {
  const end = async (it: Bench): Promise<number> => {
    const meeting = await service.records.meetings.get(it.meeting.meetingId);
    const { records } = service;
    return records.transaction(async (session) =>
      endPointlessRows(
        records,
        meeting,
        await records.ledger.ofMeeting(meeting.meetingId, session),
        session,
        it.clock.now(),
      ),
    );
  };

  it.each([
    ['cancelled', 'meeting-cancelled'],
    ['moved', 'meeting-moved'],
    ['ended', 'meeting-ended'],
  ] as const)('of a meeting that was %s end with it', async (change, reason) => {
    const it = await bench();
    await it.give('booking');
    await pending(it, 'meeting.cancel');
    await expect(it.give('soon')).rejects.toMatchObject({ type: 'wait' });
    expect(await end(it)).toBe(0);
    await changed(it, change);
    await end(it);
    expect(await end(it)).toBe(0);
    expect((await states(it)).sort()).toEqual([
      ['sent', null],
      ['skipped', reason],
    ]);
    expect(it.sent).toHaveLength(1);
  });

  it('are not those that are being handed over', async () => {
    const it = await bench();
    it.provider.answer = () => new Promise(() => undefined);
    void it.give('soon');
    await waitUntil(
      () => it.sent.length,
      (count) => count === 1,
    );
    await changed(it, 'cancelled');
    await end(it);
    expect(await states(it)).toEqual([['handing-over', null]]);
  });
});

describe('R2.10 a notice that reached nobody, noted before the change that it tells of is saved', () => {
  it('of a cancellation is a task once the meeting is cancelled', async () => {
    const it = await bench({ mobile: null });
    await it.give('booking');
    const before = await openTasks(it);
    expect(before).toHaveLength(1);
    // The API and the worker save side by side: here the worker was quicker.
    await it.give('cancellation');
    expect(await openTasks(it)).toEqual(before);
    await changed(it, 'cancelled');
    expect(await openTasks(it)).toEqual([['nobody-reached', 'no-phone-number']]);
    const tasks = await service.records.tasks.ofMeeting(it.meeting.meetingId);
    expect(tasks.map(({ state }) => state).sort()).toEqual(['open', 'withdrawn']);
  });

  it('of a cancellation is none where it reached them', async () => {
    const it = await bench();
    await it.give('booking');
    await it.give('cancellation');
    await changed(it, 'cancelled');
    expect(await openTasks(it)).toEqual([]);
  });

  it('of a move waits until the move is saved', async () => {
    const it = await bench({ mobile: null });
    await it.give('booking');
    await expect(it.give('change', { occasion: 2 })).rejects.toMatchObject({ type: 'wait' });
    await changed(it, 'moved');
    await it.give('change', { occasion: 2 });
    expect(await openTasks(it)).toEqual([['nobody-reached', 'no-phone-number']]);
  });
});

/** What is asked of the database meanwhile. */
async function counted(work: () => Promise<unknown>): Promise<{ names: string[]; durable: number }> {
  const names: string[] = [];
  let durable = 0;
  const note = ({ commandName, command }: mongo.CommandStartedEvent): void => {
    names.push(commandName);
    const isWrite = ['insert', 'update', 'delete', 'findAndModify'].includes(commandName);
    if (
      commandName === 'commitTransaction' ||
      (isWrite && command.startTransaction === undefined && command.autocommit === undefined)
    )
      durable += 1;
  };
  const client = service.database.getClient();
  client.on('commandStarted', note);
  try {
    await work();
  } finally {
    client.off('commandStarted', note);
  }
  return { names, durable };
}

describe('what it costs', () => {
  it('a reminder is one transaction, one update, and few reads', async () => {
    const it = await bench();
    await it.give('booking');
    const { names, durable } = await counted(() => it.give('soon'));
    expect(it.sent).toHaveLength(2);
    expect(names.filter((name) => name === 'commitTransaction')).toHaveLength(1);
    // The transaction, and what the provider said.
    expect(durable).toBe(2);
    expect(names.length).toBeLessThanOrEqual(18);
  });

  it('R2.10 one that is given in time is not sought when it would have been overdue', async () => {
    const { it, ids } = await family({ mobile: nextMobile() }, { mobile: nextMobile() });
    const noticeBy = async () => (await service.records.meetings.get(it.meeting.meetingId)).noticeBy;
    const overdue = (await noticeBy())!;
    const { notices } = (await service.records.meetings.get(it.meeting.meetingId)).course;
    const booking = notices.find(({ kind }) => kind === 'booking')!;
    expect(overdue.getTime()).toBe(Date.parse(booking.dueAt) + 5 * MINUTE);
    await it.give('booking', { participantId: ids[0]! });
    // The other one still waits.
    expect(await noticeBy()).toEqual(overdue);
    const { durable } = await counted(() => it.give('booking', { participantId: ids[1]! }));
    expect(durable).toBe(2);
    expect((await noticeBy())!.getTime()).toBeGreaterThan(overdue.getTime());
    await raw.db
      .collection<{ _id: string }>('meetings')
      .updateMany({ _id: { $ne: it.meeting.meetingId } }, { $unset: { noticeBy: 1 } });
    it.clock.ms = overdue.getTime() + MINUTE;
    const { names } = await counted(() => it.tellLate());
    expect(names).not.toContain('commitTransaction');
    expect(await rowsOf(it)).toHaveLength(2);
  });

  it('a guardian with twelve meetings at one time costs little more than twelve guardians', async () => {
    const clock = testTime();
    const guardianId = await clinic.addPatient({});
    const child = (): Promise<Bench> =>
      bench(
        { birthDate: childBorn },
        { clock, child: true, participants: [{ role: 'guardian', personId: guardianId }] },
      );
    const all: Bench[] = [];
    for (let count = 0; count < 12; count += 1) all.push(await child());
    const { names } = await counted(() =>
      Promise.all(
        all.map(async (it) => {
          const { participants } = await service.records.meetings.get(it.meeting.meetingId);
          const guardian = participants.find(({ role }) => role === 'guardian')!.participantId;
          expect(await it.give('soon', { participantId: guardian })).toMatchObject({ kind: 'ended' });
        }),
      ),
    );
    expect(all.flatMap(({ sent }) => sent)).toHaveLength(12);
    const transactions = names.filter((name) => name === 'commitTransaction' || name === 'abortTransaction');
    // Each may meet another once, and goes in turn then; all at once they would begin again seven times each.
    expect(transactions.length).toBeLessThanOrEqual(3 * 12);
  });
});
