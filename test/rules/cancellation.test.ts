import fc from 'fast-check';
import {
  cancellationOutcome,
  insideCancellationNotice,
  setInsideCancellationNoticeByClinic,
} from '../../rules/cancellation';
import type { Changer } from '../../rules/meeting';
import { after, anyInstant, HOUR, START, stockholmInstant } from './builders';

describe('insideNotice', () => {
  it.each([24, 48, 1])('R5.3 exactly %i hours before is in time, a millisecond less is late', (hours) => {
    const border = after(START, -hours * HOUR);
    expect(insideCancellationNotice(after(border, -1).toISOString(), START, hours)).toBe(false);
    expect(insideCancellationNotice(border.toISOString(), START, hours)).toBe(false);
    expect(insideCancellationNotice(after(border, 1).toISOString(), START, hours)).toBe(true);
  });

  it('R5.3 after the start is late', () => {
    expect(insideCancellationNotice(START, START, 24)).toBe(true);
    expect(insideCancellationNotice(after(START, HOUR).toISOString(), START, 24)).toBe(true);
  });

  it('R5.3 with no notice at all only what comes after the start is late', () => {
    expect(insideCancellationNotice(START, START, 0)).toBe(false);
    expect(insideCancellationNotice(after(START, 1).toISOString(), START, 0)).toBe(true);
  });

  it('R5.3 counts elapsed hours when the clock is put forward', () => {
    const startAt = stockholmInstant('2027-03-28', '10:00').toISOString();
    const sameClockTheDayBefore = stockholmInstant('2027-03-27', '10:00');
    expect(insideCancellationNotice(sameClockTheDayBefore.toISOString(), startAt, 24)).toBe(true);
    expect(insideCancellationNotice(after(sameClockTheDayBefore, -HOUR).toISOString(), startAt, 24)).toBe(
      false,
    );
    expect(insideCancellationNotice(after(sameClockTheDayBefore, -HOUR + 1).toISOString(), startAt, 24)).toBe(
      true,
    );
  });

  it('R5.3 counts elapsed hours when the clock is put back', () => {
    const startAt = stockholmInstant('2026-10-25', '10:00').toISOString();
    const sameClockTheDayBefore = stockholmInstant('2026-10-24', '10:00');
    expect(insideCancellationNotice(sameClockTheDayBefore.toISOString(), startAt, 24)).toBe(false);
    expect(insideCancellationNotice(after(sameClockTheDayBefore, HOUR).toISOString(), startAt, 24)).toBe(
      false,
    );
    expect(insideCancellationNotice(after(sameClockTheDayBefore, HOUR + 1).toISOString(), startAt, 24)).toBe(
      true,
    );
  });

  it('R5.3 depends on elapsed time alone', () => {
    const anyMs = fc.integer({ min: -48 * HOUR, max: 96 * HOUR });
    fc.assert(
      fc.property(anyInstant, anyMs, fc.integer({ min: 0, max: 72 }), (start, ms, hours) => {
        const received = after(start, -ms).toISOString();
        expect(insideCancellationNotice(received, start.toISOString(), hours)).toBe(ms < hours * HOUR);
      }),
    );
  });
});

describe('cancellationOutcome', () => {
  const border = after(START, -24 * HOUR);

  it('R5.3 a patient cancels in time or late', () => {
    expect(cancellationOutcome('patient', border.toISOString(), START, 24)).toBe('cancelled-in-time');
    expect(cancellationOutcome('patient', after(border, 1).toISOString(), START, 24)).toBe('cancelled-late');
    expect(cancellationOutcome('patient', border.toISOString(), START, 48)).toBe('cancelled-late');
  });

  it('R1.5 the clinic never cancels late', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -48 * HOUR, max: 96 * HOUR }),
        fc.integer({ min: 0, max: 72 }),
        (ms, hours) => {
          const received = after(START, -ms).toISOString();
          expect(cancellationOutcome('clinic', received, START, hours)).toBe('cancelled-by-clinic');
        },
      ),
    );
  });
});

describe('A13 R5.5 the clinic last set the time inside the notice', () => {
  const times = (...set: [setBy: Changer, setInsideNotice: boolean][]) =>
    set.map(([setBy, setInsideNotice], index) => ({ startVersion: index + 1, setBy, setInsideNotice }));

  it.each<[string, [Changer, boolean][], boolean]>([
    ['booked so', [['clinic', true]], true],
    ['booked in time', [['clinic', false]], false],
    [
      'moved so',
      [
        ['clinic', false],
        ['clinic', true],
      ],
      true,
    ],
    [
      'and the patient moved it within that notice',
      [
        ['clinic', true],
        ['patient', true],
      ],
      true,
    ],
    [
      'and the patient moved it twice within it',
      [
        ['clinic', true],
        ['patient', true],
        ['patient', true],
      ],
      true,
    ],
    [
      'and the patient moved it out of the notice',
      [
        ['clinic', true],
        ['patient', false],
      ],
      false,
    ],
    [
      'and the patient moved it out of the notice, and into another',
      [
        ['clinic', true],
        ['patient', false],
        ['patient', true],
      ],
      false,
    ],
    [
      'no: the patient moved a time set in time',
      [
        ['clinic', false],
        ['patient', true],
      ],
      false,
    ],
    [
      'no: the clinic moved it out again',
      [
        ['clinic', true],
        ['clinic', false],
        ['patient', true],
      ],
      false,
    ],
    [
      'the clinic moved after the patient',
      [
        ['clinic', false],
        ['patient', true],
        ['clinic', true],
      ],
      true,
    ],
  ])('%s', (_, set, isFree) => {
    const all = times(...set);
    expect(setInsideCancellationNoticeByClinic(all, all.length)).toBe(isFree);
    // What came after a time changes nothing of it, and the order in which they are kept neither.
    const later = { startVersion: all.length + 1, setBy: 'clinic' as const, setInsideNotice: !isFree };
    expect(setInsideCancellationNoticeByClinic([later, ...all.toReversed()], all.length)).toBe(isFree);
  });

  it('no time of that version is none', () => {
    expect(setInsideCancellationNoticeByClinic([], 1)).toBe(false);
  });
});
