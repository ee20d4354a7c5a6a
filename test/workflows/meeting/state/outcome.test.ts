import type { MeetingCourse } from './builders';
import { after, DAY } from '../../../rules/builders';
import {
  BOOKED,
  at,
  nobody,
  gone,
  stated,
  entry,
  unclear,
  completed,
  noShow,
  states,
  waits,
  give,
  courseIn,
} from './builders';

describe('settlement', () => {
  it('R5.6 is due at the booked end, not a millisecond before', () => {
    const course = courseIn('door-open');
    expect(course.mustDecideOutcome(after(at(30), -1).toISOString())).toBe(false);
    expect(course.mustDecideOutcome(at(30))).toBe(true);
  });

  it('R5.6 waits while a meeting under way runs over, at the most until the door closes', () => {
    const course = courseIn('under-way');
    expect(course.mustDecideOutcome(at(30))).toBe(false);
    expect(course.nextStep(at(0))?.at).toBe(BOOKED);
    expect(course.mustDecideOutcome(at(60))).toBe(true);
    course.see(at(40), gone);
    expect(course.mustDecideOutcome(at(40))).toBe(true);
  });

  it('R5.6 reads the room at the booked end, once for each end, though they were in it when it was last told', () => {
    const course = courseIn('under-way');
    expect(course.mustReadEvidence(after(at(30), -1).toISOString())).toBe(false);
    expect(course.mustReadEvidence(at(30))).toBe(true);
    course.settled(at(30), 1, completed, 'in-the-room');
    expect(course.mustReadEvidence(at(31))).toBe(false);
    const left = courseIn('under-way');
    left.settled(at(30), 1, completed, 'have-left');
    expect(left.snapshot()).toMatchObject({ state: 'ended', outcome: { outcome: 'completed' } });
    expect(left.mustReadEvidence(at(31))).toBe(false);
  });

  it('R5.6 does not wait for one who sits there alone', () => {
    const course = courseIn('door-open');
    course.see(at(10), { ...nobody, clinicPresent: true });
    expect(course.mustDecideOutcome(at(30))).toBe(true);
  });

  it('R5.8 ends with the outcome, drops what is planned and proposes once', () => {
    const course = courseIn('under-way');
    course.settled(at(30), 1, completed);
    course.settled(at(30), 1, noShow);
    expect(course.snapshot()).toMatchObject({
      state: 'ended',
      outcome: { outcome: 'completed', decidedBy: 'evidence', because: ['clinic-and-patient-met'] },
    });
    expect(Object.values(states(course.snapshot()))).not.toContain('planned');
    expect(course.takeProposals(at(60))).toEqual([
      { meetingId: 'meeting-1', startVersion: 1, cause: 'completed' },
    ]);
    expect(course.snapshot().happenings.map(({ what }) => what)).toContain('invoice-proposed');
  });

  it('R5.6 what staff stated before the evidence was gathered stands', () => {
    const course = courseIn('door-open');
    course.stateOutcome(at(20), stated('clinic-absent'));
    course.settled(at(30), 1, noShow);
    expect(course.snapshot().outcome).toMatchObject({ outcome: 'clinic-absent', decidedBy: 'staff' });
    expect(course.takeProposals(at(60)).map(({ cause }) => cause)).toEqual(['clinic-absent']);
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
  const unclearCourse = (): MeetingCourse => {
    const course = courseIn('door-open');
    course.settled(at(30), 1, unclear);
    return course;
  };
  const afterThirtyDays = after(at(30), 30 * DAY).toISOString();

  it('R5.6 proposes nothing and waits for staff', () => {
    const course = unclearCourse();
    expect(course.takeProposals(at(60))).toEqual([]);
    expect(course.hasNothingLeft(at(31))).toBe(false);
    expect(course.snapshot().waitingFor).toEqual([{ what: 'staff-decision', until: afterThirtyDays }]);
    expect(course.nextStep(at(0))).toEqual({ at: afterThirtyDays, why: 'staff decide the outcome' });
  });

  it('R5.1 R5.6 is over when staff have decided; both decisions are kept', () => {
    const course = unclearCourse();
    course.stateOutcome(at(60), stated('completed'));
    expect(course.hasNothingLeft(at(60))).toBe(false);
    expect(course.takeProposals(at(60)).map(({ cause }) => cause)).toEqual(['completed']);
    expect(waits(course)).toEqual(['registration']);
    course.register(at(61));
    expect(course.hasNothingLeft(at(61))).toBe(true);
    expect(waits(course)).toEqual([]);
    const decisions = course.snapshot().happenings.filter(({ what }) => what === 'outcome');
    expect(decisions.map(({ detail }) => detail)).toEqual(['unclear', 'completed']);
  });

  it('R5.6 ends as it is after 30 days without a decision, and then no more can be stated', () => {
    const course = unclearCourse();
    expect(course.hasNothingLeft(after(afterThirtyDays, -1).toISOString())).toBe(false);
    expect(course.hasNothingLeft(afterThirtyDays)).toBe(true);
    course.close();
    expect(course.snapshot()).toMatchObject({
      closed: true,
      outcome: { outcome: 'unclear' },
      waitingFor: [],
    });
    expect(course.refuseOutcome(afterThirtyDays, stated('completed'))).toBe('ended');
    expect(course.takeProposals(at(60))).toEqual([]);
  });
});
