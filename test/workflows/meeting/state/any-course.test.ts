import fc from 'fast-check';
import { needsRegistration, outcomes, outcomesByStaff } from '../../../../rules/meeting';
import type { MeetingCourse } from './builders';
import type { MeetingFacts, MeetingSnapshot } from '../../../../workflows/meeting/messages';
import { after, MINUTE, minutesAfter } from '../../../rules/builders';
import {
  BOOKED,
  plan,
  booked,
  cancel,
  rebook,
  stated,
  register,
  entry,
  unclear,
  completed,
  noShow,
  give,
} from './builders';

describe('any course of events', () => {
  const anyFacts: fc.Arbitrary<MeetingFacts> = fc.record({
    startVersion: fc.integer({ min: 1, max: 3 }),
    gates: fc.record({ consentGiven: fc.boolean(), formsMissing: fc.constantFrom([], ['form-1']) }),
    clinicPresent: fc.boolean(),
    patientPresent: fc.boolean(),
    haveMet: fc.boolean(),
    clinicReady: fc.boolean(),
    correctedTo: fc.constantFrom(null, 'completed' as const, 'clinic-absent' as const),
  });
  const anyEvent = fc.record({
    minutes: fc.oneof({ weight: 4, arbitrary: fc.nat(60) }, fc.nat(3 * 24 * 60)),
    event: fc.oneof(
      fc.record({ what: fc.constant('see' as const), facts: anyFacts }),
      fc.record({ what: fc.constant('enter' as const) }),
      fc.record({ what: fc.constant('register' as const) }),
      fc.record({ what: fc.constant('turn' as const) }),
      fc.record({ what: fc.constant('turn' as const) }),
      fc.record({
        what: fc.constant('settle' as const),
        outcome: fc.constantFrom(completed, noShow, unclear),
      }),
      fc.record({ what: fc.constant('state' as const), outcome: fc.constantFrom(...outcomesByStaff) }),
      fc.record({
        what: fc.constant('cancel' as const),
        outcome: fc.constantFrom(
          'cancelled-in-time' as const,
          'cancelled-late' as const,
          'cancelled-by-clinic' as const,
        ),
      }),
      fc.record({ what: fc.constant('rebook' as const), inMinutes: fc.nat(2 * 24 * 60), late: fc.boolean() }),
    ),
  });

  /** One turn of the workflow's loop. */
  function turn(course: MeetingCourse, now: string): void {
    course.passTime(now);
    give(course, now);
    if (course.hasNothingLeft(now)) course.close();
  }

  function carryOut(
    course: MeetingCourse,
    event: typeof anyEvent extends fc.Arbitrary<infer E> ? (E & { event: unknown })['event'] : never,
    now: string,
  ): void {
    const { startVersion } = course;
    switch (event.what) {
      case 'see':
        if (!course.snapshot().closed) course.see(now, event.facts);
        break;
      case 'enter':
        if (!course.refuseEntry(now, entry(startVersion))) course.enter(now, entry(startVersion));
        break;
      case 'register':
        if (!course.snapshot().closed && !course.refuseRegister(register(startVersion))) course.register(now);
        break;
      case 'turn':
        if (!course.snapshot().closed) turn(course, now);
        break;
      case 'settle':
        if (course.mustDecideOutcome(now)) course.settled(now, startVersion, event.outcome);
        break;
      case 'state': {
        const command = stated(event.outcome, startVersion);
        if (!course.refuseOutcome(now, command)) course.stateOutcome(now, command);
        break;
      }
      case 'cancel': {
        const command = cancel(event.outcome, now, startVersion);
        if (!course.refuseCancel(command)) course.cancel(now, command);
        break;
      }
      case 'rebook': {
        const planned = plan(startVersion + 1, minutesAfter(now, event.inMinutes), now);
        const command = rebook(startVersion, now, { planned, by: 'patient', late: event.late });
        if (!course.refuseRebook(now, command)) course.rebook(now, command);
        break;
      }
    }
  }

  it('R2.4 R4.7 R5.1 R5.8 R5.11 has one outcome, one proposal for each time, one word to staff of each kind, and versions that only grow', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 5, maxLength: 40 }), (events) => {
        const course = booked();
        const proposals: string[] = [];
        let now = BOOKED;
        let before = course.snapshot();
        for (const { minutes, event } of events) {
          now = after(now, minutes * MINUTE).toISOString();
          carryOut(course, event, now);
          for (const { startVersion, cause } of course.takeProposals(now)) {
            expect(cause).not.toBe('unclear');
            proposals.push(`${startVersion}`);
          }
          const snapshot = course.snapshot();
          expectSoundStep(before, snapshot);
          before = snapshot;
        }
        expect(new Set(proposals).size).toBe(proposals.length);
        expect(proposals.includes(`${course.startVersion}`)).toBe(
          before.outcome !== null && before.outcome.outcome !== 'unclear',
        );
      }),
      { numRuns: 250 },
    );
  });

  function expectSoundStep(before: MeetingSnapshot, now: MeetingSnapshot): void {
    // Versions only grow, and what is the same version is the same.
    expect(now.version).toBeGreaterThanOrEqual(before.version);
    expect(now.time.startVersion).toBeGreaterThanOrEqual(before.time.startVersion);
    if (now.version === before.version) expect(now).toEqual(before);
    // What has happened stays, in its order.
    expect(now.happenings.slice(0, before.happenings.length)).toEqual(before.happenings);

    // One outcome: it stays, unless it was unclear; ended and having one are the same.
    expect(now.outcome !== null).toBe(now.state === 'ended');
    if (before.outcome && before.outcome.outcome !== 'unclear') expect(now.outcome).toEqual(before.outcome);
    if (now.outcome) expect(outcomes).toContain(now.outcome.outcome);

    // Nothing goes out for an old time or after the end, but the notice of the cancellation.
    const planned = now.notices.filter(({ state }) => state === 'planned');
    for (const { kind, startVersion } of planned) {
      expect(startVersion).toBe(now.time.startVersion);
      expect(now.state === 'ended').toBe(kind === 'cancellation');
    }
    // A notice that was dropped, skipped or done stays so.
    before.notices.forEach(({ kind, startVersion, state }, n) => {
      expect(now.notices[n]).toMatchObject({ kind, startVersion });
      if (state !== 'planned' && state !== 'under-way') expect(now.notices[n]?.state).toBe(state);
    });
    expectSoundWords(now);
    expect(now.waitingFor.filter(({ what }) => what === 'notice')).toHaveLength(
      now.closed ? 0 : planned.length,
    );
    if (now.closed) expect(now.waitingFor).toEqual([]);
    if (before.closed) expect(now).toEqual(before);
  }

  /** What staff are told of the clinic's readiness and of the registration. */
  function expectSoundWords({ happenings, outcome, registration, closed }: MeetingSnapshot): void {
    const times = (word: string, version?: number): number =>
      happenings.filter(
        ({ what, startVersion }) => what === word && startVersion === (version ?? startVersion),
      ).length;
    for (const { startVersion } of happenings) {
      expect(times('clinic-not-ready', startVersion)).toBeLessThanOrEqual(1);
      expect(times('clinic-ready', startVersion)).toBeLessThanOrEqual(1);
    }
    expect(times('visit-registered')).toBe(registration?.state === 'registered' ? 1 : 0);
    expect(times('registration-overdue')).toBeLessThanOrEqual(1);
    if (registration?.state === 'given-up') expect(times('registration-overdue')).toBe(1);
    expect(times('registration-reminder') + times('registration-overdue')).toBe(registration?.reminders ?? 0);
    expect(registration !== null).toBe(outcome !== null && needsRegistration(outcome.outcome));
    if (closed) expect(registration?.state).not.toBe('waiting');
  }
});
