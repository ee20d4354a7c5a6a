import type { Answer, Command } from '../../records/commands';
import { staffIdsOf, outcomeOf, type Meeting, type TakeOver } from '../../records/meetings';
import { nameOf } from '../../rules/actor';
import { isCancelled } from '../../rules/gates';
import { desiredTask } from '../../rules/tasks';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { meetingOf } from '../read-before';
import { eventSubject, saveTasks } from '../read-models/meeting-and-invoice';
import type { TakeOverMeeting } from './bodies';
import { refusedCommand } from './send';
import { meetingView } from './view';

/** Somebody else changed the meeting as we did: read again and decide again, so many times. */
const MOST_ATTEMPTS = 3;
/** More than this are a runaway caller; each stays in the meeting's record, which every page reads. */
const MOST_TAKE_OVERS = 50;

/**
 * One member of staff takes the place of another in a meeting, at once (R1.7). What hangs on the place goes
 * with it: the room's token at the next entry, what is the patient's content (R8.1), and the meeting's tasks.
 * The workflow knows no staff, so it hears of nothing.
 *
 * The clinic's system is told by an event. Whoever takes a meeting for themselves gives themselves the
 * patient's content: that is a task too, for the operations manager to look at.
 */
export const takeOverMeeting: CarryOut<TakeOverMeeting> = async (deps, command) => {
  const { records, clock } = deps;
  const { clinicId, params, body, commandId, actor, receivedAt } = command;
  const meetingId = params.meetingId ?? '';
  if (!mayGive(command))
    return problem(403, 'not-your-meeting', 'A clinician takes a meeting over, or hands over their own.');
  for (let attempt = 1; ; attempt += 1) {
    const meeting =
      attempt === 1
        ? await meetingOf(deps, clinicId, meetingId)
        : await records.meetings.find(clinicId, meetingId);
    if (!meeting) return notFound('meeting');
    // Carried out before, by a run of this command that did not come to its answer.
    if (meeting.takeOvers?.some((each) => each.commandId === commandId)) break;
    const refused = await refusalOf(deps, meeting, body);
    if (refused) return refused;
    if ((meeting.takeOvers?.length ?? 0) >= MOST_TAKE_OVERS)
      return problem(409, 'taken-over-too-often', 'The meeting has been taken over too many times.');
    const { participantId } = meeting.participants.find(({ staffId }) => staffId === body.from)!;
    const takeOver = { commandId, participantId, ...body, by: nameOf(actor), at: receivedAt };
    if (await saveTakeOver(deps, meeting, takeOver, isOwnAct(command))) break;
    if (attempt === MOST_ATTEMPTS) return takenMeanwhile;
  }
  await moveTasks(deps, clinicId, meetingId, body);
  return { status: 200, body: meetingView(await records.meetings.get(meetingId), clock.now()) };
};

/** A clinician takes over for themselves or hands over their own; others give to whom they choose. */
const mayGive = ({ actor, body }: Command & { body: TakeOverMeeting }): boolean =>
  actor.kind !== 'staff' ||
  actor.role !== 'clinician' ||
  [body.from, body.to].some((staffId) => staffId === actor.staffId);

/** Whoever acts takes the meeting for themselves; what the operations manager does, they know. */
const isOwnAct = ({ actor, body }: Command & { body: TakeOverMeeting }): boolean =>
  actor.kind === 'staff' && actor.staffId === body.to && actor.role !== 'operations-manager';

const takenMeanwhile = problem(
  409,
  'taken-over-meanwhile',
  'Somebody else has the meeting by now. Read it again.',
);

async function refusalOf(
  { records }: Pick<CommandDeps, 'records'>,
  meeting: Meeting,
  { from, to }: TakeOverMeeting,
): Promise<Answer | null> {
  if (meeting.course.state === 'ended')
    return refusedCommand(isCancelled(outcomeOf(meeting)?.outcome ?? null) ? 'cancelled' : 'ended');
  const staffIds = staffIdsOf(meeting);
  if (!staffIds.includes(from)) {
    return meeting.takeOvers?.some((each) => each.from === from)
      ? takenMeanwhile
      : wrongField('/body/from', 'unknown-participant', 'This member of staff does not take part.');
  }
  const known = await records.staff.byStaffIds(meeting.clinicId, [to]);
  const member = known.get(to);
  // A member of staff can have several references, which are one person.
  const ofSame = member?.staffIds ?? [to];
  if (ofSame.includes(from)) return wrongField('/body/to', 'nothing-changes', 'It is theirs already.');
  if (staffIds.some((staffId) => ofSame.includes(staffId)))
    return wrongField('/body/to', 'person-twice', 'This member of staff takes part already.');
  return member?.isActive === false
    ? wrongField('/body/to', 'staff-left', 'This member of staff is not active any more.')
    : null;
}

/** False where the meeting is not as it was read. */
function saveTakeOver(
  { records, clock }: CommandDeps,
  meeting: Meeting,
  takeOver: TakeOver,
  isOwn: boolean,
): Promise<boolean> {
  const { meetingId, reference, course } = meeting;
  const { startVersion, startAt, endAt } = course.time;
  const { commandId, participantId, reason, at } = takeOver;
  return records.transaction(async (session) => {
    if (!(await records.meetings.takeOver(meetingId, takeOver, session))) return false;
    const facts = { meetingId, startVersion, reference, startAt, endAt, state: course.state };
    await records.events.add(session, eventSubject(meeting), [
      {
        eventId: `${meetingId}:take-over:${commandId}`,
        at,
        type: 'meeting.taken-over',
        data: { ...facts, participantId, reason },
      },
    ]);
    const desired = isOwn
      ? [desiredTask('meeting-taken-over', commandId, 'open', { because: [reason] })]
      : [];
    await saveTasks(records, meeting, desired, clock.now(), session);
    return true;
  });
}

/** What is to be done about the meeting is the new one's to do. */
async function moveTasks(
  { records }: Pick<CommandDeps, 'records'>,
  clinicId: string,
  meetingId: string,
  { from, to }: TakeOverMeeting,
): Promise<void> {
  const tasks = await records.tasks.ofMeeting(meetingId);
  for (const { taskId, state, assignedTo } of tasks)
    if (state === 'open' && assignedTo === from) await records.tasks.assign(clinicId, taskId, to);
}
