import { replyClock } from '../../../rules/calendar/reply-clock';
import { defaultCaseRules } from '../../../rules/case';
import { CaseStateMachine } from '../../../workflows/case/state';
import { caseDetails } from '../../../workflows/case/details';
import type { CaseInput, StaffMessage } from '../../../workflows/case/messages';
import { caseAttributes } from '../../../workflows/case/search-attributes';
import { CaseAdminView } from '../../../workflows/case/admin-view';
import { noTrouble } from '../../../workflows/shared/deliveries';
import { minutesAfter, stockholmInstant } from '../../rules/builders';

/** The course by itself: what each event does to it, without any server. */
const at = (day: string, clock: string): string => stockholmInstant(day, clock).toISOString();
const FRIDAY = at('2026-11-20', '12:00');
const DEADLINE = at('2026-11-25', '00:00');

let ids = 0;
const nextId = (): string => `message-${(ids += 1)}`;
const clockFrom = (arrivedAt: string) => replyClock(new Date(arrivedAt), defaultCaseRules);
const fromStaff = (receivedAt: string, messageId = nextId()): StaffMessage => ({
  messageId,
  receivedAt,
  notice: { dueAt: receivedAt, lastUsefulAt: minutesAfter(receivedAt, 4320), burstMinutes: 30 },
});
const fromPatient = (receivedAt: string, messageId = nextId()) => ({
  messageId,
  receivedAt,
  clock: clockFrom(receivedAt),
});

/** A case that the clinic opened, or the patient. */
function course(by: 'staff' | 'patient-side' = 'patient-side', openedAt = FRIDAY): CaseStateMachine {
  const begin =
    by === 'staff' ? ({ by, ...fromStaff(openedAt) } as const) : ({ by, ...fromPatient(openedAt) } as const);
  return new CaseStateMachine({ caseId: 'case', clinicId: 'clinic', openedAt, begin });
}
const inputOf = (earlier: CaseStateMachine): CaseInput => ({
  caseId: 'case',
  clinicId: 'clinic',
  openedAt: FRIDAY,
  begin: earlier.carryOver(earlier.version),
});
const whats = (each: CaseStateMachine): string[] => each.snapshot().happenings.map(({ what }) => what);

/** Lets time pass as the workflow does, step by step until then. */
function pass(each: CaseStateMachine, until: string): void {
  for (;;) {
    const next = each.nextStep();
    if (!next || next.at > until) break;
    const due = each.breachDue(next.at);
    if (due) each.breach(due.number);
    each.passTime(next.at);
    if (each.openingsNeededAfter(next.at)) each.openings([minutesAfter(next.at, 24 * 60)]);
    for (const notice of each.takeDueNotices(next.at)) each.noticeDone(notice);
    for (const tell of each.takeDueTells(next.at)) each.tellDone(tell);
  }
}

describe('the clock', () => {
  it('R6.3 a case that the clinic opens waits for nothing; what the patient writes then starts the clock', () => {
    const own = course('staff');
    expect(own.snapshot()).toMatchObject({ state: 'opened', clock: null, clocks: 0 });
    own.patientWrites(FRIDAY, fromPatient(FRIDAY));
    expect(own.snapshot()).toMatchObject({
      state: 'waiting-for-reply',
      clock: { number: 1, deadlineAt: DEADLINE },
    });
  });

  it('R6.1 what the patient adds does not put the deadline off', () => {
    const one = course();
    const later = at('2026-11-23', '09:00');
    one.patientWrites(later, fromPatient(later));
    expect(one.snapshot()).toMatchObject({
      clocks: 1,
      clock: { deadlineAt: DEADLINE },
      messages: { patientSide: 2 },
    });
  });

  it('R6.3 a reply stops it, also one that asks for more, and what comes after starts a new one', () => {
    const one = course();
    const monday = at('2026-11-23', '10:00');
    one.staffWrites(monday, fromStaff(monday));
    expect(one.snapshot()).toMatchObject({
      state: 'answered',
      clock: null,
      breaches: 0,
      lastClock: { number: 1, answeredAt: monday, inTime: true },
    });
    one.patientWrites(monday, fromPatient(monday));
    expect(one.snapshot().clock).toMatchObject({ number: 2, deadlineAt: at('2026-11-26', '00:00') });
  });

  it('R6.3 closing stops no clock: it runs out all the same, and staff can still reply', () => {
    const one = course();
    one.close(FRIDAY, { commandId: 'close', closedAt: FRIDAY, remindAt: [] });
    pass(one, DEADLINE);
    expect(one.snapshot()).toMatchObject({ state: 'closed', breaches: 1 });
    const message = fromStaff(at('2026-11-25', '09:00'));
    expect(one.refuseStaffWrites(message)).toBeNull();
    one.staffWrites(message.receivedAt, message);
    expect(one.snapshot()).toMatchObject({ state: 'closed', clock: null, breaches: 1 });
    expect(one.refuseStaffWrites(fromStaff(message.receivedAt))).toBe('closed');
    expect(one.refusePatientWrites(fromPatient(message.receivedAt))).toBe('no-ongoing-matter');
  });

  it('R6.2 a reply is judged by when it was received, whichever comes first here: the second before and at the deadline', () => {
    const before = minutesAfter(DEADLINE, -1 / 60);
    const after = minutesAfter(DEADLINE, 1 / 60);
    // Received in time and carried out late, after the breach was noted, and before it was.
    for (const breached of [true, false]) {
      const one = course();
      if (breached) pass(one, DEADLINE);
      one.staffWrites(after, fromStaff(before));
      expect(one.snapshot()).toMatchObject({ breaches: 0, lastClock: { inTime: true } });
      expect(whats(one).includes('breach-withdrawn')).toBe(breached);
    }
    // Received late and carried out before the timer was: a breach all the same.
    for (const receivedAt of [DEADLINE, after]) {
      const one = course();
      one.staffWrites(after, fromStaff(receivedAt));
      expect(one.snapshot()).toMatchObject({ breaches: 1, clock: null, lastClock: { inTime: false } });
      expect(whats(one).filter((what) => what === 'breached')).toHaveLength(1);
    }
  });

  it('R6.3 a reply that was written before the message came leaves it waiting', () => {
    const one = course();
    one.staffWrites(FRIDAY, fromStaff(minutesAfter(FRIDAY, -1 / 60)));
    expect(one.snapshot()).toMatchObject({
      state: 'waiting-for-reply',
      clock: { number: 1 },
      messages: { staff: 1 },
    });
  });

  it('R6.3 what came while a reply was held up inside waits for its own, whichever is carried out first', () => {
    const replied = at('2026-11-23', '10:00');
    const between = at('2026-11-23', '10:01');
    const end = at('2026-11-23', '12:00');
    const own = (one: CaseStateMachine): void => one.patientWrites(end, fromPatient(between));
    const reply = (one: CaseStateMachine): void => one.staffWrites(end, fromStaff(replied));
    for (const inTurn of [
      [own, reply],
      [reply, own],
    ]) {
      const one = course();
      for (const carryOut of inTurn) carryOut(one);
      expect(one.snapshot()).toMatchObject({
        state: 'waiting-for-reply',
        clock: { number: 2, arrivedAt: between, deadlineAt: at('2026-11-26', '00:00') },
        lastClock: { number: 1, answeredAt: replied },
      });
      one.staffWrites(end, fromStaff(end));
      expect(one.snapshot()).toMatchObject({ state: 'answered', clock: null });
    }
    // Also where the case was closed meanwhile.
    const one = course();
    own(one);
    one.close(end, { commandId: 'close', closedAt: end, remindAt: [] });
    reply(one);
    expect(one.snapshot()).toMatchObject({ state: 'closed', clock: { number: 2 } });
  });

  it('R6.6 what was received before the case was closed, and held up inside until after, is taken and waits for its reply', () => {
    const one = course('staff');
    const closedAt = minutesAfter(FRIDAY, 10);
    one.close(minutesAfter(FRIDAY, 20), { commandId: 'close', closedAt, remindAt: [] });
    expect(one.refusePatientWrites(fromPatient(closedAt))).toBe('no-ongoing-matter');
    const before = fromPatient(minutesAfter(FRIDAY, 9));
    expect(one.refusePatientWrites(before)).toBeNull();
    one.patientWrites(minutesAfter(FRIDAY, 21), before);
    expect(one.snapshot()).toMatchObject({ state: 'closed', clock: { arrivedAt: before.receivedAt } });
    expect(one.refuseStaffWrites(fromStaff(minutesAfter(FRIDAY, 30)))).toBeNull();
    // It can end only when that is answered.
    one.document(minutesAfter(FRIDAY, 31), { commandId: 'done', documentedAt: FRIDAY });
    expect(one.hasNothingLeft).toBe(false);
    expect(one.refusePatientWrites(fromPatient(minutesAfter(FRIDAY, 9)))).toBe('no-ongoing-matter');
  });

  it('R6.1 the deadline is that of the message that was received first, also where it was held up inside', () => {
    const one = course('patient-side', at('2026-11-21', '00:01'));
    expect(one.snapshot().clock).toMatchObject({ deadlineAt: DEADLINE });
    const before = at('2026-11-19', '23:59');
    one.patientWrites(at('2026-11-21', '00:02'), fromPatient(before));
    expect(one.snapshot()).toMatchObject({
      clocks: 1,
      clock: { number: 1, arrivedAt: before, deadlineAt: at('2026-11-24', '00:00') },
    });
  });
});

describe('R6.3 who is told when', () => {
  const told = (each: CaseStateMachine, until: string): string[] => {
    const all: string[] = [];
    for (;;) {
      const next = each.nextStep();
      if (!next || next.at > until) return all;
      const due = each.breachDue(next.at);
      if (due) each.breach(due.number);
      each.passTime(next.at);
      for (const tell of each.takeDueTells(next.at)) {
        all.push(`${tell.kind} ${tell.dueAt}`);
        each.tellDone(tell);
      }
      for (const notice of each.takeDueNotices(next.at)) each.noticeDone(notice);
    }
  };

  it('staff at opening of the last weekday and two hours before closing, the manager at each opening after', () => {
    expect(told(course(), at('2026-11-27', '12:00'))).toEqual([
      `last-weekday-opens ${at('2026-11-24', '08:00')}`,
      `before-closing ${at('2026-11-24', '14:00')}`,
      `breached ${at('2026-11-25', '08:00')}`,
      `breached ${at('2026-11-26', '08:00')}`,
      `breached ${at('2026-11-27', '08:00')}`,
    ]);
  });

  it('nobody once it is answered', () => {
    const one = course();
    const answeredAt = at('2026-11-24', '09:00');
    expect(told(one, answeredAt)).toHaveLength(1);
    one.staffWrites(answeredAt, fromStaff(answeredAt));
    expect(told(one, at('2026-12-24', '12:00'))).toEqual([]);
  });

  it('after an outage once, and of what is so then', () => {
    const one = course();
    one.passTime(at('2026-11-24', '15:00'));
    expect(one.takeDueTells(at('2026-11-24', '15:00')).map(({ kind }) => kind)).toEqual(['before-closing']);
    const late = course();
    const due = late.breachDue(at('2026-11-27', '10:00'));
    late.breach(due!.number);
    late.passTime(at('2026-11-27', '10:00'));
    expect(late.takeDueTells(at('2026-11-27', '10:00')).map(({ kind }) => kind)).toEqual(['breached']);
    expect(late.snapshot()).toMatchObject({ breaches: 1, clock: { breachedAt: DEADLINE, warned: 0 } });
  });
});

describe('R6.4 the contact', () => {
  it('is documented after the case is closed; the case ends when nothing is left to answer', () => {
    const one = course('staff');
    expect(one.refuseDocument({ commandId: 'd', documentedAt: FRIDAY })).toBe('not-closed');
    const opening = at('2026-11-23', '08:00');
    one.close(FRIDAY, { commandId: 'c', closedAt: FRIDAY, remindAt: [opening] });
    expect(one.refuseClose({ commandId: 'other', closedAt: FRIDAY, remindAt: [] })).toBe('closed');
    pass(one, at('2026-12-01', '12:00'));
    expect(one.snapshot().documentation).toMatchObject({ state: 'waiting', reminders: 9 });
    expect(one.hasNothingLeft).toBe(false);
    one.document(opening, { commandId: 'd', documentedAt: opening });
    expect(one.hasNothingLeft).toBe(true);
    expect(one.refuseDocument({ commandId: 'other', documentedAt: opening })).toBe('documented-already');
    one.end(opening);
    expect(one.snapshot().state).toBe('ended');
  });

  it('tells the operations manager once when staff have been reminded in vain', () => {
    const one = course('staff');
    one.close(FRIDAY, { commandId: 'c', closedAt: FRIDAY, remindAt: [at('2026-11-23', '08:00')] });
    const told: string[] = [];
    for (let day = 0; day < 20; day += 1) {
      const now = minutesAfter(at('2026-11-23', '08:00'), day * 24 * 60);
      one.passTime(now);
      one.openings([minutesAfter(now, 24 * 60)]);
      told.push(...one.takeDueTells(now).map(({ kind }) => `${day} ${kind}`));
    }
    expect(told).toEqual(['5 documentation-overdue']);
  });

  it('is still to be documented while a message waits, and the other way round', () => {
    const one = course();
    one.close(FRIDAY, { commandId: 'c', closedAt: FRIDAY, remindAt: [] });
    one.document(FRIDAY, { commandId: 'd', documentedAt: FRIDAY });
    expect([one.hasNothingLeft, one.snapshot().state]).toEqual([false, 'documented']);
    one.staffWrites(FRIDAY, fromStaff(FRIDAY));
    for (const notice of one.takeDueNotices(FRIDAY)) one.noticeDone(notice);
    expect(one.hasNothingLeft).toBe(true);
  });
});

describe('R6.8 bursts', () => {
  const noticesOf = (each: CaseStateMachine): number[] => each.snapshot().notices.map(({ burst }) => burst);

  it('are told of once, until they were read, or their time is over', () => {
    const one = course('staff');
    const give = (): void => {
      for (const notice of one.takeDueNotices(minutesAfter(FRIDAY, 1_000))) one.noticeDone(notice);
    };
    const write = (minutes: number): void => {
      const now = minutesAfter(FRIDAY, minutes);
      one.staffWrites(now, fromStaff(now));
    };
    expect(noticesOf(one)).toEqual([1]);
    write(1);
    expect(noticesOf(one)).toEqual([1]);
    give();
    write(29);
    expect(noticesOf(one)).toEqual([]);
    write(30);
    expect(noticesOf(one)).toEqual([2]);
    give();
    one.read();
    write(31);
    expect(noticesOf(one)).toEqual([3]);
    give();
    one.patientWrites(minutesAfter(FRIDAY, 32), fromPatient(minutesAfter(FRIDAY, 32)));
    write(33);
    expect(noticesOf(one)).toEqual([4]);
  });

  it('end when all of them was shown: what came after the page was made is told of', () => {
    const evening = at('2026-11-20', '21:30');
    const morning = at('2026-11-21', '07:00');
    const writeAt = (of: CaseStateMachine, receivedAt: string, dueAt: string): void => {
      const message = fromStaff(receivedAt);
      of.staffWrites(receivedAt, { ...message, notice: { ...message.notice, dueAt } });
    };
    // Its notice waits for the morning, and tells of it.
    const planned = course('staff', evening);
    planned.read(1);
    writeAt(planned, minutesAfter(evening, 1), morning);
    writeAt(planned, minutesAfter(evening, 2), morning);
    planned.read(2);
    expect(planned.snapshot().burst).toMatchObject({ number: 2, over: false });
    planned.read(3);
    expect(planned.snapshot().burst).toMatchObject({ number: 2, over: true });

    // Its notice was given before that one came, which has one of its own.
    const given = course('staff', evening);
    for (const notice of given.takeDueNotices(evening)) given.noticeDone(notice);
    const next = minutesAfter(evening, 1);
    writeAt(given, next, next);
    expect(noticesOf(given)).toEqual([]);
    given.read(1);
    expect(given.snapshot().burst).toMatchObject({ number: 2, over: false });
    expect(given.takeDueNotices(next).map(({ burst }) => burst)).toEqual([2]);
    // The same page read again tells of nothing more.
    given.read(1);
    expect(given.snapshot().burst).toMatchObject({ number: 2, over: false });
    given.read(2);
    expect(given.snapshot().burst).toMatchObject({ number: 2, over: true });
  });

  it('R2.9 that wait for the morning: what comes after they have read, or written, in the evening is told of in the morning too', () => {
    const evening = at('2026-11-20', '21:30');
    const morning = at('2026-11-21', '07:00');
    const writeAt = (of: CaseStateMachine, receivedAt: string): void => {
      const message = fromStaff(receivedAt);
      of.staffWrites(receivedAt, { ...message, notice: { ...message.notice, dueAt: morning } });
    };
    for (const sees of [
      (of: CaseStateMachine) => of.read(),
      (of: CaseStateMachine) => of.patientWrites(evening, fromPatient(evening)),
    ]) {
      const one = course('staff', evening);
      for (const notice of one.takeDueNotices(evening)) one.noticeDone(notice);
      one.read();
      writeAt(one, minutesAfter(evening, 1));
      writeAt(one, minutesAfter(evening, 2));
      expect(noticesOf(one)).toEqual([2]);
      sees(one);
      writeAt(one, minutesAfter(evening, 3));
      writeAt(one, minutesAfter(evening, 4));
      // A notice of a burst that has been read is not given: the last one is.
      expect(one.snapshot().burst).toMatchObject({ number: 3, over: false });
      expect(one.takeDueNotices(morning).map(({ burst }) => burst)).toEqual([2, 3]);
    }
  });
});

describe('what one run hands to the next', () => {
  it('is all that it knows: a command that comes again there changes nothing', () => {
    const one = course();
    const message = fromStaff(FRIDAY);
    one.staffWrites(FRIDAY, message);
    const next = new CaseStateMachine(inputOf(one));
    const before = next.snapshot();
    expect(next.refuseStaffWrites(message)).toBeNull();
    next.staffWrites(FRIDAY, message);
    expect(next.snapshot()).toEqual(before);
    expect(next.version).toBe(one.version);
    next.patientWrites(FRIDAY, fromPatient(FRIDAY));
    expect(next.version).toBeGreaterThan(one.version);
  });

  it('begins again what was under way', () => {
    const one = course('staff');
    expect(one.takeDueNotices(FRIDAY)).toHaveLength(1);
    const next = new CaseStateMachine(inputOf(one));
    expect(next.takeDueNotices(FRIDAY)).toHaveLength(1);
  });

  it('does not grow with the case, and loses no happening that is not saved', () => {
    let one = course('staff');
    const seen: number[] = [];
    const sizes: number[] = [];
    const clock = clockFrom(FRIDAY);
    for (let round = 0; round < 1_000; round += 1) {
      const now = minutesAfter(FRIDAY, round);
      one.patientWrites(now, { messageId: nextId(), receivedAt: now, clock });
      one.staffWrites(now, fromStaff(now));
      for (const notice of one.takeDueNotices(now)) one.noticeDone(notice);
      if (round % 50 !== 0) continue;
      // Saved now and then only: whoever tells of what happened sees all.
      const saved = one.snapshot();
      seen.push(
        ...saved.happenings.map(({ number }) => number).filter((number) => number > (seen.at(-1) ?? 0)),
      );
      one.saved(saved);
      one = new CaseStateMachine(inputOf(one));
      sizes.push(JSON.stringify(one.carryOver(one.version)).length);
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect(seen.length).toBeGreaterThan(1_900);
    expect(Math.max(...sizes)).toBeLessThan(16_000);
  });
});

describe('the Web UI', () => {
  it('R8.3 is told the story in ids, instants and states, with what helps', () => {
    const one = course();
    pass(one, at('2026-11-25', '08:00'));
    const details = caseDetails(one.snapshot(), { deliveries: [] });
    expect(details).toContain('**waiting-for-reply · reply overdue since 2026-11-24 23:00 UTC**');
    expect(details).toContain('a reply to what came 2026-11-20 11:00 UTC → _staff reply');
    expect(details).toContain('2026-11-24 23:00 UTC breached');
  });

  it('R2.7 is told where the last notice stands with each recipient, and what helps', () => {
    const delivery = { burst: 1, recipient: 1, channel: null, at: FRIDAY } as const;
    const story = new CaseAdminView();
    story.see([{ ...delivery, state: 'no-consent', reason: 'no-phone-number' }]);
    expect(caseDetails(course('staff').snapshot(), story)).toContain(
      'message notice 1, recipient 1: no-consent (`no-phone-number`), 2026-11-20 11:00 UTC → _record a mobile number',
    );
    expect(story.trouble).toEqual({ states: ['no-consent'], failedAt: null });
    story.tell({ ...delivery, channel: 'sms', state: 'delivered', reason: null });
    expect(story.deliveries).toHaveLength(1);
    expect(story.trouble).toEqual({ states: [], failedAt: null });
  });

  it('finds it by what somebody has to do', () => {
    const valueOf = (each: CaseStateMachine, name: string): unknown =>
      caseAttributes('clinic', each.snapshot(), each.nextStep()?.at ?? null, noTrouble).find(
        ({ key }) => key.name === name,
      )?.value;
    const one = course();
    expect([valueOf(one, 'State'), valueOf(one, 'BlockedBy')]).toEqual(['waiting-for-reply', ['reply']]);
    expect(valueOf(one, 'NextDueAt')).toEqual(new Date(at('2026-11-24', '08:00')));
    pass(one, DEADLINE);
    expect(valueOf(one, 'BlockedBy')).toEqual(['reply', 'reply-overdue']);
    one.close(DEADLINE, { commandId: 'c', closedAt: DEADLINE, remindAt: [] });
    one.staffWrites(DEADLINE, fromStaff(DEADLINE));
    expect(valueOf(one, 'BlockedBy')).toEqual(['documentation']);
    one.document(DEADLINE, { commandId: 'd', documentedAt: DEADLINE });
    expect(valueOf(one, 'BlockedBy')).toBeNull();
  });
});
