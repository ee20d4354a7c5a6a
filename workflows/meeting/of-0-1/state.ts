import { gatesOpen } from '../../../rules/gates';
import { msOf, type Instant } from '../../../rules/instant';
import { needsRegistration } from '../../../rules/meeting';
import type { SettledOutcome } from '../../../rules/outcome';
import type { MeetingFacts, MeetingInput, ProposalOrder } from '../messages';
import { MeetingStateMachine } from '../state';

/**
 * The course of a meeting that was started by 0.1.0: it looks at the world when it is told to, and saves
 * every change itself. What happens to a meeting is the same.
 */
export class MeetingStateMachineOf01 extends MeetingStateMachine {
  private hasMet = false;
  private seenAt: Instant | null = null;

  /**
   * @param leastVersion what the next version is at least: higher in each workflow task than what an earlier
   * one, that was lost, can have saved
   */
  constructor(
    input: MeetingInput,
    private readonly leastVersion: () => number,
  ) {
    super(input);
  }

  /** Takes in what was seen outside. */
  see(at: Instant, facts: MeetingFacts): void {
    this.seenAt = at;
    this.seeCorrection(at, facts);
    if (this.ended) return;
    const opened = gatesOpen(facts.gates);
    if (opened !== gatesOpen(this.current.gates)) this.happened(at, opened ? 'gates-opened' : 'gates-closed');
    if (JSON.stringify(facts.gates) !== JSON.stringify(this.current.gates)) {
      this.current.gates = facts.gates;
      this.changed();
    }
    // A look at the room of a time that has been moved since tells nothing of the new one.
    if (facts.startVersion === this.startVersion) {
      this.seePresence(facts);
      this.seeReadiness(at, facts);
    }
    if (this.current.state === 'booked' && opened) this.enterState('ready');
    if (this.current.state === 'ready' && !opened) this.enterState('booked');
    this.passTime(at);
  }

  private seePresence(facts: MeetingFacts): void {
    const somebodyIsIn = facts.clinicPresent || facts.patientPresent;
    if (somebodyIsIn !== this.current.somebodyIsIn) {
      this.current.somebodyIsIn = somebodyIsIn;
      this.changed();
    }
    this.hasMet = facts.haveMet;
  }

  private seeReadiness(at: Instant, { clinicReady }: MeetingFacts): void {
    if (!clinicReady || this.current.clinicReady) return;
    this.current.clinicReady = true;
    this.happened(at, 'clinic-ready');
  }

  /** Staff have corrected the outcome to one that is no visit (R5.1, R5.11). */
  private seeCorrection(at: Instant, { correctedTo }: MeetingFacts): void {
    const { registration } = this.current;
    if (correctedTo === null || needsRegistration(correctedTo) || registration?.state !== 'waiting') return;
    Object.assign(registration, { state: 'not-needed', remindAt: [] });
    this.happened(at, 'registration-not-needed');
  }

  protected override haveMet(): boolean {
    return this.hasMet;
  }

  override rebook(...args: Parameters<MeetingStateMachine['rebook']>): void {
    this.hasMet = false;
    super.rebook(...args);
  }

  /**
   * Who is in the room decides at the booked end whether the meeting runs over, and what it came to: then it
   * is looked at again, whatever was told before.
   */
  lookDue(at: Instant): boolean {
    const { endAt } = this.current.time;
    const seenSinceEnd = this.seenAt !== null && msOf(this.seenAt) >= msOf(endAt);
    return this.mustDecideOutcome(at) || (!this.ended && msOf(at) >= msOf(endAt) && !seenSinceEnd);
  }

  /** A command may have come while the evidence was gathered; what was decided first stands. */
  settleBy(at: Instant, startVersion: number, settled: SettledOutcome): void {
    const isOver = msOf(at) >= msOf(this.current.time.endAt);
    if (!this.ended && isOver && startVersion === this.startVersion)
      this.end(at, { ...settled, decidedBy: 'evidence', way: null });
  }

  override takeProposals(): ProposalOrder[] {
    return this.proposals.splice(0);
  }

  invoiceProposed(at: Instant): void {
    this.happened(at, 'invoice-proposed');
  }

  protected override changed(): void {
    this.current.version = Math.max(this.current.version + 1, this.leastVersion());
    this.toBeSaved = this.current.version;
  }
}
