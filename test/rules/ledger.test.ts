import fc from 'fast-check';
import type { SmsObstacle } from '../../rules/calendar/who-hears';
import { meetingStates, outcomes } from '../../rules/meeting';
import { noticeKinds } from '../../rules/notices';
import {
  decideHandOver,
  hasReached,
  isLost,
  raisedFrom,
  deliveryStates,
  type HandOverView,
  type NotHandedOver,
  type ReportedState,
  type DeliveryState,
} from '../../rules/ledger';
import { after, booleans, combinations, minutesAfter, START } from './builders';

const view: HandOverView = {
  now: minutesAfter(START, -15),
  kind: 'soon',
  occasion: 2,
  lastUsefulAt: START,
  meeting: { state: 'door-open', outcome: null, startVersion: 2 },
  way: { channel: 'sms', to: '+46701740605', obstacle: null },
  hears: true,
  inTheRoom: false,
  overCap: null,
};

const whyNotHandOver = (about: HandOverView): NotHandedOver | null => {
  const decision = decideHandOver(about);
  return decision.state === 'handing-over' ? null : decision;
};

describe('decideHandOver', () => {
  it('R2.4 says nothing against a notice of a meeting that stands, due and useful', () => {
    for (const kind of noticeKinds) {
      expect(decideHandOver({ ...view, kind })).toEqual({ state: 'handing-over', way: view.way });
    }
  });

  it('R2.6 past its last useful moment it has expired', () => {
    const at = (ms: number) => whyNotHandOver({ ...view, now: after(START, ms).toISOString() });
    expect(at(-1)).toBeNull();
    expect(at(1)).toEqual({ state: 'expired', reason: 'past-its-last-useful-moment' });
  });

  it('R2.4 a moved meeting never gets its old time, nor an old time its cancellation', () => {
    for (const kind of noticeKinds) {
      expect(whyNotHandOver({ ...view, kind, occasion: 1 })).toEqual({
        state: 'skipped',
        reason: 'meeting-moved',
      });
    }
  });

  it('R2.8 a notice of a new time does not wait for the read model to know of it', () => {
    expect(whyNotHandOver({ ...view, kind: 'change', occasion: 3 })).toBeNull();
  });

  it('R2.4 a cancelled meeting gets nothing but the notice that it is cancelled', () => {
    for (const outcome of outcomes.filter((each) => each.startsWith('cancelled-'))) {
      for (const kind of noticeKinds) {
        const meeting = { ...view.meeting, state: 'ended', outcome } as const;
        expect(whyNotHandOver({ ...view, kind, meeting })).toEqual(
          kind === 'cancellation' ? null : { state: 'skipped', reason: 'meeting-cancelled' },
        );
      }
    }
  });

  it('R4.6 a meeting moved to the back-up routine gets no further SMS', () => {
    const meeting = { ...view.meeting, state: 'ended', outcome: 'back-up-routine' } as const;
    expect(whyNotHandOver({ ...view, meeting })).toEqual({ state: 'skipped', reason: 'meeting-ended' });
  });

  it('R2.1 the message at the start is skipped for one who is in the room, and no other is', () => {
    for (const kind of noticeKinds) {
      expect(whyNotHandOver({ ...view, kind, inTheRoom: true })).toEqual(
        kind === 'start' ? { state: 'skipped', reason: 'already-in-the-room' } : null,
      );
    }
  });

  it.each<[SmsObstacle, string]>([
    ['no-consent', 'no-consent'],
    ['guardians-number', 'no-consent'],
    ['no-phone-number', 'no-consent'],
    ['protected-identity', 'skipped'],
    ['foreign-number', 'skipped'],
  ])('R2.2 R7.2 R7.5 says why a person may get none: %s', (obstacle, state) => {
    expect(whyNotHandOver({ ...view, way: { channel: null, obstacle } })).toEqual({
      state,
      reason: obstacle,
    });
  });

  it('R2.7 over a cap nothing goes, of no kind, and does not wait', () => {
    for (const kind of noticeKinds) {
      expect(whyNotHandOver({ ...view, kind, overCap: 'over-cap-number' })).toEqual({
        state: 'skipped',
        reason: 'over-cap-number',
      });
    }
  });

  it('R2.2 R2.4 R2.6 R7.2 hands over only where nothing speaks against it, and tells the first thing that does', () => {
    for (const { moved, late, obstacle, ...rest } of combinations({
      moved: booleans,
      late: booleans,
      obstacle: [null, 'no-consent', 'protected-identity'] as const,
      hears: booleans,
      inTheRoom: booleans,
      overCap: [null, 'over-cap-clinic'] as const,
      kind: noticeKinds,
      meeting: meetingStates.flatMap((state) =>
        (state === 'ended' ? outcomes : [null]).map((outcome) => ({ state, outcome, startVersion: 2 })),
      ),
    })) {
      const { kind, meeting } = rest;
      const reasons = [
        ...(moved ? ['meeting-moved'] : []),
        ...(kind !== 'cancellation' && meeting.outcome?.startsWith('cancelled-')
          ? ['meeting-cancelled']
          : []),
        ...(late ? ['past-its-last-useful-moment'] : []),
        ...(kind !== 'cancellation' && meeting.state === 'ended' ? ['meeting-ended'] : []),
        ...(rest.hears ? [] : ['not-entitled']),
        ...(kind === 'start' && rest.inTheRoom ? ['already-in-the-room'] : []),
        ...(obstacle === null ? [] : [obstacle]),
        ...(rest.overCap === null ? [] : [rest.overCap]),
      ];
      const whyNot = whyNotHandOver({
        ...view,
        ...rest,
        way: obstacle === null ? view.way : { channel: null, obstacle },
        occasion: moved ? 1 : 2,
        now: minutesAfter(START, late ? 1 : -1),
      });
      expect(whyNot?.reason ?? null).toBe(reasons[0] ?? null);
    }
  });
});

describe('isLost', () => {
  it.each(['failed', 'unknown', 'expired', 'no-consent'] as const)(
    'R2.10 %s, for whatever reason',
    (state) => {
      expect(isLost(state, null)).toBe(true);
      expect(isLost(state, 'some-reason')).toBe(true);
    },
  );

  it.each(['protected-identity', 'foreign-number', 'over-cap-number', 'over-cap-clinic', 'over-cap-account'])(
    'R2.10 skipped for the reason %s, which the recipient knows nothing of',
    (reason) => expect(isLost('skipped', reason)).toBe(true),
  );

  it.each(['meeting-moved', 'meeting-cancelled', 'already-in-the-room', 'same-number', 'not-entitled', null])(
    'R2.10 not skipped for the reason %s: nothing was kept from anybody',
    (reason) => expect(isLost('skipped', reason)).toBe(false),
  );

  it('R2.10 not what has reached somebody, or is on its way', () => {
    for (const state of ['planned', 'handing-over', 'sent', 'delivered'] as const) {
      expect(isLost(state, 'over-cap-number')).toBe(false);
    }
  });
});

describe('raisedFrom', () => {
  const rank: ReportedState[] = ['sent', 'failed', 'delivered'];
  const afterReports = (from: DeliveryState, reports: ReportedState[]): DeliveryState =>
    reports.reduce<DeliveryState>(
      (state, report) => (raisedFrom[report].includes(state) ? report : state),
      from,
    );

  it('R2.7 reports repeated and in any order come to the same', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DeliveryState>('handing-over', 'unknown'),
        fc.array(fc.constantFrom(...rank), { minLength: 1, maxLength: 8 }),
        (from, reports) => {
          const highest = rank[Math.max(...reports.map((report) => rank.indexOf(report)))];
          expect(afterReports(from, reports)).toBe(highest);
        },
      ),
    );
  });

  it('R2.7 no report touches a message that was never handed over', () => {
    for (const state of ['planned', 'skipped', 'expired', 'no-consent'] as const) {
      expect(afterReports(state, rank)).toBe(state);
    }
  });

  it('R2.10 only what was sent or delivered has reached anybody', () => {
    expect(deliveryStates.filter(hasReached)).toEqual(['sent', 'delivered']);
  });
});
