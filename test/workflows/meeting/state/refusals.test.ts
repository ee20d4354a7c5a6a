import { outcomesByStaff, type OutcomeByStaff } from '../../../../rules/meeting';
import { after, minutesAfter, START } from '../../../rules/builders';
import {
  BOOKED,
  LATER,
  at,
  booked,
  cancel,
  rebook,
  stated,
  register,
  entry,
  unclear,
  courseIn,
  plan,
} from './builders';

describe('refusals', () => {
  it('R5.5, R5.6 from the start on the patient neither cancels nor moves it: the evidence tells who was absent', () => {
    const course = courseIn('door-open');
    expect(course.refuseCancel(cancel('cancelled-late', at(0)))).toBe('started');
    expect(course.refuseRebook(at(5), rebook(1, at(5), { by: 'patient' }))).toBe('started');
    // A call that was received before, and the clinic's own change, are no such wish.
    expect(course.refuseCancel({ ...cancel('cancelled-late', at(5)), receivedAt: at(-1) })).toBeNull();
    expect(course.refuseCancel(cancel('cancelled-by-clinic', at(5)))).toBeNull();
  });

  it('decision 6: a change that was held up does not undo one that came after it', () => {
    const course = courseIn('booked');
    course.rebook(at(-60), rebook(1, at(-60)));
    expect(course.refuseRebook(at(-30), { ...rebook(2, at(-30)), calledAt: at(-90) })).toBe('overtaken');
    expect(course.refuseCancel({ ...cancel('cancelled-late', at(-30), 2), calledAt: at(-61) })).toBe(
      'overtaken',
    );
    expect(course.refuseCancel(cancel('cancelled-late', at(-30), 2))).toBeNull();
  });

  it('R1.5 a meeting is cancelled and moved until it is under way', () => {
    for (const state of ['booked', 'ready', 'door-open'] as const) {
      expect(courseIn(state).refuseCancel(cancel('cancelled-late', at(-1)))).toBeNull();
      expect(courseIn(state).refuseRebook(at(0), rebook(1, at(0)))).toBeNull();
    }
    for (const [state, reason] of [
      ['under-way', 'under-way'],
      ['ended', 'ended'],
    ] as const) {
      expect(courseIn(state).refuseCancel(cancel('cancelled-late', at(0)))).toBe(reason);
      expect(courseIn(state).refuseRebook(at(0), rebook(1, at(0)))).toBe(reason);
    }
  });

  it('R5.1 a cancelled meeting refuses everything', () => {
    const course = booked();
    course.cancel(BOOKED, cancel('cancelled-in-time', BOOKED));
    expect(course.refuseCancel(cancel('cancelled-late', BOOKED))).toBe('cancelled');
    expect(course.refuseRebook(BOOKED, rebook(1, BOOKED))).toBe('cancelled');
    expect(course.refuseEntry(at(0), entry())).toBe('cancelled');
    for (const outcome of outcomesByStaff)
      expect(course.refuseOutcome(at(30), stated(outcome))).toBe('cancelled');
  });

  it('a command that was decided against another start version is refused', () => {
    const course = booked();
    course.rebook(BOOKED, rebook(1, BOOKED));
    for (const version of [1, 3]) {
      expect(course.refuseCancel(cancel('cancelled-late', BOOKED, version))).toBe('moved-meanwhile');
      expect(course.refuseRebook(BOOKED, rebook(version, BOOKED))).toBe('moved-meanwhile');
      expect(course.refuseEntry(LATER, entry(version))).toBe('moved-meanwhile');
      expect(course.refuseOutcome(LATER, stated('back-up-routine', version))).toBe('moved-meanwhile');
    }
    expect(course.refuseCancel(cancel('cancelled-late', BOOKED, 2))).toBeNull();
    expect(course.refuseRebook(BOOKED, rebook(2, BOOKED))).toBeNull();
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
    course.settled(at(30), 1, unclear);
    expect(course.refuseCancel(cancel('cancelled-late', at(30)))).toBe('ended');
    expect(course.refuseRebook(at(30), rebook(1, at(30)))).toBe('ended');
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
    unsettled.settled(at(30), 1, unclear);
    expect(unsettled.refuseRegister(register())).toBe('nothing-to-register');
  });

  it('a caller that moves a meeting for ever is stopped', () => {
    const course = booked();
    for (let version = 1; version < 50; version += 1) {
      expect(course.refuseRebook(BOOKED, rebook(version, BOOKED))).toBeNull();
      course.rebook(BOOKED, rebook(version, BOOKED));
    }
    expect(course.refuseRebook(BOOKED, rebook(50, BOOKED))).toBe('moved-too-often');
    expect(course.refuseCancel(cancel('cancelled-by-clinic', BOOKED, 50))).toBeNull();
  });

  it('what would have ended the meeting by now is refused: a shorter duration or a time that has passed', () => {
    const course = courseIn('door-open');
    const shorter = (minutes: number) => ({
      startVersion: 1,
      receivedAt: at(-60),
      calledAt: at(-60),
      by: 'clinic' as const,
      time: { ...plan(1, START).time, endAt: at(minutes) },
      registrationReminders: [],
    });
    expect(course.refuseDuration(at(9), shorter(10))).toBeNull();
    expect(course.refuseDuration(at(10), shorter(10))).toBe('time-passed');
    expect(course.refuseDuration(at(20), shorter(10))).toBe('time-passed');
    const { endAt } = plan(2, LATER).time;
    expect(course.refuseRebook(minutesAfter(endAt, -1), rebook(1, at(0)))).toBeNull();
    expect(course.refuseRebook(endAt, rebook(1, at(0)))).toBe('time-passed');
    // What stands against it more is said first.
    course.settled(at(30), 1, unclear);
    expect(course.refuseDuration(at(31), shorter(10))).toBe('ended');
  });

  it('asking whether changes nothing', () => {
    for (const state of ['booked', 'ready', 'door-open', 'under-way', 'ended'] as const) {
      const course = courseIn(state);
      const before = course.snapshot();
      course.refuseCancel(cancel('cancelled-late', at(0)));
      course.refuseRebook(at(0), rebook(1, at(0)));
      course.refuseEntry(at(0), entry());
      for (const outcome of outcomesByStaff) course.refuseOutcome(at(90), stated(outcome));
      course.refuseRegister(register());
      course.mustDecideOutcome(at(90));
      course.hasNothingLeft(at(90));
      course.nextStep(at(0));
      expect(course.snapshot()).toEqual(before);
    }
  });
});
