import { registrationReminders } from '../../../../rules/calendar/registration';
import { needsRegistration, outcomes } from '../../../../rules/meeting';
import type { MeetingCourse } from './builders';
import type { CancelCommand } from '../../../../workflows/meeting/messages';
import { after, DAY, minutesAfter } from '../../../rules/builders';
import {
  LATER,
  at,
  nobody,
  cancel,
  rebook,
  stated,
  register,
  unclear,
  completed,
  waits,
  give,
  courseIn,
} from './builders';

describe('registration of the visit', () => {
  const reminders = registrationReminders(at(30));
  const completedCourse = (): MeetingCourse => {
    const course = courseIn('ended');
    give(course, at(30));
    course.takeProposals(at(60));
    return course;
  };
  const happened = (course: MeetingCourse): string[] =>
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
      else course.settled(at(30), 1, { outcome, because: [] });
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
    expect(course.hasNothingLeft(at(63))).toBe(true);
  });

  it('R5.11 staff are reminded each weekday at opening, and at the last time the operations manager is told', () => {
    const course = completedCourse();
    expect(course.snapshot().registration).toEqual({ state: 'waiting', remindAt: reminders, reminders: 0 });
    expect(course.snapshot().waitingFor).toEqual([{ what: 'registration', until: reminders.at(-1) }]);
    for (const [index, due] of reminders.entries()) {
      expect(course.nextStep(at(31))).toEqual({ at: due, why: 'is the visit registered?' });
      course.passTime(after(due, -1).toISOString());
      expect(course.snapshot().registration?.reminders).toBe(index);
      expect(course.hasNothingLeft(due)).toBe(false);
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
    expect(course.hasNothingLeft(reminders.at(-1)!)).toBe(true);
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
    expect(course.hasNothingLeft(reminders[1]!)).toBe(true);
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
    course.settled(at(30), 1, unclear);
    course.stateOutcome(after(reminders[1]!, 1).toISOString(), stated('completed'));
    expect(course.snapshot().registration?.remindAt).toEqual(reminders.slice(2));
  });

  it('R5.11 what is settled when all reminders have passed does not wait for ever: the operations manager is told', () => {
    const course = courseIn('under-way');
    const late = after(reminders.at(-1)!, DAY).toISOString();
    give(course, late);
    course.settled(late, 1, completed);
    course.takeProposals(at(60));
    expect(course.nextStep(late)).toEqual({ at: late, why: 'is the visit registered?' });
    course.passTime(late);
    expect(happened(course)).toEqual(['registration-overdue']);
    expect(course.hasNothingLeft(late)).toBe(true);
  });

  it('R5.11 a moved meeting is reminded of by its new time', () => {
    const course = courseIn('ready');
    course.rebook(at(-60), rebook(1, at(-60)));
    course.settled(minutesAfter(LATER, 30), 2, completed);
    expect(course.snapshot().registration?.remindAt).toEqual(registrationReminders(minutesAfter(LATER, 30)));
  });
});
