/** So many rows go out in one write at most. */
const MOST_TOGETHER = 500;

/** What came of one write. */
export interface Written<Result> {
  /** The error of each row that failed, by its place. */
  failures: ReadonlyMap<number, unknown>;
  /** What is known of all the others. */
  result: Result;
}

/** A row that waits for its write, and whoever waits for the row. */
interface Waiting<Row, Result> {
  row: Row;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes rows that have nothing to do with each other: those that come while a write is under way go out
 * together in the next one (design, decision 14). Each caller waits for its own row to be durable and gets
 * its own result. A row that comes alone waits for nobody.
 *
 * @param writeAll writes them in any order; throws where none of them is known to be written
 */
export function createWrittenTogether<Row, Result = void>(
  writeAll: (rows: Row[]) => Promise<Written<Result>>,
  mostTogether = MOST_TOGETHER,
): (row: Row) => Promise<Result> {
  const waiting: Waiting<Row, Result>[] = [];
  let isWriting = false;

  async function writeWaiting(): Promise<void> {
    isWriting = true;
    // What comes in the same breath goes with it.
    await Promise.resolve();
    while (waiting.length > 0) {
      const together = waiting.splice(0, mostTogether);
      try {
        const { failures, result } = await writeAll(together.map(({ row }) => row));
        for (const [place, { resolve, reject }] of together.entries()) {
          if (failures.has(place)) reject(failures.get(place));
          else resolve(result);
        }
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    isWriting = false;
  }

  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!isWriting) void writeWaiting();
    });
}
