import { meetingTasks } from '../../../use-cases/read-models/meeting-tasks';
import { registrationReminders } from '../../../rules/calendar/registration';
import { outcomes, type Outcome } from '../../../rules/meeting';
import type { TaskKind, DesiredTask } from '../../../rules/tasks';
import { MeetingCourse } from '../../workflows/meeting/state/builders';
import type { MeetingFacts, PlannedTime } from '../../../workflows/meeting/messages';
import { after, DAY, minutesAfter, START, timeAt } from '../../rules/builders';

const BOOKED = '2026-11-20T12:00:00.000Z';
const LATER = '2026-11-30T13:00:00.000Z';
const at = (minutes: number): string => minutesAfter(START, minutes);
const reminders = registrationReminders(at(30));

const planned = (startVersion = 1, startAt = START): PlannedTime => ({
  time: timeAt(startAt, startVersion),
  notices: [],
  registrationReminders: registrationReminders(minutesAfter(startAt, 30)),
});
const booked = (): MeetingCourse =>
  new MeetingCourse({
    meetingId: 'meeting-1',
    clinicId: 'clinic-1',
    bookedAt: BOOKED,
    planned: planned(),
    gates: { consentGiven: true, formsMissing: [] },
  });

const facts: MeetingFacts = {
  startVersion: 1,
  gates: { consentGiven: true, formsMissing: [] },
  clinicPresent: false,
  patientPresent: false,
  haveMet: false,
  clinicReady: false,
  correctedTo: null,
};
const cancel = (course: MeetingCourse, now: string): void =>
  course.cancel(now, {
    startVersion: 1,
    receivedAt: now,
    calledAt: now,
    outcome: 'cancelled-by-clinic',
    notice: { kind: 'cancellation', dueAt: now, lastUsefulAt: at(30), skip: null },
  });
const move = (course: MeetingCourse, now: string): void =>
  course.rebook(now, {
    startVersion: 1,
    receivedAt: now,
    calledAt: now,
    by: 'clinic',
    late: false,
    planned: planned(2, LATER),
  });
const settled = (outcome: Outcome, because: string[] = []): MeetingCourse => {
  const course = booked();
  course.see(at(-10), { ...facts, clinicReady: true });
  course.settled(at(30), 1, { outcome, because });
  return course;
};

const tasks = (course: MeetingCourse, kind: TaskKind): DesiredTask[] =>
  meetingTasks(course.snapshot()).filter((wish) => wish.kind === kind);

const openTasks = (course: MeetingCourse): TaskKind[] =>
  meetingTasks(course.snapshot()).flatMap(({ kind, state }) => (state === 'open' ? [kind] : []));

const task = { occasion: '1', because: [], dueAt: null, invoiceId: null, reminders: 0, overdue: false };

describe('meetingTasks', () => {
  it('asks nothing of staff where all goes as it should', () => {
    const course = booked();
    expect(openTasks(course)).toEqual([]);
    course.see(at(-10), { ...facts, clinicReady: true });
    course.see(at(0), { ...facts, clinicPresent: true, patientPresent: true, haveMet: true });
    expect(openTasks(course)).toEqual([]);
    cancel(course, at(1));
    expect(openTasks(course)).toEqual([]);
  });

  it.each([...outcomes])('R5.6 R5.11 asks for what the outcome calls for, and no more: %s', (outcome) => {
    const expected: Partial<Record<Outcome, TaskKind>> = {
      unclear: 'unclear-outcome',
      'clinic-absent': 'clinic-absent',
      completed: 'register-visit',
      'no-show': 'register-visit',
      'back-up-routine': 'register-visit',
    };
    expect(openTasks(settled(outcome))).toEqual(expected[outcome] ? [expected[outcome]] : []);
  });
});

describe('what helps nobody any more', () => {
  const gone = (course: MeetingCourse, kind: TaskKind): string[] =>
    tasks(course, kind).map(({ occasion, state }) => `${occasion} ${state}`);

  it('R2.10 that nobody was reached of a time goes with that time, and of all times with the end', () => {
    const course = booked();
    expect(gone(course, 'nobody-reached')).toEqual([]);
    move(course, at(-60));
    expect(gone(course, 'nobody-reached')).toEqual(['1 withdrawn', '1:reminders withdrawn']);
    course.settled(minutesAfter(LATER, 30), 2, { outcome: 'completed', because: [] });
    expect(gone(course, 'nobody-reached')).toEqual(
      ['1', '1:reminders', '2', '2:reminders'].map((occasion) => `${occasion} withdrawn`),
    );
  });

  it('R3.2 a consent that was refused is no task after the end', () => {
    expect(gone(booked(), 'consent-refused')).toEqual([]);
    expect(gone(settled('could-not-start'), 'consent-refused')).toEqual(['answer withdrawn']);
  });
});

describe('an unclear outcome', () => {
  it('R5.6 is to be decided, with what made it unclear', () => {
    expect(tasks(settled('unclear', ['patient-tried-to-come-in']), 'unclear-outcome')).toEqual([
      { ...task, kind: 'unclear-outcome', state: 'open', because: ['patient-tried-to-come-in'] },
    ]);
  });

  it('R5.6 is decided: done', () => {
    const course = settled('unclear', ['patient-tried-to-come-in']);
    course.stateOutcome(at(60), { startVersion: 1, receivedAt: at(60), outcome: 'clinic-absent', way: null });
    expect(tasks(course, 'unclear-outcome')).toEqual([{ ...task, kind: 'unclear-outcome', state: 'done' }]);
  });

  it('R5.6 that nobody decided in 30 days is still to be decided', () => {
    const course = settled('unclear');
    expect(course.hasNothingLeft(after(at(30), 30 * DAY).toISOString())).toBe(true);
    course.close();
    expect(tasks(course, 'unclear-outcome').map(({ state }) => state)).toEqual(['open']);
  });

  it('R5.6 one that staff stated at once is no task', () => {
    const course = booked();
    course.stateOutcome(at(0), { startVersion: 1, receivedAt: at(0), outcome: 'clinic-absent', way: null });
    expect(tasks(course, 'unclear-outcome')).toEqual([]);
  });
});

describe('a clinic that is not ready', () => {
  const notReady = (): MeetingCourse => {
    const course = booked();
    course.passTime(at(-5));
    return course;
  };
  const open = { ...task, kind: 'clinic-not-ready', state: 'open', dueAt: START };

  it('R4.7 is a task from five minutes before the start, due by the start', () => {
    const early = booked();
    early.passTime(at(-6));
    expect(meetingTasks(early.snapshot())).toEqual([]);
    expect(tasks(notReady(), 'clinic-not-ready')).toEqual([open]);
  });

  it('R4.7 is done once staff have confirmed it', () => {
    const course = notReady();
    course.see(at(-1), { ...facts, clinicReady: true });
    expect(tasks(course, 'clinic-not-ready')).toEqual([{ ...open, state: 'done' }]);
    // Also when the meeting has ended since.
    course.settled(at(30), 1, { outcome: 'completed', because: [] });
    expect(tasks(course, 'clinic-not-ready')).toEqual([{ ...open, state: 'done' }]);
  });

  it.each<[string, (course: MeetingCourse) => void]>([
    [
      'is under way all the same',
      (course) => course.see(at(0), { ...facts, clinicPresent: true, patientPresent: true, haveMet: true }),
    ],
    ['is cancelled', (course) => cancel(course, at(-1))],
    ['has ended', (course) => course.settled(at(30), 1, { outcome: 'clinic-absent', because: [] })],
  ])('R4.7 is withdrawn when the meeting %s', (_, happens) => {
    const course = notReady();
    happens(course);
    expect(tasks(course, 'clinic-not-ready')).toEqual([{ ...open, state: 'withdrawn' }]);
  });

  it('R4.7 is withdrawn when the meeting is moved, and another task at the new time', () => {
    const course = notReady();
    move(course, at(-1));
    const withdrawn = { ...open, state: 'withdrawn', dueAt: null };
    expect(tasks(course, 'clinic-not-ready')).toEqual([withdrawn]);
    course.passTime(minutesAfter(LATER, -5));
    expect(tasks(course, 'clinic-not-ready')).toEqual([withdrawn, { ...open, occasion: '2', dueAt: LATER }]);
    course.see(minutesAfter(LATER, -1), { ...facts, startVersion: 2, clinicReady: true });
    expect(tasks(course, 'clinic-not-ready').map(({ state }) => state)).toEqual(['withdrawn', 'done']);
  });
});

describe('a visit to be registered', () => {
  const open = { ...task, kind: 'register-visit', state: 'open' };

  it('R5.11 is open with as many reminders as there were, and overdue after the last', () => {
    const course = settled('completed');
    expect(tasks(course, 'register-visit')).toEqual([open]);
    for (const [index, due] of reminders.entries()) {
      course.passTime(due);
      const isLast = index === reminders.length - 1;
      expect(tasks(course, 'register-visit')).toEqual([{ ...open, reminders: index + 1, overdue: isLast }]);
    }
  });

  it('R5.11 is done when staff say so', () => {
    const course = settled('no-show');
    course.passTime(reminders[0]!);
    course.register(reminders[0]!);
    expect(tasks(course, 'register-visit')).toEqual([{ ...open, state: 'done', reminders: 1 }]);
  });

  it('R5.11 is done when staff say so late, and overdue no more', () => {
    const course = settled('completed');
    course.passTime(reminders.at(-1)!);
    course.register(reminders.at(-1)!);
    expect(tasks(course, 'register-visit')).toEqual([{ ...open, state: 'done', reminders: 1 }]);
  });

  it('R5.11 is that of the time at which the meeting was held', () => {
    const course = booked();
    move(course, at(-60));
    course.settled(minutesAfter(LATER, 30), 2, { outcome: 'completed', because: [] });
    expect(tasks(course, 'register-visit')).toEqual([{ ...open, occasion: '2' }]);
  });
});
