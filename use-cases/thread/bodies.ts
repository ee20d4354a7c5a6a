/** What the commands about message cases and threads carry once the API has checked it. */

export interface OpenCase {
  patientId: string;
  /** Guardians who act for a child of at most 12 (R7.1). */
  guardianIds: string[];
  /** What it is about, in a line. */
  subject: string;
  text: string;
  /** Who sees to it; null for whoever takes it. */
  assignTo: string | null;
}

export interface WriteMessage {
  /** Null where there are files only. */
  text: string | null;
  fileIds: string[];
  /** Staff ask for more than they were told: a reply too (R6.3). */
  asksForMore: boolean;
}

export interface AssignCase {
  staffId: string | null;
  /** Who has it as the caller knows it: another one by now is looked at again first. */
  from: string | null;
}

export interface DocumentContact {
  /** The day on which the contact took place, `YYYY-MM-DD` (R6.4). */
  contactOn: string;
  /** By the clinic's routine; needed where the case has any (R6.4). */
  picturesHandled: boolean;
}

/** A file that has been checked and kept, and is offered to a thread's next message. */
export interface AddFile {
  fileId: string;
  name: string;
  /** Of the content as it was sent: the same key with another content is another command (design, decision 6). */
  sha256: string;
}
