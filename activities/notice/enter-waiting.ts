import { rowIdOf } from '../../rules/ledger';
import { awaitedNotices, earliest } from '../../records/notice-by';
import type { Meeting } from '../../records/meetings';

import { mayEverHear } from '../../rules/calendar/who-hears';
import { overdueAt } from '../../rules/late';
import { toInstant } from '../../rules/instant';
import { mayHaveGone } from '../../rules/restore';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { ActivityDeps } from '../deps';
import { warnOfCap } from './sms-caps';
import { createNoticeSubjects } from './subjects';
import { createTaking, type AskedNotice } from './take';

/** A meeting whose look ended in an error of ours is looked at again after this. */
const AFTER_ERROR_MS = 60_000;

/**
 * Enters what should stand in the ledger by now and does not: it waits in the queue of SMS, and nobody would
 * hear that it is overdue or late (R2.10). The row waits there like any other; whoever takes the notice of
 * the queue finds it, and goes on with it.
 *
 * It may be done twice or by two at once: a row is entered once.
 *
 * @returns what does so for the meeting that has waited longest; it answers false where there is none
 */
export function createEnterWaiting(
  deps: Pick<ActivityDeps, 'records' | 'clock' | 'smsPerDay' | 'log'>,
): () => Promise<boolean> {
  const { records, clock, log } = deps;
  const { take } = createTaking(deps, createNoticeSubjects(deps));

  return async () => {
    const now = clock.now();
    const meeting = await records.meetings.firstWithNoticeBy(now);
    if (!meeting) return false;
    let lookAgainAt: Date | null;
    try {
      lookAgainAt = await enterAll(meeting, now);
    } catch (error) {
      log.warn({ err: error, meetingId: meeting.meetingId }, 'notices that wait could not be entered');
      // The others need not wait for this one.
      lookAgainAt = new Date(now.getTime() + AFTER_ERROR_MS);
    }
    await records.meetings.noteNoticesSought(meeting, now, lookAgainAt);
    return true;
  };

  /** @returns when to look again; null where all have their row */
  async function enterAll(meeting: Meeting, now: Date): Promise<Date | null> {
    const missing = await missingOf(meeting, now);
    if (missing.length === 0) return null;
    const restores = await records.restores.all();
    // An operator holds all notices.
    if (restores.some(({ releasedAt }) => releasedAt === null)) return overdueAt(toInstant(now));
    const again: Date[] = [];
    // The restored ledger may have lost its row, and nobody may come to it any more.
    for (const notice of missing.filter(({ dueAt }) => mayHaveGone(dueAt, restores) === null)) {
      const found = await take(notice, null);
      // At night nothing is late.
      if (found.kind === 'not-before') again.push(overdueAt(toInstant(found.at)));
      if (found.kind !== 'dropped') continue;
      warnOfCap(log, found.row, found.whyNot);
      await followDeliveries(records, [found.row], now);
    }
    return earliest(again);
  }

  /** Who may hear of it is settled with the booking; what takes it looks whether they do. */
  async function missingOf({ meetingId, course, participants }: Meeting, now: Date): Promise<AskedNotice[]> {
    const rows = new Set((await records.ledger.ofMeeting(meetingId)).map(({ rowId }) => rowId));
    return awaitedNotices(course)
      .filter(({ by }) => by <= now)
      .flatMap(({ notice: { kind, startVersion, dueAt, lastUsefulAt } }) =>
        participants
          .filter(({ role }) => mayEverHear(role))
          .map(({ participantId }) => ({
            subjectId: meetingId,
            occasion: startVersion,
            kind,
            participantId,
            dueAt,
            lastUsefulAt,
            queue: null,
            again: false,
          })),
      )
      .filter((notice) => !rows.has(rowIdOf(notice)));
  }
}
