import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import { openingsAfter } from '../rules/calendar/weekdays';
import { toInstant, type Instant } from '../rules/instant';
import type { TaskKind, TaskState, DesiredTask } from '../rules/tasks';
import { pageOf, rowsAfterOfEach, type Page } from './pages';
import { changeIf, collection, withoutId } from './schema';

/** Something that staff are asked to do about a meeting, a message case, or a person alone. */
export interface Task {
  taskId: string;
  clinicId: string;
  /** Null where it is about a case, or about a person alone. */
  meetingId: string | null;
  /** Null where it is about a meeting, or about a person alone. */
  caseId: string | null;
  patientId: string;
  invoiceId: string | null;
  kind: TaskKind;
  state: TaskState;
  because: string[];
  openedAt: Instant;
  dueAt: Instant;
  reminders: number;
  overdue: boolean;
  /** The clinic's reference to a member of staff. */
  assignedTo: string | null;
  doneBy: string | null;
  doneAt: Instant | null;
  /** What came of it, in machine words, where staff say so. */
  result: string | null;
}

interface TaskRow extends Omit<Task, 'taskId' | 'caseId'> {
  _id: string;
  /** Absent where 0.1.0 wrote it. */
  caseId?: string | null;
  /** How often it has changed: each change is told once. */
  changes: number;
}

/** What became of a task with a change of its cause, for those who are told. */
export interface TaskChange {
  task: Task;
  change: 'opened' | 'reminder' | 'overdue' | 'done' | 'withdrawn';
  /** The number of this change in the task's life. */
  number: number;
}

/** Whose task it is: of a meeting, of a case, or of a person alone. */
export type TaskAbout = { clinicId: string; patientId: string } & (
  { meetingId: string } | { caseId: string } | object
);

export interface Tasks {
  /**
   * Brings tasks to where their cause has them, inside the transaction of that cause; answers with what
   * changes. What staff have done stays done.
   */
  save(about: TaskAbout, desired: DesiredTask[], now: Date, session: ClientSession): Promise<TaskChange[]>;
  /** Null for one that is not this clinic's. */
  find(clinicId: string, taskId: string): Promise<Task | null>;
  ofMeeting(meetingId: string): Promise<Task[]>;
  ofCase(caseId: string): Promise<Task[]>;
  /** One of the tasks of this kind and these occasions is open. */
  isOneOpen(subjectId: string, kind: TaskKind, occasions: string[]): Promise<boolean>;
  /** What is due first comes first. */
  list(query: {
    clinicId: string;
    state: TaskState;
    kind: TaskKind | null;
    /** Those of one of these, null among them for nobody's; null for everybody's. */
    assignedTo: (string | null)[] | null;
    cursor: string | null;
    limit: number;
  }): Promise<Page<Task>>;
  /** How many are open of a clinic that were due before then. */
  countDueBefore(clinicId: string, dueBefore: Instant): Promise<number>;
  /** A clinic's of one kind and state that are due within a time, `until` excluded, in that order. */
  dueWithin(
    clinicId: string,
    which: { kind: TaskKind; state: TaskState; from: Instant; until: Instant },
  ): Promise<Task[]>;
  /**
   * Gives it to a member of staff, or to nobody; false for one that is not open.
   * @param from who has it as the caller knows it; false where it is another by now. Anybody where it is absent
   */
  assign(clinicId: string, taskId: string, staffId: string | null, from?: string | null): Promise<boolean>;
  /** Staff have done it; null for one that is not open. */
  finish(
    clinicId: string,
    taskId: string,
    done: { by: string; at: Instant; result: string | null },
    session: ClientSession,
  ): Promise<TaskChange | null>;
  /** Notes who did what has ended tasks of a meeting or a case already; the first name stands. */
  sayWho(subjectId: string, kinds: TaskKind[], by: string): Promise<void>;
  /** The meetings that have an open one of the kind, over all clinics. */
  meetingsWithOpen(kind: TaskKind): Promise<string[]>;
  /** How many are open, by kind, over all clinics. */
  waiting(): Promise<{ kind: TaskKind; count: number }[]>;
}

const CLOSING = '16:00';
/** Staff have until the end of the next weekday's opening hours, where nothing says otherwise (ours). */
export const usualDueAt = (now: Date): Date => openingsAfter(now, 1, CLOSING)[0]!;

export function createTasks(connection: Connection): Tasks {
  const rows = collection<TaskRow>(
    connection,
    'tasks',
    {
      clinicId: String,
      meetingId: String,
      caseId: String,
      patientId: String,
      invoiceId: String,
      kind: String,
      state: String,
      because: [String],
      openedAt: String,
      dueAt: String,
      reminders: Number,
      overdue: Boolean,
      assignedTo: String,
      doneBy: String,
      doneAt: String,
      result: String,
      changes: Number,
    },
    [
      // One for each way to ask for a list.
      [{ clinicId: 1, state: 1, dueAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, kind: 1, dueAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, assignedTo: 1, dueAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, assignedTo: 1, kind: 1, dueAt: 1, _id: 1 }],
      [{ meetingId: 1 }],
      [{ caseId: 1 }],
      [{ state: 1, kind: 1 }],
    ],
  );
  const taskOf = ({ changes, ...row }: TaskRow): Task => ({
    taskId: row._id,
    caseId: null,
    ...withoutId(row),
  });
  const isOpenAt =
    (clinicId: string) =>
    (row: TaskRow): boolean =>
      row.clinicId === clinicId && row.state === 'open';
  const changeOf = (row: TaskRow, change: TaskChange['change']): TaskChange => ({
    task: taskOf(row),
    change,
    number: row.changes,
  });

  return {
    async save(about, desired, now, session) {
      if (desired.length === 0) return [];
      const subjectId = subjectOf(about);
      const ids = desired.map((task) => taskIdOf(subjectId, task));
      const found = await rows
        .find({ _id: { $in: ids } })
        .session(session)
        .lean<TaskRow[]>();
      const standing = new Map(found.map((row) => [row._id, row]));
      const changes: TaskChange[] = [];
      for (const [place, task] of desired.entries()) {
        const _id = ids[place]!;
        const row = standing.get(_id) ?? null;
        const change = changeTo(row, task);
        if (!change) continue;
        const saved = savedRow(_id, about, task, row, now);
        await rows.replaceOne({ _id }, saved, { upsert: true, session });
        standing.set(_id, saved);
        changes.push(changeOf(saved, change));
      }
      return changes;
    },
    async find(clinicId, taskId) {
      const row = await rows.findById(taskId).lean<TaskRow>();
      return row?.clinicId === clinicId ? taskOf(row) : null;
    },
    async ofMeeting(meetingId) {
      return (await rows.find({ meetingId }).sort({ openedAt: 1 }).lean<TaskRow[]>()).map(taskOf);
    },
    async ofCase(caseId) {
      return (await rows.find({ caseId }).sort({ openedAt: 1 }).lean<TaskRow[]>()).map(taskOf);
    },
    async isOneOpen(subjectId, kind, occasions) {
      const ids = occasions.map((occasion) => taskIdOf(subjectId, { kind, occasion }));
      const found = await rows
        .find({ _id: { $in: ids } }, { state: 1 })
        .lean<Pick<TaskRow, '_id' | 'state'>[]>();
      return found.some(({ state }) => state === 'open');
    },
    async list({ clinicId, state, kind, assignedTo, cursor, limit }) {
      const filter = { clinicId, state, ...(kind ? { kind } : {}) };
      const filters = assignedTo?.map((each) => ({ ...filter, assignedTo: each })) ?? [filter];
      const found = await rowsAfterOfEach(rows, filters, 'dueAt', cursor, limit + 1);
      return pageOf(found, limit, (row) => row.dueAt, taskOf);
    },
    async countDueBefore(clinicId, dueBefore) {
      return rows.countDocuments({ clinicId, state: 'open', dueAt: { $lt: dueBefore } });
    },
    async dueWithin(clinicId, { kind, state, from, until }) {
      const found = await rows
        .find({ clinicId, state, kind, dueAt: { $gte: from, $lt: until } })
        .sort({ dueAt: 1, _id: 1 })
        .lean<TaskRow[]>();
      return found.map(taskOf);
    },
    async assign(clinicId, taskId, assignedTo, from) {
      const isOpen = isOpenAt(clinicId);
      const isFree = (row: TaskRow): boolean =>
        isOpen(row) && (from === undefined || row.assignedTo === from);
      return (await changeIf(rows, taskId, isFree, { $set: { assignedTo } })) !== null;
    },
    async finish(clinicId, taskId, { by, at, result }, session) {
      const done = { state: 'done' as const, doneBy: by, doneAt: at, result };
      const update = { $set: done, $inc: { changes: 1 } };
      const row = await changeIf(rows, taskId, isOpenAt(clinicId), update, session);
      return row && changeOf({ ...row, ...done, changes: row.changes + 1 }, 'done');
    },
    async sayWho(subjectId, kinds, by) {
      const isNobodys = ({ kind, state, doneBy }: TaskRow): boolean =>
        kinds.includes(kind) && state === 'done' && doneBy === null;
      const found = [
        ...(await rows.find({ meetingId: subjectId }).lean<TaskRow[]>()),
        ...(await rows.find({ caseId: subjectId }).lean<TaskRow[]>()),
      ];
      for (const { _id } of found.filter(isNobodys))
        await changeIf(rows, _id, isNobodys, { $set: { doneBy: by } });
    },
    async meetingsWithOpen(kind) {
      const found = await rows
        .find({ state: 'open', kind }, { meetingId: 1 })
        .lean<Pick<TaskRow, 'meetingId'>[]>();
      return [...new Set(found.flatMap(({ meetingId }) => meetingId ?? []))];
    },
    async waiting() {
      const groups = await rows.aggregate<{ _id: TaskKind; count: number }>([
        { $match: { state: 'open' } },
        { $group: { _id: '$kind', count: { $sum: 1 } } },
      ]);
      return groups.map(({ _id, count }) => ({ kind: _id, count }));
    },
  };
}

/** What the ids of its tasks are made from. */
const subjectOf = (about: TaskAbout): string =>
  'meetingId' in about ? about.meetingId : 'caseId' in about ? about.caseId : about.patientId;

/** A task as its cause has it, with what stays of the one that stands. */
function savedRow(
  _id: string,
  about: TaskAbout,
  desired: DesiredTask,
  row: TaskRow | null,
  now: Date,
): TaskRow {
  const { kind, state, because, invoiceId, reminders, overdue } = desired;
  const at = toInstant(now);
  return {
    _id,
    clinicId: about.clinicId,
    meetingId: 'meetingId' in about ? about.meetingId : null,
    caseId: 'caseId' in about ? about.caseId : null,
    patientId: about.patientId,
    invoiceId,
    kind,
    state,
    // What it was about is told also when it is done.
    because: state === 'open' ? because : (row?.because ?? because),
    reminders,
    overdue,
    openedAt: row?.openedAt ?? at,
    dueAt: desired.dueAt ?? row?.dueAt ?? toInstant(usualDueAt(now)),
    assignedTo: row?.assignedTo ?? null,
    doneBy: null,
    doneAt: state === 'open' ? null : at,
    result: null,
    changes: (row?.changes ?? 0) + 1,
  };
}

/**
 * One task per meeting, case or person, kind and occasion, in the form of all our ids; nobody can guess it
 * who does not know theirs.
 */
const taskIdOf = (subjectId: string, { kind, occasion }: Pick<DesiredTask, 'kind' | 'occasion'>): string =>
  createHash('sha256').update(`task:${subjectId}:${kind}:${occasion}`).digest('base64url').slice(0, 22);

function changeTo(row: TaskRow | null, desired: DesiredTask): TaskChange['change'] | null {
  if (row?.state === 'done') return null;
  if (desired.state !== 'open') return row?.state === 'open' ? desired.state : null;
  if (row?.state !== 'open') return 'opened';
  if (desired.overdue && !row.overdue) return 'overdue';
  return desired.reminders > row.reminders ? 'reminder' : null;
}
