import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { msOf, type Instant } from '../../rules/instant';
import { rowIdOf } from '../../rules/ledger';
import { createAlarm } from '../shared/alarm';
import { AnsweredCommands } from '../shared/answered-commands';
import { copyOf } from '../shared/copy-of';
import { giveNotice } from '../shared/give-notice';
import { localActivities, regularActivities } from '../shared/local-activities';
import { now } from '../shared/now';
import { showAttributes } from '../shared/show-attributes';
import type { NoticeOrder } from '../shared/hand-over-contract';
import type { MeetingActivities } from './activities';
import { MeetingAdminView } from './admin-view';
import { takeCommands } from './commands';
import { meetingDetails } from './details';
import {
  factSignal,
  statusQuery,
  type MeetingInput,
  type MeetingSnapshot,
  type NoticeProgress,
  type Recipient,
} from './messages';
import { meetingAttributes } from './search-attributes';
import { MeetingStateMachine } from './state';

/** What each is for, in words for the Web UI. */
const summaries: Record<keyof MeetingActivities, string> = {
  saveMeeting: 'saves how the meeting stands, with events, tasks and proposals that follow',
  settleMeeting: 'reads from the evidence what the meeting came to',
};
const local = localActivities<MeetingActivities>(summaries);
const regular = regularActivities<MeetingActivities>(summaries);

/** A history of more events than this goes on as a new one; a meeting has about a hundred. */
const MOST_EVENTS = 1_000;

/** What came of a notice to one recipient, for the course; what became of it is in the ledger. */
type Result = 'done' | 'called-back' | { notBefore: Instant };

/**
 * One digital care meeting, from its booking to the registered visit (design, decision 4).
 *
 * It sleeps until the clock brings the next thing, or until it is woken: by a command, by a fact, or by a
 * notice that has been given. Then it takes one step: it decides, and asks side by side for what is due. What
 * happens to the meeting is decided by its state machine (state.ts). A command or a fact is taken in at once,
 * where it comes in; the step that follows is the same whatever woke the meeting.
 */
export async function careMeeting(input: MeetingInput): Promise<MeetingSnapshot> {
  const { meetingId, clinicId } = input;
  const meeting = new MeetingStateMachine(input);
  // A copy: the way to each recipient is noted in it, and the input stays as it came.
  const recipients = copyOf(input.goesOn?.recipients ?? input.recipients ?? []);
  const adminView = new MeetingAdminView(input.goesOn);
  const answered = new AnsweredCommands(input.goesOn?.answered);
  const alarm = createAlarm();
  let isWoken = false;
  let savedVersion = 0;
  const wake = (): void => void (isWoken = true);

  /** The notices that are being given, each with what calls it back. */
  const handOvers = new Map<NoticeProgress, CancellationScope>();
  const decided = (): void => {
    // The answer to the last command says so already, and whoever gave it saves that.
    if (meeting.hasNothingLeft(now())) meeting.close();
    wake();
  };
  takeCommands(meeting, decided, answered);
  setHandler(
    factSignal,
    (fact) => {
      meeting.hear(now(), fact);
      adminView.hear(fact);
      wake();
    },
    { description: 'A consent, a form, the room, a refused entry, or the end of a notice has changed' },
  );
  setHandler(statusQuery, () => meeting.snapshot(), { description: 'The whole course as it stands' });

  while (!meeting.hasNothingLeft(now())) {
    meeting.passTime(now());
    await readEvidenceFromTheBookedEnd();
    callBackPointlessNotices();
    giveDueNotices();
    await saveWhatIsToBeSaved();
    if (isLong() && isAtRest()) return goOnAnew();
    await untilTimeOrWoken();
  }

  await untilHandOversAndCommandsAreDone();
  if (meeting.close()) meeting.haveSaved();
  await saveWhatIsToBeSaved();
  show();
  return meeting.snapshot();

  /** Sleeps until the clock brings the next thing, or a command, a fact or a given notice wakes it. */
  async function untilTimeOrWoken(): Promise<void> {
    const next = meeting.nextStep(now());
    const isDue = next !== null && msOf(next.at) <= msOf(now());
    // The step that was just taken may have been the last one.
    if (!isWoken && !isDue && !meeting.hasNothingLeft(now())) {
      show();
      alarm.set(next);
      await condition(() => alarm.rang || isWoken);
    }
    isWoken = false;
  }

  /** What has begun comes to its end, and each command has its answer, before the workflow ends. */
  async function untilHandOversAndCommandsAreDone(): Promise<void> {
    await condition(() => handOvers.size === 0 && allHandlersFinished());
  }

  /**
   * From the booked end on: who is in the room, and what did the meeting come to (R5.6)? If clinic and
   * patient are in it still, the meeting runs over, and it is asked again when that is over. The activity
   * only answers; the state machine decides.
   */
  async function readEvidenceFromTheBookedEnd(): Promise<void> {
    if (!meeting.mustReadEvidence(now())) return;
    const { startVersion } = meeting;
    const evidence = await local.settleMeeting({ meetingId, startVersion, letIn: meeting.letInIds() });
    meeting.takeEvidence(now(), startVersion, evidence);
  }

  /**
   * Notices go beside the course: a slow provider stops no door.
   *
   * Where one recipient's waits for the morning, the whole notice is planned again: a plan has one due time
   * for all who hear of it. Then all are asked for again, and whoever had it by then has ended in the ledger
   * and gets nothing twice (R2.7).
   *
   * No throw is caught here. Asking for a notice is tried again without end, so that a throw is an error of
   * this code. It fails the workflow task: the meeting stands still, administrators see it, and it goes on
   * with the code that is mended.
   */
  function giveDueNotices(): void {
    for (const notice of meeting.takeDueNotices(now())) {
      const scope = new CancellationScope();
      handOvers.set(notice, scope);
      void scope
        .run(() => Promise.all(recipients.map((recipient) => giveTo(recipient, notice))))
        .then((results) => {
          const waiting = results.find((result) => typeof result === 'object');
          if (waiting) meeting.postpone(now(), notice, waiting.notBefore);
          else if (results.length > 0 && results.every((result) => result === 'called-back'))
            meeting.noticeDropped(notice);
          else meeting.noticeDone(notice);
          handOvers.delete(notice);
          wake();
        });
    }
  }

  /** Gives a notice to one who may hear of it, unless it waits for the morning or is called back. */
  async function giveTo(recipient: Recipient, notice: NoticeProgress): Promise<Result> {
    const { kind, startVersion, dueAt, lastUsefulAt } = notice;
    const { participantId, number } = recipient;
    const row = { subjectId: meetingId, occasion: startVersion, kind, participantId };
    if (notice.again && !notice.again.includes(rowIdOf(row))) return 'done';
    const order: NoticeOrder = {
      subject: 'meeting',
      ...row,
      dueAt,
      lastUsefulAt,
      queue: recipient.queue,
      again: notice.again !== undefined,
    };
    try {
      const { given, queue } = await giveNotice(order, number);
      recipient.queue = queue;
      if (given.kind === 'not-before') return { notBefore: given.at };
      if (given.kind === 'ended') adminView.tell({ startVersion, kind, ...given.delivery });
      return 'done';
    } catch (error) {
      if (isCancellation(error)) return 'called-back';
      throw error;
    }
  }

  /** What nobody shall hear any more, and has not begun, is called back; what has begun comes to its end. */
  function callBackPointlessNotices(): void {
    for (const notice of meeting.pointlessNotices()) handOvers.get(notice)?.cancel();
  }

  /**
   * Saves what the clock has brought; what a command or a fact has changed is saved with it.
   *
   * A save is a regular activity, never a local one: it begins when the decision that led to it stands in the
   * history. Others hear of a save, and a workflow task that is lost may be decided anew and otherwise.
   */
  async function saveWhatIsToBeSaved(): Promise<void> {
    const proposals = meeting.takeProposals(now());
    if (meeting.versionToSave <= savedVersion && proposals.length === 0) return;
    const snapshot = meeting.snapshot();
    await regular.saveMeeting({ snapshot, proposals });
    savedVersion = snapshot.version;
  }

  /** Tells administrators how it stands, where it comes to rest. */
  function show(): void {
    const snapshot = meeting.snapshot();
    setCurrentDetails(meetingDetails(snapshot, adminView));
    const nextDueAt = meeting.nextStep(now())?.at ?? null;
    showAttributes(meetingAttributes(clinicId, snapshot, nextDueAt, adminView.trouble));
  }

  function isLong(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return historyLength > MOST_EVENTS || continueAsNewSuggested;
  }

  function isAtRest(): boolean {
    return handOvers.size === 0 && allHandlersFinished() && meeting.versionToSave <= savedVersion;
  }

  /** An update that meets this is sent again under its id (temporal/gateway). */
  function goOnAnew(): Promise<never> {
    const { refused, deliveries } = adminView;
    return continueAsNew<typeof careMeeting>({
      ...input,
      goesOn: {
        ...meeting.goesOn(),
        recipients,
        refused,
        deliveries,
        answered: answered.handOn(now()),
      },
    });
  }
}
