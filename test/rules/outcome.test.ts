import type { Gap, GapKind } from '../../rules/gaps';
import { settleOutcome, type Evidence } from '../../rules/outcome';
import { booleans, combinations, minutesAfter, START, stay, timeAt } from './builders';

const time = timeAt();

/**
 * Who of the clinic was there, in minutes after the start; `waited`: from the start until the grace time
 * ends.
 */
const clinics = {
  never: { stays: [], waited: false },
  throughout: { stays: [stay('staff', -5, 30)], waited: true },
  'still there': { stays: [stay('staff', -5, null)], waited: true },
  'until the grace time ends': { stays: [stay('staff', 0, 15)], waited: true },
  reconnecting: { stays: [stay('staff', -5, 5), stay('staff', 6, 30)], waited: true },
  'two taking turns': { stays: [stay('staff', 7, 30), stay('staff', -5, 8)], waited: true },
  late: { stays: [stay('staff', 1.1, 30)], waited: false },
  'a minute late': { stays: [stay('staff', 1, 30)], waited: true },
  'gone too soon': { stays: [stay('staff', -5, 13.9)], waited: false },
  'away for a while': { stays: [stay('staff', -5, 4), stay('staff', 6, 30)], waited: false },
  'gone before the start': { stays: [stay('staff', -10, -5)], waited: false },
  'after the grace time only': { stays: [stay('staff', 16, 30)], waited: false },
};
/** Who else was there. */
const others = {
  nobody: [],
  'the patient in time': [stay('patient', 0, 30)],
  'the patient after the grace time': [stay('patient', 20, 30)],
  'the patient for a second': [stay('patient', 2, 2 + 1 / 60)],
  'the patient too early': [stay('patient', -14, -11)],
  'the guardian': [stay('guardian', 0, 30)],
  'the guardian after the grace time': [stay('guardian', 20, 30)],
  'the interpreter, a relative and a guest': [
    stay('interpreter', -5, 30),
    stay('relative', 0, 30),
    stay('guest', 0, null),
  ],
};

const whole = combinations({
  clinic: Object.values(clinics),
  other: Object.values(others),
  guardianActs: booleans,
  gates: [
    { consentGiven: true, formsMissing: [] },
    { consentGiven: false, formsMissing: [] },
    { consentGiven: true, formsMissing: ['form-1'] },
    { consentGiven: false, formsMissing: ['form-1'] },
  ],
  tries: [0, 5],
  letInButNotSeen: combinations({ clinic: booleans, patient: booleans }),
  noticeReached: booleans,
  remindersLost: booleans,
  interpreter: ['not-needed', 'came', 'never-came'] as const,
}).map(({ clinic, other, ...rest }) => {
  const evidence: Evidence = { ...rest, stays: [...other, ...clinic.stays], gaps: [] };
  return { evidence, waited: clinic.waited, settled: settleOutcome(time, evidence) };
});

/** A patient who was reached and never came, and a clinic that waited: nothing is in doubt. */
const certain: Evidence = {
  stays: clinics.throughout.stays,
  guardianActs: false,
  gates: { consentGiven: true, formsMissing: [] },
  tries: 0,
  letInButNotSeen: { clinic: false, patient: false },
  noticeReached: true,
  gaps: [],
  remindersLost: false,
  interpreter: 'not-needed',
};

const patientCame = ({ stays, guardianActs }: Evidence): boolean =>
  stays.some(({ role }) => role === 'patient' || (role === 'guardian' && guardianActs));
const clinicCame = ({ stays }: Evidence): boolean => stays.some(({ role }) => role === 'staff');
const lost = ({ letInButNotSeen: { clinic, patient } }: Evidence): boolean => clinic || patient;
/**
 * Holds for every case; the message shows the first for which it does not. One `expect` for all: there are
 * tens of thousands.
 */
const expectOfAll = (holds: (each: (typeof whole)[number]) => boolean): void =>
  expect(whole.find((each) => !holds(each))).toBeUndefined();

const interpreterMissing = ({ interpreter }: Evidence): boolean => interpreter === 'never-came';
const gatesOpen = ({ gates }: Evidence): boolean => gates.consentGiven && gates.formsMissing.length === 0;

describe('settleOutcome', () => {
  it('R5.6 says no-show only where the clinic waited, the patient never came and nothing tells of a try', () => {
    expect(whole.some(({ settled }) => settled.outcome === 'no-show')).toBe(true);
    expectOfAll(({ evidence, waited, settled }) => {
      const proven =
        waited &&
        !patientCame(evidence) &&
        gatesOpen(evidence) &&
        !interpreterMissing(evidence) &&
        evidence.tries === 0 &&
        !lost(evidence) &&
        evidence.noticeReached &&
        !evidence.remindersLost;
      return (settled.outcome === 'no-show') === proven;
    });
  });

  it('R5.6 leaves it to staff where the patient may have tried or the clinic was not there through', () => {
    expectOfAll(({ evidence, waited, settled }) => {
      if (patientCame(evidence) || !clinicCame(evidence)) return true;
      if (!gatesOpen(evidence) || interpreterMissing(evidence)) return true;
      const doubtful =
        !waited || evidence.tries > 0 || lost(evidence) || !evidence.noticeReached || evidence.remindersLost;
      return (settled.outcome === 'unclear') === doubtful;
    });
  });

  it.each([
    ['a try to come in', { tries: 1 }, 'patient-tried-to-come-in'],
    [
      'a patient who was let in and never seen',
      { letInButNotSeen: { clinic: false, patient: true } },
      'patient-was-let-in-but-not-seen',
    ],
    [
      'a report of the clinic that was lost',
      { letInButNotSeen: { clinic: true, patient: false } },
      'clinic-was-let-in-but-not-seen',
    ],
    ['no notice that arrived', { noticeReached: false }, 'no-notice-reached-the-patient'],
    ['A3 no reminder that arrived', { remindersLost: true }, 'no-reminder-reached-the-patient'],
    ['a clinic that came late', { stays: clinics.late.stays }, 'clinic-not-there-through-the-grace-time'],
  ])('R5.6 one doubt is enough, and is told: %s', (_, doubt, reason) => {
    expect(settleOutcome(time, certain).outcome).toBe('no-show');
    expect(settleOutcome(time, { ...certain, ...doubt })).toEqual({ outcome: 'unclear', because: [reason] });
  });

  it('R5.6 later arrival, while the clinic is there, is attendance', () => {
    const { settled } = whole.find(
      ({ evidence }) =>
        evidence.stays[0] === others['the patient after the grace time'][0] &&
        evidence.stays[1] === clinics.throughout.stays[0],
    )!;
    expect(settled).toEqual({ outcome: 'completed', because: ['clinic-and-patient-met'] });
  });

  it('R5.1 says completed exactly where clinic and patient were in the room at the same time, with the interpreter that they need', () => {
    const at = (instant: string | null): number => (instant === null ? Infinity : Date.parse(instant));
    expectOfAll(({ evidence, settled }) => {
      const met = evidence.stays.some(
        (one) =>
          (one.role === 'patient' || (one.role === 'guardian' && evidence.guardianActs)) &&
          evidence.stays.some(
            (two) =>
              two.role === 'staff' && at(one.joinedAt) < at(two.leftAt) && at(two.joinedAt) < at(one.leftAt),
          ),
      );
      return (settled.outcome === 'completed') === (met && !interpreterMissing(evidence));
    });
  });

  it('R5.5 R5.6 a patient who came is never a no-show, and finds an absent clinic absent', () => {
    expectOfAll(({ evidence, settled: { outcome } }) => {
      if (!patientCame(evidence)) return true;
      return !clinicCame(evidence) && !evidence.letInButNotSeen.clinic
        ? outcome === 'clinic-absent'
        : outcome === 'completed' || outcome === 'unclear';
    });
  });

  it('R5.1 R5.5 R5.6 with a form, consent or interpreter missing it could not start, and says what was missing', () => {
    expectOfAll(({ evidence, settled: { outcome, because } }) => {
      if (patientCame(evidence)) return true;
      const { consentGiven, formsMissing } = evidence.gates;
      return (
        (outcome === 'could-not-start') === (!gatesOpen(evidence) || interpreterMissing(evidence)) &&
        because.includes('interpreter-missing') === (gatesOpen(evidence) && interpreterMissing(evidence)) &&
        because.includes('consent-missing') === !consentGiven &&
        because.includes('form-missing') === formsMissing.length > 0
      );
    });
  });

  it('R5.6 up to 12 the guardian comes for the child, from 13 not', () => {
    const evidence = (guardianActs: boolean): Evidence => ({
      ...certain,
      stays: [...clinics.throughout.stays, ...others['the guardian']],
      guardianActs,
    });
    expect(settleOutcome(time, evidence(true)).outcome).toBe('completed');
    expect(settleOutcome(time, evidence(false)).outcome).toBe('no-show');
  });

  it('R5.1 the evidence alone never says that somebody cancelled or chose the back-up routine, and always says why', () => {
    const byEvidence = ['completed', 'no-show', 'clinic-absent', 'could-not-start', 'unclear'];
    expectOfAll(({ settled }) => byEvidence.includes(settled.outcome) && settled.because.length > 0);
  });

  it('R5.6 where everybody was let in and no report of the room came, nobody is said to have been absent', () => {
    const reportsLost: Evidence = {
      ...certain,
      stays: [],
      letInButNotSeen: { clinic: true, patient: true },
    };
    expect(settleOutcome(time, reportsLost).outcome).toBe('unclear');
  });

  it('R5.1 R5.6 where they met and the interpreter never came, nobody but staff knows what it was', () => {
    const met: Evidence = {
      ...certain,
      stays: [...clinics.throughout.stays, ...others['the patient in time']],
      interpreter: 'never-came',
    };
    expect(settleOutcome(time, met)).toEqual({
      outcome: 'unclear',
      because: ['clinic-and-patient-met', 'interpreter-never-came'],
    });
    expect(settleOutcome(time, { ...met, interpreter: 'came' }).outcome).toBe('completed');
  });

  describe('A1 where something was away, so that nobody could have been seen', () => {
    const gap = (kind: GapKind, from: number, until: number): Gap => ({
      kind,
      from: minutesAfter(START, from),
      until: minutesAfter(START, until),
    });
    const away = gap('service-away', -3, 22);

    it.each<GapKind>(['service-away', 'reports-away', 'login-away'])(
      'R5.6 %s from before the start until after the grace time is never a no-show, and says so',
      (kind) => {
        expect(settleOutcome(time, certain).outcome).toBe('no-show');
        expect(settleOutcome(time, { ...certain, gaps: [gap(kind, -3, 22)] })).toEqual({
          outcome: 'unclear',
          because: [kind],
        });
      },
    );

    it.each([
      ['a minute', gap('service-away', 5, 6), 'unclear'],
      ['a restart of seconds', gap('service-away', 5, 5.99), 'no-show'],
      ['before the door opened', gap('service-away', -60, -15), 'no-show'],
      ['until a minute after the door opened', gap('service-away', -60, -14), 'unclear'],
      ['from the end of the grace time on', gap('login-away', 15, 30), 'no-show'],
      ['the last minute of the grace time', gap('login-away', 14, 30), 'unclear'],
    ])(
      'R5.6 a gap is a minute or more between the door’s opening and the end of the grace time: %s',
      (_, each, outcome) => {
        expect(settleOutcome(time, { ...certain, gaps: [each] }).outcome).toBe(outcome);
      },
    );

    it.each<GapKind>(['reports-refused', 'reports-silent', 'limit-answered', 'error-answered'])(
      'R5.6 %s at this very meeting counts, however short',
      (kind) => {
        const outcome = settleOutcome(time, { ...certain, gaps: [gap(kind, 3, 3), gap(kind, 4, 4)] });
        expect(outcome).toEqual({ outcome: 'unclear', because: [kind] });
      },
    );

    it('nobody is said to have been absent from the room: not the patient, the clinic or the interpreter', () => {
      const judged = whole.map(({ evidence }) => ({
        evidence,
        over: settleOutcome(time, { ...evidence, gaps: [away] }),
        without: settleOutcome(time, evidence),
      }));
      expect(
        judged.find(({ evidence, over, without }) => {
          if (without.outcome === 'completed') return over.outcome !== 'completed';
          // Forms and consent are records of ours, and what is missing of them costs nobody anything.
          if (without.outcome === 'could-not-start' && !gatesOpen(evidence))
            return over.outcome !== 'could-not-start';
          return over.outcome !== 'unclear' || over.because.length === 0;
        }),
      ).toBeUndefined();
    });
  });

  it('R5.5 with a needed interpreter missing it is never a no-show and never completed', () => {
    expectOfAll(
      ({ evidence, settled: { outcome } }) =>
        !interpreterMissing(evidence) || (outcome !== 'no-show' && outcome !== 'completed'),
    );
  });
});
