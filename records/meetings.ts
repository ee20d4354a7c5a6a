import type { ClientSession, Connection } from 'mongoose';
import type { Instant } from '../rules/instant';
import type { Changer, MeetingState, MeetingTerms, ParticipantRole } from '../rules/meeting';
import type { Suitability } from '../rules/suitability';
import type { MeetingSnapshot } from '../workflows/meeting/messages';
import { collection, json } from './schema';

/** One who takes part. Staff are known by the clinic's own reference, everybody else by their person record (R4.2). */
export interface Participant {
  participantId: string;
  role: ParticipantRole;
  /** Null for staff, and for a guest or interpreter whose invitation nobody has claimed yet. */
  personId: string | null;
  staffId: string | null;
}

/** What belongs to one start version beside the course: its room, and who set the time (R4.1, R5.5). */
export interface MeetingTimeRecord {
  startVersion: number;
  startAt: Instant;
  roomName: string;
  setBy: Changer;
  setInsideNotice: boolean;
}

/** The booking as it was made (R1.1–R1.3). */
export interface Booking {
  meetingId: string;
  clinicId: string;
  patientId: string;
  participants: Participant[];
  formIds: string[];
  terms: MeetingTerms;
  /** Null for a meeting booked before it was asked (0.1.0). */
  suitability: Suitability | null;
  /** The PAS's own reference to the visit, which means nothing to us (R1.4). */
  reference: string | null;
  bookedBy: string;
  bookedAt: Instant;
}

/** A meeting: its booking, its times, and the read model of its workflow. */
export interface Meeting extends Booking {
  times: MeetingTimeRecord[];
  course: MeetingSnapshot;
}

interface MeetingRow extends Omit<Meeting, 'meetingId' | 'terms' | 'suitability' | 'reference'> {
  _id: string;
  /** Meetings booked by 0.1.0 lack these three. */
  terms: Omit<MeetingTerms, 'interpreterNeeded'> & { interpreterNeeded?: boolean };
  suitability?: Suitability | null;
  reference?: string | null;
  roomNames: string[];
  startAt: Date;
  state: MeetingState;
  /** Written by every hand-over, so that no change of the meeting slips in between (decision 5). */
  handOverAt: Date | null;
}

/** A page of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Meetings {
  /** Records a booking once, with the read model that it begins with; the same id again changes nothing. */
  add(booking: Booking, time: MeetingTimeRecord, course: MeetingSnapshot): Promise<void>;
  /** Null for one that is not this clinic's. */
  find(clinicId: string, meetingId: string): Promise<Meeting | null>;
  /** For the service's own work, where no clinic asks. */
  get(meetingId: string): Promise<Meeting>;
  findByRoom(roomName: string): Promise<{ meeting: Meeting; startVersion: number } | null>;
  /** Meetings of a person that are not over, so that they can be told to look again. */
  openOf(clinicId: string, personId: string): Promise<string[]>;
  /** What the clinic's meetings that are not over are booked with (R5.9). */
  feesBooked(clinicId: string): Promise<{ feeCode: string; startAt: Date }[]>;
  /** In order of start; `cursor` is the `next` of the page before. */
  list(query: {
    clinicId: string;
    from: Date;
    until: Date;
    state: MeetingState | null;
    cursor: string | null;
    limit: number;
  }): Promise<Page<Meeting>>;
  /** Adds what belongs to a new start version, once. */
  addTime(meetingId: string, time: MeetingTimeRecord): Promise<void>;
  /** Saves the read model; losing to a newer version is success (design, decision 1). */
  saveCourse(course: MeetingSnapshot): Promise<void>;
  /** Reads the meeting and writes its record, inside a hand-over's transaction. */
  getForHandOver(meetingId: string, now: Date, session: ClientSession): Promise<Meeting>;
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
      suitability: json,
      reference: String,
      bookedBy: String,
      bookedAt: String,
      times: json,
      course: json,
      roomNames: [String],
      startAt: Date,
      state: String,
      handOverAt: Date,
    },
    [
      [{ clinicId: 1, startAt: 1, _id: 1 }],
      [{ roomNames: 1 }],
      [{ clinicId: 1, 'participants.personId': 1, state: 1 }],
    ],
  );

  const meetingOf = (row: MeetingRow): Meeting => ({
    meetingId: row._id,
    clinicId: row.clinicId,
    patientId: row.patientId,
    participants: row.participants,
    formIds: row.formIds,
    terms: { ...row.terms, interpreterNeeded: row.terms.interpreterNeeded ?? false },
    suitability: row.suitability ?? null,
    reference: row.reference ?? null,
    bookedBy: row.bookedBy,
    bookedAt: row.bookedAt,
    times: row.times,
    course: row.course,
  });

  async function get(meetingId: string): Promise<Meeting> {
    const row = await rows.findById(meetingId).lean<MeetingRow>();
    if (!row) throw new Error(`no meeting ${meetingId}`);
    return meetingOf(row);
  }

  return {
    async add({ meetingId, ...booking }, time, course) {
      await rows.updateOne(
        { _id: meetingId },
        {
          $setOnInsert: {
            ...booking,
            times: [time],
            roomNames: [time.roomName],
            course,
            startAt: new Date(time.startAt),
            state: course.state,
            handOverAt: null,
          },
        },
        { upsert: true },
      );
    },
    async find(clinicId, meetingId) {
      const row = await rows.findOne({ _id: meetingId, clinicId }).lean<MeetingRow>();
      return row && meetingOf(row);
    },
    get,
    async findByRoom(roomName) {
      const row = await rows.findOne({ roomNames: roomName }).lean<MeetingRow>();
      const time = row?.times.find((each) => each.roomName === roomName);
      return row && time ? { meeting: meetingOf(row), startVersion: time.startVersion } : null;
    },
    async openOf(clinicId, personId) {
      const open = await rows
        .find({ clinicId, 'participants.personId': personId, state: { $ne: 'ended' } }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return open.map((row) => row._id);
    },
    async feesBooked(clinicId) {
      const open = await rows
        .find({ clinicId, state: { $ne: 'ended' } }, { 'terms.feeCode': 1, startAt: 1 })
        .lean<Pick<MeetingRow, 'terms' | 'startAt'>[]>();
      return open.map(({ terms, startAt }) => ({ feeCode: terms.feeCode, startAt }));
    },
    async list({ clinicId, from, until, state, cursor, limit }) {
      const after = cursor === null ? null : parseCursor(cursor);
      const found = await rows
        .find({
          clinicId,
          startAt: { $gte: from, $lt: until },
          ...(state ? { state } : {}),
          ...(after
            ? {
                $or: [
                  { startAt: { $gt: after.startAt } },
                  { startAt: after.startAt, _id: { $gt: after.id } },
                ],
              }
            : {}),
        })
        .sort({ startAt: 1, _id: 1 })
        .limit(limit + 1)
        .lean<MeetingRow[]>();
      const last = found.length > limit ? found[limit - 1] : undefined;
      return { items: found.slice(0, limit).map(meetingOf), next: last ? cursorOf(last) : null };
    },
    async addTime(meetingId, time) {
      await rows.updateOne(
        { _id: meetingId, roomNames: { $ne: time.roomName } },
        { $push: { times: time, roomNames: time.roomName } },
      );
    },
    async saveCourse(course) {
      await rows.updateOne(
        { _id: course.meetingId, 'course.version': { $lt: course.version } },
        { $set: { course, state: course.state, startAt: new Date(course.time.startAt) } },
      );
    },
    async getForHandOver(meetingId, now, session) {
      const row = await rows
        .findOneAndUpdate(
          { _id: meetingId },
          { $set: { handOverAt: now } },
          { session, returnDocument: 'after' },
        )
        .lean<MeetingRow>();
      if (!row) throw new Error(`no meeting ${meetingId}`);
      return meetingOf(row);
    },
  };
}

const cursorOf = (row: Pick<MeetingRow, '_id' | 'startAt'>): string =>
  Buffer.from(`${row.startAt.toISOString()} ${row._id}`).toString('base64url');

/** @throws RangeError for what is no cursor of ours */
export function parseCursor(cursor: string): { startAt: Date; id: string } {
  const [startAt, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const date = new Date(startAt ?? '');
  if (!id || Number.isNaN(date.getTime())) throw new RangeError('not a cursor');
  return { startAt: date, id };
}
