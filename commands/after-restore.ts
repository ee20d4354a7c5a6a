import { roomName } from '../jitsi/room-name';
import { keepCharge, keepCourse } from '../records/keep';
import type { LedgerRow, Step } from '../records/ledger';
import { followDeliveries } from '../records/delivery-news';
import type { Meeting } from '../records/meetings';
import { MAY_HAVE_GONE } from '../rules/restore';
import type { MeetingSnapshot } from '../workflows/meeting/messages';
import { inputOf } from './book-meeting';
import { compareCases } from './cases-after-restore';
import type { CarryOut, CommandDeps } from './command';
import { commands, type CommandName } from './index';

/** What came of comparing meetings and message cases with their workflows after a restore: by opaque ids. */
export interface Compared {
  /** Their workflow was not there or had been cut off, and was started again from the record. */
  started: string[];
  /** The record was behind its workflow, and has its state now. */
  caughtUp: string[];
  /** Stored commands that Temporal had lost, carried out again. */
  carriedOutAgain: number;
  /** Commands that could not be carried out again: look at each meeting by hand. */
  refused: string[];
  /** Message cases of which the database has lost messages that the workflow knows of: their clinics have to be told. */
  messagesLost: string[];
  /** Workflows whose meeting or case the database has lost: the clinic books or opens it again. They were ended. */
  orphans: string[];
  /** Meetings and cases as both sides have them. */
  same: number;
}

/**
 * Brings meetings, message cases and their workflows together again: after a restore of the two from different moments, while notices are held, or where a workflow
 * was ended from outside. Everything that it does, it finds done when it is run again.
 *
 * @param temporalAsOf where Temporal's backup is older than the database's: its instant. What was commanded since is carried out again
 */
export async function compareAfterRestore(
  deps: CommandDeps,
  { temporalAsOf }: { temporalAsOf: Date | null },
): Promise<Compared> {
  const { records, temporal } = deps;
  const compared: Compared = {
    started: [],
    caughtUp: [],
    carriedOutAgain: 0,
    refused: [],
    messagesLost: [],
    orphans: [],
    same: 0,
  };
  const lost = temporalAsOf ? await records.commands.doneSince(temporalAsOf) : [];
  const commanded = lost.flatMap(({ params }) => (params.meetingId === undefined ? [] : [params.meetingId]));
  const meetingIds = new Set([...(await records.meetings.notOver()), ...commanded]);

  for (const meetingId of meetingIds) {
    const meeting = await records.meetings.get(meetingId);
    const snapshot = await temporal.meetingIfAny(meetingId);
    if (snapshot === 'none' || snapshot === 'cut-off') {
      if (meeting.course.state === 'ended') continue;
      // It begins to count its versions from one.
      await records.meetings.forgetVersionsFrom(meetingId, 0);
      await temporal.startMeetingAgain(inputOf(meeting));
      compared.started.push(meetingId);
      continue;
    }
    const isBehind = await catchUp(deps, meeting, snapshot, temporalAsOf !== null);
    await endWhatIsDone(deps, snapshot);
    for (const command of lost.filter(({ params }) => params.meetingId === meetingId)) {
      // Under its own id, by which a workflow that has not lost it knows it.
      const carryOut = commands[command.operation as CommandName] as CarryOut;
      const { status } = await carryOut(deps, command);
      if (status < 300) compared.carriedOutAgain += 1;
      else compared.refused.push(command.commandId);
    }
    if (isBehind) compared.caughtUp.push(meetingId);
    else compared.same += 1;
  }
  for (const meetingId of await temporal.runningMeetings()) {
    if (await records.meetings.isThere(meetingId)) continue;
    await temporal.endMeeting(meetingId, 'its meeting was lost by a restore of the database');
    compared.orphans.push(meetingId);
  }
  await compareCases(deps, { workflowsAreOlder: temporalAsOf !== null }, compared);
  return compared;
}

/**
 * Ends the rows that the ledger holds for planned and the workflow for done: nobody would ever come to them again (R2.7). Whether the notice has
 * gone is told by nothing here, so it is not sent, and staff are asked where no other one has reached the patient (R2.10).
 */
async function endWhatIsDone(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  { meetingId, notices }: MeetingSnapshot,
): Promise<void> {
  const now = clock.now();
  const ended: LedgerRow[] = [];
  for (const row of await records.ledger.ofMeeting(meetingId)) {
    const isDone = notices.some(
      ({ kind, startVersion, state }) =>
        kind === row.kind && startVersion === row.startVersion && state === 'done',
    );
    if (!isDone) continue;
    const step: Step = { from: ['planned'], to: 'unknown', reason: MAY_HAVE_GONE, at: now };
    if (await records.ledger.step(row.rowId, step)) ended.push(await records.ledger.get(row.rowId));
  }
  await followDeliveries(records, ended, now);
}

/** Saves what the workflows of a meeting and its invoices say; true where the record did not have it. */
async function catchUp(
  { records, temporal, clock, roomKey }: CommandDeps,
  meeting: Meeting,
  snapshot: MeetingSnapshot,
  workflowIsOlder: boolean,
): Promise<boolean> {
  const { meetingId, course, times } = meeting;
  const now = clock.now();
  const isBehind = course.version !== snapshot.version;
  // A workflow of an earlier moment begins to count its versions there again: what it saves from now on is newer all the same.
  if (isBehind && workflowIsOlder) await records.meetings.forgetVersionsFrom(meetingId, snapshot.version);
  if (isBehind) await keepCourse(records, snapshot, now);
  const { startVersion, startAt, endAt } = snapshot.time;
  if (!times.some((time) => time.startVersion === startVersion)) {
    await records.meetings.addTime(meetingId, {
      startVersion,
      startAt,
      endAt,
      roomName: roomName(roomKey, meetingId, startVersion),
      // Nobody knows any more who set it and whether it was agreed: so it costs nobody anything (R5.5).
      setBy: 'clinic',
      setInsideNotice: true,
      agreed: false,
    });
  }
  for (let version = 1; version <= startVersion; version += 1) {
    const charge = await temporal.chargeStatusIfAny(meetingId, version);
    if (charge) await keepCharge(records, charge, now);
  }
  return isBehind;
}
