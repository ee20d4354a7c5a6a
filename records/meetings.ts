import { isDeepStrictEqual } from 'node:util';
import type { ClientSession, Connection } from 'mongoose';
import { createSharedReads } from '../platform/shared-reads';
import { fromNoticeHours, withNoticeHours, type WithNoticeHours } from '../rules/cancellation';
import { msOf, toInstant, type Instant } from '../rules/instant';
import {
  meetingStates,
  type BackUpWay,
  type MeetingState,
  type MeetingTerms,
  type MeetingTimeRecord,
  type Outcome,
  type ParticipantRole,
} from '../rules/meeting';
import { numberHeard, withFact } from '../workflows/meeting/facts';
import type {
  CourseOutcome,
  FactKind,
  FactValue,
  Happening,
  MeetingFact,
  MeetingSnapshot,
} from '../workflows/meeting/messages';
import { createNoticesBy, noticeByOf, type NoticesBy } from './notice-by';
import { pageOf, parseCursor, type Cursor, type Page } from './pages';
import { changeIf, collection, insertNew, json, readForWriting } from './schema';

/**
 * One who takes part. Staff are known by the clinic's own reference, everybody else by their person record
 * (R4.2).
 */
export interface Participant {
  participantId: string;
  role: ParticipantRole;
  /** Null for staff, and for a guest or interpreter whose invitation nobody has claimed yet. */
  personId: string | null;
  staffId: string | null;
}

export type { MeetingTimeRecord };

/** The booking as it was made (R1.1–R1.3). */
export interface Booking {
  meetingId: string;
  clinicId: string;
  patientId: string;
  participants: Participant[];
  formIds: string[];
  terms: MeetingTerms;
  /** The PAS's own reference to the visit, which means nothing to us (R1.4). */
  reference: string | null;
  bookedBy: string;
  bookedAt: Instant;
  /** The type of its workflow; absent in one that was booked with 0.1.0. */
  workflow?: 'careMeeting';
}

/** Staff have corrected what a meeting came to; each correction is kept (R5.1). */
export interface OutcomeCorrection {
  /** From 1. */
  number: number;
  /** The command that it came with: carried out twice it is one correction. */
  commandId: string;
  outcome: Outcome;
  /** For the back-up routine: how the meeting went on. */
  way: BackUpWay | null;
  was: Outcome;
  by: string;
  at: Instant;
  /** Why, in machine words; what else is to be said stands in the audit log. */
  reason: CorrectionReason;
}

/** Why an outcome is corrected. */
export const correctionReasons = [
  'wrong-evidence',
  'wrong-entry',
  'decided-late',
  'patient-explained',
  'other',
] as const;
export type CorrectionReason = (typeof correctionReasons)[number];

/** A meeting: its booking, its times, the read model of its workflow, and what staff have corrected since. */
export interface Meeting extends Booking {
  times: MeetingTimeRecord[];
  course: MeetingSnapshot;
  corrections: OutcomeCorrection[];
  /** The last fact of each kind that its workflow is told (design, decision 4). */
  facts: Facts;
  /** By when the next notice should stand in the ledger; absent where none is awaited (records/notice-by). */
  noticeBy?: Date;
}

/** The last fact of each kind. */
export type Facts = { [Kind in FactKind]?: MeetingFact<Kind> };

/** What the writing of a read model, or of a fact, has changed. */
export interface SavedCourse {
  meeting: Meeting;
  /** The read model as it was before; null where nothing was written: a newer one is there. */
  before: MeetingSnapshot | null;
  newHappenings: Happening[];
}

/** What a meeting came to: as corrected last, else as its workflow has it (R5.1). */
export function outcomeOf({
  course,
  corrections,
}: Pick<Meeting, 'course' | 'corrections'>):
  (Omit<CourseOutcome, 'decidedBy'> & { decidedBy: CourseOutcome['decidedBy'] | 'correction' }) | null {
  const last = corrections.at(-1);
  if (!last) return course.outcome;
  const { outcome, way, reason } = last;
  return { outcome, way, decidedBy: 'correction', because: [reason] };
}

interface MeetingRow extends Omit<Meeting, 'meetingId' | 'facts' | 'terms'> {
  _id: string;
  terms: WithNoticeHours<MeetingTerms>;
  facts?: Facts;
  /** Kinds of facts that the workflow has not taken yet, and when to tell them again. */
  untold?: FactKind[];
  tellAt?: Date;
  roomNames: string[];
  startAt: Date;
  state: MeetingState;
  /** When something of it was written last, by the database's clock. */
  changedAt?: Date;
  /**
   * A number that every hand-over raises, so that no change of the meeting slips in between (decision 5). To
   * write the same value again would be no write.
   */
  writes: number;
}

/**
 * Which meetings a list has. All lists but `changedSince` are in order of start. If a meeting changes while
 * somebody pages through the changed ones, it moves to the end, so that nobody misses it. A meeting that is
 * written this moment can appear a little late.
 */
export type MeetingsBy =
  { from: Date; until: Date } | { patientId: string } | { reference: string } | { changedSince: Date };

export interface Meetings extends NoticesBy<Meeting> {
  /**
   * Records a new meeting, with the read model that it begins with.
   *
   * @throws the database's error of a duplicate where there is one of that id
   */
  add(meeting: Meeting, session: ClientSession): Promise<void>;
  /** Null for one that is not this clinic's. */
  find(clinicId: string, meetingId: string): Promise<Meeting | null>;
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
  /** Adds what belongs to a start version whose snapshot does not carry it, once. */
  addTime(meetingId: string, time: MeetingTimeRecord): Promise<void>;
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
  /** Meetings with facts that nobody has told since, with those facts; each is the caller's for a while. */
  takeUntold(now: Date, forMs: number, limit: number): Promise<{ meeting: Meeting; facts: MeetingFact[] }[]>;
  /** Adds a correction after those that are known; false when there is another one by now. */
  addCorrection(meetingId: string, correction: OutcomeCorrection, session: ClientSession): Promise<boolean>;
  /**
   * Reads the meeting and writes its record, inside a transaction: nothing else about it slips in between.
   */
  getForWriting(meetingId: string, session: ClientSession): Promise<Meeting>;
}

/** All but `ended`: said so an index serves it. */
const openStates = meetingStates.filter((state) => state !== 'ended');

/** By the database's clock, which is one for all processes. */
const changedNow = { $currentDate: { changedAt: true } } as const;

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
  const rows = collection<MeetingRow>(
    connection,
    'meetings',
    {
      clinicId: String,
      patientId: String,
      participants: json,
      formIds: [String],
      terms: json,
      reference: String,
      bookedBy: String,
      bookedAt: String,
      times: json,
      course: json,
      corrections: json,
      workflow: String,
      facts: json,
      untold: [String],
      tellAt: Date,
      noticeBy: Date,
      roomNames: [String],
      startAt: Date,
      state: String,
      changedAt: Date,
      writes: Number,
    },
    [
      [{ clinicId: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, patientId: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, reference: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, changedAt: 1, _id: 1 }],
      [{ roomNames: 1 }],
      [{ 'participants.personId': 1, state: 1, startAt: 1 }],
      [{ 'participants.participantId': 1 }],
      [{ 'participants.personId': 1, startAt: -1 }],
      [{ tellAt: 1 }, { sparse: true }],
      [{ noticeBy: 1 }, { sparse: true }],
      [{ 'course.closed': 1 }],
    ],
  );

  const meetingOf = (row: MeetingRow): Meeting => ({
    meetingId: row._id,
    clinicId: row.clinicId,
    patientId: row.patientId,
    participants: row.participants,
    formIds: row.formIds,
    terms: fromNoticeHours(row.terms),
    reference: row.reference,
    bookedBy: row.bookedBy,
    bookedAt: row.bookedAt,
    times: row.times,
    course: row.course,
    corrections: row.corrections,
    facts: row.facts ?? {},
    ...(row.workflow ? { workflow: row.workflow } : {}),
    ...(row.noticeBy ? { noticeBy: row.noticeBy } : {}),
  });

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
    ...createNoticesBy(rows, meetingOf),
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
    async noteChangeOfOld() {
      if ((await rows.estimatedDocumentCount()) === 0) return;
      const indexes = await rows.collection.indexes();
      if (indexes.some(({ key }) => 'changedAt' in (key as object))) return;
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
    async addTime(meetingId, time) {
      await changeIf(rows, meetingId, ({ roomNames }) => !roomNames.includes(time.roomName), {
        $push: { times: time, roomNames: time.roomName },
        ...changedNow,
      });
    },
    async saveCourse(course, session) {
      const before = await get(course.meetingId, session);
      if (before.course.version >= course.version)
        return { meeting: before, before: null, newHappenings: [] };
      const saved = factsOf(before.facts).reduce(withFact, course);
      const times = timesOf(before.times, course);
      const noticeBy = noticeByOf(saved);
      await rows.updateOne(
        { _id: course.meetingId },
        {
          ...(noticeBy ? {} : { $unset: { noticeBy: 1 } }),
          $set: {
            ...(noticeBy ? { noticeBy } : {}),
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
    async takeUntold(now, forMs, limit) {
      const due = await rows
        .find({ tellAt: { $gte: new Date(0), $lte: now } })
        .sort({ tellAt: 1 })
        .limit(limit)
        .lean<MeetingRow[]>();
      const taken = [];
      for (const { _id } of due) {
        const row = await changeIf(rows, _id, ({ tellAt }) => tellAt !== undefined && tellAt <= now, {
          $set: { tellAt: new Date(now.getTime() + forMs) },
        });
        if (!row) continue;
        const meeting = meetingOf(row);
        const facts = factsOf(meeting.facts).filter(({ kind }) => row.untold?.includes(kind));
        taken.push({ meeting, facts });
      }
      return taken;
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
