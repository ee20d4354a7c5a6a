import {
  answersMessage,
  beginsBurst,
  caseWriteRefusal,
  DOCUMENTATION_OVERDUE_AFTER,
  repliedInTime,
  type CaseAuthor,
  type ReplyClock,
} from '../../rules/case';
import { msOf, toInstant, type Instant } from '../../rules/instant';
import { copyOf } from '../shared/copy-of';
import type {
  CaseHappening,
  CaseInput,
  CaseNotice,
  CaseRefusal,
  CaseSnapshot,
  CloseCommand,
  DocumentCommand,
  EarlierRun,
  PatientMessage,
  PlannedCaseNotice,
  RunningClock,
  StaffMessage,
  Tell,
  TellKind,
} from './messages';

/**
 * So many commands are known again when they come twice; one that is repeated later than that is known by the
 * database.
 */
const MOST_RECENT = 200;
/** So many of the last happenings stay in the read model; those that are not saved yet always do. */
const MOST_HAPPENINGS = 30;
/**
 * How soon what has to wait for an opening is asked for again, where that has come here and not yet there.
 */
const ASK_AGAIN_AFTER_MS = 5_000;

/** The read model before the first message has been taken in. */
const emptySnapshot = ({ caseId, openedAt }: CaseInput): CaseSnapshot => ({
  caseId,
  version: 0,
  state: 'opened',
  clock: null,
  lastClock: null,
  clocks: 0,
  breaches: 0,
  messages: { patientSide: 0, staff: 0 },
  burst: null,
  notices: [],
  tells: [],
  documentation: null,
  happened: 1,
  happenings: [{ number: 1, at: openedAt, what: 'opened', clock: null, detail: null }],
});

/**
 * The course of one message case: its state, and what each event does to it (rules 6). Deterministic and
 * without Temporal, so that it can be read and tested by itself; the workflow gives it the time. What it
 * holds does not grow with the number of messages.
 */
export class CaseStateMachine {
  private readonly current: CaseSnapshot;
  private readonly recent: string[];
  private readonly baseVersion: number;
  /** The number of the last happening that is surely in the database. */
  private savedHappening: number;

  /**
   * @param leastVersion how far the next version is at least above the version that was carried over. It is
   * higher in each workflow task than anything that an earlier task, which was lost, can have saved.
   */
  constructor(
    input: CaseInput,
    private readonly leastVersion: () => number = () => 0,
  ) {
    const { begin, openedAt } = input;
    const earlier = begin.by === 'earlier-run' ? begin : null;
    this.current = earlier ? copyOf(earlier.snapshot) : emptySnapshot(input);
    this.recent = earlier ? [...earlier.recent] : [];
    this.baseVersion = this.current.version;
    this.savedHappening = earlier?.savedHappening ?? 0;
    switch (begin.by) {
      case 'earlier-run':
        this.beginAgain();
        break;
      case 'staff':
        this.staffWrites(openedAt, begin);
        break;
      case 'patient-side':
        this.patientWrites(openedAt, begin);
    }
  }

  /** What was under way when the run before ended is done again: whoever does it finds what was done. */
  private beginAgain(): void {
    for (const each of [...this.current.notices, ...this.current.tells]) each.state = 'planned';
  }

  /** The read model as it is now. */
  snapshot(): CaseSnapshot {
    return copyOf(this.current);
  }

  get version(): number {
    return this.current.version;
  }

  /**
   * What the next run goes on with.
   * @param savedVersion the version that is surely in the database
   */
  carryOver(savedVersion: number): EarlierRun {
    const { savedHappening } = this;
    return {
      by: 'earlier-run',
      snapshot: this.snapshot(),
      recent: [...this.recent],
      savedVersion,
      savedHappening,
    };
  }

  /**
   * The read model is in the database up to this happening: older ones than the last few need no longer be
   * carried.
   */
  saved({ happened }: Pick<CaseSnapshot, 'happened'>): void {
    this.savedHappening = Math.max(this.savedHappening, happened);
    this.forgetHappenings();
  }

  // --- refusals: from the course's own state alone ---------------------------------------------------------

  refusePatientWrites({ messageId, receivedAt }: PatientMessage): CaseRefusal | null {
    // They were told that it is received, and would not hear that it is refused: it waits for its reply in
    // the case that was closed after it.
    return this.cameBeforeClosing(receivedAt) ? null : this.refuseWriting('patient-side', messageId);
  }

  /** Received before the case was closed, and held up inside until after. */
  private cameBeforeClosing(receivedAt: Instant): boolean {
    const { state, documentation } = this.current;
    const closedAt = documentation?.closedAt;
    return state === 'closed' && closedAt !== undefined && msOf(receivedAt) < msOf(closedAt);
  }

  refuseStaffWrites({ messageId }: StaffMessage): CaseRefusal | null {
    return this.refuseWriting('staff', messageId);
  }

  refuseClose({ commandId }: CloseCommand): CaseRefusal | null {
    if (this.isDone(commandId)) return null;
    const { state } = this.current;
    if (state === 'ended') return 'ended';
    return state === 'closed' || state === 'documented' ? 'closed' : null;
  }

  refuseDocument({ commandId }: DocumentCommand): CaseRefusal | null {
    if (this.isDone(commandId)) return null;
    const { state, documentation } = this.current;
    if (documentation?.state === 'done') return 'documented-already';
    if (state === 'ended') return 'ended';
    return documentation ? null : 'not-closed';
  }

  private refuseWriting(author: CaseAuthor, messageId: string): CaseRefusal | null {
    if (this.isDone(messageId)) return null;
    return caseWriteRefusal(author, { state: this.current.state, clockRuns: this.current.clock !== null });
  }

  private isDone(commandId: string): boolean {
    return this.recent.includes(commandId);
  }

  /**
   * Takes note of a command; false for one that has been carried out before, by this run or an earlier one.
   */
  private isNew(commandId: string): boolean {
    if (this.isDone(commandId)) return false;
    this.recent.push(commandId);
    if (this.recent.length > MOST_RECENT) this.recent.shift();
    return true;
  }

  // --- commands --------------------------------------------------------------------------------------------

  /** The patient's side writes: a clock starts, unless an earlier message waits already (R6.3). */
  patientWrites(at: Instant, { messageId, clock }: PatientMessage): void {
    if (!this.isNew(messageId)) return;
    this.current.messages.patientSide += 1;
    this.endBurst();
    if (this.current.clock) addArrival(this.current.clock, clock);
    else this.startClock(clock);
    this.happened(at, 'patient-wrote', messageId);
  }

  private startClock(clock: ReplyClock): void {
    this.current.clocks += 1;
    const number = this.current.clocks;
    this.current.clock = { ...clock, number, breachedAt: null, warned: 0, told: 0, later: null };
    if (this.current.state === 'opened' || this.current.state === 'answered')
      this.current.state = 'waiting-for-reply';
  }

  /** Staff write: the clock stops, judged by when our API received it (R6.3). */
  staffWrites(at: Instant, { messageId, receivedAt, notice }: StaffMessage): void {
    if (!this.isNew(messageId)) return;
    this.current.messages.staff += 1;
    const { clock } = this.current;
    // One that was written before the message came leaves it waiting.
    const answers = clock !== null && answersMessage(receivedAt, clock);
    if (!answers) this.happened(at, 'staff-wrote', messageId);
    else this.stopClock(at, clock, receivedAt, messageId);
    this.planNotice(receivedAt, notice);
  }

  private stopClock(at: Instant, clock: RunningClock, receivedAt: Instant, messageId: string): void {
    const inTime = repliedInTime(receivedAt, clock);
    // Held up on its way to us inside, it is in time all the same; or the clock had no chance yet to say that
    // it ran out.
    if (inTime && clock.breachedAt !== null) this.withdrawBreach(at);
    if (!inTime && clock.breachedAt === null) this.noteBreach(clock);
    const { number, arrivedAt, deadlineAt } = clock;
    this.happened(at, 'answered', messageId);
    this.current.lastClock = { number, arrivedAt, deadlineAt, answeredAt: receivedAt, inTime };
    this.current.clock = null;
    this.forgetTellsOfClock();
    if (this.current.state === 'waiting-for-reply') this.current.state = 'answered';
    // What came while the reply was held up inside is not answered by it, whichever of the two was carried
    // out first (R6.3).
    if (clock.later && !answersMessage(receivedAt, clock.later)) this.startClock(clock.later);
  }

  close(at: Instant, { commandId, closedAt, remindAt }: CloseCommand): void {
    if (!this.isNew(commandId)) return;
    this.current.state = 'closed';
    this.current.documentation = { state: 'waiting', closedAt, remindAt, reminders: 0 };
    this.happened(at, 'closed');
  }

  /** The contact is documented in the journal (R6.4): with nothing left to answer, the case ends. */
  document(at: Instant, { commandId }: DocumentCommand): void {
    if (!this.isNew(commandId) || !this.current.documentation) return;
    Object.assign(this.current.documentation, { state: 'done', remindAt: [] });
    this.current.tells = this.current.tells.filter(({ kind }) => kind !== 'documentation-overdue');
    this.current.state = 'documented';
    this.happened(at, 'documented');
  }

  /**
   * The patient's side has read up to the message of that number, or all there is (R6.8). The patient is
   * still to be told of messages that came after the page was made. The notice of the burst tells of them, or
   * one of their own if that notice has been taken already.
   */
  read(number = Infinity): void {
    const { burst } = this.current;
    if (!burst || burst.over) return;
    if (burst.last === undefined || number >= burst.last) {
      this.endBurst();
      this.changed();
    } else if (burst.joined) this.beginBurst(burst.joined);
  }

  private endBurst(): void {
    if (this.current.burst) this.current.burst.over = true;
  }

  private planNotice(receivedAt: Instant, notice: PlannedCaseNotice): void {
    const { burst, notices } = this.current;
    // A notice that is still to go tells of this message as well. If the patient's side has read since, that
    // notice does not go any more.
    const isStillTold = notices.some(
      ({ state, burst: number }) => state === 'planned' && number === burst?.number && !burst.over,
    );
    if (isStillTold || (burst && !beginsBurst(receivedAt, burst, notice.burstMinutes)))
      Object.assign(burst!, { last: this.messages, joined: isStillTold ? null : { receivedAt, notice } });
    else this.beginBurst({ receivedAt, notice });
  }

  private beginBurst({ receivedAt, notice }: Pick<StaffMessage, 'receivedAt' | 'notice'>): void {
    const { dueAt, lastUsefulAt } = notice;
    const number = (this.current.burst?.number ?? 0) + 1;
    this.current.burst = { number, beganAt: receivedAt, over: false, last: this.messages, joined: null };
    this.current.notices.push({ burst: number, dueAt, lastUsefulAt, state: 'planned' });
    this.changed();
  }

  /** How many have been written, by both sides. */
  private get messages(): number {
    const { patientSide, staff } = this.current.messages;
    return patientSide + staff;
  }

  // --- what the clock brings -------------------------------------------------------------------------------

  /**
   * The clock has run out and that is not noted yet: whether a reply is on its way is to be looked at first.
   */
  breachDue(at: Instant): RunningClock | null {
    const { clock } = this.current;
    return clock && clock.breachedAt === null && msOf(at) >= msOf(clock.deadlineAt) ? clock : null;
  }

  /** No reply in time was under way: the clock that had run out has run out (R6.3). */
  breach(number: number): void {
    const { clock } = this.current;
    if (clock?.number === number && clock.breachedAt === null) this.noteBreach(clock);
  }

  private noteBreach(clock: RunningClock): void {
    clock.breachedAt = clock.deadlineAt;
    clock.warnings = [];
    this.current.breaches += 1;
    this.forgetTellsOfClock();
    this.happened(clock.deadlineAt, 'breached');
  }

  /** What was to be told of the clock is told no more. */
  private forgetTellsOfClock(): void {
    this.current.tells = this.current.tells.filter(({ kind }) => kind === 'documentation-overdue');
  }

  private withdrawBreach(at: Instant): void {
    this.current.breaches -= 1;
    this.happened(at, 'breach-withdrawn');
  }

  /**
   * Takes in that time has passed: staff are warned, the operations manager is told, a contact is still to be
   * documented.
   */
  passTime(at: Instant): void {
    this.warn(at);
    this.tellOfBreach(at);
    this.remindOfDocumentation(at);
  }

  /** R6.3: at opening of the last weekday, and before closing. */
  private warn(at: Instant): void {
    const { clock } = this.current;
    if (!clock || clock.breachedAt !== null || msOf(at) >= msOf(clock.deadlineAt)) return;
    const passed = clock.warnings.filter((warning) => msOf(warning.at) <= msOf(at));
    // After an outage one warning is enough.
    const warning = passed.at(-1);
    if (!warning) return;
    clock.warnings = clock.warnings.slice(passed.length);
    clock.warned += 1;
    this.tell(warning.kind, `${clock.number}:${warning.kind}`, at, clock.deadlineAt);
    this.happened(at, 'deadline-near', warning.kind);
  }

  /** R6.3: at the next opening after a breach, and on each weekday after. */
  private tellOfBreach(at: Instant): void {
    const { clock } = this.current;
    if (clock?.breachedAt == null) return;
    const passed = clock.tellManagerAt.filter((opening) => msOf(opening) <= msOf(at)).length;
    if (passed === 0) return;
    clock.tellManagerAt = clock.tellManagerAt.slice(passed);
    clock.told += 1;
    this.tell('breached', `${clock.number}:breached:${clock.told}`, at, clock.deadlineAt);
    this.happened(at, 'manager-told');
  }

  /** R6.4: on each weekday, until it is done. */
  private remindOfDocumentation(at: Instant): void {
    const { documentation } = this.current;
    if (documentation?.state !== 'waiting') return;
    const passed = documentation.remindAt.filter((opening) => msOf(opening) <= msOf(at)).length;
    if (passed === 0) return;
    documentation.remindAt = documentation.remindAt.slice(passed);
    documentation.reminders += 1;
    if (documentation.reminders === DOCUMENTATION_OVERDUE_AFTER)
      this.tell('documentation-overdue', 'documentation-overdue', at, null);
    this.happened(at, 'documentation-reminder');
  }

  private tell(kind: TellKind, tellId: string, dueAt: Instant, deadlineAt: Instant | null): void {
    // What has not been told yet is said by what is told now.
    this.current.tells = this.current.tells.filter(
      (each) =>
        each.state === 'under-way' || (each.kind === 'documentation-overdue') !== (deadlineAt === null),
    );
    this.current.tells.push({ tellId, kind, dueAt, deadlineAt, state: 'planned' });
  }

  /**
   * The instant after which further openings are needed, if none are planned any more; null if none are
   * needed.
   */
  openingsNeededAfter(at: Instant): Instant | null {
    const { clock, documentation } = this.current;
    const breachUntold = clock?.breachedAt != null && clock.tellManagerAt.length === 0;
    const noReminders = documentation?.state === 'waiting' && documentation.remindAt.length === 0;
    return breachUntold || noReminders ? at : null;
  }

  openings(openings: Instant[]): void {
    const { clock, documentation } = this.current;
    if (clock?.breachedAt != null && clock.tellManagerAt.length === 0) clock.tellManagerAt = [...openings];
    if (documentation?.state === 'waiting' && documentation.remindAt.length === 0)
      documentation.remindAt = [...openings];
  }

  // --- notices and e-mail, beside the course ---------------------------------------------------------------

  takeDueNotices(at: Instant): CaseNotice[] {
    return taken(this.current.notices, at);
  }

  /** What became of it stands in the ledger: nobody hears of this, so it makes no new version. */
  noticeDone(notice: CaseNotice): void {
    this.current.notices = this.current.notices.filter((each) => each !== notice);
  }

  takeDueTells(at: Instant): Tell[] {
    return taken(this.current.tells, at);
  }

  /** As {@link noticeDone}. */
  tellDone(tell: Tell): void {
    this.current.tells = this.current.tells.filter((each) => each !== tell);
  }

  /**
   * The notice waits for the morning after all (R2.9), or for the clinic to open, after an outage. Nobody is
   * told at night or on days off (R6.3).
   */
  postpone(at: Instant, what: CaseNotice | Tell, until: Instant): void {
    const soonest = toInstant(new Date(msOf(at) + ASK_AGAIN_AFTER_MS));
    Object.assign(what, { state: 'planned', dueAt: msOf(until) > msOf(soonest) ? until : soonest });
    this.changed();
  }

  // --- the end ---------------------------------------------------------------------------------------------

  /** Documented, everything answered, and everybody told. */
  get hasNothingLeft(): boolean {
    const { documentation, clock, notices, tells } = this.current;
    return documentation?.state === 'done' && !clock && notices.length === 0 && tells.length === 0;
  }

  end(at: Instant): void {
    this.current.state = 'ended';
    this.happened(at, 'ended');
  }

  /**
   * The next instant at which the clock alone changes something, and what, in words for the Web UI; null for
   * never.
   */
  nextStep(): { at: Instant; why: string } | null {
    const { clock, documentation, notices, tells } = this.current;
    const steps = [
      ...notices.map(({ state, dueAt }) => ({ state, at: dueAt, why: 'the patient is told of a message' })),
      ...tells.map(({ state, dueAt, kind }) => ({ state, at: dueAt, why: `e-mail: ${kind}` })),
    ].flatMap(({ state, ...step }) => (state === 'planned' ? [step] : []));
    if (clock && clock.breachedAt === null) {
      const [warning] = clock.warnings;
      if (warning) steps.push({ at: warning.at, why: `warning: ${warning.kind}` });
      steps.push({ at: clock.deadlineAt, why: 'the reply deadline' });
    }
    if (clock?.breachedAt != null && clock.tellManagerAt[0])
      steps.push({ at: clock.tellManagerAt[0], why: 'the operations manager is told of the breach' });
    if (documentation?.state === 'waiting' && documentation.remindAt[0])
      steps.push({ at: documentation.remindAt[0], why: 'is the contact documented?' });
    return steps.reduce<(typeof steps)[number] | null>(
      (first, step) => (first && msOf(first.at) <= msOf(step.at) ? first : step),
      null,
    );
  }

  // --- within ----------------------------------------------------------------------------------------------

  private happened(at: Instant, what: CaseHappening['what'], detail: string | null = null): void {
    this.current.happened += 1;
    const clock = this.current.clock?.number ?? null;
    this.current.happenings.push({ number: this.current.happened, at, what, clock, detail });
    this.forgetHappenings();
    this.changed();
  }

  private forgetHappenings(): void {
    const { happened, happenings } = this.current;
    this.current.happenings = happenings.filter(
      ({ number }) => number > this.savedHappening || number > happened - MOST_HAPPENINGS,
    );
  }

  private changed(): void {
    this.current.version = Math.max(this.current.version + 1, this.baseVersion + this.leastVersion());
  }
}

/**
 * Takes in that another message has come while the clock runs: it puts nothing off. Held up inside, one can
 * come here after one that was received later: the deadline is that of the first that was received (R6.1).
 */
function addArrival(running: RunningClock, clock: ReplyClock): void {
  const isFirst = msOf(clock.arrivedAt) < msOf(running.arrivedAt);
  const [first, other] = isFirst ? [clock, clockOf(running)] : [running, clock];
  if (!running.later || msOf(other.arrivedAt) > msOf(running.later.arrivedAt)) running.later = other;
  if (isFirst && running.breachedAt === null) Object.assign(running, first);
}

const clockOf = ({ arrivedAt, aimAt, deadlineAt, warnings, tellManagerAt }: ReplyClock): ReplyClock => ({
  arrivedAt,
  aimAt,
  deadlineAt,
  warnings,
  tellManagerAt,
});

function taken<T extends { state: 'planned' | 'under-way'; dueAt: Instant }>(all: T[], at: Instant): T[] {
  const due = all.filter(({ state, dueAt }) => state === 'planned' && msOf(dueAt) <= msOf(at));
  for (const each of due) each.state = 'under-way';
  return due;
}
