import fc from 'fast-check';
import { noticePlan } from '../../../rules/calendar/notice-plan';
import { registrationReminders } from '../../../rules/calendar/registration';
import { needsRegistration, outcomes, outcomesByStaff, type OutcomeByStaff } from '../../../rules/meeting';
import { defaultNoticeRules, type NoticeKind, type PlannedNotice } from '../../../rules/notices';
import type { SettledOutcome } from '../../../rules/outcome';
import { MeetingStateMachine } from '../../../workflows/meeting/state';
import type {
  CancelCommand,
  MeetingFacts,
  MeetingSnapshot,
  OutcomeCommand,
  PlannedTime,
  RebookCommand,
} from '../../../workflows/meeting/messages';
import { after, DAY, MINUTE, minutesAfter, START, timeAt } from '../../rules/builders';

const BOOKED = '2026-11-20T12:00:00.000Z';
const LATER = '2026-11-30T13:00:00.000Z';
const at = (minutes: number): string => minutesAfter(START, minutes);

function plan(startVersion: number, startAt: string, now = BOOKED): PlannedTime {
  const time = timeAt(startAt, startVersion);
  const notice = startVersion === 1 ? 'booking' : 'change';
  return {
    time,
    notices: noticePlan({ notice, now: new Date(now), time, rules: defaultNoticeRules }),
    registrationReminders: registrationReminders(time.endAt),
  };
}
const cancellation = (dueAt: string, startAt = START): PlannedNotice => ({
  kind: 'cancellation',
  dueAt,
  lastUsefulAt: minutesAfter(startAt, 30),
  skip: null,
});
const booked = (planned = plan(1, START)): MeetingStateMachine =>
  new MeetingStateMachine({
    meetingId: 'meeting-1',
    clinicId: 'clinic-1',
    bookedAt: BOOKED,
    planned,
    gates: { consentGiven: false, formsMissing: [] },
  });

const openGates = { consentGiven: true, formsMissing: [] };
const nobody: MeetingFacts = {
  startVersion: 1,
  gates: openGates,
  clinicPresent: false,
  patientPresent: false,
  haveMet: false,
  clinicReady: false,
  correctedTo: null,
};
const together: MeetingFacts = {
  startVersion: 1,
  gates: openGates,
  clinicPresent: true,
  patientPresent: true,
  haveMet: true,
  clinicReady: true,
  correctedTo: null,
};
const gone: MeetingFacts = { ...nobody, haveMet: true };

const cancel = (by: CancelCommand['outcome'], now: string, startVersion = 1): CancelCommand => ({
  startVersion,
  receivedAt: now,
  calledAt: now,
  outcome: by,
  notice: cancellation(now),
});
const rebook = (startVersion: number, now: string, more: Partial<RebookCommand> = {}): RebookCommand => ({
  startVersion,
  receivedAt: now,
  calledAt: now,
  by: 'clinic',
  late: false,
  planned: plan(startVersion + 1, LATER, now),
  ...more,
});
const stated = (outcome: OutcomeByStaff, startVersion = 1): OutcomeCommand => ({
  startVersion,
  receivedAt: at(0),
  outcome,
  way: outcome === 'back-up-routine' ? 'telephone' : null,
});
const register = (startVersion = 1) => ({ startVersion, receivedAt: at(31) });
const entry = (startVersion = 1) => ({ startVersion, receivedAt: at(0), participantId: 'p-1' });
const unclear: SettledOutcome = { outcome: 'unclear', because: ['patient-tried-to-come-in'] };
const completed: SettledOutcome = { outcome: 'completed', because: ['clinic-and-patient-met'] };
const noShow: SettledOutcome = { outcome: 'no-show', because: ['patient-never-came'] };

const states = ({ notices }: MeetingSnapshot): Partial<Record<`${NoticeKind} ${number}`, string>> =>
  Object.fromEntries(notices.map(({ kind, startVersion, state }) => [`${kind} ${startVersion}`, state]));
const waits = (course: MeetingStateMachine): string[] => course.snapshot().waitingFor.map(({ what }) => what);

/** Takes what is due as the workflow does, and ends it at once. */
function give(course: MeetingStateMachine, now: string): NoticeKind[] {
  const due = course.takeDueNotices(now);
  for (const notice of due) course.noticeDone(notice);
  return due.map(({ kind }) => kind);
}

/** A course in each of its states, at an instant at which it is in it. */
function courseIn(state: MeetingSnapshot['state']): MeetingStateMachine {
  const course = booked();
  if (state === 'booked') return course;
  course.see(BOOKED, nobody);
  if (state === 'ready') return course;
  course.passTime(at(-15));
  if (state === 'door-open') return course;
  course.see(at(1), together);
  if (state === 'under-way') return course;
  course.settle(at(30), 1, completed);
  return course;
}

describe('MeetingCourse', () => {
  it('begins booked, waiting for the consent, the door and its notices', () => {
    const snapshot = booked().snapshot();
    expect(snapshot).toMatchObject({
      meetingId: 'meeting-1',
      version: 0,
      state: 'booked',
      outcome: null,
      closed: false,
    });
    expect(snapshot.waitingFor).toEqual([
      { what: 'consent', until: START },
      { what: 'door', until: at(-15) },
      { what: 'notice', until: BOOKED, notice: 'booking' },
      { what: 'notice', until: '2026-11-23T06:00:00.000Z', notice: 'morning' },
      { what: 'notice', until: at(-15), notice: 'soon' },
      { what: 'notice', until: START, notice: 'start' },
    ]);
  });

  it.each(['booked', 'ready', 'door-open', 'under-way', 'ended'] as const)(
    'can be brought to the state %s',
    (state) => {
      expect(courseIn(state).snapshot().state).toBe(state);
    },
  );

  it('gives copies: changing an answer changes nothing', () => {
    const course = booked();
    const snapshot = course.snapshot();
    snapshot.notices[0]!.state = 'done';
    snapshot.happenings.length = 0;
    expect(course.snapshot()).toEqual(booked().snapshot());
  });
});

describe('gates and door', () => {
  it('R3.1 R3.2 is ready when both gates are open, and waits again when one closes', () => {
    const course = booked();
    course.see(BOOKED, { ...nobody, gates: { consentGiven: true, formsMissing: ['form-1'] } });
    expect(course.snapshot().state).toBe('booked');
    expect(waits(course)).toContain('form');
    expect(waits(course)).not.toContain('consent');
    course.see(BOOKED, nobody);
    expect(course.snapshot().state).toBe('ready');
    expect(waits(course)).not.toContain('form');
    course.see(BOOKED, { ...nobody, gates: { consentGiven: false, formsMissing: [] } });
    expect(course.snapshot().state).toBe('booked');
    expect(course.snapshot().happenings.map(({ what }) => what)).toEqual([
      'booked',
      'gates-opened',
      'gates-closed',
    ]);
  });

  it('R3.2 a meeting booked with its gates open waits for none, and is ready when looked at', () => {
    const course = new MeetingStateMachine({
      meetingId: 'meeting-1',
      clinicId: 'clinic-1',
      bookedAt: BOOKED,
      planned: plan(1, START),
      gates: openGates,
    });
    expect(waits(course)).not.toContain('consent');
    course.see(BOOKED, nobody);
    expect(course.snapshot().state).toBe('ready');
  });

  it('looking again and seeing the same changes nothing', () => {
    const course = courseIn('ready');
    const before = course.snapshot();
    course.see(BOOKED, nobody);
    course.passTime(BOOKED);
    expect(course.snapshot()).toEqual(before);
  });

  it.each(['booked', 'ready'] as const)(
    'R3.3 the door of a meeting that is %s opens 15 minutes before',
    (state) => {
      const course = courseIn(state);
      course.passTime(after(at(-15), -1).toISOString());
      expect(course.snapshot().state).toBe(state);
      course.passTime(at(-15));
      course.passTime(at(-14));
      expect(course.snapshot().state).toBe('door-open');
      expect(course.snapshot().happenings.filter(({ what }) => what === 'door-opened')).toHaveLength(1);
      expect(waits(course)).toContain('people');
      expect(waits(course)).not.toContain('door');
    },
  );

  it('is under way once clinic and patient have met', () => {
    const course = courseIn('door-open');
    course.see(at(0), { ...nobody, clinicPresent: true });
    expect(course.snapshot().state).toBe('door-open');
    course.see(at(1), together);
    expect(course.snapshot().state).toBe('under-way');
    expect(waits(course)).not.toContain('people');
  });
});

describe('refusals', () => {
  it('R5.5, R5.6 from the start on the patient neither cancels nor moves it: the evidence tells who was absent', () => {
    const course = courseIn('door-open');
    expect(course.refuseCancel(cancel('cancelled-late', at(0)))).toBe('started');
    expect(course.refuseRebook(rebook(1, at(5), { by: 'patient' }))).toBe('started');
    // A call that was received before, and the clinic's own change, are no such wish.
    expect(course.refuseCancel({ ...cancel('cancelled-late', at(5)), receivedAt: at(-1) })).toBeNull();
    expect(course.refuseCancel(cancel('cancelled-by-clinic', at(5)))).toBeNull();
  });

  it('decision 6: a change that was held up does not undo one that came after it', () => {
    const course = courseIn('booked');
    course.rebook(at(-60), rebook(1, at(-60)));
    expect(course.refuseRebook({ ...rebook(2, at(-30)), calledAt: at(-90) })).toBe('overtaken');
    expect(course.refuseCancel({ ...cancel('cancelled-late', at(-30), 2), calledAt: at(-61) })).toBe(
      'overtaken',
    );
    expect(course.refuseCancel(cancel('cancelled-late', at(-30), 2))).toBeNull();
  });

  it('R1.5 a meeting is cancelled and moved until it is under way', () => {
    for (const state of ['booked', 'ready', 'door-open'] as const) {
      expect(courseIn(state).refuseCancel(cancel('cancelled-late', at(-1)))).toBeNull();
      expect(courseIn(state).refuseRebook(rebook(1, at(0)))).toBeNull();
    }
    for (const [state, reason] of [
      ['under-way', 'under-way'],
      ['ended', 'ended'],
    ] as const) {
      expect(courseIn(state).refuseCancel(cancel('cancelled-late', at(0)))).toBe(reason);
      expect(courseIn(state).refuseRebook(rebook(1, at(0)))).toBe(reason);
    }
  });

  it('R5.1 a cancelled meeting refuses everything', () => {
    const course = booked();
    course.cancel(BOOKED, cancel('cancelled-in-time', BOOKED));
    expect(course.refuseCancel(cancel('cancelled-late', BOOKED))).toBe('cancelled');
    expect(course.refuseRebook(rebook(1, BOOKED))).toBe('cancelled');
    expect(course.refuseEntry(at(0), entry())).toBe('cancelled');
    for (const outcome of outcomesByStaff)
      expect(course.refuseOutcome(at(30), stated(outcome))).toBe('cancelled');
  });

  it('a command that was decided against another start version is refused', () => {
    const course = booked();
    course.rebook(BOOKED, rebook(1, BOOKED));
    for (const version of [1, 3]) {
      expect(course.refuseCancel(cancel('cancelled-late', BOOKED, version))).toBe('moved-meanwhile');
      expect(course.refuseRebook(rebook(version, BOOKED))).toBe('moved-meanwhile');
      expect(course.refuseEntry(LATER, entry(version))).toBe('moved-meanwhile');
      expect(course.refuseOutcome(LATER, stated('back-up-routine', version))).toBe('moved-meanwhile');
    }
    expect(course.refuseCancel(cancel('cancelled-late', BOOKED, 2))).toBeNull();
    expect(course.refuseRebook(rebook(2, BOOKED))).toBeNull();
    expect(course.refuseEntry(LATER, entry(2))).toBeNull();
    expect(course.refuseOutcome(LATER, stated('back-up-routine', 2))).toBeNull();
  });

  it('R3.3 R3.4 entry is refused before the door opens and after it closes', () => {
    const course = courseIn('ready');
    expect(course.refuseEntry(after(at(-15), -1).toISOString(), entry())).toBe('too-early');
    expect(course.refuseEntry(at(-15), entry())).toBeNull();
    expect(course.refuseEntry(after(at(60), -1).toISOString(), entry())).toBeNull();
    expect(course.refuseEntry(at(60), entry())).toBe('ended');
    expect(courseIn('ended').refuseEntry(at(31), entry())).toBe('ended');
  });

  it('R5.1 R5.6 an outcome cannot be stated before it can be true', () => {
    const earliest: Record<OutcomeByStaff, number | null> = {
      completed: -15,
      'clinic-absent': -15,
      'could-not-start': -15,
      'no-show': 30,
      'back-up-routine': null,
    };
    for (const outcome of outcomesByStaff) {
      const course = courseIn('door-open');
      const minute = earliest[outcome];
      expect(course.refuseOutcome(after(at(minute ?? 0), -1).toISOString(), stated(outcome))).toBe(
        minute === null ? null : 'too-early',
      );
      expect(course.refuseOutcome(at(minute ?? 0), stated(outcome))).toBeNull();
    }
    expect(booked().refuseOutcome(BOOKED, stated('back-up-routine'))).toBeNull();
  });

  it('R5.6 staff decide an unclear outcome, once, and no other', () => {
    const course = courseIn('door-open');
    course.settle(at(30), 1, unclear);
    expect(course.refuseCancel(cancel('cancelled-late', at(30)))).toBe('ended');
    expect(course.refuseRebook(rebook(1, at(30)))).toBe('ended');
    for (const outcome of outcomesByStaff) expect(course.refuseOutcome(at(31), stated(outcome))).toBeNull();
    course.stateOutcome(at(31), stated('completed'));
    for (const outcome of outcomesByStaff)
      expect(course.refuseOutcome(at(32), stated(outcome))).toBe('ended');
  });

  it('R5.11 a visit is registered when the meeting has ended with one, and not for another time', () => {
    for (const state of ['booked', 'ready', 'door-open', 'under-way'] as const) {
      expect(courseIn(state).refuseRegister(register())).toBe('too-early');
    }
    for (const outcome of outcomesByStaff) {
      const course = courseIn('door-open');
      course.stateOutcome(at(30), stated(outcome));
      const isVisit = ['completed', 'no-show', 'back-up-routine'].includes(outcome);
      expect(course.refuseRegister(register())).toBe(isVisit ? null : 'nothing-to-register');
      expect(course.refuseRegister(register(2))).toBe('moved-meanwhile');
    }
    const cancelled = courseIn('ready');
    cancelled.cancel(at(-60), cancel('cancelled-late', at(-60)));
    expect(cancelled.refuseRegister(register())).toBe('nothing-to-register');
    const unsettled = courseIn('door-open');
    unsettled.settle(at(30), 1, unclear);
    expect(unsettled.refuseRegister(register())).toBe('nothing-to-register');
  });

  it('a caller that moves a meeting for ever is stopped', () => {
    const course = booked();
    for (let version = 1; version < 50; version += 1) {
      expect(course.refuseRebook(rebook(version, BOOKED))).toBeNull();
      course.rebook(BOOKED, rebook(version, BOOKED));
    }
    expect(course.refuseRebook(rebook(50, BOOKED))).toBe('moved-too-often');
    expect(course.refuseCancel(cancel('cancelled-by-clinic', BOOKED, 50))).toBeNull();
  });

  it('asking whether changes nothing', () => {
    for (const state of ['booked', 'ready', 'door-open', 'under-way', 'ended'] as const) {
      const course = courseIn(state);
      const before = course.snapshot();
      course.refuseCancel(cancel('cancelled-late', at(0)));
      course.refuseRebook(rebook(1, at(0)));
      course.refuseEntry(at(0), entry());
      for (const outcome of outcomesByStaff) course.refuseOutcome(at(90), stated(outcome));
      course.refuseRegister(register());
      course.settlementDue(at(90));
      course.over(at(90));
      course.nextStep(at(0));
      expect(course.snapshot()).toEqual(before);
    }
  });
});

describe('cancel', () => {
  it('R2.4 R2.8 drops every planned notice and plans the one that it is cancelled', () => {
    const course = courseIn('ready');
    give(course, BOOKED);
    course.cancel(at(-60), cancel('cancelled-late', at(-60)));
    expect(states(course.snapshot())).toEqual({
      'booking 1': 'done',
      'morning 1': 'dropped',
      'soon 1': 'dropped',
      'start 1': 'dropped',
      'cancellation 1': 'planned',
    });
    expect(waits(course)).toEqual(['notice']);
    expect(course.nextStep(at(0))).toEqual({ at: at(-60), why: 'cancellation notice' });
    expect(give(course, at(30))).toEqual(['cancellation']);
    expect(give(course, at(90))).toEqual([]);
    expect(course.nextStep(at(0))).toBeNull();
  });

  it.each(['cancelled-in-time', 'cancelled-late', 'cancelled-by-clinic'] as const)(
    'R5.1 ends as %s',
    (outcome) => {
      const course = courseIn('ready');
      course.cancel(at(-60), cancel(outcome, at(-60)));
      expect(course.snapshot()).toMatchObject({
        state: 'ended',
        outcome: { outcome, decidedBy: 'cancellation' },
      });
      expect(course.takeProposals()).toEqual([{ meetingId: 'meeting-1', startVersion: 1, cause: outcome }]);
      expect(course.takeProposals()).toEqual([]);
      expect(course.settlementDue(at(90))).toBe(false);
      course.settle(at(90), 1, noShow);
      course.passTime(at(90));
      expect(course.snapshot().outcome?.outcome).toBe(outcome);
      expect(course.takeProposals()).toEqual([]);
    },
  );

  it('R2.9 waits with ending until its notice went out in the morning', () => {
    const course = booked();
    give(course, BOOKED);
    course.cancel('2026-11-20T22:00:00.000Z', {
      ...cancel('cancelled-in-time', '2026-11-20T22:00:00.000Z'),
      notice: cancellation('2026-11-21T06:00:00.000Z'),
    });
    course.takeProposals();
    expect(course.over('2026-11-20T22:00:00.000Z')).toBe(false);
    const [notice] = course.takeDueNotices('2026-11-21T06:00:00.000Z');
    expect(course.over('2026-11-21T06:00:00.000Z')).toBe(false);
    course.noticeDone(notice!);
    expect(course.over('2026-11-21T06:00:00.000Z')).toBe(true);
  });
});

describe('rebook', () => {
  it('R2.4 R2.8 drops the old plan, keeps what is done or under way, and takes the new plan', () => {
    const course = courseIn('ready');
    give(course, BOOKED);
    course.takeDueNotices('2026-11-23T06:00:00.000Z');
    course.rebook(at(-60), rebook(1, at(-60)));
    expect(states(course.snapshot())).toEqual({
      'booking 1': 'done',
      'morning 1': 'under-way',
      'soon 1': 'dropped',
      'start 1': 'dropped',
      'change 2': 'planned',
      'morning 2': 'planned',
      'soon 2': 'planned',
      'start 2': 'planned',
    });
    expect(course.snapshot().time).toEqual(timeAt(LATER, 2));
    expect(course.startVersion).toBe(2);
    expect(give(course, at(0))).toEqual(['change']);
    expect(give(course, '2026-11-30T06:00:00.000Z')).toEqual(['morning']);
  });

  it('R2.5 keeps a notice of the new plan that is skipped already as skipped', () => {
    const course = courseIn('ready');
    course.rebook(at(-60), rebook(1, at(-60), { planned: plan(2, at(-50), at(-60)) }));
    expect(states(course.snapshot())).toMatchObject({
      'change 2': 'planned',
      'morning 2': 'skipped',
      'soon 2': 'skipped',
      'start 2': 'planned',
    });
    expect(waits(course).filter((what) => what === 'notice')).toHaveLength(2);
  });

  it('R1.5 R5.8 a late one by the patient proposes what the old time costs, with its start version', () => {
    const course = courseIn('ready');
    course.rebook(at(-60), rebook(1, at(-60), { by: 'patient', late: true }));
    expect(course.takeProposals()).toEqual([
      { meetingId: 'meeting-1', startVersion: 1, cause: 'rebooked-late' },
    ]);
    course.settle(minutesAfter(LATER, 30), 2, noShow);
    expect(course.takeProposals()).toEqual([{ meetingId: 'meeting-1', startVersion: 2, cause: 'no-show' }]);
  });

  it('R1.5 one in time, and one by the clinic, proposes nothing', () => {
    for (const by of ['patient', 'clinic'] as const) {
      const course = courseIn('ready');
      course.rebook(at(-60), rebook(1, at(-60), { by }));
      expect(course.takeProposals()).toEqual([]);
    }
  });

  it('R3.3 closes a door that was open, until that of the new time opens', () => {
    const course = courseIn('door-open');
    course.rebook(at(-10), rebook(1, at(-10)));
    expect(course.snapshot().state).toBe('ready');
    course.passTime(at(0));
    expect(course.snapshot().state).toBe('ready');
    expect(course.refuseEntry(at(0), entry(2))).toBe('too-early');
    course.passTime(minutesAfter(LATER, -15));
    expect(course.snapshot().state).toBe('door-open');
    expect(course.refuseEntry(minutesAfter(LATER, -15), entry(2))).toBeNull();
  });

  it('R3.1 is booked, not ready, at the new time while a gate is closed', () => {
    const course = booked();
    course.passTime(at(-10));
    course.rebook(at(-10), rebook(1, at(-10)));
    expect(course.snapshot().state).toBe('booked');
  });

  it('R4.1 what was seen of the old room says nothing of the new one', () => {
    const course = courseIn('ready');
    // Looked at while the rebooking came in: still the old room.
    course.see(at(-16), together);
    course.rebook(at(-16), rebook(1, at(-16)));
    course.passTime(minutesAfter(LATER, -15));
    expect(course.snapshot().state).toBe('door-open');
    expect(course.refuseCancel(cancel('cancelled-late', minutesAfter(LATER, -1), 2))).toBeNull();
  });

  it('R5.6 evidence of the old time settles nothing', () => {
    const course = courseIn('door-open');
    expect(course.settlementDue(at(30))).toBe(true);
    course.rebook(at(30), rebook(1, at(30)));
    const before = course.snapshot();
    course.settle(at(30), 1, noShow);
    expect(course.snapshot()).toEqual(before);
    expect(course.takeProposals()).toEqual([]);
    expect(course.settlementDue(at(31))).toBe(false);
    expect(course.settlementDue(minutesAfter(LATER, 30))).toBe(true);
  });
});

describe('settlement', () => {
  it('R5.6 is due at the booked end, not a millisecond before', () => {
    const course = courseIn('door-open');
    expect(course.settlementDue(after(at(30), -1).toISOString())).toBe(false);
    expect(course.settlementDue(at(30))).toBe(true);
  });

  it('R5.6 waits while a meeting under way runs over, at the most until the door closes', () => {
    const course = courseIn('under-way');
    expect(course.settlementDue(at(30))).toBe(false);
    expect(course.nextStep(at(0))?.at).toBe(BOOKED);
    expect(course.settlementDue(at(60))).toBe(true);
    course.see(at(40), gone);
    expect(course.settlementDue(at(40))).toBe(true);
  });

  it('R5.6 does not wait for one who sits there alone', () => {
    const course = courseIn('door-open');
    course.see(at(10), { ...nobody, clinicPresent: true });
    expect(course.settlementDue(at(30))).toBe(true);
  });

  it('R5.8 ends with the outcome, drops what is planned and proposes once', () => {
    const course = courseIn('under-way');
    course.settle(at(30), 1, completed);
    course.settle(at(30), 1, noShow);
    expect(course.snapshot()).toMatchObject({
      state: 'ended',
      outcome: { outcome: 'completed', decidedBy: 'evidence', because: ['clinic-and-patient-met'] },
    });
    expect(Object.values(states(course.snapshot()))).not.toContain('planned');
    expect(course.takeProposals()).toEqual([{ meetingId: 'meeting-1', startVersion: 1, cause: 'completed' }]);
    course.invoiceProposed(at(31));
    expect(course.snapshot().happenings.map(({ what }) => what)).toContain('invoice-proposed');
  });

  it('R5.6 what staff stated before the evidence was gathered stands', () => {
    const course = courseIn('door-open');
    course.stateOutcome(at(20), stated('clinic-absent'));
    course.settle(at(30), 1, noShow);
    expect(course.snapshot().outcome).toMatchObject({ outcome: 'clinic-absent', decidedBy: 'staff' });
    expect(course.takeProposals().map(({ cause }) => cause)).toEqual(['clinic-absent']);
  });

  it('R4.6 the back-up routine stops every further notice, and the way in which the meeting goes on is kept', () => {
    const course = courseIn('ready');
    course.stateOutcome(at(-60), { ...stated('back-up-routine'), way: 'text-thread' });
    expect(course.snapshot().outcome).toEqual({
      outcome: 'back-up-routine',
      decidedBy: 'staff',
      because: ['stated-by-staff'],
      way: 'text-thread',
    });
    expect(give(course, at(60))).toEqual([]);
    expect(states(course.snapshot())).toMatchObject({ 'soon 1': 'dropped', 'start 1': 'dropped' });
    expect(course.refuseEntry(at(0), entry())).toBe('back-up-routine');
  });
});

describe('an unclear outcome', () => {
  const unclearCourse = (): MeetingStateMachine => {
    const course = courseIn('door-open');
    course.settle(at(30), 1, unclear);
    return course;
  };
  const afterThirtyDays = after(at(30), 30 * DAY).toISOString();

  it('R5.6 proposes nothing and waits for staff', () => {
    const course = unclearCourse();
    expect(course.takeProposals()).toEqual([]);
    expect(course.over(at(31))).toBe(false);
    expect(course.snapshot().waitingFor).toEqual([{ what: 'staff-decision', until: afterThirtyDays }]);
    expect(course.nextStep(at(0))).toEqual({ at: afterThirtyDays, why: 'staff decide the outcome' });
  });

  it('R5.1 R5.6 is over when staff have decided; both decisions are kept', () => {
    const course = unclearCourse();
    course.stateOutcome(at(60), stated('completed'));
    expect(course.over(at(60))).toBe(false);
    expect(course.takeProposals().map(({ cause }) => cause)).toEqual(['completed']);
    expect(waits(course)).toEqual(['registration']);
    course.register(at(61));
    expect(course.over(at(61))).toBe(true);
    expect(waits(course)).toEqual([]);
    const decisions = course.snapshot().happenings.filter(({ what }) => what === 'outcome');
    expect(decisions.map(({ detail }) => detail)).toEqual(['unclear', 'completed']);
  });

  it('R5.6 ends as it is after 30 days without a decision, and then no more can be stated', () => {
    const course = unclearCourse();
    expect(course.over(after(afterThirtyDays, -1).toISOString())).toBe(false);
    expect(course.over(afterThirtyDays)).toBe(true);
    course.close();
    expect(course.snapshot()).toMatchObject({
      closed: true,
      outcome: { outcome: 'unclear' },
      waitingFor: [],
    });
    expect(course.refuseOutcome(afterThirtyDays, stated('completed'))).toBe('ended');
    expect(course.takeProposals()).toEqual([]);
  });
});

describe('readiness of the clinic', () => {
  const told = (course: MeetingStateMachine): number[] =>
    course
      .snapshot()
      .happenings.filter(({ what }) => what === 'clinic-not-ready')
      .map(({ startVersion }) => startVersion);

  it('R4.7 staff are told five minutes before the start that nobody has confirmed it, once', () => {
    const course = courseIn('door-open');
    expect(course.nextStep(at(-15))?.at).toBe(BOOKED);
    give(course, at(-15));
    expect(course.nextStep(at(-15))).toEqual({ at: at(-5), why: 'is the clinic ready?' });
    expect(waits(course)).toContain('clinic');
    course.passTime(after(at(-5), -1).toISOString());
    expect(told(course)).toEqual([]);
    course.passTime(at(-5));
    course.passTime(at(-4));
    expect(told(course)).toEqual([1]);
    expect(course.nextStep(at(-4))).toEqual({ at: at(0), why: 'start notice' });
  });

  it('R4.7 is confirmed: nobody is told, and it is waited for no more', () => {
    const course = courseIn('door-open');
    course.see(at(-10), { ...nobody, clinicReady: true });
    course.see(at(-9), { ...nobody, clinicReady: true });
    course.passTime(at(0));
    expect(told(course)).toEqual([]);
    expect(waits(course)).not.toContain('clinic');
    expect(course.snapshot().clinicReady).toBe(true);
    expect(course.snapshot().happenings.filter(({ what }) => what === 'clinic-ready')).toHaveLength(1);
  });

  it('R4.7 what staff have confirmed stays confirmed', () => {
    const course = courseIn('door-open');
    course.see(at(-10), { ...nobody, clinicReady: true });
    course.see(at(-9), nobody);
    expect(course.snapshot().clinicReady).toBe(true);
  });

  it('R4.7 a moved meeting is to be confirmed anew, and staff are told anew', () => {
    const course = courseIn('door-open');
    course.passTime(at(-5));
    course.rebook(at(-4), rebook(1, at(-4)));
    // Looked at while the rebooking came in: still the old time.
    course.see(at(-4), { ...nobody, clinicReady: true });
    expect(course.snapshot().clinicReady).toBe(false);
    course.passTime(minutesAfter(LATER, -6));
    expect(told(course)).toEqual([1]);
    course.passTime(minutesAfter(LATER, -5));
    expect(told(course)).toEqual([1, 2]);
  });

  it('R4.7 nobody is told of a meeting that is under way, or has ended', () => {
    const underWay = courseIn('door-open');
    underWay.see(at(-10), { ...together, clinicReady: false });
    underWay.passTime(at(0));
    expect(told(underWay)).toEqual([]);
    const cancelled = courseIn('ready');
    cancelled.cancel(at(-60), cancel('cancelled-late', at(-60)));
    cancelled.passTime(at(0));
    expect(told(cancelled)).toEqual([]);
  });
});

describe('registration of the visit', () => {
  const reminders = registrationReminders(at(30));
  const completedCourse = (): MeetingStateMachine => {
    const course = courseIn('ended');
    give(course, at(30));
    course.takeProposals();
    return course;
  };
  const happened = (course: MeetingStateMachine): string[] =>
    course
      .snapshot()
      .happenings.map(({ what }) => what)
      .filter((what) => what.startsWith('registration') || what === 'visit-registered');

  it.each([...outcomes])(
    'R5.11 is waited for after a visit, held or missed, and after nothing else: %s',
    (outcome) => {
      const course = courseIn('door-open');
      if (outcome.startsWith('cancelled-'))
        course.cancel(at(-1), cancel(outcome as CancelCommand['outcome'], at(-1)));
      else course.settle(at(30), 1, { outcome, because: [] });
      expect(course.snapshot().registration !== null).toBe(needsRegistration(outcome));
      expect(waits(course).includes('registration')).toBe(needsRegistration(outcome));
    },
  );

  it('R5.1 R5.11 one whose outcome is corrected to no visit waits for no registration; another correction changes nothing', () => {
    const course = completedCourse();
    course.see(at(60), { ...nobody, correctedTo: 'no-show' });
    expect(course.snapshot().registration?.state).toBe('waiting');
    course.see(at(61), { ...nobody, correctedTo: 'clinic-absent' });
    course.see(at(62), { ...nobody, correctedTo: 'clinic-absent' });
    expect(course.snapshot().registration).toEqual({ state: 'not-needed', remindAt: [], reminders: 0 });
    expect(happened(course)).toEqual(['registration-not-needed']);
    expect(course.over(at(63))).toBe(true);
  });

  it('R5.11 staff are reminded each weekday at opening, and at the last time the operations manager is told', () => {
    const course = completedCourse();
    expect(course.snapshot().registration).toEqual({ state: 'waiting', remindAt: reminders, reminders: 0 });
    expect(course.snapshot().waitingFor).toEqual([{ what: 'registration', until: reminders.at(-1) }]);
    for (const [index, due] of reminders.entries()) {
      expect(course.nextStep(at(31))).toEqual({ at: due, why: 'is the visit registered?' });
      course.passTime(after(due, -1).toISOString());
      expect(course.snapshot().registration?.reminders).toBe(index);
      expect(course.over(due)).toBe(false);
      course.passTime(due);
      expect(course.snapshot().registration?.reminders).toBe(index + 1);
    }
    expect(happened(course)).toEqual([
      ...reminders.slice(1).map(() => 'registration-reminder'),
      'registration-overdue',
    ]);
    expect(course.snapshot().registration).toEqual({
      state: 'given-up',
      remindAt: [],
      reminders: reminders.length,
    });
    expect(course.over(reminders.at(-1)!)).toBe(true);
    expect(course.nextStep(reminders.at(-1)!)).toBeNull();
  });

  it('R5.11 after an outage over several of them staff are reminded once', () => {
    const course = completedCourse();
    course.passTime(reminders[2]!);
    course.passTime(reminders[2]!);
    expect(happened(course)).toEqual(['registration-reminder']);
    expect(course.snapshot().registration).toEqual({
      state: 'waiting',
      remindAt: reminders.slice(3),
      reminders: 1,
    });
  });

  it('R5.11 after an outage over all of them the operations manager is told, once', () => {
    const course = completedCourse();
    course.passTime(after(reminders.at(-1)!, DAY).toISOString());
    course.passTime(after(reminders.at(-1)!, 2 * DAY).toISOString());
    expect(happened(course)).toEqual(['registration-overdue']);
  });

  it('R5.11 once staff say that it is done they are reminded no more, and it is over; saying so again changes nothing', () => {
    const course = completedCourse();
    course.passTime(reminders[0]!);
    course.register(after(reminders[0]!, 1).toISOString());
    const registered = course.snapshot();
    course.register(reminders[1]!);
    course.passTime(reminders.at(-1)!);
    expect(course.snapshot()).toEqual(registered);
    expect(registered.registration).toEqual({ state: 'registered', remindAt: [], reminders: 1 });
    expect(happened(course)).toEqual(['registration-reminder', 'visit-registered']);
    expect(course.over(reminders[1]!)).toBe(true);
    expect(course.refuseRegister(register())).toBeNull();
  });

  it('R5.11 a meeting that was given up can still be registered, while its notices go out', () => {
    const course = completedCourse();
    course.passTime(reminders.at(-1)!);
    course.register(reminders.at(-1)!);
    expect(course.snapshot().registration?.state).toBe('registered');
  });

  it('R5.11 what was settled late is not reminded of for days that have passed', () => {
    const course = courseIn('door-open');
    course.settle(at(30), 1, unclear);
    course.stateOutcome(after(reminders[1]!, 1).toISOString(), stated('completed'));
    expect(course.snapshot().registration?.remindAt).toEqual(reminders.slice(2));
  });

  it('R5.11 what is settled when all reminders have passed does not wait for ever: the operations manager is told', () => {
    const course = courseIn('under-way');
    const late = after(reminders.at(-1)!, DAY).toISOString();
    give(course, late);
    course.settle(late, 1, completed);
    course.takeProposals();
    expect(course.nextStep(late)).toEqual({ at: late, why: 'is the visit registered?' });
    course.passTime(late);
    expect(happened(course)).toEqual(['registration-overdue']);
    expect(course.over(late)).toBe(true);
  });

  it('R5.11 a moved meeting is reminded of by its new time', () => {
    const course = courseIn('ready');
    course.rebook(at(-60), rebook(1, at(-60)));
    course.settle(minutesAfter(LATER, 30), 2, completed);
    expect(course.snapshot().registration?.remindAt).toEqual(registrationReminders(minutesAfter(LATER, 30)));
  });
});

describe('notices and steps', () => {
  it('R2.7 each is taken once, when it is due and not before', () => {
    const course = courseIn('ready');
    expect(course.takeDueNotices(after(BOOKED, -1).toISOString())).toEqual([]);
    expect(course.takeDueNotices(BOOKED).map(({ kind }) => kind)).toEqual(['booking']);
    expect(course.takeDueNotices(BOOKED)).toEqual([]);
    expect(course.takeDueNotices(START).map(({ kind }) => kind)).toEqual(['morning', 'soon', 'start']);
    expect(states(course.snapshot())).toEqual({
      'booking 1': 'under-way',
      'morning 1': 'under-way',
      'soon 1': 'under-way',
      'start 1': 'under-way',
    });
  });

  it('R2.5 never takes one that was skipped when planned', () => {
    const course = booked(plan(1, at(0), at(-10)));
    expect(give(course, at(0))).toEqual(['booking', 'start']);
    expect(states(course.snapshot())).toMatchObject({ 'morning 1': 'skipped', 'soon 1': 'skipped' });
  });

  it('sleeps from one step to the next', () => {
    const course = courseIn('ready');
    const steps: (string | undefined)[] = [];
    let now = BOOKED;
    while (!course.settlementDue(now)) {
      const next = course.nextStep(at(0));
      steps.push(next?.why);
      now = next?.at ?? now;
      course.passTime(now);
      give(course, now);
    }
    expect(steps).toEqual([
      'booking notice',
      'morning notice',
      'soon notice',
      'is the clinic ready?',
      'start notice',
      'the booked end: what did it come to?',
    ]);
    expect(now).toBe(at(30));
  });

  it('each step of a notice is a new version of what is read; that it is under way can wait to be saved', () => {
    const course = courseIn('ready');
    const version = () => course.snapshot().version;
    const planned = version();
    const [notice] = course.takeDueNotices(BOOKED);
    const underWay = version();
    expect(underWay).toBeGreaterThan(planned);
    expect(course.pressingVersion).toBeLessThanOrEqual(planned);
    course.takeDueNotices(BOOKED);
    expect(version()).toBe(underWay);
    course.noticeDone(notice!);
    expect(version()).toBeGreaterThan(underWay);
    expect(course.pressingVersion).toBe(version());
  });

  it('R5.11 is over only when every notice and every proposal is done and the visit is registered', () => {
    const course = courseIn('ready');
    const [notice] = course.takeDueNotices(BOOKED);
    course.settle(at(30), 1, completed);
    expect(course.over(at(30))).toBe(false);
    course.noticeDone(notice!);
    expect(course.over(at(30))).toBe(false);
    course.takeProposals();
    expect(course.over(at(30))).toBe(false);
    course.register(at(31));
    expect(course.over(at(31))).toBe(true);
    expect(course.nextStep(at(31))).toBeNull();
  });

  it('is never over before it has an outcome', () => {
    for (const state of ['booked', 'ready', 'door-open', 'under-way'] as const) {
      const course = courseIn(state);
      give(course, at(60));
      expect(course.over(after(START, 90 * DAY).toISOString())).toBe(false);
    }
  });

  it('what is read changes only with its version: also how long a meeting may run over', () => {
    const course = courseIn('under-way');
    const before = course.snapshot();
    course.see(at(20), gone);
    const now = course.snapshot();
    expect(now.waitingFor).not.toEqual(before.waitingFor);
    expect(now.version).toBeGreaterThan(before.version);
  });
});

describe('any course of events', () => {
  const anyFacts: fc.Arbitrary<MeetingFacts> = fc.record({
    startVersion: fc.integer({ min: 1, max: 3 }),
    gates: fc.record({ consentGiven: fc.boolean(), formsMissing: fc.constantFrom([], ['form-1']) }),
    clinicPresent: fc.boolean(),
    patientPresent: fc.boolean(),
    haveMet: fc.boolean(),
    clinicReady: fc.boolean(),
    correctedTo: fc.constantFrom(null, 'completed' as const, 'clinic-absent' as const),
  });
  const anyEvent = fc.record({
    minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(60) }, fc.nat(3 * 24 * 60)),
    event: fc.oneof(
      fc.record({ what: fc.constant('see' as const), facts: anyFacts }),
      fc.record({ what: fc.constant('enter' as const) }),
      fc.record({ what: fc.constant('register' as const) }),
      fc.record({ what: fc.constant('turn' as const) }),
      fc.record({ what: fc.constant('turn' as const) }),
      fc.record({
        what: fc.constant('settle' as const),
        outcome: fc.constantFrom(completed, noShow, unclear),
      }),
      fc.record({ what: fc.constant('state' as const), outcome: fc.constantFrom(...outcomesByStaff) }),
      fc.record({
        what: fc.constant('cancel' as const),
        outcome: fc.constantFrom(
          'cancelled-in-time' as const,
          'cancelled-late' as const,
          'cancelled-by-clinic' as const,
        ),
      }),
      fc.record({ what: fc.constant('rebook' as const), inMinutes: fc.nat(2 * 24 * 60), late: fc.boolean() }),
    ),
  });

  /** One turn of the workflow's loop. */
  function turn(course: MeetingStateMachine, now: string): void {
    course.passTime(now);
    give(course, now);
    if (course.over(now)) course.close();
  }

  function carryOut(
    course: MeetingStateMachine,
    event: typeof anyEvent extends fc.Arbitrary<infer E> ? (E & { event: unknown })['event'] : never,
    now: string,
  ): void {
    const { startVersion } = course;
    switch (event.what) {
      case 'see':
        if (!course.snapshot().closed) course.see(now, event.facts);
        break;
      case 'enter':
        if (!course.refuseEntry(now, entry(startVersion))) course.enter(now, entry(startVersion));
        break;
      case 'register':
        if (!course.snapshot().closed && !course.refuseRegister(register(startVersion))) course.register(now);
        break;
      case 'turn':
        if (!course.snapshot().closed) turn(course, now);
        break;
      case 'settle':
        if (course.settlementDue(now)) course.settle(now, startVersion, event.outcome);
        break;
      case 'state': {
        const command = stated(event.outcome, startVersion);
        if (!course.refuseOutcome(now, command)) course.stateOutcome(now, command);
        break;
      }
      case 'cancel': {
        const command = cancel(event.outcome, now, startVersion);
        if (!course.refuseCancel(command)) course.cancel(now, command);
        break;
      }
      case 'rebook': {
        const planned = plan(startVersion + 1, minutesAfter(now, event.inMinutes), now);
        const command = rebook(startVersion, now, { planned, by: 'patient', late: event.late });
        if (!course.refuseRebook(command)) course.rebook(now, command);
        break;
      }
    }
  }

  it('R2.4 R4.7 R5.1 R5.8 R5.11 has one outcome, one proposal for each time, one word to staff of each kind, and versions that only grow', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 5, maxLength: 40 }), (events) => {
        const course = booked();
        const proposals: string[] = [];
        let now = BOOKED;
        let before = course.snapshot();
        for (const { minutes, event } of events) {
          now = after(now, minutes * MINUTE).toISOString();
          carryOut(course, event, now);
          for (const { startVersion, cause } of course.takeProposals()) {
            expect(cause).not.toBe('unclear');
            proposals.push(`${startVersion}`);
          }
          const snapshot = course.snapshot();
          expectSoundStep(before, snapshot);
          before = snapshot;
        }
        expect(new Set(proposals).size).toBe(proposals.length);
        expect(proposals.includes(`${course.startVersion}`)).toBe(
          before.outcome !== null && before.outcome.outcome !== 'unclear',
        );
      }),
      { numRuns: 250 },
    );
  });

  function expectSoundStep(before: MeetingSnapshot, now: MeetingSnapshot): void {
    // Versions only grow, and what is the same version is the same.
    expect(now.version).toBeGreaterThanOrEqual(before.version);
    expect(now.time.startVersion).toBeGreaterThanOrEqual(before.time.startVersion);
    if (now.version === before.version) expect(now).toEqual(before);
    // What has happened stays, in its order.
    expect(now.happenings.slice(0, before.happenings.length)).toEqual(before.happenings);

    // One outcome: it stays, unless it was unclear; ended and having one are the same.
    expect(now.outcome !== null).toBe(now.state === 'ended');
    if (before.outcome && before.outcome.outcome !== 'unclear') expect(now.outcome).toEqual(before.outcome);
    if (now.outcome) expect(outcomes).toContain(now.outcome.outcome);

    // Nothing goes out for an old time or after the end, but the notice of the cancellation.
    const planned = now.notices.filter(({ state }) => state === 'planned');
    for (const { kind, startVersion } of planned) {
      expect(startVersion).toBe(now.time.startVersion);
      expect(now.state === 'ended').toBe(kind === 'cancellation');
    }
    // A notice that was dropped, skipped or done stays so.
    before.notices.forEach(({ kind, startVersion, state }, n) => {
      expect(now.notices[n]).toMatchObject({ kind, startVersion });
      if (state !== 'planned' && state !== 'under-way') expect(now.notices[n]?.state).toBe(state);
    });
    expectSoundWords(now);
    expect(now.waitingFor.filter(({ what }) => what === 'notice')).toHaveLength(
      now.closed ? 0 : planned.length,
    );
    if (now.closed) expect(now.waitingFor).toEqual([]);
    if (before.closed) expect(now).toEqual(before);
  }

  /** What staff are told of the clinic's readiness and of the registration. */
  function expectSoundWords({ happenings, outcome, registration, closed }: MeetingSnapshot): void {
    const times = (word: string, version?: number): number =>
      happenings.filter(
        ({ what, startVersion }) => what === word && startVersion === (version ?? startVersion),
      ).length;
    for (const { startVersion } of happenings) {
      expect(times('clinic-not-ready', startVersion)).toBeLessThanOrEqual(1);
      expect(times('clinic-ready', startVersion)).toBeLessThanOrEqual(1);
    }
    expect(times('visit-registered')).toBe(registration?.state === 'registered' ? 1 : 0);
    expect(times('registration-overdue')).toBeLessThanOrEqual(1);
    if (registration?.state === 'given-up') expect(times('registration-overdue')).toBe(1);
    expect(times('registration-reminder') + times('registration-overdue')).toBe(registration?.reminders ?? 0);
    expect(registration !== null).toBe(outcome !== null && needsRegistration(outcome.outcome));
    if (closed) expect(registration?.state).not.toBe('waiting');
  }
});
