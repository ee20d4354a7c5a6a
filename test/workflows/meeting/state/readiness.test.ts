import type { MeetingCourse } from './builders';
import { after, minutesAfter } from '../../../rules/builders';
import { BOOKED, LATER, at, nobody, together, cancel, rebook, waits, give, courseIn } from './builders';

describe('readiness of the clinic', () => {
  const told = (course: MeetingCourse): number[] =>
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
