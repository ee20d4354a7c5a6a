import { isDeepStrictEqual } from 'node:util';
import { roomName } from '../jitsi/room-name';
import type { Command } from '../records/commands';
import { followDeliveries } from '../records/delivery-news';
import { keepCharge, keepCourse } from '../records/keep';
import type { LedgerRow, Step } from '../records/ledger';
import type { Meeting } from '../records/meetings';
import { isUnsettled } from '../rules/invoice';
import { MAY_HAVE_GONE } from '../rules/restore';
import type { ChargeSnapshot } from '../workflows/invoice/messages';
import type { MeetingSnapshot } from '../workflows/meeting/messages';
import { closedWithoutWorkflow } from '../workflows/meeting/snapshot';
import { inputOf } from './book-meeting';
import type { CarryOut, CommandDeps } from './command';
import { commands, type CommandName } from './index';
import { proposeCharge } from './propose-charge';

/** What came of comparing the meetings with their workflows after a restore: by opaque ids. */
export interface Compared {
  /** Their workflow was not there or had been cut off, and was started again from the record. */
  started: string[];
  /** They are over and their workflow is gone: nobody is reminded any more, and no notice goes. Look at each by hand. */
  closed: string[];
  /** The record was behind its workflow, and has its state now. */
  caughtUp: string[];
  /** Meetings with invoices whose workflow was behind the record, or gone, and was started again from it. */
  invoicesStarted: string[];
  /** Stored commands that Temporal had lost, carried out again. */
  carriedOutAgain: number;
  /** Commands that could not be carried out again: look at each meeting by hand. */
  refused: string[];
  /** Workflows whose meeting the database has lost: the clinic books it again. They were ended. */
  orphans: string[];
  /** Meetings as both sides have them. */
  same: number;
}

/**
 * Brings meetings, their invoices and the workflows of both together again: after a restore of the two from different moments, while notices are
 * held, or where a workflow was ended from outside. Everything that it does, it finds done when it is run again.
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
    closed: [],
    caughtUp: [],
    invoicesStarted: [],
    carriedOutAgain: 0,
    refused: [],
    orphans: [],
    same: 0,
  };
  const lost = temporalAsOf ? await records.commands.doneSince(temporalAsOf) : [];
  const runningMeetings = await temporal.runningMeetings();
  const runningInvoices = await temporal.runningInvoices();
  const meetingIds = new Set([
    ...(await records.meetings.notClosed()),
    ...(await records.charges.meetingsWithLive()),
    ...lost.flatMap(({ params }) => (params.meetingId === undefined ? [] : [params.meetingId])),
    // What the record has for over, or does not know of, a workflow may still be at.
    ...runningMeetings,
    ...runningInvoices.map(({ meetingId }) => meetingId),
  ]);

  for (const meetingId of meetingIds) {
    const meeting = await records.meetings.findAnywhere(meetingId);
    if (!meeting) {
      const why = 'its meeting was lost by a restore of the database';
      if (runningMeetings.includes(meetingId)) await temporal.endMeeting(meetingId, why);
      for (const { startVersion } of runningInvoices.filter((each) => each.meetingId === meetingId))
        await temporal.endInvoices(meetingId, startVersion, why);
      compared.orphans.push(meetingId);
      continue;
    }
    // Whatever an older workflow of it is still at has been done: nobody is reminded again, and nothing decided anew.
    if (meeting.course.closed && temporalAsOf !== null && runningMeetings.includes(meetingId))
      await temporal.endMeeting(meetingId, 'its record says that it is over');
    const course = meeting.course.closed ? 'same' : await compareCourse(deps, meeting, temporalAsOf !== null);
    const lostOfIt = lost.filter(({ params }) => params.meetingId === meetingId);
    const takesCommands = !meeting.course.closed && (course === 'same' || course === 'caught-up');
    if (takesCommands) await carryOutAgain(deps, lostOfIt, compared);
    const invoices = await compareInvoices(deps, meetingId);
    if (course === 'started') compared.started.push(meetingId);
    if (course === 'closed') compared.closed.push(meetingId);
    if (invoices.started) compared.invoicesStarted.push(meetingId);
    if (course === 'caught-up' || invoices.caughtUp) compared.caughtUp.push(meetingId);
    else if (course === 'same' && !invoices.started) compared.same += 1;
  }
  return compared;
}

/** What was found of the own workflow of a meeting that is not closed, and done about it. */
type CourseCompared = 'started' | 'closed' | 'caught-up' | 'same';

async function compareCourse(
  deps: CommandDeps,
  meeting: Meeting,
  workflowIsOlder: boolean,
): Promise<CourseCompared> {
  const { records, temporal } = deps;
  const { meetingId, course } = meeting;
  const snapshot = await temporal.meetingIfAny(meetingId);
  if (snapshot === 'none' || snapshot === 'cut-off') {
    // One that has ended is not started again: it would begin as booked, and decide anew what it came to.
    if (course.state === 'ended') {
      await closeRecord(deps, meeting);
      return 'closed';
    }
    // It begins to count its versions from one.
    await records.meetings.forgetVersionsFrom(meetingId, 0);
    await temporal.startMeetingAgain(inputOf(meeting));
    return 'started';
  }
  const isBehind = await catchUp(deps, meeting, snapshot, workflowIsOlder);
  await endPlanned(deps, meetingId, (row) =>
    snapshot.notices.some(
      ({ kind, startVersion, state }) =>
        kind === row.kind && startVersion === row.startVersion && state === 'done',
    ),
  );
  return isBehind ? 'caught-up' : 'same';
}

/**
 * Closes a meeting that is over and has no workflow any more: with that staff can register the visit and correct the outcome by the record
 * alone (R5.1, R5.11). What its workflow may not have come to, the first proposal, is written.
 */
async function closeRecord(deps: CommandDeps, { meetingId, course }: Meeting): Promise<void> {
  const { records, clock } = deps;
  await keepCourse(records, closedWithoutWorkflow(course), clock.now());
  await endPlanned(deps, meetingId, () => true);
  const { startVersion } = course.time;
  const cause = course.outcome?.outcome ?? 'unclear';
  if (cause === 'unclear' || (await records.charges.find(meetingId, startVersion))) return;
  await proposeCharge(deps, meetingId, { startVersion, cause, basis: 0 });
}

async function carryOutAgain(deps: CommandDeps, lost: Command[], compared: Compared): Promise<void> {
  for (const command of lost) {
    // Under its own id, by which a workflow that has not lost it knows it.
    const carryOut = commands[command.operation as CommandName] as CarryOut;
    const { status } = await carryOut(deps, command);
    if (status < 300) compared.carriedOutAgain += 1;
    else compared.refused.push(command.commandId);
  }
}

/**
 * Ends rows that the ledger holds for planned and that nobody would ever come to again (R2.7). Whether the notice has gone is told by nothing
 * here, so it is not sent, and staff are asked where no other one has reached the patient (R2.10).
 */
async function endPlanned(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  meetingId: string,
  isMeant: (row: LedgerRow) => boolean,
): Promise<void> {
  const now = clock.now();
  const ended: LedgerRow[] = [];
  for (const row of (await records.ledger.ofMeeting(meetingId)).filter(isMeant)) {
    const step: Step = { from: ['planned'], to: 'unknown', reason: MAY_HAVE_GONE, at: now };
    if (await records.ledger.step(row.rowId, step)) ended.push(await records.ledger.get(row.rowId));
  }
  await followDeliveries(records, ended, now);
}

/** Saves what a meeting's workflow says; true where the record did not have it. */
async function catchUp(
  { records, clock, roomKey }: CommandDeps,
  { meetingId, course, times }: Meeting,
  snapshot: MeetingSnapshot,
  workflowIsOlder: boolean,
): Promise<boolean> {
  const isBehind = course.version !== snapshot.version;
  // A workflow of an earlier moment begins to count its versions there again: what it saves from now on is newer all the same.
  if (isBehind && workflowIsOlder) await records.meetings.forgetVersionsFrom(meetingId, snapshot.version);
  if (isBehind) await keepCourse(records, snapshot, clock.now());
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
  return isBehind;
}

/**
 * Brings the invoices of a meeting and their workflows together. What the workflow has come to since is saved; a workflow that the record is
 * ahead of is started again, since each begins with what its record says: nothing that has gone to billing goes there anew (R5.8).
 */
async function compareInvoices(
  { records, temporal, clock }: CommandDeps,
  meetingId: string,
): Promise<{ caughtUp: boolean; started: boolean }> {
  const { clinicId, course } = await records.meetings.get(meetingId);
  const compared = { caughtUp: false, started: false };
  for (let startVersion = 1; startVersion <= course.time.startVersion; startVersion += 1) {
    // Read before its workflow, which is never behind it but after a restore.
    const record = (await records.charges.find(meetingId, startVersion))?.course ?? null;
    const found = await temporal.chargeIfAny(meetingId, startVersion);
    const charge = found?.charge ?? null;
    if (charge && charge.version > (record?.version ?? -1)) {
      await keepCharge(records, charge, clock.now());
      compared.caughtUp = true;
    } else if (record && mustStart(record, charge, found?.isRunning ?? false)) {
      await temporal.startInvoicesAgain({ clinicId, meetingId, startVersion });
      compared.started = true;
    }
  }
  return compared;
}

/** Whether the workflow of invoices is to begin again with what their record says, which is as new as the workflow's or newer. */
function mustStart(record: ChargeSnapshot, charge: ChargeSnapshot | null, isRunning: boolean): boolean {
  const last = record.invoices.at(-1);
  if (!isRunning) return last !== undefined && isUnsettled(last.state);
  // It is reading the record this moment, or has another state under the same version.
  return charge !== null && !isDeepStrictEqual(record, charge);
}
