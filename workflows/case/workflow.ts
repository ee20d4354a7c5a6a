import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { msOf, type Instant } from '../../rules/instant';
import { createAlarm } from '../shared/alarm';
import { registerCommands } from '../shared/register-commands';
import { giveNotice } from '../shared/give-notice';
import { queueOf } from '../shared/hand-over';
import { leastVersion } from '../shared/least-version';
import type { NoticeToSend } from '../shared/hand-over-contract';
import { localActivities, regularActivities } from '../shared/local-activities';
import { now } from '../shared/now';
import { showAttributes } from '../shared/show-attributes';
import type { CaseActivities, CaseRecipient } from './activities';
import { CaseStateMachine } from './state';
import { caseDetails } from './details';
import { hasReached } from '../../rules/ledger';
import {
  caseQuery,
  closeUpdate,
  documentUpdate,
  lookAtNoticesSignal,
  patientWritesUpdate,
  readSignal,
  staffWritesUpdate,
  type CaseInput,
  type CaseNotice,
  type CaseSnapshot,
  type Tell,
} from './messages';
import { caseAttributes } from './search-attributes';
import { CaseAdminView } from './admin-view';

/** What each is for, in words for the Web UI. */
const summaries: Record<keyof CaseActivities, string> = {
  saveCase: 'saves how the case stands, with events and tasks that follow',
  keptCase: 'looks whether the API has saved what it was answered',
  noReplyUnderWay: 'waits for replies that were received before the deadline',
  openingsAfter: 'asks when the clinic opens next',
  noticeRecipients: 'looks who hears of the case now',
  prepareCaseNotice: 'decides who is told of the message, and notes why somebody is not',
  lookAtNotices: 'looks where the last notice stands with each recipient',
  tellClinic: 'tells staff or the operations manager by e-mail',
};
const local = localActivities<CaseActivities>(summaries);
const regular = regularActivities<CaseActivities>(summaries);

/** A history of more events than this goes on as a new one: about a hundred messages. */
const MOST_EVENTS = 1_000;
/**
 * While somebody is being told it is let grow to this; then what is under way is begun again in the next run,
 * which finds what was done.
 */
const MOST_EVENTS_WHILE_TELLING = 2 * MOST_EVENTS;

/**
 * One message case, from its first message until it is answered, closed and documented (rules 6). It has one
 * timer for the next thing that the clock brings. It lives for as long as the case does. Before its history
 * grows too long it continues as a new run with all that it knows, and no message is lost or counted twice.
 */
async function messageCase(input: CaseInput): Promise<CaseSnapshot> {
  const { begin, caseId } = input;
  const earlier = begin.by === 'earlier-run' ? begin : null;
  const course = new CaseStateMachine(input, leastVersion);
  const adminView = new CaseAdminView();
  let savedVersion = earlier?.savedVersion ?? 0;
  // What an earlier run was told of its last notice stands in the ledger.
  let mustLook = earlier !== null;
  /** Somebody has been told beside the course: administrators are shown it, and nothing else follows. */
  let mustShow = false;
  const alarm = createAlarm();
  /** Those who are being told beside the course, which goes on meanwhile: a slow provider stops no clock. */
  const tellings = new Set<Promise<void>>();

  /** The version that the last command came to: whoever sent it keeps it. */
  let commandedVersion = 0;
  listen(course, {
    commanded: () => (commandedVersion = course.version),
    lookAgain: () => (mustLook = true),
  });

  while (!course.hasNothingLeft || mustSave()) {
    if (mustLook) {
      mustLook = false;
      adminView.see(await local.lookAtNotices(caseId));
    }
    const due = course.breachDue(now());
    if (due) {
      await regular.noReplyUnderWay({ caseId, deadlineAt: due.deadlineAt });
      course.breach(due.number);
    }
    course.passTime(now());
    const after = course.openingsNeededAfter(now());
    if (after) course.openings(await local.openingsAfter({ caseId, after }));
    // What staff must know is in the database before anybody is told.
    await saveIfChanged();
    // Also while one message follows the other, and something is still to be saved: the next run saves it.
    if (mustGoOnAnew()) return goOnAnew();
    if (mustSave()) continue;
    for (const notice of course.takeDueNotices(now())) await tellOfMessage(notice);
    for (const tell of course.takeDueTells(now())) beside(tellClinic(tell));
    await saveIfChanged();
    await untilSomethingChanges();
  }

  // The last notice came to its end as all was over: an administrator must see where it was lost.
  if (mustLook) adminView.see(await local.lookAtNotices(caseId));
  await condition(allHandlersFinished);
  course.end(now());
  await saveIfChanged();
  show();
  return course.snapshot();

  /**
   * With it go staff's tasks and what the clinic's system hears: none of it before what it tells of is in the
   * history.
   */
  async function saveIfChanged(): Promise<void> {
    setCurrentDetails(caseDetails(course.snapshot(), adminView));
    if (!mustSave() || (await isKeptByApi())) return;
    const snapshot = course.snapshot();
    await regular.saveCase(snapshot);
    savedVersion = snapshot.version;
    course.saved(snapshot);
  }

  /**
   * What a command came to is kept by the API before it answers: two who write the same at once would only be
   * in each other's way.
   */
  async function isKeptByApi(): Promise<boolean> {
    const { version } = course;
    if (version !== commandedVersion) return false;
    await sleep(API_KEEPS_WITHIN, { summary: 'the API keeps what it was answered' });
    const kept = await local.keptCase(caseId);
    if (kept.version < version) return false;
    savedVersion = kept.version;
    course.saved(kept);
    return true;
  }

  function mustSave(): boolean {
    return course.version > savedVersion;
  }

  async function tellOfMessage(notice: CaseNotice): Promise<void> {
    // Cases of 0.1.0 that are open: a step of its own entered the rows.
    if (!patched('give-notice')) return prepare(notice);
    const recipients = await local.noticeRecipients(caseId);
    beside(giveToAll(notice, recipients));
  }

  async function giveToAll(notice: CaseNotice, recipients: CaseRecipient[]): Promise<void> {
    const mornings = await Promise.all(recipients.map((recipient) => giveTo(recipient, notice)));
    const morning = mornings.find((each) => each !== null);
    if (morning) course.postpone(now(), notice, morning);
    else course.noticeDone(notice);
    mustShow = true;
  }

  /** @returns until when it waits, at night */
  async function giveTo(
    { participantId, number, queue }: CaseRecipient,
    { burst, dueAt, lastUsefulAt }: CaseNotice,
  ): Promise<Instant | null> {
    const { given } = await giveNotice(
      {
        subject: 'case',
        subjectId: caseId,
        occasion: burst,
        kind: 'new-message',
        participantId,
        dueAt,
        lastUsefulAt,
        queue,
        again: false,
      },
      number,
    );
    if (given.kind === 'not-before') return given.at;
    if (given.kind === 'ended') adminView.tell({ burst, ...given.delivery });
    return null;
  }

  async function prepare(notice: CaseNotice): Promise<void> {
    const { burst, lastUsefulAt } = notice;
    const { notBefore, toSend, told } = await local.prepareCaseNotice({ caseId, burst, lastUsefulAt });
    if (told.length > 0) adminView.see(told);
    if (notBefore) course.postpone(now(), notice, notBefore);
    else beside(give(notice, toSend));
  }

  async function give(notice: CaseNotice, toSend: NoticeToSend[]): Promise<void> {
    const { burst } = notice;
    await Promise.all(
      toSend.map(async (sending) => {
        const { rowId, channel, recipient } = sending;
        const state = await queueOf(sending, 'new-message').handOver(rowId);
        if (hasReached(state)) adminView.tell({ burst, recipient, channel, state, reason: null, at: now() });
        // Why it has not come to that stands in the ledger.
        else mustLook = true;
      }),
    );
    course.noticeDone(notice);
    mustShow = true;
  }

  async function tellClinic(tell: Tell): Promise<void> {
    const { tellId, kind, deadlineAt } = tell;
    const { notBefore } = await regular.tellClinic({ caseId, tellId, kind, deadlineAt });
    if (notBefore) course.postpone(now(), tell, notBefore);
    else course.tellDone(tell);
    mustShow = true;
  }

  function beside(telling: Promise<void>): void {
    const done = telling.finally(() => tellings.delete(done));
    tellings.add(done);
  }

  function mustGoOnAnew(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    const most = tellings.size > 0 ? MOST_EVENTS_WHILE_TELLING : MOST_EVENTS;
    return historyLength > most || (continueAsNewSuggested && tellings.size === 0);
  }

  /** Handlers are done when they return, and what has not come to one yet comes to the next run. */
  async function goOnAnew(): Promise<never> {
    await condition(allHandlersFinished);
    return continueAsNew<typeof messageCase>({ ...input, begin: course.carryOver(savedVersion) });
  }

  async function untilSomethingChanges(): Promise<void> {
    const stirred = (): boolean => mustLook || mustShow || mustSave() || course.hasNothingLeft;
    const next = course.nextStep();
    if (mustShow) show();
    if (stirred() || (next && msOf(next.at) <= msOf(now()))) return;
    show();
    alarm.set(next);
    await condition(() => alarm.rang || stirred());
  }

  /**
   * Tells administrators how it stands, where it comes to rest: what it can be found by is an event in the
   * history each time.
   */
  function show(): void {
    mustShow = false;
    const snapshot = course.snapshot();
    setCurrentDetails(caseDetails(snapshot, adminView));
    showAttributes(
      caseAttributes(input.clinicId, snapshot, course.nextStep()?.at ?? null, adminView.trouble),
    );
  }
}

/** `case` is a word of the language. */
export { messageCase as case };

/** Should its process have died, the workflow keeps it itself. */
const API_KEEPS_WITHIN = '2s';

/** Commands, what the patient has read, and the question how it stands. Refusals leave no history. */
function listen(
  course: CaseStateMachine,
  { commanded, lookAgain }: { commanded: () => void; lookAgain: () => void },
): void {
  const command = registerCommands(course, commanded);
  command(
    patientWritesUpdate,
    'The patient’s side has written: a clock starts, unless one runs',
    (_at, message) => course.refusePatientWrites(message),
    (at, message) => course.patientWrites(at, message),
  );
  command(
    staffWritesUpdate,
    'Staff have written: the clock stops',
    (_at, message) => course.refuseStaffWrites(message),
    (at, message) => course.staffWrites(at, message),
  );
  command(
    closeUpdate,
    'Staff close the case; it is still to be documented',
    (_at, args) => course.refuseClose(args),
    (at, args) => course.close(at, args),
  );
  command(
    documentUpdate,
    'The contact is documented in the journal',
    (_at, args) => course.refuseDocument(args),
    (at, args) => course.document(at, args),
  );
  setHandler(readSignal, (number) => course.read(number), {
    description: 'The patient’s side has read the thread',
  });
  setHandler(lookAtNoticesSignal, lookAgain, {
    description: 'What became of a notice has changed: look at it',
  });
  setHandler(caseQuery, () => course.snapshot(), { description: 'The case as it stands' });
}
