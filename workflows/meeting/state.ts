import { doorRefusal, gatesOpen, isCancelled } from '../../rules/gates';
import { msOf, toInstant, type Instant } from '../../rules/instant';
import { whyTooLate } from '../../rules/ledger';
import { needsRegistration, readyCheckAt, type MeetingTime } from '../../rules/meeting';
import { copyOf } from '../shared/copy-of';
import type { Settled } from './activities';
import { withFact } from './facts';
import {
  type CancelCommand,
  type ChangeCommand,
  type CommandRefusal,
  type CourseOutcome,
  type DropReason,
  type DurationCommand,
  type EntryCommand,
  type Happening,
  type GoesOn,
  type MeetingFact,
  type MeetingInput,
  type MeetingSnapshot,
  type NoticeProgress,
  type OutcomeCommand,
  type ProposalOrder,
  type RebookCommand,
  type RegisterCommand,
  type ResendCommand,
  type Together,
} from './messages';
import { firstSnapshot, progressOf, settlesAt, staffDecideUntil, waitingFor } from './snapshot';

/**
 * More moves and durations than this are a runaway caller, not a meeting; they would also grow the history
 * without end.
 */
const MOST_TIMES = 50;
/** How soon a notice is due again whose morning has come here, and not yet where it is prepared. */
const ASK_AGAIN_AFTER_MS = 5_000;

/**
 * The course of one meeting: its state, and what each event does to it. Deterministic and without Temporal,
 * so that it can be read and tested by itself; the workflow gives it the time and the facts.
 */
export class MeetingStateMachine {
  protected readonly current: MeetingSnapshot;
  protected toBeSaved = 0;
  private lastCalledAt: Instant;
  private registrationReminders: Instant[];
  /** The booked end at or after which the room was last read; null before the first such reading. */
  private roomReadFor: Instant | null = null;
  protected readonly proposals: ProposalOrder[] = [];

  constructor(input: MeetingInput) {
    const { bookedAt, planned, goesOn } = input;
    this.current = goesOn ? copyOf(goesOn.snapshot) : firstSnapshot(input);
    this.lastCalledAt = goesOn?.lastCalledAt ?? bookedAt;
    this.registrationReminders = goesOn?.registrationReminders ?? planned.registrationReminders;
    this.proposals.push(...(goesOn?.proposals ?? []));
  }

  /** The read model as it is now. */
  snapshot(): MeetingSnapshot {
    return copyOf({ ...this.current, waitingFor: waitingFor(this.current) });
  }

  /** What the next run of the workflow needs of this one's. */
  goesOn(): Pick<GoesOn, 'snapshot' | 'lastCalledAt' | 'registrationReminders' | 'proposals'> {
    const { lastCalledAt, registrationReminders, proposals } = this;
    return { snapshot: this.snapshot(), lastCalledAt, registrationReminders, proposals };
  }

  /**
   * Up to this version the workflow itself has the read model saved: the last change that the clock brought,
   * or the course itself. What a command changed is saved by whoever carries it out, and what a fact changed
   * with the fact.
   */
  get versionToSave(): number {
    return this.toBeSaved;
  }

  get startVersion(): number {
    return this.current.time.startVersion;
  }

  /**
   * The meeting has come to an outcome, and its door is shut for good. Its workflow goes on: with notices, an
   * outcome that staff are to decide, the registration of the visit. When none of that is left
   * (`hasNothingLeft`) the workflow ends, and the read model says so (`closed`).
   */
  get ended(): boolean {
    return this.current.state === 'ended';
  }

  // --- refusals: from the course's own state alone ---------------------------------------------------------

  refuseCancel(command: CancelCommand): CommandRefusal | null {
    return this.refuseChange(command, command.outcome !== 'cancelled-by-clinic');
  }

  refuseRebook(at: Instant, command: RebookCommand): CommandRefusal | null {
    return this.refuseOtherTime(at, command, command.planned.time);
  }

  refuseDuration(at: Instant, command: DurationCommand): CommandRefusal | null {
    return this.refuseOtherTime(at, command, command.time);
  }

  /** Carried out after an outage, a time that is over by now would end the meeting at once. */
  private refuseOtherTime(
    at: Instant,
    command: RebookCommand | DurationCommand,
    { endAt }: MeetingTime,
  ): CommandRefusal | null {
    const refusal = this.refuseChange(command, command.by === 'patient') ?? this.changedTooOften();
    return refusal ?? (msOf(endAt) <= msOf(at) ? 'time-passed' : null);
  }

  private changedTooOften(): CommandRefusal | null {
    const durations = this.current.happenings.filter(({ what }) => what === 'duration-changed').length;
    return this.startVersion + durations >= MOST_TIMES ? 'moved-too-often' : null;
  }

  refuseEntry(at: Instant, command: EntryCommand): CommandRefusal | null {
    if (command.startVersion !== this.startVersion) return 'moved-meanwhile';
    return doorRefusal(at, { ...this.current, outcome: this.current.outcome?.outcome ?? null });
  }

  refuseOutcome(at: Instant, command: OutcomeCommand): CommandRefusal | null {
    if (isCancelled(this.current.outcome?.outcome ?? null)) return 'cancelled';
    if (this.current.closed || (this.ended && this.current.outcome?.outcome !== 'unclear')) return 'ended';
    if (command.startVersion !== this.startVersion) return 'moved-meanwhile';
    if (command.outcome === 'no-show' && this.haveMet()) return 'under-way';
    // The back-up routine can be chosen before the meeting (R4.6); nobody has been absent before it.
    const earliest = earliestOutcomeAt(command.outcome, this.current.time);
    return earliest !== null && msOf(at) < msOf(earliest) ? 'too-early' : null;
  }

  refuseRegister(command: RegisterCommand): CommandRefusal | null {
    if (command.startVersion !== this.startVersion) return 'moved-meanwhile';
    if (!this.ended) return 'too-early';
    return this.current.registration ? null : 'nothing-to-register';
  }

  refuseResend({ startVersion, kind }: ResendCommand): CommandRefusal | null {
    if (startVersion !== this.startVersion) return 'moved-meanwhile';
    const tooLate = whyTooLate(kind, { ...this.current, outcome: this.current.outcome?.outcome ?? null });
    return tooLate ?? (this.noticeGiven(kind) ? null : 'nothing-to-resend');
  }

  private refuseChange(command: ChangeCommand, byPatient: boolean): CommandRefusal | null {
    const { state, outcome, time } = this.current;
    if (this.ended) return isCancelled(outcome?.outcome ?? null) ? 'cancelled' : 'ended';
    if (state === 'under-way') return 'under-way';
    if (msOf(command.calledAt) < msOf(this.lastCalledAt)) return 'overtaken';
    // From the start on the evidence tells who was absent; a wish that comes then must not (R5.5, R5.6).
    if (byPatient && msOf(command.receivedAt) >= msOf(time.startAt)) return 'started';
    return command.startVersion === this.startVersion ? null : 'moved-meanwhile';
  }

  // --- commands --------------------------------------------------------------------------------------------

  cancel(at: Instant, { outcome, notice, calledAt }: CancelCommand): void {
    this.lastCalledAt = calledAt;
    this.dropPlannedNotices('meeting-cancelled');
    this.current.notices.push(progressOf(notice, this.startVersion));
    this.happened(at, 'cancelled', outcome);
    this.end(at, { outcome, because: [], decidedBy: 'cancellation', way: null });
  }

  rebook(at: Instant, command: RebookCommand): void {
    this.lastCalledAt = command.calledAt;
    this.dropPlannedNotices('meeting-moved');
    if (command.late) this.propose('rebooked-late');
    const { time, notices, registrationReminders } = command.planned;
    this.current.time = time;
    if (command.record) this.current.newTimes = [...(this.current.newTimes ?? []), command.record];
    this.registrationReminders = registrationReminders;
    delete this.current.together;
    this.current.somebodyIsIn = false;
    this.current.clinicReady = false;
    this.current.notices.push(...notices.map((notice) => progressOf(notice, time.startVersion)));
    this.current.state = gatesOpen(this.current.gates) ? 'ready' : 'booked';
    this.happened(at, 'rebooked', command.by);
  }

  /** The same time ends earlier or later (R1.8): nobody is thrown out and no notice changes. */
  changeDuration(at: Instant, { calledAt, time, registrationReminders }: DurationCommand): void {
    this.lastCalledAt = calledAt;
    this.current.time = time;
    this.registrationReminders = registrationReminders;
    this.happened(at, 'duration-changed');
  }

  enter(at: Instant, { participantId }: EntryCommand): void {
    const again = this.current.happenings.some(
      ({ what, startVersion, detail }) =>
        what === 'entered' && startVersion === this.startVersion && detail === participantId,
    );
    if (!again) this.happened(at, 'entered', participantId);
  }

  stateOutcome(at: Instant, { outcome, way }: OutcomeCommand): void {
    this.end(at, { outcome, because: ['stated-by-staff'], decidedBy: 'staff', way });
  }

  /** Staff have registered the visit (R5.11); saying so again changes nothing. */
  register(at: Instant): void {
    const { registration } = this.current;
    if (!registration || registration.state === 'registered') return;
    Object.assign(registration, { state: 'registered', remindAt: [] });
    this.happened(at, 'visit-registered');
  }

  /** A notice that was given is due again, for those rows alone that it surely was not sent to (R2.7). */
  resend(at: Instant, { kind, rowIds }: ResendCommand): void {
    const notice = this.noticeGiven(kind);
    if (!notice) return;
    Object.assign(notice, { state: 'planned', dueAt: at, again: rowIds });
    this.happened(at, 'notice-again', kind);
  }

  private noticeGiven(kind: NoticeProgress['kind']): NoticeProgress | undefined {
    return this.current.notices.find(
      (notice) =>
        notice.kind === kind && notice.startVersion === this.startVersion && notice.state === 'done',
    );
  }

  // --- what the world and the clock bring ------------------------------------------------------------------

  /**
   * Takes in a fact. Whoever wrote it down has saved what it changes (facts.ts); the door may have opened by
   * the clock in this very moment.
   */
  hear(at: Instant, fact: MeetingFact): void {
    this.passTime(at);
    const changed = withFact(this.current, fact);
    if (changed === this.current) return;
    // No fact changes the notices. Those that are being given stay the same objects: whoever gives one says
    // by it how it ended.
    const { notices } = this.current;
    Object.assign(this.current, changed, { notices });
    this.changed();
  }

  /** Clinic and patient have met in the room of the time that the meeting has now. */
  protected haveMet(): boolean {
    return (this.current.together ?? 'not-yet') !== 'not-yet';
  }

  /** Takes in that time has passed: the door opens, people have met, somebody has to be told. */
  passTime(at: Instant): void {
    const before = this.current.version;
    this.takeTime(at);
    if (this.current.version !== before) this.haveSaved();
  }

  private takeTime(at: Instant): void {
    const { state, time } = this.current;
    if ((state === 'booked' || state === 'ready') && msOf(at) >= msOf(time.doorOpensAt)) {
      this.enterState('door-open');
      this.happened(at, 'door-opened');
    }
    if (this.current.state === 'door-open' && this.haveMet()) {
      this.enterState('under-way');
      this.happened(at, 'under-way');
    }
    const checkAt = this.readinessCheckAt();
    // After the booked end, following an outage, it would help nobody.
    if (checkAt !== null && msOf(at) >= msOf(checkAt) && msOf(at) < msOf(time.endAt))
      this.happened(at, 'clinic-not-ready');
    this.remind(at);
  }

  /**
   * When to tell staff that nobody has confirmed the clinic's readiness (R4.7); null where there is no need,
   * or it is done.
   */
  private readinessCheckAt(): Instant | null {
    const { state, clinicReady, time, happenings } = this.current;
    const isTold = happenings.some(
      ({ what, startVersion }) => what === 'clinic-not-ready' && startVersion === this.startVersion,
    );
    return clinicReady || isTold || state === 'under-way' || state === 'ended' ? null : readyCheckAt(time);
  }

  /**
   * Reminds staff to register the visit; when that has not helped the operations manager is told, and it ends
   * (R5.11).
   */
  private remind(at: Instant): void {
    const { registration } = this.current;
    if (registration?.state !== 'waiting') return;
    const passed = registration.remindAt.filter((due) => msOf(due) <= msOf(at)).length;
    if (passed === 0 && registration.remindAt.length > 0) return;
    // After an outage one reminder is enough.
    registration.remindAt = registration.remindAt.slice(passed);
    registration.reminders += 1;
    if (registration.remindAt.length > 0) {
      this.happened(at, 'registration-reminder');
    } else {
      registration.state = 'given-up';
      this.happened(at, 'registration-overdue');
    }
  }

  /**
   * The outcome is to be decided from the evidence now: at the booked end, or when a meeting that ran over is
   * over (R5.6).
   */
  mustDecideOutcome(at: Instant): boolean {
    return !this.ended && msOf(at) >= msOf(settlesAt(this.current));
  }

  /**
   * The evidence is to be read now: when the outcome is to be decided from it, and once at the booked end.
   * Until then no fact tells that somebody has left a meeting that was under way (rules/presence,
   * changesCourse), so whether it runs over is read from the room.
   */
  mustReadEvidence(at: Instant): boolean {
    const { endAt } = this.current.time;
    const isUnread = msOf(at) >= msOf(endAt) && this.roomReadFor !== endAt;
    return this.mustDecideOutcome(at) || (!this.ended && isUnread);
  }

  /**
   * Takes in what the evidence shows. A command may have come while it was gathered: what was decided first
   * stands. Where clinic and patient are in the room still, the meeting runs over until it must leave its
   * room.
   */
  takeEvidence(at: Instant, startVersion: number, { together, ...settled }: Settled): void {
    if (this.ended || startVersion !== this.startVersion || msOf(at) < msOf(this.current.time.endAt)) return;
    const before = this.current.version;
    this.roomReadFor = this.current.time.endAt;
    this.seeRoom(at, together);
    if (this.mustDecideOutcome(at)) this.end(at, { ...settled, decidedBy: 'evidence', way: null });
    if (this.current.version !== before) this.haveSaved();
  }

  /** What is in the records of the room is true, also where the fact of it is still to come. */
  private seeRoom(at: Instant, together: Together): void {
    this.current.together = together;
    this.current.somebodyIsIn = together === 'in-the-room';
    this.takeTime(at);
  }

  /** The ids of the participants who were let in for the time that the meeting has now. */
  letInIds(): string[] {
    const entries = this.current.happenings.filter(
      ({ what, startVersion }) => what === 'entered' && startVersion === this.startVersion,
    );
    return entries.flatMap(({ detail }) => detail ?? []);
  }

  /** The notices that are due now, marked as under way. */
  takeDueNotices(at: Instant): NoticeProgress[] {
    const due = this.current.notices.filter(
      (notice) => notice.state === 'planned' && msOf(notice.dueAt) <= msOf(at),
    );
    for (const notice of due) notice.state = 'under-way';
    // Saved when it is done, or with what happens before: meanwhile the ledger tells how it goes to each
    // phone.
    if (due.length > 0) this.current.version += 1;
    return due;
  }

  /**
   * A notice that was due waits for the morning after all (R2.9). By the clock that says so it may be some
   * seconds earlier than here: then it is asked again in a while, not at once and all the time.
   */
  postpone(at: Instant, notice: NoticeProgress, until: Instant): void {
    // A command may have come meanwhile.
    if (this.whyPointless(notice) !== null) {
      this.noticeDropped(notice);
      return;
    }
    const soonest = toInstant(new Date(msOf(at) + ASK_AGAIN_AFTER_MS));
    Object.assign(notice, { state: 'planned', dueAt: msOf(until) > msOf(soonest) ? until : soonest });
    this.changed();
    this.haveSaved();
  }

  noticeDone(notice: NoticeProgress): void {
    notice.state = 'done';
    delete notice.again;
    this.changed();
  }

  /** Notices that are being given and that nobody shall hear any more: what has not begun is not given. */
  pointlessNotices(): NoticeProgress[] {
    return this.current.notices.filter(
      (notice) => notice.state === 'under-way' && this.whyPointless(notice) !== null,
    );
  }

  /** A notice was called back before anybody had it. */
  noticeDropped(notice: NoticeProgress): void {
    Object.assign(notice, { state: 'dropped', skip: this.whyPointless(notice) });
    delete notice.again;
    this.changed();
  }

  private whyPointless({ kind, startVersion }: NoticeProgress): DropReason | null {
    if (startVersion !== this.startVersion) return 'meeting-moved';
    if (!this.ended || kind === 'cancellation') return null;
    return isCancelled(this.current.outcome?.outcome ?? null) ? 'meeting-cancelled' : 'meeting-ended';
  }

  /** A proposal is still to be written: one may have come while another one was. */
  get hasProposals(): boolean {
    return this.proposals.length > 0;
  }

  /** The proposals that the course calls for and that have not been written yet: written from now on. */
  takeProposals(at: Instant): ProposalOrder[] {
    const taken = this.proposals.splice(0);
    for (const { startVersion } of taken)
      this.current.happenings.push({ at, what: 'invoice-proposed', startVersion });
    if (taken.length > 0) this.changed();
    return taken;
  }

  /**
   * Nothing is left for the workflow to do: an outcome that staff need not decide, every notice done, every
   * proposal asked for, and the visit registered.
   */
  hasNothingLeft(at: Instant): boolean {
    if (!this.ended || this.proposals.length > 0 || this.current.registration?.state === 'waiting')
      return false;
    if (this.current.notices.some((notice) => notice.state === 'planned' || notice.state === 'under-way'))
      return false;
    return this.current.outcome?.outcome !== 'unclear' || msOf(at) >= msOf(staffDecideUntil(this.current));
  }

  /** The read model says from now on that nothing is left to do. @returns false where it said so before */
  close(): boolean {
    if (this.current.closed) return false;
    this.current.closed = true;
    this.changed();
    return true;
  }

  /**
   * The next instant at which the clock alone changes something, and what, in words for the Web UI; null for
   * never.
   */
  nextStep(at: Instant): { at: Instant; why: string } | null {
    const { state, time } = this.current;
    const steps = this.current.notices
      .filter((notice) => notice.state === 'planned')
      .map((notice) => ({ at: notice.dueAt, why: `${notice.kind} notice` }));
    if (state === 'booked' || state === 'ready') steps.push({ at: time.doorOpensAt, why: 'the door opens' });
    const checkAt = this.readinessCheckAt();
    if (checkAt !== null) steps.push({ at: checkAt, why: 'is the clinic ready?' });
    if (!this.ended) {
      const end = msOf(at) < msOf(time.endAt) ? time.endAt : settlesAt(this.current);
      steps.push({ at: end, why: 'the booked end: what did it come to?' });
    }
    const { registration } = this.current;
    // Settled after an outage longer than all reminders there is none left, and the manager is told at once.
    if (registration?.state === 'waiting')
      steps.push({ at: registration.remindAt[0] ?? at, why: 'is the visit registered?' });
    const decidedUntil = staffDecideUntil(this.current);
    if (this.current.outcome?.outcome === 'unclear' && msOf(at) < msOf(decidedUntil)) {
      steps.push({ at: decidedUntil, why: 'staff decide the outcome' });
    }
    return steps.reduce<(typeof steps)[number] | null>(
      (first, step) => (first && msOf(first.at) <= msOf(step.at) ? first : step),
      null,
    );
  }

  // --- within ----------------------------------------------------------------------------------------------

  protected end(at: Instant, settled: CourseOutcome): void {
    const { outcome, decidedBy } = settled;
    this.current.outcome = settled;
    this.enterState('ended');
    if (decidedBy !== 'cancellation') this.dropPlannedNotices('meeting-ended');
    this.happened(at, 'outcome', outcome);
    if (needsRegistration(outcome)) {
      const remindAt = this.registrationReminders.filter((due) => msOf(due) > msOf(at));
      this.current.registration = { state: 'waiting', remindAt, reminders: 0 };
    }
    if (outcome !== 'unclear') this.propose(outcome);
  }

  private propose(cause: ProposalOrder['cause']): void {
    this.proposals.push({
      meetingId: this.current.meetingId,
      startVersion: this.startVersion,
      cause,
    });
  }

  private dropPlannedNotices(why: DropReason): void {
    for (const notice of this.current.notices) {
      if (notice.state === 'planned') Object.assign(notice, { state: 'dropped', skip: why });
    }
  }

  protected enterState(state: MeetingSnapshot['state']): void {
    this.current.state = state;
    this.changed();
  }

  protected happened(at: Instant, what: Happening['what'], detail?: string): void {
    this.current.happenings.push({
      at,
      what,
      startVersion: this.startVersion,
      ...(detail === undefined ? {} : { detail }),
    });
    this.changed();
  }

  protected changed(): void {
    this.current.version += 1;
  }

  /** The workflow is to have the read model saved as it is now. */
  haveSaved(): void {
    this.toBeSaved = this.current.version;
  }
}

/** Before when an outcome cannot be true yet; null where it can be stated at any time. */
function earliestOutcomeAt(
  outcome: OutcomeCommand['outcome'],
  time: MeetingSnapshot['time'],
): Instant | null {
  switch (outcome) {
    case 'no-show':
      // Later arrival, while the clinic is there, is attendance (R5.6).
      return time.endAt;
    case 'completed':
    case 'clinic-absent':
    case 'could-not-start':
      return time.doorOpensAt;
    case 'back-up-routine':
      return null;
  }
}
