import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { msOf, toInstant } from '../../rules/instant';
import { urgency } from '../../rules/notices';
import { createAlarm } from '../alarm';
import { nearActivities, outwardActivities } from '../near';
import { SMS_TASK_QUEUE_SUFFIX } from '../task-queues';
import type { HandOverActivities, MeetingActivities, NoticeToSend } from './activities';
import { MeetingCourse } from './course';
import { meetingDetails } from './details';
import {
  cancelUpdate,
  entryUpdate,
  lookAgainSignal,
  outcomeUpdate,
  rebookUpdate,
  REFUSED,
  registerUpdate,
  statusQuery,
  type CancelCommand,
  type CommandRefusal,
  type EntryCommand,
  type MeetingInput,
  type MeetingSnapshot,
  type NoticeProgress,
  type OutcomeCommand,
  type RebookCommand,
  type RegisterCommand,
} from './messages';

const near = nearActivities<MeetingActivities>();
const outward = outwardActivities<MeetingActivities>();

/**
 * The course of one digital care meeting, from booking to the registered visit. One plan, one timer: it sleeps until the next entry
 * of its plan or until something changes, then looks again (design, decision 4).
 */
export async function meeting(input: MeetingInput): Promise<MeetingSnapshot> {
  const course = new MeetingCourse(input, leastVersion);
  let mustLook = true;
  let savedVersion = 0;
  const alarm = createAlarm();
  const handOvers = new Set<Promise<void>>();
  /** The workflow task in which something was decided last that is not in the history before that task is completed. */
  let decidedInTask = 0;
  const decided = (): void => {
    decidedInTask = workflowInfo().historyLength;
  };

  listen(course, { lookAgain: () => (mustLook = true), decided });

  while (!course.over(now())) {
    const wokenAt = now();
    if (mustLook || course.lookDue(wokenAt)) {
      mustLook = false;
      course.see(now(), await near.lookAtMeeting(input.meetingId));
      decided();
    }
    course.passTime(now());
    // What changes sending is in the database before anything is sent (decision 4), and what the outcome is decided from too.
    await saveIfChanged();
    if (mustSave()) continue;
    for (const notice of course.takeDueNotices(now())) await prepare(notice);
    // As of when it was looked at: the booked end may have come since, and somebody may be in the room.
    if (course.settlementDue(wokenAt)) {
      const { startVersion } = course;
      course.settle(now(), startVersion, await near.settleOutcome(input.meetingId));
      decided();
    }
    for (const proposal of course.takeProposals()) {
      await outward.proposeInvoice(proposal);
      course.invoiceProposed(now());
    }
    await saveIfChanged();
    await untilSomethingChanges();
  }

  await Promise.all(handOvers);
  await condition(allHandlersFinished);
  course.close();
  await saveIfChanged();
  return course.snapshot();

  async function prepare(notice: NoticeProgress): Promise<void> {
    const { startVersion, kind, lastUsefulAt } = notice;
    const { meetingId } = input;
    const { notBefore, toSend } = await near.prepareNotice({ meetingId, startVersion, kind, lastUsefulAt });
    decided();
    if (notBefore) course.postpone(now(), notice, notBefore);
    else handOvers.add(give(notice, toSend));
  }

  /** Gives a notice to all its recipients beside the course, which goes on meanwhile: a slow provider stops no door. */
  async function give(notice: NoticeProgress, toSend: NoticeToSend[]): Promise<void> {
    const { kind } = notice;
    await Promise.all(toSend.map(({ rowId, channel }) => queueOf(channel, kind).handOver(rowId)));
    course.noticeDone(notice);
  }

  async function saveIfChanged(): Promise<void> {
    const snapshot = course.snapshot();
    setCurrentDetails(meetingDetails(snapshot));
    if (!mustSave()) return;
    // With it go tasks and what the clinic's system hears: none of it before what it tells of is in the history.
    const isInHistory = decidedInTask !== workflowInfo().historyLength;
    await (isInHistory ? near : outward).saveSnapshot(snapshot);
    savedVersion = snapshot.version;
  }

  function mustSave(): boolean {
    return course.pressingVersion > savedVersion;
  }

  async function untilSomethingChanges(): Promise<void> {
    const stirred = (): boolean => mustLook || mustSave() || course.hasProposals || course.over(now());
    const next = course.nextStep(now());
    if (next && msOf(next.at) <= msOf(now())) return;
    alarm.set(next);
    await condition(() => alarm.rang || stirred());
  }
}

/** More changes than there are in one workflow task. */
const VERSIONS_PER_EVENT = 1_000;

/**
 * A near activity may have saved what a workflow task came to that was lost with its process, and that the next may decide otherwise. The
 * history is longer then, so that nothing saved by the lost one counts as newer.
 */
const leastVersion = (): number => workflowInfo().historyLength * VERSIONS_PER_EVENT;

/** Time in a workflow: the same at every replay. */
const now = (): string => toInstant(new Date());

/** Commands, nudges and the question how it stands. Refusals come from the course's own state and leave no history. */
function listen(
  course: MeetingCourse,
  { lookAgain, decided }: { lookAgain: () => void; decided: () => void },
): void {
  setHandler(
    cancelUpdate,
    (command) => {
      course.cancel(now(), command);
      decided();
      return course.snapshot();
    },
    {
      validator: (command: CancelCommand) => refuse(course.refuseCancel(command)),
      description: 'Cancels the meeting',
    },
  );
  setHandler(
    rebookUpdate,
    (command) => {
      course.rebook(now(), command);
      decided();
      lookAgain();
      return course.snapshot();
    },
    {
      validator: (command: RebookCommand) => refuse(course.refuseRebook(command)),
      description: 'Moves the meeting to another time, with a new plan',
    },
  );
  setHandler(
    entryUpdate,
    (command) => {
      course.passTime(now());
      course.enter(now(), command);
      decided();
      return course.snapshot();
    },
    {
      validator: (command: EntryCommand) => refuse(course.refuseEntry(now(), command)),
      description: 'Lets a participant in',
    },
  );
  setHandler(
    outcomeUpdate,
    (command) => {
      course.stateOutcome(now(), command);
      decided();
      return course.snapshot();
    },
    {
      validator: (command: OutcomeCommand) => refuse(course.refuseOutcome(now(), command)),
      description: 'Staff state what the meeting came to',
    },
  );
  setHandler(
    registerUpdate,
    () => {
      course.register(now());
      decided();
      return course.snapshot();
    },
    {
      validator: (command: RegisterCommand) => refuse(course.refuseRegister(command)),
      description: 'Staff have registered the visit in PAS and journal',
    },
  );
  setHandler(lookAgainSignal, lookAgain, {
    description: 'A consent, a form, presence or the clinic’s readiness changed: look again',
  });
  setHandler(statusQuery, () => course.snapshot(), { description: 'The whole course as it stands' });
}

function refuse(reason: CommandRefusal | null): void {
  if (reason) throw ApplicationFailure.nonRetryable(reason, REFUSED);
}

/**
 * The SMS queue has the provider's rate and its own workers; e-mail waits in no such queue. An attempt is longer than the lease of a ledger row, which is
 * longer than the call to the provider (decision 5); the activity itself ends the row at its last useful moment, so attempts
 * need no limit here.
 */
function queueOf(channel: NoticeToSend['channel'], kind: NoticeProgress['kind']): HandOverActivities {
  const { taskQueue } = workflowInfo();
  return proxyActivities<HandOverActivities>({
    taskQueue: channel === 'sms' ? `${taskQueue}${SMS_TASK_QUEUE_SUFFIX}` : taskQueue,
    startToCloseTimeout: '30s',
    retry: { initialInterval: '2s', maximumInterval: '30s' },
    priority: { priorityKey: urgency(kind) },
    summary: `${kind} notice`,
  });
}
