import { at, BOOKED, booked, cancel, courseIn, nobody, states, together } from './builders';

describe('a fact that comes while a notice is being given', () => {
  it('R2.7 leaves the notice to whoever gives it: it is done, and the meeting can end', () => {
    const course = booked();
    const [notice] = course.takeDueNotices(BOOKED);
    course.see(BOOKED, nobody);
    expect(states(course.snapshot())).toMatchObject({ 'booking 1': 'under-way' });
    course.noticeDone(notice!);
    expect(states(course.snapshot())).toMatchObject({ 'booking 1': 'done' });
  });

  it('R2.4 leaves it to be called back by whatever takes back what it says', () => {
    const course = courseIn('ready');
    const [notice] = course.takeDueNotices(BOOKED);
    course.see(BOOKED, { ...nobody, gates: { consentGiven: false, formsMissing: [] } });
    course.cancel(BOOKED, cancel('cancelled-by-clinic', BOOKED));
    expect(course.pointlessNotices()).toEqual([notice]);
    // The very same one: the workflow knows by it what it has under way.
    expect(course.pointlessNotices()[0]).toBe(notice);
    course.noticeDropped(notice!);
    expect(states(course.snapshot())).toMatchObject({ 'booking 1': 'dropped' });
  });

  it('R2.9 and to be given in the morning', () => {
    const course = courseIn('ready');
    const [notice] = course.takeDueNotices(BOOKED);
    course.see(BOOKED, together);
    course.postpone(BOOKED, notice!, at(-60));
    expect(course.takeDueNotices(at(-60)).map(({ kind }) => kind)).toContain('booking');
  });
});
