import fc from 'fast-check';
import { guardianMayAct } from '../../../rules/calendar/age';
import {
  guardianActsFor,
  isKeptOut,
  staysNotStopped,
  stopOf,
  type GuardianStop,
} from '../../../rules/calendar/guardian';
import { hearsOfMeeting, wayBesides, wayTo } from '../../../rules/calendar/who-hears';
import { participantRoles } from '../../../rules/meeting';
import type { Stay } from '../../../rules/presence';
import { after, anyInstant } from '../builders';

const at = (clock: string): string => `2026-11-23T${clock}:00.000Z`;
const [guardianId, otherId] = ['guardian', 'other-guardian'];

const stop = (since: string, liftedAt: string | null = null, of = guardianId): GuardianStop => ({
  guardianId: of,
  since,
  by: 'staff-1',
  liftedAt,
  liftedBy: liftedAt && 'staff-2',
});
const childWith = (...guardianStops: GuardianStop[]) => ({
  personal: { birthDate: '2017-01-01' },
  guardianStops,
});

/** Stops of either guardian, each lifted after some time or not at all. */
const anyStops = fc.array(
  fc.record({
    of: fc.constantFrom(guardianId, otherId),
    since: anyInstant,
    heldMs: fc.option(fc.integer({ min: 1, max: 40 * 365 * 86_400_000 })),
  }),
  { maxLength: 4 },
);
const anyBirthDate = fc
  .integer({ min: Date.parse('1990-01-01'), max: Date.parse('2030-12-31') })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));

describe('whether a guardian may act', () => {
  it('R7.1 R7.2 R7.3 is age and no stop, for every birth date, stop and instant', () => {
    fc.assert(
      fc.property(anyBirthDate, anyStops, anyInstant, (birthDate, stops, now) => {
        const guardianStops = stops.map(({ of, since, heldMs }) =>
          stop(since.toISOString(), heldMs === null ? null : after(since, heldMs).toISOString(), of),
        );
        const child = { personal: { birthDate }, guardianStops };
        for (const id of [guardianId, otherId]) {
          const isStopped = stops.some(
            ({ of, since, heldMs }) =>
              of === id && now >= since && (heldMs === null || now < after(since, heldMs)),
          );
          expect(stopOf(child, id, now) !== null).toBe(isStopped);
          expect(guardianActsFor(child, id, now)).toBe(guardianMayAct(birthDate, now) && !isStopped);
          // Doors and notices are one: who is kept out hears nothing.
          expect(hearsOfMeeting({ role: 'guardian', personId: id }, child, now)).toBe(
            !isKeptOut(child, { role: 'guardian', personId: id }, now),
          );
        }
      }),
    );
  });

  it('R7.3 a stop holds from its instant to the one at which it is lifted', () => {
    const child = childWith(stop(at('10:00'), at('11:00')), stop(at('12:00')));
    const acts = (clock: string, ms = 0) => guardianActsFor(child, guardianId, after(at(clock), ms));
    expect([acts('10:00', -1), acts('10:00'), acts('11:00', -1), acts('11:00')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect([
      acts('12:00', -1),
      acts('12:00'),
      guardianActsFor(child, guardianId, new Date('2028-01-01')),
    ]).toEqual([true, false, false]);
    expect(guardianActsFor(child, otherId, new Date(at('10:30')))).toBe(true);
  });

  it('R7.3 whoever is stopped is kept out as whatever they were booked; nobody from what is their own', () => {
    const child = childWith(stop(at('10:00')));
    const now = new Date(at('10:30'));
    const out = (personId: string | null) =>
      participantRoles.filter((role) => isKeptOut(child, { role, personId }, now));
    expect(out(guardianId)).toEqual(['guardian', 'relative', 'interpreter', 'guest']);
    expect(out(otherId)).toEqual([]);
    expect(out(null)).toEqual([]);
  });
});

describe('R5.6 R7.3 the presence of whoever is stopped', () => {
  const participants = [
    { participantId: 'p-guardian', personId: guardianId },
    { participantId: 'p-other', personId: otherId },
    { participantId: 'p-child', personId: 'child' },
    { participantId: 'p-staff', personId: null },
  ];
  const stay = (role: Stay['role'], from: string, until: string | null): Stay => ({
    participantId: `p-${role === 'patient' ? 'child' : role}`,
    role,
    joinedAt: at(from),
    leftAt: until && at(until),
  });
  const counting = (stays: Stay[], ...stops: GuardianStop[]) =>
    staysNotStopped(stays, participants, childWith(...stops)).map(({ joinedAt, leftAt }) => [
      joinedAt.slice(11, 16),
      leftAt?.slice(11, 16) ?? null,
    ]);

  it.each([
    ['stays on after the stop', '10:00', null, [stop(at('10:10'))], [['10:00', '10:10']]],
    ['had left before it', '10:00', '10:05', [stop(at('10:10'))], [['10:00', '10:05']]],
    ['leaves after it', '10:00', '10:20', [stop(at('10:10'))], [['10:00', '10:10']]],
    ['comes after it', '10:10', null, [stop(at('10:10'))], []],
    ['comes after it was lifted', '10:20', null, [stop(at('10:10'), at('10:20'))], [['10:20', null]]],
    [
      'stays through it',
      '10:00',
      null,
      [stop(at('10:10'), at('10:20'))],
      [
        ['10:00', '10:10'],
        ['10:20', null],
      ],
    ],
    [
      'stays through two',
      '10:00',
      '11:00',
      [stop(at('10:10'), at('10:20')), stop(at('10:30'), at('10:40'))],
      [
        ['10:00', '10:10'],
        ['10:20', '10:30'],
        ['10:40', '11:00'],
      ],
    ],
    ['is another guardian', '10:00', null, [stop(at('10:10'), null, otherId)], [['10:00', null]]],
  ] as const)('one who %s', (_, from, until, stops, left) => {
    expect(counting([stay('guardian', from, until)], ...stops)).toEqual(left);
  });

  it('is nobody else’s: the child and staff stay as they are', () => {
    const stays = [stay('patient', '10:00', null), stay('staff', '10:01', '10:30')];
    expect(counting(stays, stop(at('10:10')))).toEqual([
      ['10:00', null],
      ['10:01', '10:30'],
    ]);
  });
});

describe('R7.3 R7.10 a way that a stopped guardian has too', () => {
  const recordedAt = '2026-01-01T00:00:00.000Z';
  const mobile = { number: '+46701740605', recordedAt };
  const email = { address: 'Hem@example.org', recordedAt };
  const child = {
    birthDate: '2017-01-01',
    protectedIdentity: false,
    mobile,
    email,
    smsConsent: { given: true, source: 'asked', recordedBy: 'staff-1', recordedAt },
    noticesBy: 'sms',
  } as const;
  const clinic = { foreignNumbers: false };
  const now = new Date(at('10:00'));
  const besides = (person: Parameters<typeof wayTo>[0], ...stopped: Parameters<typeof wayBesides>[1]) =>
    wayBesides(person, stopped, clinic, now);

  it('is not used: the other way is, or staff are told why there is none', () => {
    expect(besides(child)).toEqual(wayTo(child, clinic, now));
    expect(besides(child, { mobile: null, email: null })).toMatchObject({ channel: 'sms' });
    expect(besides(child, { mobile, email: null })).toEqual({
      channel: 'email',
      to: 'Hem@example.org',
      obstacle: null,
    });
    const both = { mobile, email: { ...email, address: 'hem@EXAMPLE.org' } };
    expect(besides(child, both)).toEqual({ channel: null, obstacle: 'guardians-number' });
    expect(besides({ ...child, noticesBy: 'email' }, { mobile: null, email })).toMatchObject({
      channel: 'sms',
    });
  });
});
