import fc from 'fast-check';
import { cancellationPlan, noticeDueAt, noticePlan } from '../../../rules/calendar/notice-plan';
import {
  defaultNoticeRules,
  type NoticeKind,
  type NoticeRules,
  type PlannedNotice,
} from '../../../rules/notices';
import {
  after,
  anyInstant,
  DAY,
  dayAfter,
  HOUR,
  MINUTE,
  minutesAfter,
  stockholm,
  stockholmInstant,
} from '../builders';

type Plan = Partial<Record<NoticeKind, PlannedNotice>>;

/** Days are given as Stockholm's wall clock, `2026-11-23 10:00`, or as an instant. */
const instantOf = (text: string): Date =>
  text.endsWith('Z') ? new Date(text) : stockholmInstant(text.slice(0, 10), text.slice(11));

function planOf(now: string | Date, startAt: string | Date, rules: NoticeRules = defaultNoticeRules): Plan {
  const entries = noticePlan({
    notice: 'booking',
    now: typeof now === 'string' ? instantOf(now) : now,
    time: { startAt: (typeof startAt === 'string' ? instantOf(startAt) : startAt).toISOString() },
    rules,
  });
  return Object.fromEntries(entries.map((entry) => [entry.kind, entry]));
}

const shown = (instant: string | undefined): string => {
  const { day, clock } = stockholm(new Date(instant!));
  return `${day} ${clock.slice(0, 5)}`;
};
const skips = (plan: Plan) => ({
  morning: plan.morning?.skip,
  soon: plan.soon?.skip,
  start: plan.start?.skip,
});
const nothingSkipped = { morning: null, soon: null, start: null };

const anyFraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('noticePlan', () => {
  it('R2.1 plans the four messages of a meeting tomorrow', () => {
    const plan = planOf('2026-11-22 15:20', '2026-11-23 14:00');
    expect(Object.keys(plan)).toEqual(['booking', 'morning', 'soon', 'start']);
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-22 15:20');
    expect(shown(plan.morning?.dueAt)).toBe('2026-11-23 07:00');
    expect(shown(plan.soon?.dueAt)).toBe('2026-11-23 13:45');
    expect(shown(plan.start?.dueAt)).toBe('2026-11-23 14:00');
    expect(skips(plan)).toEqual(nothingSkipped);
    expect(plan.booking?.skip).toBeNull();
  });

  it('R2.6 gives each kind its last useful moment', () => {
    const plan = planOf('2026-11-22 15:20', '2026-11-23 14:00');
    expect(shown(plan.booking?.lastUsefulAt)).toBe('2026-11-23 14:00');
    expect(shown(plan.morning?.lastUsefulAt)).toBe('2026-11-23 13:45');
    expect(shown(plan.soon?.lastUsefulAt)).toBe('2026-11-23 14:00');
    expect(shown(plan.start?.lastUsefulAt)).toBe('2026-11-23 14:10');
  });

  it('R2.8 a change takes the place of the booking message', () => {
    const time = { startAt: '2026-11-23T13:00:00.000Z' };
    const now = new Date('2026-11-22T14:20Z');
    const booking = noticePlan({ notice: 'booking', now, time, rules: defaultNoticeRules });
    const change = noticePlan({ notice: 'change', now, time, rules: defaultNoticeRules });
    expect(change.map((entry) => entry.kind)).toEqual(['change', 'morning', 'soon', 'start']);
    expect(change.slice(1)).toEqual(booking.slice(1));
    expect(change[0]).toEqual({ ...booking[0], kind: 'change' });
  });

  it('R2.9 skips the morning message where the notice goes out on that morning', () => {
    const plan = planOf('2026-11-23 06:00', '2026-11-23 14:00');
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-23 07:00');
    expect(skips(plan)).toEqual({ ...nothingSkipped, morning: 'notice-same-morning' });
    // It was booked the evening before, and waited.
    const evening = planOf('2026-11-22 22:00', '2026-11-23 14:00');
    expect(shown(evening.booking?.dueAt)).toBe('2026-11-23 07:00');
    expect(skips(evening)).toEqual({ ...nothingSkipped, morning: 'notice-same-morning' });
  });

  it('R2.9 keeps the morning message where the notice of a morning meeting goes out the evening before', () => {
    const plan = planOf('2026-11-22 23:30', '2026-11-23 10:00');
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-22 23:30');
    expect(skips(plan)).toEqual(nothingSkipped);
  });

  it('R2.5 skips the morning message that is past when a meeting today is booked', () => {
    expect(skips(planOf('2026-11-23 07:01', '2026-11-23 14:00'))).toEqual({
      ...nothingSkipped,
      morning: 'past-when-planned',
    });
  });

  it('R2.5 R2.9 has one message at 07:00 sharp, not two', () => {
    const plan = planOf('2026-11-23 07:00', '2026-11-23 14:00');
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-23 07:00');
    expect(plan.morning?.skip).not.toBeNull();
  });

  it('R2.5 skips what is past of a meeting in ten minutes', () => {
    const plan = planOf('2026-11-23 14:00', '2026-11-23 14:10');
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-23 14:00');
    expect(plan.booking?.skip).toBeNull();
    expect(skips(plan)).toEqual({ morning: 'past-when-planned', soon: 'past-when-planned', start: null });
  });

  it('R2.5 sends the message before the start when exactly 15 minutes are left, and a millisecond less skips it', () => {
    const now = instantOf('2026-11-23 13:45');
    expect(planOf(now, '2026-11-23 14:00').soon?.skip).toBeNull();
    expect(planOf(after(now, 1), '2026-11-23 14:00').soon?.skip).toBe('past-when-planned');
  });

  it('R2.5 skips the morning message when less than 60 minutes remain', () => {
    const booked = '2026-11-20 12:00';
    expect(planOf(booked, '2026-11-23 07:20').morning?.skip).toBe('too-close-to-start');
    expect(planOf(booked, '2026-11-23 07:00').morning?.skip).toBe('too-close-to-start');
    expect(planOf(booked, after(instantOf('2026-11-23 08:00'), -1)).morning?.skip).toBe('too-close-to-start');
    expect(planOf(booked, '2026-11-23 08:00').morning?.skip).toBeNull();
  });

  it('R2.5 skips the morning message of a meeting at night, and sends that of one late in the evening', () => {
    const booked = '2026-11-20 12:00';
    const night = planOf(booked, '2026-11-23 02:30');
    expect(skips(night)).toEqual({ ...nothingSkipped, morning: 'too-close-to-start' });
    expect(shown(night.soon?.dueAt)).toBe('2026-11-23 02:15');
    const late = planOf(booked, '2026-11-23 23:30');
    expect(skips(late)).toEqual(nothingSkipped);
    expect(shown(late.morning?.dueAt)).toBe('2026-11-23 07:00');
  });

  it("R2.5 the message before a meeting at 00:05 is due the day before, the morning's never", () => {
    const plan = planOf('2026-11-20 12:00', '2026-11-23 00:05');
    expect(shown(plan.soon?.dueAt)).toBe('2026-11-22 23:50');
    expect(plan.morning?.skip).toBe('too-close-to-start');
  });

  it.each([
    ['spring', '2027-02-01 10:00', '2027-04-01 10:00', '2027-04-01T05:00:00.000Z'],
    ['autumn', '2026-09-23 10:00', '2026-11-23 10:00', '2026-11-23T06:00:00.000Z'],
    ['the spring day itself', '2027-01-28 10:00', '2027-03-28 10:00', '2027-03-28T05:00:00.000Z'],
    ['the day before spring', '2027-01-28 10:00', '2027-03-27 10:00', '2027-03-27T06:00:00.000Z'],
    ['the autumn day itself', '2026-08-25 10:00', '2026-10-25 10:00', '2026-10-25T06:00:00.000Z'],
    ['the day before autumn', '2026-08-25 10:00', '2026-10-24 10:00', '2026-10-24T05:00:00.000Z'],
  ])('R2.5 is due at 07:00 by the clock of the day, two months ahead: %s', (_, now, startAt, dueAt) => {
    const plan = planOf(now, startAt);
    expect(plan.morning?.dueAt).toBe(dueAt);
    expect(skips(plan)).toEqual(nothingSkipped);
  });

  it('R2.1 R2.6 counts elapsed minutes for a meeting inside the repeated hour', () => {
    for (const startAt of [
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T01:05:00.000Z',
    ]) {
      const plan = planOf('2026-10-20 12:00', startAt);
      expect(plan.soon?.dueAt).toBe(minutesAfter(startAt, -15));
      expect(plan.start?.dueAt).toBe(startAt);
      expect(plan.start?.lastUsefulAt).toBe(minutesAfter(startAt, 10));
      expect(skips(plan)).toEqual({ ...nothingSkipped, morning: 'too-close-to-start' });
      expect(plan.morning?.dueAt).toBe('2026-10-25T06:00:00.000Z');
    }
  });

  it("R2.5 takes a clinic's own rules instead of the defaults", () => {
    const { morning, start } = defaultNoticeRules.reminders;
    const plan = planOf('2026-11-22 22:30', '2026-11-23 14:00', {
      quietHours: null,
      reminders: {
        morning: { ...morning, when: { clock: '09:30' } },
        soon: {
          when: { minutesBefore: 120 },
          skipWithinMinutesOfStart: 0,
          usefulUntilMinutesAfterStart: -60,
        },
        start,
      },
    });
    expect(shown(plan.booking?.dueAt)).toBe('2026-11-22 22:30');
    expect(shown(plan.morning?.dueAt)).toBe('2026-11-23 09:30');
    expect(shown(plan.soon?.dueAt)).toBe('2026-11-23 12:00');
    expect(shown(plan.soon?.lastUsefulAt)).toBe('2026-11-23 13:00');
    expect(skips(plan)).toEqual(nothingSkipped);
  });

  const anyCase = fc
    .tuple(
      anyInstant,
      fc.oneof(
        fc.integer({ min: 1, max: 20 * MINUTE }),
        fc.integer({ min: 1, max: 36 * HOUR }),
        fc.integer({ min: 1, max: 70 * DAY }),
        fc.integer({ min: 1, max: 24 * 12 }).map((steps) => steps * 5 * MINUTE),
      ),
    )
    .map(([now, ms]) => ({ now, startAt: after(now, ms) }));

  it('R2.1 R2.5 R2.6 R2.9 agrees with the rules as read on another clock', () => {
    fc.assert(
      fc.property(anyCase, ({ now, startAt }) => {
        const plan = planOf(now, startAt);
        const noticeAt = expectedNoticeAt(now, startAt);
        const morningAt = stockholmInstant(stockholm(startAt).day, '07:00');
        expect(plan.booking).toEqual({
          kind: 'booking',
          dueAt: noticeAt.toISOString(),
          lastUsefulAt: startAt.toISOString(),
          skip: null,
        });
        expect(plan.morning?.dueAt).toBe(morningAt.toISOString());
        expect(plan.soon?.dueAt).toBe(after(startAt, -15 * MINUTE).toISOString());
        expect(plan.start?.dueAt).toBe(startAt.toISOString());

        const reasons = [
          ...(startAt.getTime() - morningAt.getTime() < HOUR ? ['too-close-to-start'] : []),
          ...(morningAt < now ? ['past-when-planned'] : []),
          ...(stockholm(noticeAt).day === stockholm(startAt).day ? ['notice-same-morning'] : []),
        ];
        expect(reasons.length > 0 ? reasons : [null]).toContain(plan.morning?.skip);
        expect(plan.soon?.skip).toBe(
          startAt.getTime() - now.getTime() < 15 * MINUTE ? 'past-when-planned' : null,
        );
        expect(plan.start?.skip).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('R2.5 R2.6 R2.9 nothing to send is due in the past, useless when due, or a notice beyond the start', () => {
    fc.assert(
      fc.property(anyCase, fc.boolean(), anyFraction, ({ now, startAt }, quiet, spread) => {
        const entries = noticePlan({
          notice: 'change',
          now,
          spread,
          time: { startAt: startAt.toISOString() },
          rules: { ...defaultNoticeRules, quietHours: quiet ? defaultNoticeRules.quietHours : null },
        });
        expect(entries.map((entry) => entry.kind)).toEqual(['change', 'morning', 'soon', 'start']);
        const toSend = entries.filter((entry) => entry.skip === null);
        for (const { dueAt, lastUsefulAt } of toSend) {
          expect(Date.parse(dueAt)).toBeGreaterThanOrEqual(now.getTime());
          expect(Date.parse(dueAt)).toBeLessThanOrEqual(startAt.getTime());
          expect(Date.parse(lastUsefulAt)).toBeGreaterThan(Date.parse(dueAt));
        }
        // What is to be sent comes in the order of the plan.
        const dues = toSend.map((entry) => Date.parse(entry.dueAt));
        expect(dues).toEqual([...dues].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });
});

describe('R2.5 the morning’s messages of many meetings', () => {
  const morningOf = (startAt: string, spread: number): string => {
    const entries = noticePlan({
      notice: 'booking',
      now: instantOf('2026-11-22 12:00'),
      spread,
      time: { startAt: instantOf(startAt).toISOString() },
      rules: defaultNoticeRules,
    });
    const morning = entries.find(({ kind }) => kind === 'morning')!;
    return morning.skip ?? shown(morning.dueAt);
  };

  it.each([
    ['2026-11-23 10:00', 0, '2026-11-23 07:00'],
    ['2026-11-23 10:00', 0.5, '2026-11-23 07:15'],
    ['2026-11-23 10:00', 0.9999, '2026-11-23 07:29'],
    // None comes less than an hour before its start for being spread.
    ['2026-11-23 08:00', 0.9999, '2026-11-23 07:00'],
    ['2026-11-23 08:10', 0.9999, '2026-11-23 07:10'],
    ['2026-11-23 07:59', 0.5, 'too-close-to-start'],
  ])('of %s at %d of the half-hour: %s', (startAt, spread, expected) => {
    expect(morningOf(startAt, spread)).toBe(expected);
  });

  it('a clinic’s rule without a spread is exact', () => {
    const { morning } = defaultNoticeRules.reminders;
    const exact = { ...morning, when: { clock: '07:00' } };
    const entries = noticePlan({
      notice: 'booking',
      now: instantOf('2026-11-22 12:00'),
      spread: 0.9,
      time: { startAt: instantOf('2026-11-23 10:00').toISOString() },
      rules: { ...defaultNoticeRules, reminders: { ...defaultNoticeRules.reminders, morning: exact } },
    });
    expect(shown(entries.find(({ kind }) => kind === 'morning')!.dueAt)).toBe('2026-11-23 07:00');
  });
});

/** R2.9, read on the other clock. */
function expectedNoticeAt(now: Date, startAt: Date): Date {
  const { day, clock } = stockholm(now);
  if (clock >= '07:00' && clock < '21:00') return now;
  const comingDay = clock < '07:00' ? day : dayAfter(day);
  return startAt < stockholmInstant(comingDay, '12:00') ? now : stockholmInstant(comingDay, '07:00');
}

describe('noticeDueAt', () => {
  const { quietHours } = defaultNoticeRules;
  const later = instantOf('2026-12-01 10:00');

  it('R2.9 is quiet from 21:00:00 until 06:59:59.999', () => {
    const nine = instantOf('2026-11-22 21:00');
    const seven = instantOf('2026-11-23 07:00');
    expect(noticeDueAt(after(nine, -1), later, quietHours)).toEqual(after(nine, -1));
    expect(noticeDueAt(nine, later, quietHours)).toEqual(seven);
    expect(noticeDueAt(after(seven, -1), later, quietHours)).toEqual(seven);
    expect(noticeDueAt(seven, later, quietHours)).toEqual(seven);
    expect(noticeDueAt(after(seven, 1), later, quietHours)).toEqual(after(seven, 1));
  });

  it.each(['2026-11-22 21:00', '2026-11-22 23:59', '2026-11-23 00:00', '2026-11-23 06:59'])(
    'R2.9 at %s does not wait for a meeting before the coming noon, and does for one at noon',
    (clock) => {
      const now = instantOf(clock);
      const noon = instantOf('2026-11-23 12:00');
      expect(noticeDueAt(now, after(noon, -1), quietHours)).toEqual(now);
      expect(noticeDueAt(now, noon, quietHours)).toEqual(instantOf('2026-11-23 07:00'));
    },
  );

  it('R2.9 does not wait for a meeting of the same night', () => {
    const now = instantOf('2026-11-22 23:20');
    expect(noticeDueAt(now, after(now, 10 * MINUTE), quietHours)).toEqual(now);
    expect(noticeDueAt(now, instantOf('2026-11-23 02:30'), quietHours)).toEqual(now);
  });

  it('R2.9 waits until 07:00 by the clock over both clock changes', () => {
    for (const saturday of ['2027-03-27', '2026-10-24']) {
      const due = noticeDueAt(
        instantOf(`${saturday} 22:00`),
        instantOf(`${dayAfter(saturday)} 15:00`),
        quietHours,
      );
      expect(stockholm(due)).toEqual({ day: dayAfter(saturday), clock: '07:00:00.000' });
    }
    const inTheRepeatedHour = new Date('2026-10-25T01:30:00Z');
    expect(noticeDueAt(inTheRepeatedHour, later, quietHours)).toEqual(new Date('2026-10-25T06:00:00Z'));
  });

  it('R2.9 never waits where a clinic has no quiet hours', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 1, max: 9 * DAY }), (now, ms) => {
        expect(noticeDueAt(now, after(now, ms), null)).toEqual(now);
      }),
    );
  });

  it("R2.9 takes a clinic's own quiet hours, also such as do not cross midnight", () => {
    const siesta = { from: '12:30', until: '13:30', unlessBefore: '15:00' };
    const now = instantOf('2026-11-23 13:00');
    expect(noticeDueAt(now, instantOf('2026-11-23 14:59'), siesta)).toEqual(now);
    expect(noticeDueAt(now, instantOf('2026-11-23 15:00'), siesta)).toEqual(instantOf('2026-11-23 13:30'));
    expect(noticeDueAt(instantOf('2026-11-23 23:00'), later, siesta)).toEqual(instantOf('2026-11-23 23:00'));
  });
});

describe('cancellationPlan', () => {
  const planAt = (now: string, startAt: string): PlannedNotice =>
    cancellationPlan({
      now: instantOf(now),
      time: {
        startAt: instantOf(startAt).toISOString(),
        endAt: after(instantOf(startAt), 30 * MINUTE).toISOString(),
      },
      rules: defaultNoticeRules,
    });

  it('R2.4 R2.8 is the one notice that it is cancelled, useful until the booked end', () => {
    const plan = planAt('2026-11-22 15:00', '2026-11-23 14:00');
    expect(plan).toMatchObject({ kind: 'cancellation', skip: null });
    expect(shown(plan.dueAt)).toBe('2026-11-22 15:00');
    expect(shown(plan.lastUsefulAt)).toBe('2026-11-23 14:30');
  });

  it('R2.9 waits until the morning, unless the meeting is before the coming noon', () => {
    expect(shown(planAt('2026-11-22 22:00', '2026-11-23 14:00').dueAt)).toBe('2026-11-23 07:00');
    expect(shown(planAt('2026-11-22 22:00', '2026-11-23 11:59').dueAt)).toBe('2026-11-22 22:00');
    expect(shown(planAt('2026-11-22 21:05', '2026-11-22 20:50').dueAt)).toBe('2026-11-22 21:05');
  });
});
