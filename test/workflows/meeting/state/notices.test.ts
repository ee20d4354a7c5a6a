import { after, DAY, START } from '../../../rules/builders';
import { BOOKED, at, plan, booked, gone, completed, states, give, courseIn } from './builders';

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
    while (!course.mustDecideOutcome(now)) {
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

  it('decision 4: each step of a notice is a new version of what is read, and none of them is saved for its own sake', () => {
    const course = courseIn('ready');
    const version = () => course.snapshot().version;
    const planned = version();
    const [notice] = course.takeDueNotices(BOOKED);
    const underWay = version();
    expect(underWay).toBeGreaterThan(planned);
    expect(course.versionToSave).toBeLessThanOrEqual(planned);
    course.takeDueNotices(BOOKED);
    expect(version()).toBe(underWay);
    course.noticeDone(notice!);
    expect(version()).toBeGreaterThan(underWay);
    expect(course.versionToSave).toBeLessThanOrEqual(planned);
  });

  it('R5.11 is over only when every notice and every proposal is done and the visit is registered', () => {
    const course = courseIn('ready');
    const [notice] = course.takeDueNotices(BOOKED);
    course.settled(at(30), 1, completed);
    expect(course.hasNothingLeft(at(30))).toBe(false);
    course.noticeDone(notice!);
    expect(course.hasNothingLeft(at(30))).toBe(false);
    course.takeProposals(at(60));
    expect(course.hasNothingLeft(at(30))).toBe(false);
    course.register(at(31));
    expect(course.hasNothingLeft(at(31))).toBe(true);
    expect(course.nextStep(at(31))).toBeNull();
  });

  it('is never over before it has an outcome', () => {
    for (const state of ['booked', 'ready', 'door-open', 'under-way'] as const) {
      const course = courseIn(state);
      give(course, at(60));
      expect(course.hasNothingLeft(after(START, 90 * DAY).toISOString())).toBe(false);
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
