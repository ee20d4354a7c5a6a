import fc from 'fast-check';
import { createWrittenTogether, type Written } from '../../platform/written-together';

/** A row of the tests: what its key collides with fails alone, and some fail by themselves. */
interface Row {
  key: number;
  isBad: boolean;
}

const DUPLICATE = new Error('duplicate');
const BAD = new Error('bad');
const AWAY = new Error('away');

/** A database that takes rows after a while, each key once; now and then it is away. */
function tableOf(fails: boolean[]) {
  const kept = new Map<number, Row>();
  const writes: Row[][] = [];
  let underWay = 0;
  return {
    kept,
    writes,
    async writeAll(rows: Row[]): Promise<Written<void>> {
      underWay += 1;
      expect(underWay).toBe(1);
      const number = writes.push(rows) - 1;
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      if (fails[number]) throw AWAY;
      const failures = new Map<number, unknown>();
      for (const [place, row] of rows.entries()) {
        if (row.isBad) failures.set(place, BAD);
        else if (kept.has(row.key)) failures.set(place, DUPLICATE);
        else kept.set(row.key, row);
      }
      return { failures, result: undefined };
    },
  };
}

it('decision 14: a row that comes alone is written at once; what comes meanwhile goes out in the next write', async () => {
  const table = tableOf([]);
  const write = createWrittenTogether(table.writeAll);
  const row = (key: number): Row => ({ key, isBad: false });
  const first = write(row(1));
  await Promise.resolve();
  expect(table.writes).toEqual([[row(1)]]);
  await Promise.all([first, write(row(2)), write(row(3))]);
  await write(row(4));
  expect(table.writes.map((rows) => rows.map(({ key }) => key))).toEqual([[1], [2, 3], [4]]);
});

it('decision 14: each caller gets its own result, with failures and duplicates among them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ key: fc.nat(12), isBad: fc.boolean(), ticks: fc.nat(4) }), { maxLength: 40 }),
      fc.array(fc.boolean(), { maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      async (given, fails, most) => {
        const table = tableOf(fails);
        const write = createWrittenTogether(table.writeAll, most);
        const rows = given.map(({ key, isBad }): Row => ({ key, isBad }));
        const results = await Promise.all(
          rows.map(async (row, index) => {
            for (let tick = 0; tick < given[index]!.ticks; tick += 1)
              await new Promise((resolve) => setImmediate(resolve));
            return write(row).then(
              () => 'written' as const,
              (error: unknown) => error,
            );
          }),
        );
        // Each went out exactly once, in its order, and never more of them at once.
        expect(table.writes.flat()).toHaveLength(rows.length);
        expect(new Set(table.writes.flat())).toEqual(new Set(rows));
        expect(table.writes.every(({ length }) => length > 0 && length <= most)).toBe(true);
        for (const [index, result] of results.entries()) {
          const row = rows[index]!;
          const inWrite = table.writes.findIndex((each) => each.includes(row));
          const isKept = table.kept.get(row.key) === row;
          const expected = row.isBad ? BAD : isKept ? 'written' : DUPLICATE;
          expect(result).toBe(fails[inWrite] ? AWAY : expected);
        }
      },
    ),
  );
});
