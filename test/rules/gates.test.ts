import { doorRefusal, entryRefusals, gatesOpen, isCancelled, refusalsAtTheDoor } from '../../rules/gates';
import { meetingStates, outcomes, participantRoles } from '../../rules/meeting';
import { after, booleans, combinations, minutesAfter, START, timeAt } from './builders';

const time = timeAt();
const open = { state: 'door-open', outcome: null, time } as const;

describe('doorRefusal', () => {
  it('R3.3 the door opens 15 minutes before the start, not a millisecond before', () => {
    expect(doorRefusal(after(time.doorOpensAt, -1).toISOString(), { ...open, state: 'ready' })).toBe(
      'too-early',
    );
    expect(doorRefusal(time.doorOpensAt, { ...open, state: 'ready' })).toBeNull();
  });

  it('R3.3 the door closes when the meeting is over', () => {
    expect(doorRefusal(after(time.doorClosesAt, -1).toISOString(), open)).toBeNull();
    expect(doorRefusal(time.doorClosesAt, open)).toBe('ended');
    expect(doorRefusal(START, { ...open, state: 'ended', outcome: 'completed' })).toBe('ended');
  });

  it('R3.4 a cancelled meeting is cancelled, not ended and not too early', () => {
    for (const now of [minutesAfter(START, -60), START, minutesAfter(START, 600)]) {
      for (const outcome of outcomes) {
        const refusal = doorRefusal(now, { ...open, state: 'ended', outcome });
        const other = outcome === 'back-up-routine' ? outcome : 'ended';
        expect(refusal).toBe(outcome.startsWith('cancelled-') ? 'cancelled' : other);
        expect(isCancelled(outcome)).toBe(outcome.startsWith('cancelled-'));
      }
    }
    expect(isCancelled(null)).toBe(false);
  });
});

describe('refusalsAtTheDoor', () => {
  const whole = combinations({
    now: [
      after(time.doorOpensAt, -1).toISOString(),
      time.doorOpensAt,
      START,
      after(time.doorClosesAt, -1).toISOString(),
      time.doorClosesAt,
    ],
    door: meetingStates.flatMap((state) =>
      (state === 'ended' ? outcomes : [null]).map((outcome) => ({ state, outcome, time })),
    ),
    role: participantRoles,
    identityAttested: booleans,
    entitled: booleans,
    gates: combinations({ consentGiven: booleans, formsMissing: [[], ['form-1'], ['form-1', 'form-2']] }),
    clinicReady: booleans,
  });

  it('R3.1 R3.2 R3.3 R4.7 nobody comes in but those who may, and others than staff only through both gates to a clinic that is ready', () => {
    for (const input of whole) {
      const { now, door, role, gates } = input;
      const inside = now >= time.doorOpensAt && now < time.doorClosesAt && door.state !== 'ended';
      const welcome =
        input.identityAttested &&
        input.entitled &&
        inside &&
        (role === 'staff' || (gates.consentGiven && gates.formsMissing.length === 0 && input.clinicReady));
      expect(refusalsAtTheDoor(input).length === 0).toBe(welcome);
    }
  });

  it('R3.4 tells every reason at once, each once and only true ones', () => {
    for (const input of whole) {
      const refusals = refusalsAtTheDoor(input);
      expect(new Set(refusals).size).toBe(refusals.length);
      expect(entryRefusals).toEqual(expect.arrayContaining(refusals));

      const { door, gates, role, now } = input;
      const known = input.identityAttested && input.entitled;
      const cancelled = isCancelled(door.outcome);
      const backUp = door.outcome === 'back-up-routine';
      const ended = !cancelled && !backUp && (door.state === 'ended' || now >= time.doorClosesAt);
      const beforehand = known && !cancelled && !backUp && !ended;
      const expected = {
        'login-required': !input.identityAttested,
        'not-entitled': input.identityAttested && !input.entitled,
        cancelled: known && cancelled,
        ended: known && ended,
        'back-up-routine': known && backUp,
        'too-early': beforehand && now < time.doorOpensAt,
        'consent-missing': beforehand && role !== 'staff' && !gates.consentGiven,
        'form-missing': beforehand && role !== 'staff' && gates.formsMissing.length > 0,
        // Only while the door could be open: before that it is nothing to wait for.
        'clinic-not-ready': beforehand && role !== 'staff' && now >= time.doorOpensAt && !input.clinicReady,
      };
      const reasons = Object.entries(expected).flatMap(([reason, is]) => (is ? [reason] : []));
      expect([...refusals].sort()).toEqual(reasons.sort());
    }
  });

  it('R3.4 tells one who is too early also of the missing form and consent', () => {
    const refusals = refusalsAtTheDoor({
      now: minutesAfter(START, -60),
      door: { ...open, state: 'booked' },
      role: 'patient',
      identityAttested: true,
      entitled: true,
      gates: { consentGiven: false, formsMissing: ['form-1'] },
      clinicReady: false,
    });
    expect(refusals).toEqual(['too-early', 'consent-missing', 'form-missing']);
  });

  it('R4.7 a clinic that is not ready is told of from the moment that the door opens, and not to staff', () => {
    const patient = {
      door: { ...open, state: 'ready' },
      role: 'patient',
      identityAttested: true,
      entitled: true,
      gates: { consentGiven: true, formsMissing: [] as string[] },
      clinicReady: false,
    } as const;
    const before = after(time.doorOpensAt, -1).toISOString();
    expect(refusalsAtTheDoor({ ...patient, now: before })).toEqual(['too-early']);
    expect(refusalsAtTheDoor({ ...patient, now: time.doorOpensAt })).toEqual(['clinic-not-ready']);
    expect(refusalsAtTheDoor({ ...patient, now: time.doorOpensAt, clinicReady: true })).toEqual([]);
    expect(refusalsAtTheDoor({ ...patient, now: time.doorOpensAt, role: 'staff' })).toEqual([]);
    expect(refusalsAtTheDoor({ ...patient, now: time.doorClosesAt })).toEqual(['ended']);
  });

  it('R3.4 tells nothing of the meeting to one who is not logged in or not entitled', () => {
    for (const input of whole.filter((each) => !each.identityAttested || !each.entitled)) {
      expect(refusalsAtTheDoor(input)).toEqual([input.identityAttested ? 'not-entitled' : 'login-required']);
    }
  });

  it('R3.1 R3.2 both gates have to be open', () => {
    expect(gatesOpen({ consentGiven: true, formsMissing: [] })).toBe(true);
    expect(gatesOpen({ consentGiven: false, formsMissing: [] })).toBe(false);
    expect(gatesOpen({ consentGiven: true, formsMissing: ['form-1'] })).toBe(false);
  });
});
