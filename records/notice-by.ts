import type { ClientSession, Model } from 'mongoose';
import { overdueAt } from '../rules/late';
import type { MeetingSnapshot, NoticeProgress } from '../workflows/meeting/messages';
import { meetingOf, type Meeting, type MeetingRow } from './meeting-row';
import { changeIf } from './schema';

/** A notice that is still to be given, as far as the read model knows, and when it is overdue. */
export interface AwaitedNotice {
  notice: NoticeProgress;
  by: Date;
}

/**
 * By when the next notice of a meeting should stand in the ledger (R2.10). One that waits in the queue has no
 * row there, so that nobody would hear that it is overdue.
 */
export interface NoticesBy {
  /** The meeting whose notice should have been in the ledger for longest; null where there is none. */
  firstWithNoticeBy(now: Date): Promise<Meeting | null>;
  /**
   * The notice stands in the ledger for all who hear of it: the next one is awaited. In the transaction that
   * entered it.
   *
   * @param meeting as it was read for writing in this transaction
   */
  noteNoticeEntered(
    meeting: Meeting,
    notice: Pick<NoticeProgress, 'kind' | 'startVersion'>,
    session: ClientSession,
  ): Promise<void>;
  /**
   * Somebody has looked at all that was awaited by `now`; not again where the meeting was written meanwhile
   * with another time. @param lookAgainAt when to look again at what they could not enter; null for never
   */
  noteNoticesSought(meeting: Meeting, now: Date, lookAgainAt: Date | null): Promise<void>;
}

/** What is awaited of a meeting; what it has dropped, and what is over, is not. */
export const awaitedNotices = ({ notices, time, state }: MeetingSnapshot): AwaitedNotice[] =>
  notices
    .filter(
      (notice) =>
        (notice.state === 'planned' || notice.state === 'under-way') &&
        notice.startVersion === time.startVersion &&
        (state !== 'ended' || notice.kind === 'cancellation'),
    )
    .map((notice) => ({ notice, by: overdueAt(notice.dueAt) }));

/** The earliest of them; null for none. */
export const earliest = (dates: Date[]): Date | null =>
  dates.reduce<Date | null>((first, each) => (first && first <= each ? first : each), null);

/** By when the first notice of a read model should stand in the ledger; null where none is awaited. */
export const noticeByOf = (course: MeetingSnapshot): Date | null =>
  earliest(awaitedNotices(course).map(({ by }) => by));

/** The part of an update that sets when the next one is awaited. */
export const noticeByUpdate = (
  noticeBy: Date | null,
): { $set?: { noticeBy: Date }; $unset?: { noticeBy: 1 } } =>
  noticeBy ? { $set: { noticeBy } } : { $unset: { noticeBy: 1 } };

export function createNoticesBy(rows: Model<MeetingRow>): NoticesBy {
  return {
    async firstWithNoticeBy(now) {
      const row = await rows
        .findOne({ noticeBy: { $gte: new Date(0), $lte: now } })
        .sort({ noticeBy: 1 })
        .lean<MeetingRow>();
      return row && meetingOf(row);
    },
    async noteNoticeEntered({ meetingId, course, noticeBy }, { kind, startVersion }, session) {
      const awaited = awaitedNotices(course);
      const isIt = ({ notice }: AwaitedNotice): boolean =>
        notice.kind === kind && notice.startVersion === startVersion;
      const by = awaited.find(isIt)?.by.getTime();
      // Another one is awaited before it: whoever seeks that one finds this one entered.
      if (by === undefined || by !== noticeBy?.getTime()) return;
      // Those before it have been sought; the read model may not know yet that they were given.
      const next = awaited.filter((each) => !isIt(each) && each.by.getTime() >= by);
      const update = noticeByUpdate(earliest(next.map((each) => each.by)));
      await rows.updateOne({ _id: meetingId }, update, { session });
    },
    async noteNoticesSought({ meetingId, noticeBy }, now, lookAgainAt) {
      await changeIf(
        rows,
        meetingId,
        (row) => row.noticeBy?.getTime() === noticeBy?.getTime(),
        ({ course }) => {
          const later = awaitedNotices(course).filter(({ by }) => by > now);
          const dates = [...later.map(({ by }) => by), ...(lookAgainAt ? [lookAgainAt] : [])];
          return noticeByUpdate(earliest(dates));
        },
      );
    },
  };
}
