import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { msOf } from '../../../rules/instant';
import { hasReached } from '../../../rules/ledger';
import { createAlarm } from '../../shared/alarm';
import { queueOf } from '../../shared/hand-over';
import { leastVersion } from '../../shared/least-version';
import { localActivities, regularActivities } from '../../shared/local-activities';
import { now } from '../../shared/now';
import { showAttributes } from '../../shared/show-attributes';
import type { MeetingActivitiesOf01 } from './activities';
import type { NoticeToSend } from '../../shared/hand-over-contract';
import { MeetingStateMachineOf01 } from './state';
import { meetingDetails } from '../details';
import {
  lookAgainSignal,
  statusQuery,
  type MeetingInput,
  type MeetingSnapshot,
  type NoticeProgress,
} from '../messages';
import { meetingAttributes } from '../search-attributes';
import { MeetingAdminView } from '../admin-view';
import { takeCommands } from '../commands';

/** What each is for, in words for the Web UI. */
const summaries: Record<keyof MeetingActivitiesOf01, string> = {
  lookAtMeeting: 'looks at consents, forms, presence, refused entries and notices',
  saveSnapshot: 'saves how the meeting stands, with events and tasks that follow',
  prepareNotice: 'decides who gets the notice, and notes why somebody does not',
  settleOutcome: 'decides from the evidence what the meeting came to',
  proposeInvoice: 'proposes what is to be charged',
};
const local = localActivities<MeetingActivitiesOf01>(summaries);
const regular = regularActivities<MeetingActivitiesOf01>(summaries);

/**
 * The course of a meeting that was started by 0.1.0 and goes on with this until it is over (design, decision
 * 13): it looks at the world whenever something has changed. Meetings that are booked now have
 * `careMeeting`.
 */
export async function meeting(input: MeetingInput): Promise<MeetingSnapshot> {
  const course = new MeetingStateMachineOf01(input, leastVersion);
  const adminView = new MeetingAdminView();
  let mustLook = true;
  let savedVersion = 0;
  const alarm = createAlarm();
  const handOvers = new Set<Promise<void>>();
  /**
   * The workflow task in which something was decided last that is not in the history before that task is
   * completed.
   */
  let decidedInTask = 0;
  const decided = (): void => {
    decidedInTask = workflowInfo().historyLength;
  };

  const lookAgain = (): void => {
    mustLook = true;
  };

  let knownVersion = course.startVersion;
  takeCommands(course, () => {
    decided();
    // It was moved: the room of the new time has not been seen.
    if (course.startVersion !== knownVersion) lookAgain();
    knownVersion = course.startVersion;
  });
  setHandler(lookAgainSignal, lookAgain, {
    description:
      'Something outside changed (a consent, a form, who is in the room, a refused entry, the end of a notice): look again',
  });
  setHandler(statusQuery, () => course.snapshot(), { description: 'The whole course as it stands' });

  while (!course.hasNothingLeft(now())) {
    const wokenAt = now();
    if (mustLook || course.lookDue(wokenAt)) {
      mustLook = false;
      const sight = await local.lookAtMeeting(input.meetingId);
      adminView.see(sight);
      course.see(now(), sight);
      decided();
    }
    course.passTime(now());
    // What changes sending is in the database before anything is sent (decision 4), and what the outcome is
    // decided from too.
    await saveIfChanged();
    if (mustSave()) continue;
    for (const notice of course.takeDueNotices(now())) await prepare(notice);
    // As of when it was looked at: the booked end may have come since, and somebody may be in the room.
    if (course.mustDecideOutcome(wokenAt)) {
      const { startVersion } = course;
      course.settleBy(now(), startVersion, await local.settleOutcome(input.meetingId));
      decided();
    }
    for (const proposal of course.takeProposals()) {
      await regular.proposeInvoice(proposal);
      course.invoiceProposed(now());
    }
    await saveIfChanged();
    await untilSomethingChanges();
  }

  await Promise.all(handOvers);
  // The last notice came to its end as all was over: an administrator must see where it was lost.
  if (mustLook) adminView.see(await local.lookAtMeeting(input.meetingId));
  await condition(allHandlersFinished);
  course.close();
  await saveIfChanged();
  show();
  return course.snapshot();

  async function prepare(notice: NoticeProgress): Promise<void> {
    const { startVersion, kind, lastUsefulAt, again = [] } = notice;
    const { meetingId } = input;
    const order = { meetingId, startVersion, kind, lastUsefulAt, again };
    const { notBefore, toSend, told } = await local.prepareNotice(order);
    for (const delivery of told) adminView.tell(delivery);
    if (notBefore) {
      course.postpone(now(), notice, notBefore);
      decided();
    } else handOvers.add(give(notice, toSend));
  }

  /**
   * Gives a notice to all its recipients beside the course, which goes on meanwhile: a slow provider stops no
   * door.
   */
  async function give(notice: NoticeProgress, toSend: NoticeToSend[]): Promise<void> {
    const { kind, startVersion } = notice;
    await Promise.all(
      toSend.map(async (sending) => {
        const { rowId, channel, recipient } = sending;
        const state = await queueOf(sending, kind).handOver(rowId);
        if (hasReached(state))
          adminView.tell({ startVersion, kind, recipient, channel, state, reason: null, at: now() });
        // Why it has not come to that stands in the ledger.
        else lookAgain();
      }),
    );
    course.noticeDone(notice);
  }

  async function saveIfChanged(): Promise<void> {
    const snapshot = course.snapshot();
    setCurrentDetails(meetingDetails(snapshot, adminView));
    if (!mustSave()) return;
    // With it go tasks and what the clinic's system hears: none of it before what it tells of is in the
    // history.
    const isInHistory = decidedInTask !== workflowInfo().historyLength;
    await (isInHistory ? local : regular).saveSnapshot(snapshot);
    savedVersion = snapshot.version;
  }

  function mustSave(): boolean {
    return course.versionToSave > savedVersion;
  }

  /**
   * Tells administrators how it stands, where it comes to rest: what it can be found by is an event in the
   * history each time.
   */
  function show(): void {
    const snapshot = course.snapshot();
    setCurrentDetails(meetingDetails(snapshot, adminView));
    const nextDueAt = course.nextStep(now())?.at ?? null;
    showAttributes(meetingAttributes(input.clinicId, snapshot, nextDueAt, adminView.trouble));
  }

  async function untilSomethingChanges(): Promise<void> {
    const stirred = (): boolean =>
      mustLook || mustSave() || course.hasProposals || course.hasNothingLeft(now());
    const next = course.nextStep(now());
    if (stirred() || (next && msOf(next.at) <= msOf(now()))) return;
    show();
    alarm.set(next);
    await condition(() => alarm.rang || stirred());
  }
}
