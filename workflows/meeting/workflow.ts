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

/** What ends the sleep of a meeting. */
type Woken = 'time' | 'command' | 'fact' | 'notice-given';

/** What came of a notice to one recipient, for the course; what became of it is in the ledger. */
type Result = 'done' | 'called-back' | { notBefore: Instant };

/**
 * One digital care meeting, from its booking to the registered visit (design, decision 4).
 *
 * It sleeps until the next entry of its plan, a command, or a fact. Then it takes one step: it decides, and
 * asks side by side for what is due. What happens to the meeting is decided by its state machine (state.ts).
 */
export async function careMeeting(input: MeetingInput): Promise<MeetingSnapshot> {
  const { meetingId, clinicId } = input;
  const meeting = new MeetingStateMachine(input);
  const recipients = input.goesOn?.recipients ?? input.recipients ?? [];
  const adminView = new MeetingAdminView(input.goesOn);
  const answered = new AnsweredCommands(input.goesOn?.answered);
  const alarm = createAlarm();
  let woken: Woken | null = null;
  let savedVersion = 0;
  const wake = (by: Woken): void => void (woken ??= by);

  const handOvers = new Map<NoticeProgress, CancellationScope>();
  const decided = (): void => {
    // The last command ends the workflow with its answer: whoever gave it saves that.
    if (meeting.over(now())) meeting.close();
    wake('command');
  };
  takeCommands(meeting, decided, answered);
  setHandler(
    factSignal,
    (fact) => {
      meeting.hear(now(), fact);
      adminView.hear(fact);
      wake('fact');
    },
    { description: 'A consent, a form, the room, a refused entry, or the end of a notice has changed' },
  );
  setHandler(statusQuery, () => meeting.snapshot(), { description: 'The whole course as it stands' });

  for (let cause: Woken = 'time'; !meeting.over(now()); cause = await untilWoken()) {
    switch (cause) {
      case 'time':
        meeting.passTime(now());
        break;
      case 'command':
      case 'fact':
      case 'notice-given':
        // Taken in when it came; of several that came at once the first is named.
        break;
    }
    await settleWhenTheEndHasCome();
    callBackPointlessNotices();
    giveDueNotices();
    await saveWhatTheClockBrought();
    if (isLong() && isAtRest()) return goOnAnew();
  }

  await condition(() => handOvers.size === 0 && allHandlersFinished());
  if (meeting.close()) meeting.press();
  await saveWhatTheClockBrought();
  show();
  return meeting.snapshot();

  /** Sleeps until something changes what the meeting does. */
  async function untilWoken(): Promise<Woken> {
    const next = meeting.nextStep(now());
    const isDue = next !== null && msOf(next.at) <= msOf(now());
    // The step that was just taken may have been the last one.
    if (woken === null && !isDue && !meeting.over(now())) {
      show();
      alarm.set(next);
      await condition(() => alarm.rang || woken !== null);
    }
    const by = woken ?? 'time';
    woken = null;
    return by;
  }

  /** At the booked end, or when one that runs over is over: what did it come to (R5.6)? */
  async function settleWhenTheEndHasCome(): Promise<void> {
    meeting.passTime(now());
    if (!meeting.evidenceDue(now())) return;
    const { startVersion } = meeting;
    const settled = await local.settleMeeting({ meetingId, startVersion, letIn: meeting.letIn() });
    meeting.settle(now(), startVersion, settled);
  }

  /** Notices go beside the course: a slow provider stops no door. */
  function giveDueNotices(): void {
    for (const notice of meeting.takeDueNotices(now())) {
      const scope = new CancellationScope();
      handOvers.set(notice, scope);
      void scope
        .run(() => Promise.all(recipients.map((recipient) => giveTo(recipient, notice))))
        .then((results) => {
          const morning = results.find((result) => typeof result === 'object');
          if (morning) meeting.postpone(now(), notice, morning.notBefore);
          else if (results.length > 0 && results.every((result) => result === 'called-back'))
            meeting.noticeDropped(notice);
          else meeting.noticeDone(notice);
          handOvers.delete(notice);
          wake('notice-given');
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

  /** What others hear of stands in the history first: saves are activities of their own. */
  async function saveWhatTheClockBrought(): Promise<void> {
    const proposals = meeting.takeProposals(now());
    if (meeting.pressingVersion <= savedVersion && proposals.length === 0) return;
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
    return handOvers.size === 0 && allHandlersFinished() && meeting.pressingVersion <= savedVersion;
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
