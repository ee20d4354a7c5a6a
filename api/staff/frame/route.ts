import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Scanner } from '../../../files/clamd';
import type { PostedFile } from '../../../files/posted-form';
import type { JitsiSettings } from '../../../jitsi/room-token';
import type { KeyRing } from '../../../platform/keys/key-ring';
import type { AnsweredPage } from '../../../records/answered-pages';
import type { Clinic } from '../../../records/clinics';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import { deskRoles, type DeskRole } from '../../../rules/staff';
import type { CommandDeps } from '../../../use-cases/command';
import type { ReadBefore } from '../../../use-cases/read-before';
import type { PageAnswer } from '../../frame/page-content';
import type { FormGuard } from '../../frame/post-form';
import type { KeepsForm } from './keep-form';
import type { AccessRule, Caller } from '../../route';

/** A request of a member of staff who has logged in, was let in, and whose every part fits its schema. */
export interface DeskRequest {
  /** As whom the act counts: the reference and the role that allowed it. */
  caller: Caller & { role: DeskRole };
  member: StaffMember;
  /** All roles that the person has now. */
  roles: DeskRole[];
  clinic: Clinic;
  language: Language;
  /** When its headers were in. */
  receivedAt: Date;
  params: Record<string, string>;
  /** As it was sent; each name once. */
  query: Record<string, string>;
  /** As the route's schema reads it; undefined where it has none. */
  body: unknown;
  guard: FormGuard;
  /** Of the form that was posted; for a command's idempotency. */
  postedKey: string | null;
  /** What was posted with it, where the route takes files. */
  files: PostedFile[];
  /** What was read to let it in: the meeting or the person that it is about. */
  read: ReadBefore;
  /** Logs whose data is read where only the answer tells: a list, a search (R8.2). Before answering. */
  noteRead: (personIds: string[]) => Promise<void>;
  /** The page that an earlier form of this login was answered with; null where there is none any more. */
  answered: (answerId: string) => Promise<AnsweredPage | null>;
  /** The desk has locked itself: only rows that work locked see this. */
  isLocked: boolean;
  /** Locks the login: nothing is shown by it until there is a new one. */
  lock: () => Promise<void>;
  /** Whether the login still holds, unlocked, with a role: for what goes on after the answer has begun. */
  stillAllowed: () => Promise<boolean>;
}

/** A row of the desk's table of routes (design, decisions 10 and 18): all of them need a login. */
export interface DeskRoute extends AccessRule {
  method: 'get' | 'post';
  /** With its parameters in braces: `/desk/meetings/{meetingId}`. */
  path: string;
  summary: string;
  roles: readonly DeskRole[];
  /**
   * What a posted form carries, beside its guard. A body that does not fit is a page that was tampered with;
   * what people type is judged by the command.
   */
  body?: z.ZodType;
  /** The form can carry files: read only when it is clear who sends it. */
  takesFiles?: true;
  /** The field of it that people write at length: shown again where the form is not taken at all. */
  typed?: string;
  /** It takes long to fill in: kept for whoever filled it in, where it cannot be taken. */
  keepsForm?: KeepsForm;
  /** Asked by a page that lies open, not by anybody: the login is not kept alive by it. */
  unattended?: true;
  /** Answers at a desk that has locked itself too: it tells nothing of anybody. */
  worksLocked?: true;
  handle: (request: DeskRequest) => Promise<PageAnswer>;
}

/** What the desk's pages need to do their work. */
export interface DeskRouteDeps extends CommandDeps {
  log: Pick<Logger, 'warn' | 'error'>;
  jitsi: JitsiSettings;
  /** Looks for malware in files; null where none is configured. */
  scanner: Scanner | null;
  linkKeys: KeyRing;
  publicUrl: string;
  /** Has something ended when the process stops, such as open streams. */
  onShutdown?: (end: () => void) => void;
}

/** All roles of people. */
export const everybody: readonly DeskRole[] = deskRoles;
/** Those who may read care content: clinicians their own patients', the manager with a reason (R8.1). */
export const carers: readonly DeskRole[] = ['clinician', 'operations-manager'];
/** Those who answer for the clinic's work. */
export const managers: readonly DeskRole[] = ['operations-manager'];
