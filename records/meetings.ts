import type { ClientSession, Connection } from 'mongoose';
import { createSharedReads } from '../platform/shared-reads';
import { withNoticeHours } from '../rules/cancellation';
import type { DeviceTest } from '../rules/device-test';
import { msOf } from '../rules/instant';
import { meetingStates, type MeetingState, type MeetingTimeRecord, type Outcome } from '../rules/meeting';
import { createMeetingCourses, type MeetingCourses } from './meeting-courses';
import {
  changedNow,
  meetingCollection,
  meetingOf,
  staffIdsOf,
  type Meeting,
  type MeetingRow,
  type OutcomeCorrection,
  type TakeOver,
} from './meeting-row';
import { createNoticesBy, noticeByOf, type NoticesBy } from './notice-by';
import { pageOf, parseCursor, type Cursor, type Page } from './pages';
import { changeIf, insertNew, isOlderThanIndexOf, readForWriting } from './schema';

export {
  correctionReasons,
  outcomeOf,
  staffIdsOf,
  type Booking,
  type Meeting,
  type OutcomeCorrection,
  type Participant,
  type SavedCourse,
  type TakeOver,
} from './meeting-row';
export { happeningKey } from './meeting-courses';
export type { MeetingTimeRecord };

/**
 * Which meetings a list has. All lists but `changedSince` are in order of start. If a meeting changes while
 * somebody pages through the changed ones, it moves to the end, so that nobody misses it. A meeting that is
 * written this moment can appear a little late.
 */
export type MeetingsBy =
  { from: Date; until: Date } | { patientId: string } | { reference: string } | { changedSince: Date };

/** What a list of meetings that came to something has of each. */
export interface EndedMeeting {
  meetingId: string;
  patientId: string;
  startAt: Date;
  staffIds: string[];
  outcome: Outcome;
}

export interface Meetings extends NoticesBy, MeetingCourses {
  /**
   * Records a new meeting, with the read model that it begins with.
   *
   * @throws the database's error of a duplicate where there is one of that id
   */
  add(meeting: Meeting, session: ClientSession): Promise<void>;
  /** Null for one that is not this clinic's. */
  find(clinicId: string, meetingId: string): Promise<Meeting | null>;
  /** Those of these that are the clinic's, by their ids. */
  findAll(clinicId: string, meetingIds: string[]): Promise<Map<string, Meeting>>;
  /** For the service's own work, where no clinic asks. */
  get(meetingId: string, session?: ClientSession): Promise<Meeting>;
  /** For the operator, who knows no clinic; null where there is none. */
  findAnywhere(meetingId: string): Promise<Meeting | null>;
  /** Some meetings of all clinics, as they come: for the operator. */
  sample(limit: number): Promise<Meeting[]>;
  findByRoom(roomName: string): Promise<{ meeting: Meeting; startVersion: number } | null>;
  /** The meeting that somebody takes part in, whatever its clinic. */
  findByParticipant(participantId: string): Promise<Meeting | null>;
  /**
   * Meetings that these people take part in and that start after the instant. Those that are over come with
   * the last one first, all others with the first one first. `over` is null for both kinds.
   */
  ofPeople(
    personIds: string[],
    which: { after: Date; over: boolean | null },
    limit: number,
  ): Promise<Meeting[]>;
  /** Meetings of a person that are not over, so that they can be told to look again. */
  openOf(clinicId: string, personId: string): Promise<string[]>;
  /** All meetings whose workflow has something left to do, of every clinic: for the operator. */
  notClosed(): Promise<string[]>;
  /**
   * Lets a read model of this version or a later one be saved over whatever is there: after a restore of an
   * older workflow.
   */
  forgetVersionsFrom(meetingId: string, version: number): Promise<void>;
  /** What the clinic's meetings that are not over are booked with (R5.9). */
  feesBooked(clinicId: string): Promise<{ feeCode: string; startAt: Date }[]>;
  /** A page of the clinic's meetings; `cursor` is the `next` of the page before. */
  list(query: {
    clinicId: string;
    by: MeetingsBy;
    state: MeetingState | null;
    cursor: string | null;
    limit: number;
  }): Promise<Page<Meeting>>;
  /** A clinic's meetings that start within a time and came to one of these, as corrected last, by start. */
  endedWith(
    clinicId: string,
    within: { from: Date; until: Date },
    outcomes: readonly Outcome[],
  ): Promise<EndedMeeting[]>;
  /**
   * Says of meetings from before that was written down that they have changed now; once, before the index of
   * it is made.
   */
  noteChangeOfOld(): Promise<void>;
  /** The patient's other meetings at the clinic that are not over and share some of this time. */
  atTheSameTime(
    meeting: Pick<Meeting, 'clinicId' | 'meetingId' | 'patientId' | 'course'>,
  ): Promise<Meeting[]>;
  /** Gives an invitation to a person, once; false where it is another's by now. */
  bindParticipant(meetingId: string, participantId: string, personId: string): Promise<boolean>;
  /**
   * Gives the place of one member of staff to another, inside a transaction; false where the meeting is over
   * by now, the place is somebody else's, or the other takes part already.
   */
  takeOver(meetingId: string, takeOver: TakeOver, session: ClientSession): Promise<boolean>;
  /**
   * Keeps what the device test of one who takes part came to (R4.5), in place of the one before. It is of the
   * way to the meeting and not of its course: the workflow hears nothing of it.
   */
  noteDeviceTest(meetingId: string, participantId: string, test: DeviceTest): Promise<void>;
  /** The staff of all meetings that somebody takes part in, at the clinic. */
  staffWith(clinicId: string, personId: string): Promise<string[]>;
  /** Adds what belongs to a start version whose snapshot does not carry it, once. */
  addTime(meetingId: string, time: MeetingTimeRecord): Promise<void>;
  /** Adds a correction after those that are known; false when there is another one by now. */
  addCorrection(meetingId: string, correction: OutcomeCorrection, session: ClientSession): Promise<boolean>;
  /**
   * Reads the meeting and writes its record, inside a transaction: nothing else about it slips in between.
   */
  getForWriting(meetingId: string, session: ClientSession): Promise<Meeting>;
}

/** All but `ended`: said so an index serves it. */
const openStates = meetingStates.filter((state) => state !== 'ended');

/** The longest meeting that can be booked. */
const LONGEST_MEETING_MS = 480 * 60_000;
/** So many rows are read at once where some of them may not be wanted. */
const MOST_AT_ONCE = 200;

type MeetingFilter = Record<string, unknown> & { clinicId: string };

function whereOf(clinicId: string, by: MeetingsBy): MeetingFilter {
  if ('from' in by) return { clinicId, startAt: { $gte: by.from, $lt: by.until } };
  if ('patientId' in by) return { clinicId, patientId: by.patientId };
  if ('reference' in by) return { clinicId, reference: by.reference };
  return { clinicId, changedAt: { $gte: by.changedSince } };
}

export function createMeetings(connection: Connection): Meetings {
  const rows = meetingCollection(connection);

  // Pages and clinics ask for the same meeting again and again, above all when its door opens.
  const readById = createSharedReads((meetingId) => rows.findById(meetingId).lean<MeetingRow>());
  const readByParticipant = createSharedReads((participantId) =>
    rows.findOne({ 'participants.participantId': participantId }).lean<MeetingRow>(),
  );

  async function get(meetingId: string, session: ClientSession | null = null): Promise<Meeting> {
    const row = session
      ? await rows.findById(meetingId).session(session).lean<MeetingRow>()
      : await readById(meetingId);
    if (!row) throw new Error(`no meeting ${meetingId}`);
    return meetingOf(row);
  }

  /**
   * Rows after a place, in the order of a field and then of the id. It asks in two parts. Each part has an
   * index for all its fields.
   */
  async function batchAfter(
    where: MeetingFilter,
    field: 'startAt' | 'changedAt',
    after: Cursor | null,
    limit: number,
  ): Promise<MeetingRow[]> {
    const read = (filter: object, most: number): Promise<MeetingRow[]> =>
      rows
        .find({ ...where, ...filter })
        .sort({ [field]: 1, _id: 1 })
        .limit(most)
        .lean<MeetingRow[]>();
    if (after === null) return read({}, limit);
    const at = new Date(after.value);
    const sameValue = await read({ [field]: at, _id: { $gt: after.id } }, limit);
    if (sameValue.length === limit) return sameValue;
    const { $gte, ...until } = (where[field] ?? {}) as { $gte?: Date; $lt?: Date };
    return [...sameValue, ...(await read({ [field]: { ...until, $gt: at } }, limit - sameValue.length))];
  }

  return {
    ...createNoticesBy(rows),
    ...createMeetingCourses(rows, get),
    async add({ meetingId, terms, facts, ...meeting }, session) {
      const { times, course } = meeting;
      const noticeBy = noticeByOf(course);
      const row: MeetingRow = {
        _id: meetingId,
        ...meeting,
        terms: withNoticeHours(terms),
        roomNames: times.map(({ roomName }) => roomName),
        startAt: new Date(course.time.startAt),
        state: course.state,
        changedAt: new Date(),
        writes: 0,
        ...(noticeBy ? { noticeBy } : {}),
      };
      await insertNew(rows, row, session);
    },
    async find(clinicId, meetingId) {
      const row = await readById(meetingId);
      return row?.clinicId === clinicId ? meetingOf(row) : null;
    },
    async findAll(clinicId, meetingIds) {
      if (meetingIds.length === 0) return new Map();
      const found = await rows.find({ _id: { $in: meetingIds } }).lean<MeetingRow[]>();
      const own = found.filter((row) => row.clinicId === clinicId);
      return new Map(own.map((row) => [row._id, meetingOf(row)]));
    },
    get: (meetingId, session) => get(meetingId, session),
    async findAnywhere(meetingId) {
      const row = await rows.findById(meetingId).lean<MeetingRow>();
      return row && meetingOf(row);
    },
    async sample(limit) {
      // By their random ids: old ones and new ones.
      return (await rows.find().sort({ _id: 1 }).limit(limit).lean<MeetingRow[]>()).map(meetingOf);
    },
    async findByRoom(roomName) {
      const row = await rows.findOne({ roomNames: roomName }).lean<MeetingRow>();
      const time = row?.times.find((each) => each.roomName === roomName);
      return row && time ? { meeting: meetingOf(row), startVersion: time.startVersion } : null;
    },
    async findByParticipant(participantId) {
      const row = await readByParticipant(participantId);
      return row && meetingOf(row);
    },
    async ofPeople(personIds, { after, over }, limit) {
      const states = over === null ? [] : over ? (['ended'] as const) : openStates;
      // Each is served by one index. Where they meet in one meeting, it is found twice.
      const questions = personIds.flatMap((personId): Record<string, unknown>[] => {
        const mine = { 'participants.personId': personId };
        return over === null ? [mine] : states.map((state) => ({ ...mine, state }));
      });
      const found = await Promise.all(
        questions.map((question) =>
          rows
            .find({ ...question, startAt: { $gt: after } })
            .sort({ startAt: over ? -1 : 1 })
            .limit(limit)
            .lean<MeetingRow[]>(),
        ),
      );
      const once = new Map(found.flat().map((row) => [row._id, row]));
      const inOrder = [...once.values()].sort((a, b) => a.startAt.getTime() - b.startAt.getTime());
      return (over ? inOrder.reverse() : inOrder).slice(0, limit).map(meetingOf);
    },
    async openOf(clinicId, personId) {
      const open = await rows
        .find({ 'participants.personId': personId, state: { $in: openStates } }, { clinicId: 1 })
        .lean<Pick<MeetingRow, '_id' | 'clinicId'>[]>();
      return open.filter((row) => row.clinicId === clinicId).map((row) => row._id);
    },
    async notClosed() {
      const open = await rows.find({ 'course.closed': false }, { _id: 1 }).lean<{ _id: string }[]>();
      return open.map((row) => row._id);
    },
    async forgetVersionsFrom(meetingId, version) {
      await changeIf(rows, meetingId, (row) => row.course.version >= version, {
        $set: { 'course.version': version - 1 },
      });
    },
    async feesBooked(clinicId) {
      const open = await rows
        .find({ clinicId, state: { $in: openStates } }, { 'terms.feeCode': 1, startAt: 1 })
        .lean<Pick<MeetingRow, 'terms' | 'startAt'>[]>();
      return open.map(({ terms, startAt }) => ({ feeCode: terms.feeCode, startAt }));
    },
    async list({ clinicId, by, state, cursor, limit }) {
      const field = 'changedSince' in by ? 'changedAt' : 'startAt';
      const valueOf = (row: MeetingRow): Date => row[field] ?? row.startAt;
      let after = cursor === null ? null : parseCursor(cursor);
      const found: MeetingRow[] = [];
      // The state is looked at here, so that no index needs it. One row more than the page tells whether
      // there is another page.
      for (;;) {
        const size = state === null ? limit + 1 : MOST_AT_ONCE;
        const batch = await batchAfter(whereOf(clinicId, by), field, after, size);
        found.push(...batch.filter((row) => state === null || row.state === state));
        const last = batch.at(-1);
        if (!last || batch.length < size || found.length > limit) break;
        after = { value: valueOf(last).toISOString(), id: last._id };
      }
      return pageOf(found.slice(0, limit + 1), limit, (row) => valueOf(row).toISOString(), meetingOf);
    },
    async endedWith(clinicId, { from, until }, outcomes) {
      // The database joins what outcomeOf has: a week's meetings are many, and few of them came to these.
      const found = await rows.aggregate<
        Pick<MeetingRow, '_id' | 'patientId' | 'startAt' | 'participants'> & { outcome: Outcome }
      >([
        { $match: { clinicId, startAt: { $gte: from, $lt: until } } },
        {
          $project: {
            patientId: 1,
            startAt: 1,
            participants: 1,
            outcome: { $ifNull: [{ $arrayElemAt: ['$corrections.outcome', -1] }, '$course.outcome.outcome'] },
          },
        },
        { $match: { outcome: { $in: outcomes } } },
        { $sort: { startAt: 1, _id: 1 } },
      ]);
      return found.map(({ _id, participants, ...row }) => ({
        meetingId: _id,
        ...row,
        staffIds: staffIdsOf({ participants }),
      }));
    },
    async noteChangeOfOld() {
      if (!(await isOlderThanIndexOf(rows, 'changedAt'))) return;
      await rows.updateMany({ changedAt: { $exists: false } }, changedNow);
    },
    async atTheSameTime({ clinicId, meetingId, patientId, course }) {
      const [startMs, endMs] = [msOf(course.time.startAt), msOf(course.time.endAt)];
      const near = await rows
        .find({
          clinicId,
          patientId,
          startAt: { $gt: new Date(startMs - LONGEST_MEETING_MS), $lt: new Date(endMs) },
        })
        .sort({ startAt: 1, _id: 1 })
        .lean<MeetingRow[]>();
      return near
        .map(meetingOf)
        .filter(
          (other) =>
            other.meetingId !== meetingId &&
            other.course.state !== 'ended' &&
            msOf(other.course.time.endAt) > startMs,
        );
    },
    async bindParticipant(meetingId, participantId, personId) {
      const { participants } = await get(meetingId);
      // Nobody's place among them changes.
      const place = `participants.${participants.findIndex((each) => each.participantId === participantId)}`;
      const isFree = (row: MeetingRow): boolean =>
        row.participants.some(
          (each) => each.participantId === participantId && [null, personId].includes(each.personId),
        );
      const bound = await changeIf(rows, meetingId, isFree, {
        $set: { [`${place}.personId`]: personId },
        $inc: { writes: 1 },
        ...changedNow,
      });
      return bound !== null;
    },
    async takeOver(meetingId, takeOver, session) {
      const { participantId, from, to } = takeOver;
      const placeOf = ({ participants }: MeetingRow): number =>
        participants.findIndex((each) => each.participantId === participantId && each.staffId === from);
      const isFree = (row: MeetingRow): boolean =>
        row.state !== 'ended' && placeOf(row) >= 0 && row.participants.every(({ staffId }) => staffId !== to);
      const change = (row: MeetingRow) => ({
        $set: { [`participants.${placeOf(row)}.staffId`]: to },
        $push: { takeOvers: takeOver },
        $inc: { writes: 1 },
        ...changedNow,
      });
      return (await changeIf(rows, meetingId, isFree, change, session)) !== null;
    },
    async noteDeviceTest(meetingId, participantId, test) {
      // Only of those who take part: there are never more of them than there are places.
      const takesPart = ({ participants }: MeetingRow): boolean =>
        participants.some((each) => each.participantId === participantId);
      await changeIf(rows, meetingId, takesPart, {
        $set: { [`deviceTests.${participantId}`]: test },
        ...changedNow,
      });
    },
    async staffWith(clinicId, personId) {
      const found = await rows
        .find({ 'participants.personId': personId }, { clinicId: 1, participants: 1 })
        .lean<Pick<MeetingRow, 'clinicId' | 'participants'>[]>();
      const here = found.filter((row) => row.clinicId === clinicId);
      return [...new Set(here.flatMap(staffIdsOf))];
    },
    async addTime(meetingId, time) {
      await changeIf(rows, meetingId, ({ roomNames }) => !roomNames.includes(time.roomName), {
        $push: { times: time, roomNames: time.roomName },
        ...changedNow,
      });
    },
    async addCorrection(meetingId, correction, session) {
      const isNext = ({ corrections }: MeetingRow): boolean => corrections.length === correction.number - 1;
      const added = await changeIf(
        rows,
        meetingId,
        isNext,
        { $push: { corrections: correction }, ...changedNow },
        session,
      );
      return added !== null;
    },
    async getForWriting(meetingId, session) {
      const row = await readForWriting(rows, meetingId, session);
      if (!row) throw new Error(`no meeting ${meetingId}`);
      return meetingOf(row);
    },
  };
}
