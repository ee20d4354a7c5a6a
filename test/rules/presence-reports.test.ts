import fc from 'fast-check';
import { msOf } from '../../rules/instant';
import { haveMet, type Stay } from '../../rules/presence';
import {
  isInTheFuture,
  staysFrom,
  type OccupantReport,
  type RoomEndReport,
} from '../../rules/presence-reports';
import { after, SECOND, START } from './builders';

/**
 * A7: who was in the room and when follows from the times that were told, not from when and in which order
 * they came.
 */
const at = (second: number): string => after(START, second * SECOND).toISOString();
const roles = { 'a-staff': 'staff', 'a-patient': 'patient' } as const;
type Who = keyof typeof roles;

const report = (who: Who, occupant: string, joined: number | null, left: number | null): OccupantReport => ({
  occupant,
  participantId: who,
  role: roles[who],
  joinedAt: joined === null ? null : at(joined),
  leftAt: left === null ? null : at(left),
});
const closed = (created: number | null, destroyed: number, occupants: string[] | null): RoomEndReport => ({
  createdAt: created === null ? null : at(created),
  destroyedAt: at(destroyed),
  occupants,
});
/** The stays of all, in seconds. */
const told = (reports: OccupantReport[], ends: RoomEndReport[] = []): [string, number, number | null][] =>
  staysFrom(reports, ends).map(({ participantId, joinedAt, leftAt }) => [
    participantId,
    secondOf(joinedAt),
    leftAt === null ? null : secondOf(leftAt),
  ]);
const secondOf = (instant: string): number => (msOf(instant) - msOf(START)) / SECOND;

describe('staysFrom, by hand', () => {
  it('A7 a late report that the room was closed before they came ends nobody’s stay, and the true end counts', () => {
    const joined = [report('a-patient', 'p', 12, null), report('a-staff', 's', 13, null)];
    const late = closed(null, 11, null);
    expect(told(joined, [late])).toEqual([
      ['a-patient', 12, null],
      ['a-staff', 13, null],
    ]);
    expect(told([...joined, report('a-patient', 'p', 12, 600)], [late])[0]).toEqual(['a-patient', 12, 600]);
  });

  it('A7 who left in the second in which the other came has not met them', () => {
    const stays = staysFrom([report('a-staff', 's', 0, 20), report('a-patient', 'p', 20, null)], []);
    expect(haveMet([stays[0]!], [stays[1]!])).toBe(false);
  });

  it.each<[string, OccupantReport[], RoomEndReport[], unknown]>([
    ['a report of coming that was lost is in that of leaving', [report('a-patient', 'p', 3, 9)], [], [3, 9]],
    ['an end alone: they were there, for a moment', [report('a-patient', 'p', null, 9)], [], [9, 9]],
    [
      'the first time counts, of repeated ones',
      [
        report('a-patient', 'p', 5, null),
        report('a-patient', 'p', 3, null),
        report('a-patient', 'p', null, 11),
        report('a-patient', 'p', null, 9),
      ],
      [],
      [3, 9],
    ],
    [
      'an end before the beginning is none',
      [report('a-patient', 'p', 5, null), report('a-patient', 'p', null, 4)],
      [],
      [5, null],
    ],
    [
      'a clock that was set back in between: they have left all the same',
      [report('a-patient', 'p', 5, 4)],
      [],
      [5, 5],
    ],
    ['a room that closed on them', [report('a-patient', 'p', 5, null)], [closed(0, 9, ['p'])], [5, 9]],
    [
      'a room that closed, of which nobody is told',
      [report('a-patient', 'p', 5, null)],
      [closed(null, 9, null)],
      [5, 9],
    ],
    [
      'a room that closed in the second in which they came, and does not name them',
      [report('a-patient', 'p', 9, null)],
      [closed(0, 9, ['q'])],
      [9, null],
    ],
    [
      'a room that was opened after they came',
      [report('a-patient', 'p', 5, null)],
      [closed(7, 9, [])],
      [5, null],
    ],
    ['an own end before the room’s', [report('a-patient', 'p', 5, 7)], [closed(0, 9, ['p'])], [5, 7]],
  ])('%s', (_, reports, ends, stay) => {
    expect(told(reports, ends)).toEqual([['a-patient', ...(stay as number[])]]);
  });

  it('A7 a time in the future is none, but for clocks that differ a little', () => {
    expect(isInTheFuture('2099-01-01T00:00:00.000Z', START)).toBe(true);
    expect(isInTheFuture(at(31), START)).toBe(true);
    expect(isInTheFuture(at(5), START)).toBe(false);
    expect(isInTheFuture(at(-3600), START)).toBe(false);
  });
});

// --- any history, told in any way --------------------------------------------------------------------------

interface Connection {
  who: Who;
  occupant: string;
  from: number;
  until: number;
}
interface History {
  connections: Connection[];
  rooms: { created: number; destroyed: number; occupants: string[] }[];
}

/**
 * What truly happened: some openings of the room one after the other, each with connections within it, the
 * last of which closes it.
 */
const anyHistory: fc.Arbitrary<History> = fc
  .array(
    fc.record({
      pause: fc.integer({ min: 0, max: 3 }),
      stays: fc.array(
        fc.record({
          who: fc.constantFrom<Who>('a-staff', 'a-patient'),
          after: fc.integer({ min: 0, max: 6 }),
          length: fc.integer({ min: 0, max: 8 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((openings) => {
    const history: History = { connections: [], rooms: [] };
    let now = 0;
    openings.forEach(({ pause, stays }, opening) => {
      const created = now + pause;
      const connections = stays.map(({ who, after: late, length }, index) => {
        const from = created + (index === 0 ? 0 : late);
        return { who, occupant: `${opening}-${index}`, from, until: from + length };
      });
      now = Math.max(...connections.map(({ until }) => until));
      history.connections.push(...connections);
      history.rooms.push({ created, destroyed: now, occupants: connections.map(({ occupant }) => occupant) });
    });
    return history;
  });

/** A report on its way: what it says, which of the tellings arrive, and when. */
interface Told {
  reports: OccupantReport[];
  end: RoomEndReport | null;
}
/** All that Jitsi tells of a history, as it would come without any loss. */
const allTold = ({ connections, rooms }: History): Told[] => [
  ...connections.map(({ who, occupant, from }) => ({
    reports: [report(who, occupant, from, null)],
    end: null,
  })),
  ...connections.map(({ who, occupant, from, until }) => ({
    reports: [report(who, occupant, from, until)],
    end: null,
  })),
  ...rooms.map(({ created, destroyed, occupants }) => ({
    reports: connections
      .filter(({ occupant }) => occupants.includes(occupant))
      .map(({ who, occupant, from, until }) => report(who, occupant, from, until)),
    end: closed(created, destroyed, occupants),
  })),
];

/** A history, and how often each telling arrives (0: lost), in which order. */
const anyTelling = anyHistory.chain((history) => {
  const all = allTold(history);
  return fc
    .array(fc.integer({ min: 0, max: 2 }), { minLength: all.length, maxLength: all.length })
    .chain((times) => {
      const arrived = all.flatMap((each, index) => Array.from({ length: times[index]! }, () => each));
      return fc.record({
        history: fc.constant(history),
        arrived: fc.shuffledSubarray(arrived, { minLength: arrived.length, maxLength: arrived.length }),
        again: fc.shuffledSubarray(arrived, { minLength: arrived.length, maxLength: arrived.length }),
      });
    });
});

const rebuilt = (arrived: Told[]): Stay[] =>
  staysFrom(
    arrived.flatMap(({ reports }) => reports),
    arrived.flatMap(({ end }) => end ?? []),
  );
const of = (stays: Stay[], who: Who): Stay[] => stays.filter(({ participantId }) => participantId === who);
const truth = ({ connections }: History): Stay[] =>
  connections.map(({ who, from, until }) => ({
    participantId: who,
    role: roles[who],
    joinedAt: at(from),
    leftAt: at(until),
  }));
const inOrder = (stays: Stay[]): string[] =>
  stays.map(({ participantId, joinedAt, leftAt }) => `${participantId} ${joinedAt} ${leftAt}`).sort();

describe('A7 staysFrom, for any history that is told with losses, delays, repeats and in any order', () => {
  it('does not depend on the order, or on how often a thing was told', () => {
    fc.assert(
      fc.property(anyTelling, ({ arrived, again }) => {
        expect(inOrder(rebuilt(again))).toEqual(inOrder(rebuilt(arrived)));
        expect(inOrder(rebuilt([...arrived, ...again]))).toEqual(inOrder(rebuilt(arrived)));
      }),
      { numRuns: 500 },
    );
  });

  it('never ends a stay before it begins, and takes nobody for there who never was', () => {
    fc.assert(
      fc.property(anyTelling, ({ history, arrived }) => {
        for (const { participantId, joinedAt, leftAt } of rebuilt(arrived)) {
          expect(msOf(leftAt ?? joinedAt)).toBeGreaterThanOrEqual(msOf(joinedAt));
          expect(
            history.connections.some(({ who, from }) => who === participantId && at(from) === joinedAt),
          ).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the truth wherever one report of each end has come, and says that two have met only where they have', () => {
    fc.assert(
      fc.property(anyTelling, ({ history, arrived }) => {
        const ended = new Set(
          arrived.flatMap(({ reports }) =>
            reports.filter(({ leftAt }) => leftAt !== null).map(({ occupant }) => occupant),
          ),
        );
        const told = new Set(arrived.flatMap(({ reports }) => reports.map(({ occupant }) => occupant)));
        const stays = rebuilt(arrived);
        const known = truth({
          ...history,
          connections: history.connections.filter(({ occupant }) => told.has(occupant)),
        });
        fc.pre([...told].every((occupant) => ended.has(occupant)));
        expect(inOrder(stays)).toEqual(inOrder(known));
        const met = haveMet(of(truth(history), 'a-staff'), of(truth(history), 'a-patient'));
        const seemToHaveMet = haveMet(of(stays, 'a-staff'), of(stays, 'a-patient'));
        // Where nothing at all was told of a connection, a meeting can be missed, and never made up.
        const isAllTold = told.size === history.connections.length;
        expect(seemToHaveMet).toBe(isAllTold ? met : met && seemToHaveMet);
      }),
      { numRuns: 500 },
    );
  });
});
