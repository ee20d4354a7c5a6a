import type { Connections } from './connections';

/** What an operator has written after the operation's name. */
export interface CliOptions {
  /** The id of the meeting, or of the message case, where the operation is about one. */
  meetingId: string | null;
  clinic: string | null;
  /** A clock time in Stockholm, `2026-11-23T10:00`, or an instant with its offset. */
  at: string | null;
  /** A day in Stockholm, `2026-11-23`. */
  day: string | null;
  /** Message cases, and no meetings. */
  cases: boolean;
  rows: string[];
  file: string | null;
  operator: string | null;
  reason: string | null;
  yes: boolean;
}

/** How an operation talks with the operator. */
export interface Talk {
  say: (line: string) => void;
  /** Says what will be done and asks; true where the operator agrees. */
  agree: (what: string) => Promise<boolean>;
}

/** One thing that the operator's command can do. */
export interface Operation {
  name: string;
  /** What stands after the name. */
  usage: string;
  about: string;
  /** It is about a meeting, whose id comes first. */
  ofMeeting: boolean;
  /** It reads or changes data of patients: who asks is named, and is in the audit log (R8.2). */
  isRecorded: boolean;
  /** It changes something: why stands in the audit log too. */
  changes: boolean;
  /** @returns whether all went well; what did not has been said */
  run(connections: Connections, options: CliOptions, talk: Talk): Promise<boolean>;
}

/** What was asked for cannot be: said to the operator as it is. */
export class NotPossible extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotPossible';
  }
}
