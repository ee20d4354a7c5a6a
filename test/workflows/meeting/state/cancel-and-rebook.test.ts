import { minutesAfter, timeAt } from '../../../rules/builders';
import {
  BOOKED,
  LATER,
  at,
  plan,
  cancellation,
  booked,
  together,
  cancel,
  rebook,
  entry,
  noShow,
  states,
  waits,
  give,
  courseIn,
} from './builders';

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
      expect(course.takeProposals(at(60))).toEqual([
        { meetingId: 'meeting-1', startVersion: 1, cause: outcome },
      ]);
      expect(course.takeProposals(at(60))).toEqual([]);
      expect(course.mustDecideOutcome(at(90))).toBe(false);
      course.settled(at(90), 1, noShow);
      course.passTime(at(90));
      expect(course.snapshot().outcome?.outcome).toBe(outcome);
      expect(course.takeProposals(at(60))).toEqual([]);
    },
  );

  it('R2.9 waits with ending until its notice went out in the morning', () => {
    const course = booked();
    give(course, BOOKED);
    course.cancel('2026-11-20T22:00:00.000Z', {
      ...cancel('cancelled-in-time', '2026-11-20T22:00:00.000Z'),
      notice: cancellation('2026-11-21T06:00:00.000Z'),
    });
    course.takeProposals(at(60));
    expect(course.hasNothingLeft('2026-11-20T22:00:00.000Z')).toBe(false);
    const [notice] = course.takeDueNotices('2026-11-21T06:00:00.000Z');
    expect(course.hasNothingLeft('2026-11-21T06:00:00.000Z')).toBe(false);
    course.noticeDone(notice!);
    expect(course.hasNothingLeft('2026-11-21T06:00:00.000Z')).toBe(true);
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
    expect(course.takeProposals(at(60))).toEqual([
      { meetingId: 'meeting-1', startVersion: 1, cause: 'rebooked-late' },
    ]);
    course.settled(minutesAfter(LATER, 30), 2, noShow);
    expect(course.takeProposals(at(60))).toEqual([
      { meetingId: 'meeting-1', startVersion: 2, cause: 'no-show' },
    ]);
  });

  it('R1.5 one in time, and one by the clinic, proposes nothing', () => {
    for (const by of ['patient', 'clinic'] as const) {
      const course = courseIn('ready');
      course.rebook(at(-60), rebook(1, at(-60), { by }));
      expect(course.takeProposals(at(60))).toEqual([]);
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
    expect(course.mustDecideOutcome(at(30))).toBe(true);
    course.rebook(at(30), rebook(1, at(30)));
    const before = course.snapshot();
    course.settled(at(30), 1, noShow);
    expect(course.snapshot()).toEqual(before);
    expect(course.takeProposals(at(60))).toEqual([]);
    expect(course.mustDecideOutcome(at(31))).toBe(false);
    expect(course.mustDecideOutcome(minutesAfter(LATER, 30))).toBe(true);
  });
});
