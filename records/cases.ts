import type { ClientSession, Connection } from 'mongoose';
import { caseStates, type CaseState } from '../rules/case';
import { msOf, toInstant, type Instant } from '../rules/instant';
import type { CaseHappening, CaseSnapshot } from '../workflows/case/messages';
import { pageOf, rowsAfterOfEach, type Page } from './pages';
import type { PersonKeys } from './person-keys';
import { changeIf, collection, json, readForWriting } from './schema';

/** One of the patient's side: the patient, and up to 12 the guardians who were named (R7.1). */
export interface CaseParticipant {
  participantId: string;
  role: 'patient' | 'guardian';
  personId: string;
}

/** That the contact stands in the journal, as staff said (R6.4). */
export interface DocumentedContact {
  by: string;
  at: Instant;
  /** The day on which the contact took place, `YYYY-MM-DD`. */
  contactOn: string;
  /** By the clinic's routine, before it was documented; null where the case has none. */
  picturesHandled: true | null;
}

/** A message case: whose it is, who sees to it, and the read model of its workflow. */
export interface Case {
  caseId: string;
  clinicId: string;
  patientId: string;
  participants: CaseParticipant[];
  openedBy: string;
  openedAt: Instant;
  /** The clinic's reference to the member of staff who sees to it; null for nobody. */
  assignedTo: string | null;
  /** Staff who have seen to it or written in it: they can read it afterwards (R6.7). */
  involved: string[];
  /**
   * Pictures have been sent: they are handled by the clinic's routine before the contact is documented
   * (R6.4).
   */
  hasPictures: boolean;
  documented: DocumentedContact | null;
  course: CaseSnapshot;
}

interface CaseRow extends Omit<Case, 'caseId'> {
  _id: string;
  /** What it is about, in a line. */
  sealedSubject: Buffer;
  state: CaseState;
  /** By when somebody has to do something: what the inbox is in order of. */
  urgentAt: Instant;
  waitsForReply: boolean;
  writes: number;
}

type SubjectRow = Pick<CaseRow, '_id' | 'patientId' | 'sealedSubject'>;
const subjectFields = { patientId: 1, sealedSubject: 1 } as const;

/** How many messages wait with one member of staff, or with nobody (R6.5). */
export interface WaitingWith {
  staffId: string | null;
  waiting: number;
  breached: number;
  firstDeadlineAt: Instant;
}

/** What is noted of a message beside the read model. */
export interface CaseNote {
  /** Staff who wrote it; null for none. */
  staffId: string | null;
  hasPictures: boolean;
}

/** A case as it stands after saving its read model. */
export interface SavedCourse {
  case: Case;
  /** What has happened since the read model before; nothing where a newer one was there. */
  newHappenings: CaseHappening[];
}

export interface CaseQuery {
  clinicId: string;
  /** Null for all that are not ended. */
  state: CaseState | null;
  /** A member of staff's, by all references that they have; null for everybody's. */
  assignedTo: readonly string[] | null;
  unassigned: boolean;
  cursor: string | null;
  limit: number;
}

export interface Cases {
  /** Records a case once, with the read model that it begins with; the same id again changes nothing. */
  add(newCase: Case & { subject: string }, session: ClientSession): Promise<{ isNew: boolean }>;
  /** Null for one that is not this clinic's. */
  find(clinicId: string, caseId: string): Promise<Case | null>;
  /** The case in which somebody of the patient's side has this place. */
  findByParticipant(participantId: string): Promise<Case | null>;
  /** Cases of people, also those that have ended (R6.7): the newest first. */
  ofPeople(people: { clinicId: string; personId: string }[], limit: number): Promise<Case[]>;
  /** Where each of them stands. */
  statesOf(caseIds: string[]): Promise<Map<string, CaseState>>;
  /** For the service's own work, where no clinic asks. */
  get(caseId: string): Promise<Case>;
  /** Null for one that is not there, whatever its clinic: for the operator. */
  findAnywhere(caseId: string): Promise<Case | null>;
  /** All cases that have not ended, of every clinic: for the operator. */
  notEnded(): Promise<string[]>;
  /** How many of all clinics wait for a reply, and how many of those beyond their deadline. */
  waitingInAll(): Promise<{ inTime: number; overdue: number }>;
  /** What it is about: care content. */
  subjectOf(caseId: string): Promise<string>;
  /** The same of several; what is not there is left out. */
  subjectsOf(caseIds: string[]): Promise<Map<string, string>>;
  /** Most urgent first; `cursor` is the `next` of the page before. */
  list(query: CaseQuery): Promise<Page<Case>>;
  /** What waits for a reply, by who sees to it: the most urgent first. */
  waiting(clinicId: string): Promise<WaitingWith[]>;
  /**
   * How many of a clinic's wait for a reply beyond their deadline, and how many of the others have it by then.
   */
  deadlines(clinicId: string, by: Instant): Promise<{ breached: number; near: number }>;
  /** Cases of a person that have not ended. */
  openOf(clinicId: string, personId: string): Promise<Case[]>;
  /** Gives it to a member of staff, or to nobody; false where somebody else than `from` has it by now. */
  assign(caseId: string, from: string | null, to: string | null): Promise<boolean>;
  noteDocumented(caseId: string, documented: DocumentedContact): Promise<void>;
  /**
   * Saves the read model, inside a transaction; losing to a newer version is success. Notes with it staff who
   * wrote, and that there are pictures, also where the read model is not the newest.
   */
  saveCourse(course: CaseSnapshot, note: CaseNote, session: ClientSession): Promise<SavedCourse>;
  /** Reads the case and writes its record, inside a transaction: nothing else about it slips in between. */
  getForWriting(caseId: string, session: ClientSession): Promise<Case>;
}

/** Nothing waits: last in the inbox. */
const NEVER: Instant = '9999-12-31T23:59:59.999Z';

/** All but `ended`: said so an index serves it. */
const openStates = caseStates.filter((state) => state !== 'ended');

export function createCases(connection: Connection, personKeys: PersonKeys): Cases {
  const rows = collection<CaseRow>(
    connection,
    'cases',
    {
      clinicId: String,
      patientId: String,
      participants: json,
      openedBy: String,
      openedAt: String,
      assignedTo: String,
      involved: [String],
      hasPictures: Boolean,
      documented: json,
      course: json,
      sealedSubject: Buffer,
      state: String,
      urgentAt: String,
      waitsForReply: Boolean,
      writes: Number,
    },
    [
      [{ clinicId: 1, state: 1, urgentAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, assignedTo: 1, urgentAt: 1, _id: 1 }],
      [{ state: 1 }],
      [{ waitsForReply: 1, clinicId: 1 }],
      [{ 'participants.personId': 1 }],
      [{ 'participants.participantId': 1 }],
    ],
  );
  const place = (caseId: string): string => `case:${caseId}`;

  const caseOf = ({ _id, sealedSubject, state, urgentAt, waitsForReply, writes, ...row }: CaseRow): Case => ({
    caseId: _id,
    ...row,
  });
  const derived = (course: CaseSnapshot) => ({
    course,
    state: course.state,
    urgentAt: urgentAt(course),
    waitsForReply: course.clock !== null,
  });

  const unsealed = ({ _id, patientId, sealedSubject }: SubjectRow): Promise<string> =>
    personKeys.unseal<string>(patientId, place(_id), sealedSubject);

  async function get(caseId: string, session: ClientSession | null = null): Promise<Case> {
    const row = await rows.findById(caseId).session(session).lean<CaseRow>();
    if (!row) throw new Error(`no case ${caseId}`);
    return caseOf(row);
  }

  return {
    async add({ caseId, subject, course, ...newCase }, session) {
      const { upsertedCount } = await rows.updateOne(
        { _id: caseId },
        {
          $setOnInsert: {
            ...newCase,
            ...derived(course),
            sealedSubject: await personKeys.seal(newCase.patientId, place(caseId), subject),
            writes: 0,
          },
        },
        { upsert: true, session },
      );
      return { isNew: upsertedCount === 1 };
    },
    async find(clinicId, caseId) {
      const row = await rows.findById(caseId).lean<CaseRow>();
      return row?.clinicId === clinicId ? caseOf(row) : null;
    },
    async findByParticipant(participantId) {
      const row = await rows.findOne({ 'participants.participantId': participantId }).lean<CaseRow>();
      return row && caseOf(row);
    },
    async ofPeople(people, limit) {
      const found = await rows
        .find({ 'participants.personId': { $in: people.map(({ personId }) => personId) } })
        .sort({ openedAt: -1, _id: 1 })
        .limit(limit)
        .lean<CaseRow[]>();
      return found.map(caseOf);
    },
    async statesOf(caseIds) {
      const found = await rows.find({ _id: { $in: caseIds } }, { state: 1 }).lean<CaseRow[]>();
      return new Map(found.map(({ _id, state }) => [_id, state]));
    },
    get: (caseId) => get(caseId),
    async findAnywhere(caseId) {
      const row = await rows.findById(caseId).lean<CaseRow>();
      return row && caseOf(row);
    },
    async notEnded() {
      const open = await rows.find({ state: { $in: openStates } }, { _id: 1 }).lean<{ _id: string }[]>();
      return open.map((row) => row._id);
    },
    async waitingInAll() {
      const waits = { waitsForReply: true };
      const groups = await rows.aggregate<{ _id: boolean; count: number }>([
        { $match: waits },
        { $group: { _id: { $eq: ['$course.clock.breachedAt', null] }, count: { $sum: 1 } } },
      ]);
      const countOf = (isInTime: boolean): number => groups.find(({ _id }) => _id === isInTime)?.count ?? 0;
      return { inTime: countOf(true), overdue: countOf(false) };
    },
    async subjectOf(caseId) {
      const row = await rows.findById(caseId, subjectFields).lean<SubjectRow>();
      if (!row) throw new Error(`no case ${caseId}`);
      return unsealed(row);
    },
    async subjectsOf(caseIds) {
      const found = await rows.find({ _id: { $in: caseIds } }, subjectFields).lean<SubjectRow[]>();
      return new Map(await Promise.all(found.map(async (row) => [row._id, await unsealed(row)] as const)));
    },
    async list({ clinicId, state, assignedTo, unassigned, cursor, limit }) {
      const whose = unassigned
        ? [{ assignedTo: null }]
        : (assignedTo?.map((each) => ({ assignedTo: each })) ?? [{}]);
      const states = state === null ? openStates : [state];
      const filters = states.flatMap((each) => whose.map((who) => ({ clinicId, state: each, ...who })));
      const found = await rowsAfterOfEach(rows, filters, 'urgentAt', cursor, limit + 1);
      return pageOf(found, limit, (row) => row.urgentAt, caseOf);
    },
    async waiting(clinicId) {
      const groups = await rows.aggregate<{
        _id: string | null;
        waiting: number;
        breached: number;
        first: Instant;
      }>([
        { $match: { clinicId, waitsForReply: true } },
        {
          $group: {
            _id: '$assignedTo',
            waiting: { $sum: 1 },
            breached: { $sum: { $cond: [{ $eq: ['$course.clock.breachedAt', null] }, 0, 1] } },
            first: { $min: '$course.clock.deadlineAt' },
          },
        },
      ]);
      return groups
        .map(({ _id, first, ...counts }) => ({ staffId: _id, ...counts, firstDeadlineAt: first }))
        .sort((one, other) => msOf(one.firstDeadlineAt) - msOf(other.firstDeadlineAt));
    },
    async deadlines(clinicId, by) {
      const isInTime = { $eq: ['$course.clock.breachedAt', null] };
      const [counts] = await rows.aggregate<{ breached: number; near: number }>([
        { $match: { clinicId, waitsForReply: true } },
        {
          $group: {
            _id: null,
            breached: { $sum: { $cond: [isInTime, 0, 1] } },
            near: { $sum: { $cond: [{ $and: [isInTime, { $lte: ['$urgentAt', by] }] }, 1, 0] } },
          },
        },
      ]);
      return { breached: counts?.breached ?? 0, near: counts?.near ?? 0 };
    },
    async openOf(clinicId, personId) {
      const found = await rows
        .find({ 'participants.personId': personId })
        .sort({ openedAt: 1 })
        .lean<CaseRow[]>();
      return found.filter((row) => row.clinicId === clinicId && row.state !== 'ended').map(caseOf);
    },
    async assign(caseId, from, to) {
      const assigned = await changeIf(rows, caseId, ({ assignedTo }) => assignedTo === from, {
        $set: { assignedTo: to },
        ...(to === null ? {} : { $addToSet: { involved: to } }),
      });
      return assigned !== null;
    },
    async noteDocumented(caseId, documented) {
      await changeIf(rows, caseId, (row) => row.documented === null, { $set: { documented } });
    },
    async saveCourse(course, { staffId, hasPictures }, session) {
      const noted = {
        $inc: { writes: 1 },
        ...(staffId === null ? {} : { $addToSet: { involved: staffId } }),
      };
      const pictures = hasPictures ? { hasPictures } : {};
      const before = await get(course.caseId, session);
      const isNewest = before.course.version < course.version;
      await rows.updateOne(
        { _id: course.caseId },
        { ...noted, $set: { ...(isNewest ? derived(course) : {}), ...pictures } },
        { session },
      );
      if (!isNewest) return { case: await get(course.caseId, session), newHappenings: [] };
      return {
        case: { ...before, ...pictures, course },
        newHappenings: course.happenings.filter(({ number }) => number > before.course.happened),
      };
    },
    async getForWriting(caseId, session) {
      const row = await readForWriting(rows, caseId, session);
      if (!row) throw new Error(`no case ${caseId}`);
      return caseOf(row);
    },
  };
}

/**
 * A message's deadline, also one that has passed; else the next reminder to document a contact; else nothing
 * presses.
 */
function urgentAt({ clock, documentation }: CaseSnapshot): Instant {
  if (clock) return toInstant(new Date(clock.deadlineAt));
  return documentation?.state === 'waiting' ? (documentation.remindAt[0] ?? NEVER) : NEVER;
}
