import { MeetingCourse } from './builders';
import { after, START } from '../../../rules/builders';
import { BOOKED, at, plan, booked, openGates, nobody, together, waits, courseIn } from './builders';

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
    const course = new MeetingCourse({
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
    // Each fact that is told has a number of its own.
    const seen = () => ({ ...course.snapshot(), version: 0, heard: {} });
    const before = seen();
    course.see(BOOKED, nobody);
    course.passTime(BOOKED);
    expect(seen()).toEqual(before);
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
