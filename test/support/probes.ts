import type { Connection } from 'mongoose';

/**
 * Everything has answered the probe and always will, so that time can be skipped: there are no gaps but those
 * that a test makes. The answers are one row, as records/gaps.ts keeps them.
 */
export const answersAlways = (connection: Connection): Promise<void> =>
  answeredUntil(connection, '9999-12-31T23:59:59.999Z');

/** Everything has answered the probe until this instant, and nothing has since. */
export async function answeredUntil(connection: Connection, at: string): Promise<void> {
  const known = { since: '2000-01-01T00:00:00.000Z', at };
  await connection
    .collection<{ _id: string }>('probes')
    .updateOne(
      { _id: 'probes' },
      { $set: { answered: { service: known, reports: known, login: known } } },
      { upsert: true },
    );
}
