import fc from 'fast-check';
import { participantRoles } from '../../rules/meeting';
import {
  coverWithoutGap,
  haveMet,
  isPatientSide,
  RECONNECT_TOLERANCE_SECONDS,
  type Stay,
} from '../../rules/presence';
import { after, minutesAfter, SECOND, START, stay } from './builders';

/** Seconds of a small world, in which every stay begins and ends. */
const WORLD = 400;
const seconds = (second: number): string => after(START, second * SECOND).toISOString();

interface Span {
  from: number;
  until: number | null;
}
const anySpan: fc.Arbitrary<Span> = fc
  .tuple(fc.integer({ min: 0, max: WORLD }), fc.option(fc.integer({ min: 0, max: 200 }), { freq: 6 }))
  .map(([from, length]) => ({ from, until: length === null ? null : from + length }));
const anySpans = fc.array(anySpan, { maxLength: 6 });
const stayOf = ({ from, until }: Span): Stay => ({
  participantId: 'a-staff',
  role: 'staff',
  joinedAt: seconds(from),
  leftAt: until === null ? null : seconds(until),
});

/** Presence at every half second: even places are whole seconds, odd ones lie between. */
function halfSeconds(spans: Span[]): boolean[] {
  const places = Array.from({ length: 2 * (2 * WORLD) + 1 }, () => false);
  for (const { from, until } of spans) places.fill(true, 2 * from, 2 * (until ?? 2 * WORLD) + 1);
  return places;
}

/** Presence between the seconds alone: who comes and leaves at one instant was there for no time. */
const betweenSeconds = (spans: Span[]): boolean[] =>
  halfSeconds([]).map((_, place) =>
    spans.some(({ from, until }) => place % 2 === 1 && place > 2 * from && place < 2 * (until ?? 2 * WORLD)),
  );

/** Fills each absence between two presences that is no longer than the tolerance. */
function withoutReconnections(places: boolean[], toleranceSeconds: number): boolean[] {
  const filled = [...places];
  let last = -1;
  places.forEach((present, place) => {
    if (!present) return;
    if (last >= 0 && (place - last) / 2 <= toleranceSeconds) filled.fill(true, last, place);
    last = place;
  });
  return filled;
}

describe('haveMet', () => {
  it('A7 R5.6 means some time together in the room, for any stays of both', () => {
    fc.assert(
      fc.property(anySpans, anySpans, (clinic, patient) => {
        const clinicAt = betweenSeconds(clinic);
        const together = betweenSeconds(patient).some((present, place) => present && clinicAt[place]);
        expect(haveMet(clinic.map(stayOf), patient.map(stayOf))).toBe(together);
        expect(haveMet(patient.map(stayOf), clinic.map(stayOf))).toBe(together);
      }),
      { numRuns: 1000 },
    );
  });

  it('R5.6 nobody meets an empty room, or one who has left', () => {
    expect(haveMet([], [stay('patient', 0, null)])).toBe(false);
    expect(haveMet([stay('staff', 0, 10)], [stay('patient', 10.001, null)])).toBe(false);
    // A7: one leaves in the second in which the other comes.
    expect(haveMet([stay('staff', 0, 10)], [stay('patient', 10, null)])).toBe(false);
    expect(haveMet([stay('staff', 0, null)], [stay('patient', 25, null)])).toBe(true);
  });
});

describe('coverWithoutGap', () => {
  it('A8 R5.6 agrees with counting every second, with the tolerance of a reconnection within and at both ends', () => {
    fc.assert(
      fc.property(
        anySpans,
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 360 }),
        (spans, from, length) => {
          const until = from + length;
          const within = spans.filter((span) => (span.until ?? Infinity) > from && span.from < until);
          // Both ends count as presence: what is away from them no longer than a reconnection is there.
          const places = halfSeconds([...within, { from, until: from }, { from: until, until }]);
          const tolerance = Math.min(RECONNECT_TOLERANCE_SECONDS, length / 4);
          const inTime = places.map((present, place) => present && place >= 2 * from);
          const covered = withoutReconnections(inTime, tolerance)
            .slice(2 * from, 2 * until + 1)
            .every(Boolean);
          const seen = betweenSeconds(within)
            .slice(2 * from, 2 * until)
            .filter(Boolean).length;
          expect(coverWithoutGap(spans.map(stayOf), seconds(from), seconds(until))).toBe(
            covered && seen > 0 && seen >= length / 2,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('R5.6 a reconnection of a minute is no absence, a millisecond more is', () => {
    const stays = (gapMinutes: number) => [stay('staff', -5, 5), stay('staff', 5 + gapMinutes, null)];
    const until = stay('staff', 15, null).joinedAt;
    expect(coverWithoutGap(stays(1), START, until)).toBe(true);
    expect(coverWithoutGap(stays(1 + 1 / 60_000), START, until)).toBe(false);
  });

  it('R5.6 a reconnection over the very beginning is no absence either', () => {
    const until = stay('staff', 15, null).joinedAt;
    expect(coverWithoutGap([stay('staff', -10, -0.25), stay('staff', 0.5, null)], START, until)).toBe(true);
    expect(coverWithoutGap([stay('staff', -10, -0.75), stay('staff', 1.1, null)], START, until)).toBe(false);
  });

  it('A8 R5.6 a minute late, or gone a minute too soon, was there; a millisecond more was not', () => {
    const until = stay('staff', 15, null).joinedAt;
    const ms = 1 / 60_000;
    expect(coverWithoutGap([stay('staff', 1 / 60, 15)], START, until)).toBe(true);
    expect(coverWithoutGap([stay('staff', 1, 14)], START, until)).toBe(true);
    expect(coverWithoutGap([stay('staff', 1 + ms, 15)], START, until)).toBe(false);
    expect(coverWithoutGap([stay('staff', 0, 14 - ms)], START, until)).toBe(false);
    expect(coverWithoutGap([stay('staff', -10, 0)], START, until)).toBe(false);
    expect(coverWithoutGap([stay('staff', -10, -0.1)], START, minutesAfter(START, 1))).toBe(false);
    expect(coverWithoutGap([], START, until)).toBe(false);
    expect(coverWithoutGap([], START, minutesAfter(START, 1))).toBe(false);
  });

  it('R5.6 of a grace time of a minute or two a quarter is forgiven at each end, and half must have been seen', () => {
    for (const minutes of [1, 2]) {
      const until = minutesAfter(START, minutes);
      const from = (start: number, end: number | null) =>
        coverWithoutGap([stay('staff', start * minutes, end && end * minutes)], START, until);
      expect(from(-1, null)).toBe(true);
      expect(from(0.25, 0.75)).toBe(true);
      expect(from(0.26, null)).toBe(false);
      expect(from(-1, 0.74)).toBe(false);
      // A second in the middle was enough, with the whole tolerance at both ends.
      expect(from(0.5, 0.51)).toBe(false);
    }
    // Seen for a second in each minute is no evidence of a long time either.
    const flickering = Array.from({ length: 15 }, (_, minute) => stay('staff', minute, minute + 1 / 60));
    expect(coverWithoutGap(flickering, START, minutesAfter(START, 15))).toBe(false);
  });

  it('R5.6 two members of staff may take turns, in whatever order their stays are reported', () => {
    const stays = [stay('staff', 9, null), stay('staff', -1, 3), stay('staff', 2, 9)];
    expect(coverWithoutGap(stays, START, stay('staff', 15, null).joinedAt)).toBe(true);
    expect(stays.map((each) => each.leftAt === null)).toEqual([true, false, false]);
  });
});

describe('isPatientSide', () => {
  it('R5.6 up to 12 the guardian or the child is present for the patient, from 13 the child alone', () => {
    expect(participantRoles.filter((role) => isPatientSide(role, true))).toEqual(['patient', 'guardian']);
    expect(participantRoles.filter((role) => isPatientSide(role, false))).toEqual(['patient']);
  });
});
