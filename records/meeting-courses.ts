import { isDeepStrictEqual } from 'node:util';
import type { ClientSession, Model } from 'mongoose';
import { msOf, toInstant } from '../rules/instant';
import type { MeetingTimeRecord } from '../rules/meeting';
import { numberHeard, withFact } from '../workflows/meeting/facts';
import type { FactValue, Happening, MeetingFact, MeetingSnapshot } from '../workflows/meeting/messages';
import {
  changedNow,
  meetingOf,
  type Facts,
  type Meeting,
  type MeetingRow,
  type SavedCourse,
} from './meeting-row';
import { noticeByOf, noticeByUpdate } from './notice-by';
import { changeIf } from './schema';

/** Read models of meetings, and the facts that change them and their workflows are told (design, decision 4). */
export interface MeetingCourses {
  /**
   * Saves the read model with the records of its times, inside a transaction; losing to a newer version is
   * success (design, decision 1). Facts that it does not know yet stay as they are. Answers with the one
   * before it, null where that stays, and with what has happened that was not saved before, so that each is
   * told once.
   */
  saveCourse(course: MeetingSnapshot, session: ClientSession): Promise<SavedCourse>;
  /**
   * Writes down a fact where it is another than the last of its kind, with what it makes of the read model,
   * inside a transaction. The workflow is to be told of it until {@link noteTold}.
   * @param meeting as it was read for writing in this transaction
   * @returns null where nothing has changed
   */
  addFact(
    meeting: Meeting,
    value: FactValue,
    now: Date,
    session: ClientSession,
  ): Promise<(SavedCourse & { fact: MeetingFact }) | null>;
  /** The workflow has taken this fact; a newer one of its kind is still to be told. */
  noteTold(meetingId: string, fact: MeetingFact): Promise<void>;
  /** Has all facts told again: to a workflow that was started anew from the record. */
  tellAgain(meetingId: string, now: Date): Promise<void>;
  /**
   * A meeting with facts that nobody has told since, and those facts: it is the caller's for a while. Null
   * where there is none.
   */
  takeUntold(now: Date, forMs: number): Promise<{ meeting: Meeting; facts: MeetingFact[] } | null>;
}

/** @param get a meeting as it is in the transaction */
export function createMeetingCourses(
  rows: Model<MeetingRow>,
  get: (meetingId: string, session: ClientSession) => Promise<Meeting>,
): MeetingCourses {
  return {
    async saveCourse(course, session) {
      const before = await get(course.meetingId, session);
      if (before.course.version >= course.version)
        return { meeting: before, before: null, newHappenings: [] };
      const saved = factsOf(before.facts).reduce(withFact, course);
      const times = timesOf(before.times, course);
      const { $set = {}, ...rest } = noticeByUpdate(noticeByOf(saved));
      await rows.updateOne(
        { _id: course.meetingId },
        {
          ...rest,
          $set: {
            ...$set,
            course: saved,
            state: saved.state,
            startAt: new Date(saved.time.startAt),
            ...(times ? { times, roomNames: times.map(({ roomName }) => roomName) } : {}),
          },
          ...changedNow,
        },
        { session },
      );
      return {
        meeting: { ...before, times: times ?? before.times, course: saved },
        before: before.course,
        newHappenings: newHappenings(before, saved),
      };
    },
    async addFact(meeting, value, now, session) {
      const { meetingId, course, facts } = meeting;
      const { kind } = value;
      const last = facts[kind];
      // A workflow that was told of facts which a restore has lost is told again, under a newer number.
      const isLast = last && last.number >= numberHeard(course, kind);
      if (isLast && isSameValue(last, value)) return null;
      const number = Math.max(last?.number ?? 0, numberHeard(course, kind)) + 1;
      const fact: MeetingFact = { ...value, number, at: toInstant(now) };
      const changed = withFact(course, fact);
      await rows.updateOne(
        { _id: meetingId },
        {
          $set: {
            [`facts.${kind}`]: fact,
            course: changed,
            state: changed.state,
            tellAt: new Date(now.getTime() + TELL_AGAIN_MS),
          },
          $addToSet: { untold: kind },
          // What only administrators ask for is no change of the meeting.
          ...(kind === 'refusals' || kind === 'deliveries' ? {} : changedNow),
        },
        { session },
      );
      const written: Meeting = { ...meeting, course: changed, facts: { ...facts, [kind]: fact } };
      return {
        meeting: written,
        before: course,
        newHappenings: newHappenings(meeting, changed),
        fact,
      };
    },
    async noteTold(meetingId, { kind, number }) {
      await changeIf(
        rows,
        meetingId,
        ({ facts, untold }) => facts?.[kind]?.number === number && (untold ?? []).includes(kind),
        ({ untold = [] }) =>
          untold.length === 1 ? { $unset: { untold: 1, tellAt: 1 } } : { $pull: { untold: kind } },
      );
    },
    async tellAgain(meetingId, now) {
      await changeIf(
        rows,
        meetingId,
        ({ facts = {} }) => Object.keys(facts).length > 0,
        ({ facts = {} }) => ({ $set: { untold: Object.keys(facts), tellAt: now } }),
      );
    },
    async takeUntold(now, forMs) {
      const due = await rows
        .findOne({ tellAt: { $gte: new Date(0), $lte: now } })
        .sort({ tellAt: 1 })
        .lean<MeetingRow>();
      if (!due) return null;
      const isStillDue = ({ tellAt }: MeetingRow): boolean => tellAt !== undefined && tellAt <= now;
      const tellAt = new Date(now.getTime() + forMs);
      const row = await changeIf(rows, due._id, isStillDue, { $set: { tellAt } });
      // Whoever was quicker has told it.
      const untold = row?.untold ?? [];
      const meeting = meetingOf(row ?? due);
      return { meeting, facts: factsOf(meeting.facts).filter(({ kind }) => untold.includes(kind)) };
    },
  };
}

/** Whoever wrote a fact tells it at once; another process does so when that has not helped for so long. */
const TELL_AGAIN_MS = 5_000;

const factsOf = (facts: Facts): MeetingFact[] => Object.values(facts);

/** The fact tells the same as the one before it. */
function isSameValue({ number, at, ...last }: MeetingFact, value: FactValue): boolean {
  return isDeepStrictEqual(last, value);
}

/**
 * What has happened that was not saved before. What comes from a fact can be saved with the fact or with what
 * came after it, so that no place in the order tells which is which.
 */
function newHappenings({ course: before, workflow }: Meeting, { happenings }: MeetingSnapshot): Happening[] {
  if (!workflow) return happenings.slice(before.happenings.length);
  const known = new Set(before.happenings.map(happeningKey));
  return happenings.filter((happening) => !known.has(happeningKey(happening)));
}

/** What names one thing that happened in the course of a meeting, wherever it stands. */
export const happeningKey = ({ what, startVersion, at, detail }: Happening): string =>
  [what, startVersion, msOf(at), ...(detail === undefined ? [] : [detail])].join(':');

/** The records of times as a newer read model has them; null where nothing changes. */
function timesOf(
  times: MeetingTimeRecord[],
  { time, newTimes = [] }: MeetingSnapshot,
): MeetingTimeRecord[] | null {
  const known = new Set(times.map(({ startVersion }) => startVersion));
  const added = newTimes.filter(({ startVersion }) => !known.has(startVersion));
  const endMoved = (each: MeetingTimeRecord): boolean =>
    each.startVersion === time.startVersion && each.endAt !== time.endAt;
  if (added.length === 0 && !times.some(endMoved)) return null;
  return [...times, ...added].map((each) => (endMoved(each) ? { ...each, endAt: time.endAt } : each));
}
