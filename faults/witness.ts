import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import { savedOf, type CourseRecord, type LedgerRecord, type WorkflowRecord } from './checker/evidence';

/**
 * Reads what a run has left behind, past the service's own code: rows as they lie in the database, and
 * workflows by their queries.
 */
export interface Witness {
  ledger(): Promise<LedgerRecord[]>;
  workflows(meetingIds: string[]): Promise<WorkflowRecord[]>;
  /** Whether nothing is under way any more, as far as the database tells. */
  isAtRest(): Promise<boolean>;
}

const AT_ONCE = 8;
/** A read model is saved a moment after the workflow has changed. */
const TRIES = 10;
const AGAIN_AFTER_MS = 1_000;

export function createWitness(connection: Connection, client: Client): Witness {
  const courses = async (): Promise<Map<string, CourseRecord>> => {
    const rows = await connection
      .collection('meetings')
      .find({}, { projection: { course: 1 } })
      .toArray();
    return new Map(rows.map(({ _id, course }) => [String(_id), course as CourseRecord]));
  };
  const ledger = async (): Promise<LedgerRecord[]> =>
    (await connection.collection('ledger').find().toArray()).map((row) => row as unknown as LedgerRecord);

  async function ask(meetingId: string): Promise<Omit<WorkflowRecord, 'meetingId' | 'read'>> {
    try {
      const handle = client.workflow.getHandle(`meeting-${meetingId}`);
      const { status, raw } = await handle.describe();
      return {
        status: status.name,
        pendingActivities: raw.pendingActivities?.length ?? 0,
        asked: await handle.query<CourseRecord>('status'),
      };
    } catch (error) {
      return { status: nameOf(error), pendingActivities: 0, asked: null };
    }
  }

  return {
    ledger,
    async workflows(meetingIds) {
      const found = new Map<string, WorkflowRecord>();
      let left = meetingIds;
      for (let tried = 0; tried < TRIES && left.length > 0; tried += 1) {
        if (tried > 0) await pause(AGAIN_AFTER_MS);
        for (let done = 0; done < left.length; done += AT_ONCE) {
          const some = left.slice(done, done + AT_ONCE);
          const asked = await Promise.all(some.map(ask));
          some.forEach((meetingId, index) => {
            found.set(meetingId, { meetingId, read: null, ...asked[index]! });
          });
        }
        const read = await courses();
        for (const meetingId of left) found.get(meetingId)!.read = read.get(meetingId) ?? null;
        left = left.filter((meetingId) => {
          const { asked, read: course } = found.get(meetingId)!;
          return asked === null || !isDeepStrictEqual(savedOf(asked), savedOf(course));
        });
      }
      return [...found.values()];
    },
    async isAtRest() {
      const rows = await ledger();
      if (rows.some(({ state }) => state === 'planned' || state === 'handing-over')) return false;
      const read = [...(await courses())];
      if (read.some(([, { state }]) => state !== 'ended')) return false;
      // How far notices are is saved with what comes next: where the record has one open the workflow is asked.
      for (const [meetingId] of read.filter(([, course]) => hasOpenNotice(course))) {
        const { asked, pendingActivities } = await ask(meetingId);
        if (asked === null || hasOpenNotice(asked) || pendingActivities > 0) return false;
      }
      return true;
    },
  };
}

const hasOpenNotice = ({ notices }: CourseRecord): boolean =>
  notices.some(({ state }) => state === 'planned' || state === 'under-way');

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'error');
