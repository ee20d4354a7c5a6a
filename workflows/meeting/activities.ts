import type { SettledOutcome } from '../../rules/outcome';
import type { MeetingSnapshot, ProposalOrder, Together } from './messages';

/** What a meeting asks of the world beside its notices; made in activities/. */
export interface MeetingActivities {
  /**
   * Saves the read model, unless a newer one is there already, with the events and tasks that follow from it.
   * Then proposes what is to be charged, each once (R5.8).
   */
  saveMeeting(order: SaveOrder): Promise<void>;
  /** Reads from the evidence what the meeting came to (R5.6); changes nothing. */
  settleMeeting(order: SettleOrder): Promise<Settled>;
}

export interface SaveOrder {
  snapshot: MeetingSnapshot;
  proposals: ProposalOrder[];
}

export interface SettleOrder {
  meetingId: string;
  startVersion: number;
  /** The ids of the participants who were let in for this time; the name stands in kept histories. */
  letIn: string[];
}

/** What the evidence shows, and how it stands in the room this moment. */
export interface Settled extends SettledOutcome {
  together: Together;
}
