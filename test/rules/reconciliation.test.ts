import fc from 'fast-check';
import { msOf } from '../../rules/instant';
import {
  explain,
  nextLook,
  rivalsOf,
  windowOf,
  type UncertainHandOver,
  type UnexplainedMessage,
} from '../../rules/reconciliation';
import { after, START } from './builders';

/** Minutes after a beginning, for rows and messages that one can see before one. */
const at = (minute: number): string => after(START, minute * 60_000).toISOString();
const row = (rowId: string, from: number, until: number): UncertainHandOver => ({
  rowId,
  from: at(from),
  until: at(until),
});
const message = (providerId: string, minute: number): UnexplainedMessage => ({
  providerId,
  createdAt: at(minute),
});
const told = (rows: UncertainHandOver[], messages: UnexplainedMessage[]): Record<string, string> =>
  Object.fromEntries(
    explain(rows, messages).map(({ rowId, message: { providerId } }) => [rowId, providerId]),
  );

describe('explain', () => {
  it.each<[string, UncertainHandOver[], UnexplainedMessage[], Record<string, string>]>([
    ['one row and its message', [row('a', 0, 2)], [message('s1', 1)], { a: 's1' }],
    ['one row and none', [row('a', 0, 2)], [], {}],
    ['one row and a message before its time', [row('a', 5, 7)], [message('s1', 4)], {}],
    ['one row and a message after its time', [row('a', 5, 7)], [message('s1', 8)], {}],
    ['both ends of its time count', [row('a', 5, 7)], [message('s1', 7)], { a: 's1' }],
    [
      'two rows of the same time (a guardian of two children) and two messages: both were sent',
      [row('a', 0, 2), row('b', 0, 2)],
      [message('s1', 1), message('s2', 1)],
      { a: 's1', b: 's2' },
    ],
    [
      'two rows of the same time and one message: nobody knows which',
      [row('a', 0, 2), row('b', 0, 2)],
      [message('s1', 1)],
      {},
    ],
    [
      'two rows that overlap, and one message that only one of them can have made',
      [row('a', 0, 3), row('b', 2, 5)],
      [message('s1', 1)],
      { a: 's1' },
    ],
    [
      'two rows that overlap, and one message that both can have made',
      [row('a', 0, 3), row('b', 2, 5)],
      [message('s1', 2.5)],
      {},
    ],
    [
      'a chain: the one in the middle must have made what the others cannot',
      [row('a', 0, 3), row('b', 2, 5), row('c', 4, 7)],
      [message('s1', 1), message('s2', 3.5)],
      { a: 's1', b: 's2' },
    ],
    [
      'three rows and two messages that leave open which was not sent',
      [row('a', 0, 3), row('b', 2, 5), row('c', 4, 7)],
      [message('s1', 2.5), message('s2', 4.5)],
      {},
    ],
    [
      'more messages than rows: all rows were sent',
      [row('a', 0, 3), row('b', 2, 5)],
      [message('s1', 1), message('s2', 2), message('s3', 4)],
      { a: 's1', b: 's2' },
    ],
    [
      'the first message goes to the first row, whatever the order they are told in',
      [row('b', 2, 5), row('a', 0, 3)],
      [message('s2', 2.8), message('s1', 2.2)],
      { a: 's1', b: 's2' },
    ],
  ])('R2.7 %s', (_, rows, messages, expected) => {
    expect(told(rows, messages)).toEqual(expected);
  });

  const rowsOf = fc
    .array(fc.record({ from: fc.integer({ min: 0, max: 12 }), length: fc.integer({ min: 0, max: 6 }) }), {
      maxLength: 6,
    })
    .map((all) => all.map(({ from, length }, index) => row(`row-${index}`, from, from + length)));
  const isIn = ({ from, until }: UncertainHandOver, { createdAt }: UnexplainedMessage): boolean =>
    msOf(from) <= msOf(createdAt) && msOf(createdAt) <= msOf(until);

  it('R2.7 never says sent of one that was not, whatever was sent and when', () => {
    fc.assert(
      fc.property(
        rowsOf,
        fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 6, maxLength: 6 }),
        (rows, fates) => {
          const sent = rows.filter((_, index) => fates[index] !== null);
          const messages = rows.flatMap(({ rowId, from, until }, index) => {
            const fate = fates[index] ?? null;
            return fate === null
              ? []
              : [
                  {
                    providerId: `of-${rowId}`,
                    createdAt: new Date(msOf(from) + fate * (msOf(until) - msOf(from))).toISOString(),
                  },
                ];
          });
          const explained = explain(rows, messages);
          for (const { rowId } of explained) expect(sent.map((each) => each.rowId)).toContain(rowId);
          // As many messages as hand-overs: nothing is left open.
          const atLeast = sent.length === rows.length ? rows.length : 0;
          expect(explained.length).toBeGreaterThanOrEqual(atLeast);
          expect(new Set(explained.map((each) => each.message.providerId)).size).toBe(explained.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  /** Every way to explain as many of the messages as can be, as the set of rows that were sent then. */
  function everyExplanation(rows: UncertainHandOver[], messages: UnexplainedMessage[]): string[][] {
    const ways = (left: UncertainHandOver[], [first, ...rest]: UnexplainedMessage[]): string[][] =>
      first === undefined
        ? [[]]
        : [
            ...ways(left, rest),
            ...left
              .filter((each) => isIn(each, first))
              .flatMap((each) =>
                ways(
                  left.filter((other) => other !== each),
                  rest,
                ).map((way) => [each.rowId, ...way]),
              ),
          ];
    const all = ways(rows, messages);
    const most = Math.max(...all.map((way) => way.length));
    return all.filter((way) => way.length === most);
  }

  it('R2.7 settles exactly those that every explanation of the messages needs, each with a message of its time', () => {
    fc.assert(
      fc.property(
        rowsOf,
        fc
          .array(fc.integer({ min: 0, max: 18 }), { maxLength: 5 })
          .map((minutes) => minutes.map((minute, index) => message(`s${index}`, minute))),
        (rows, messages) => {
          const explanations = everyExplanation(rows, messages);
          const needed = rows
            .map(({ rowId }) => rowId)
            .filter((rowId) => explanations.every((way) => way.includes(rowId)));
          const explained = explain(rows, messages);
          expect(explained.map(({ rowId }) => rowId).sort()).toEqual(needed);
          for (const each of explained) {
            expect(
              isIn(
                rows.find(({ rowId }) => rowId === each.rowId)!,
                each.message,
              ),
            ).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('rivalsOf', () => {
  it('R2.7 are those whose times touch, also by way of others', () => {
    const [a, b, c, d] = [row('a', 0, 2), row('b', 2, 4), row('c', 3, 6), row('d', 7, 9)];
    const idsOf = (first: UncertainHandOver) => rivalsOf(first, [a, b, c, d]).map(({ rowId }) => rowId);
    expect(idsOf(a)).toEqual(['a', 'b', 'c']);
    expect(idsOf(d)).toEqual(['d']);
  });

  it('R2.7 the time of a hand-over is from its beginning to its lease’s end, and a minute for clocks that differ', () => {
    expect(windowOf({ at: at(10), until: at(11) })).toEqual({ from: at(9), until: at(12) });
  });
});

describe('nextLook', () => {
  it('R2.7 is after growing pauses, and ends when the history has been read after the last of them', () => {
    const pauses: number[] = [];
    let now = at(0);
    for (let looks = 1; ; looks += 1) {
      const next = nextLook({ looks, wasRead: true, handedOverAt: at(0), now });
      if (next === null) break;
      pauses.push((msOf(next) - msOf(now)) / 1_000);
      now = next;
    }
    expect(pauses).toEqual([30, 120, 600, 3_600, 21_600]);
  });

  it('R2.7 a history that cannot be read is asked for three days long', () => {
    let now = at(0);
    let looks = 1;
    for (;;) {
      const next = nextLook({ looks, wasRead: false, handedOverAt: at(0), now });
      if (next === null) break;
      now = next;
      looks += 1;
    }
    const hours = (msOf(now) - msOf(at(0))) / 3_600_000;
    expect(hours).toBeGreaterThan(66);
    expect(hours).toBeLessThanOrEqual(72);
    expect(looks).toBeLessThan(20);
    // Read at last: that was the last one.
    expect(nextLook({ looks: 8, wasRead: true, handedOverAt: at(0), now })).toBeNull();
  });
});
