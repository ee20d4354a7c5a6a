import { roomName } from '../../jitsi/room-name';
import type { Command } from '../../records/commands';
import { followDeliveries } from '../notice/follow-deliveries';
import { saveMeeting } from '../read-models/meeting-and-invoice';
import { lapseClaimsOfEnded } from '../read-models/lapsed-claims';
import type { LedgerRow, Step } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import { MAY_HAVE_GONE } from '../../rules/restore';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { closedWithoutWorkflow } from '../../workflows/meeting/snapshot';
import { inputOf } from '../meeting/book';
import { tellAllFacts } from '../meeting/facts';
import { compareCases } from './cases';
import type { Compared } from './compared';
import type { CarryOut, CommandDeps } from '../command';
import { compareInvoices } from './invoices';
import { commands, type CommandName } from '../index';
import { proposeCharge } from '../invoice/propose';

/**
 * Brings meetings, their invoices, message cases and the workflows of all of them together again. It runs
 * after a restore of database and Temporal from different moments, while notices are held. It also runs if a
 * workflow was ended from outside. A second run finds done what the first did.
 * @param temporalAsOf the instant of Temporal's backup, if it is older than the database's; commands since
 * that instant are carried out again
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
    messagesLost: [],
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
    const course = await compareCourse(deps, meeting, {
      isOlder: temporalAsOf !== null,
      isRunning: runningMeetings.includes(meetingId),
    });
    if (course === 'same' || course === 'caught-up') {
      const lostOfIt = lost.filter(({ params }) => params.meetingId === meetingId);
      await carryOutAgain(deps, lostOfIt, compared);
    }
    const invoices = await compareInvoices(deps, meetingId);
    if (course === 'started') compared.started.push(meetingId);
    if (course === 'closed') compared.closed.push(meetingId);
    if (invoices.started) compared.invoicesStarted.push(meetingId);
    if (course === 'caught-up' || invoices.caughtUp) compared.caughtUp.push(meetingId);
    else if ((course === 'same' || course === 'over') && !invoices.started) compared.same += 1;
  }
  await lapseClaimsOfEnded(records, deps.clock.now());
  await compareCases(deps, { workflowsAreOlder: temporalAsOf !== null }, compared);
  return compared;
}

/** What was found of a meeting's own workflow, and done about it; `over`: its record was closed before. */
type CourseCompared = 'over' | 'started' | 'closed' | 'caught-up' | 'same';

async function compareCourse(
  deps: CommandDeps,
  meeting: Meeting,
  workflow: { isOlder: boolean; isRunning: boolean },
): Promise<CourseCompared> {
  const { records, temporal } = deps;
  const { meetingId, course } = meeting;
  if (course.closed) {
    // Whatever an older workflow is still at has been done: nobody is reminded again, and nothing decided
    // anew.
    if (workflow.isOlder && workflow.isRunning)
      await temporal.endMeeting(meetingId, 'its record says that it is over');
    return 'over';
  }
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
    // It begins as booked: what has changed since it hears as facts.
    if (meeting.workflow) await tellAllFacts(deps, meetingId);
    return 'started';
  }
  const isBehind = await catchUp(deps, meeting, snapshot, workflow.isOlder);
  await endPlanned(deps, meetingId, (row) =>
    snapshot.notices.some(
      ({ kind, startVersion, state }) =>
        kind === row.kind && startVersion === row.occasion && state === 'done',
    ),
  );
  if (meeting.workflow) await tellAllFacts(deps, meetingId);
  return isBehind ? 'caught-up' : 'same';
}

/**
 * Closes a meeting that is over and has no workflow any more. Then staff can register the visit and correct
 * the outcome by the record alone (R5.1, R5.11). Before that it writes the first proposal, which the workflow
 * may not have come to. Nothing looks at a closed meeting again.
 */
async function closeRecord(deps: CommandDeps, { meetingId, course }: Meeting): Promise<void> {
  const { records, clock } = deps;
  const { startVersion } = course.time;
  const cause = course.outcome?.outcome ?? 'unclear';
  if (cause !== 'unclear' && !(await records.charges.find(meetingId, startVersion)))
    await proposeCharge(deps, meetingId, { startVersion, cause, basis: 0 });
  await endPlanned(deps, meetingId, () => true);
  await saveMeeting(records, closedWithoutWorkflow(course), clock.now());
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
 * Ends rows that the ledger holds for planned and that nobody would ever come to again (R2.7). Whether the
 * notice has gone is told by nothing here, so it is not sent, and staff are asked where no other one has
 * reached the patient (R2.10).
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
  // A workflow of an earlier moment begins to count its versions there again: what it saves from now on is
  // newer all the same.
  if (isBehind && workflowIsOlder) await records.meetings.forgetVersionsFrom(meetingId, snapshot.version);
  if (isBehind) await saveMeeting(records, snapshot, clock.now());
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
