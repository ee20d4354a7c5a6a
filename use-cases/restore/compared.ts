/** What came of comparing meetings and message cases with their workflows after a restore: by opaque ids. */
export interface Compared {
  /** Their workflow was not there or had been cut off, and was started again from the record. */
  started: string[];
  /**
   * They are over and their workflow is gone: nobody is reminded any more, and no notice goes. Look at each
   * by hand.
   */
  closed: string[];
  /** The record was behind its workflow, and has its state now. */
  caughtUp: string[];
  /** Meetings with invoices whose workflow was behind the record, or gone, and was started again from it. */
  invoicesStarted: string[];
  /** Stored commands that Temporal had lost, carried out again. */
  carriedOutAgain: number;
  /** Commands and messages that could not be carried out again: look at each meeting or case by hand. */
  refused: string[];
  /**
   * Message cases of which the database has lost messages that the workflow knows of: their clinics have to
   * be told.
   */
  messagesLost: string[];
  /**
   * Workflows whose meeting or case the database has lost: the clinic books or opens it again. They were
   * ended.
   */
  orphans: string[];
  /** Meetings and cases as both sides have them. */
  same: number;
}
