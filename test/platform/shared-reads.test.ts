import fc from 'fast-check';
import { createSharedReads } from '../../platform/shared-reads';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('decision 14: reads that come while one is under way share the next one', async () => {
  let begun = 0;
  const read = createSharedReads(async () => {
    begun += 1;
    const mine = begun;
    await soon();
    return mine;
  });
  const all = [read('a'), read('a'), read('a'), read('b')];
  expect(begun).toBe(2);
  expect(await Promise.all(all)).toEqual([1, 3, 3, 2]);
  expect(await read('a')).toBe(4);
});

it('decision 14: a read that fails fails for those who share it alone', async () => {
  let begun = 0;
  const read = createSharedReads(async () => {
    begun += 1;
    const mine = begun;
    await soon();
    if (mine % 2 === 1) throw new Error(`read ${mine}`);
    return mine;
  });
  const results = await Promise.allSettled([read('a'), read('a')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  await expect(Promise.all([read('a')])).rejects.toThrow('read 3');
  expect(await read('a')).toBe(4);
});

it('decision 14: whoever reads sees what was written before it asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('write', 'read', 'pause'), { maxLength: 60 }), async (acts) => {
      let stored = 0;
      let underWay = 0;
      const read = createSharedReads(async () => {
        underWay += 1;
        expect(underWay).toBe(1);
        // The database answers with what it had when it was asked, after a while.
        const seen = stored;
        await soon();
        await soon();
        underWay -= 1;
        return seen;
      });
      const reads: { atLeast: number; seen: Promise<number> }[] = [];
      for (const act of acts) {
        if (act === 'write') stored += 1;
        else if (act === 'pause') await soon();
        else reads.push({ atLeast: stored, seen: read('one') });
      }
      for (const { atLeast, seen } of reads) expect(await seen).toBeGreaterThanOrEqual(atLeast);
    }),
  );
});
