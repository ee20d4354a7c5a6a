import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import type { FieldProblem } from '../use-cases/command';
import type { BodyOf, CommandName } from '../use-cases';
import type { Clinic } from '../records/clinics';
import type { Answer } from '../records/commands';
import type { ReadBefore } from '../use-cases/read-before';
import type { StaffRole } from '../rules/staff';

/**
 * Who calls: a member of staff, by the name and role that the clinic's system attests with the clinic's key,
 * or who has logged in (R8.7).
 */
export interface Caller {
  clinic: Clinic;
  staffId: string;
  role: StaffRole;
  /** The person has logged in here; absent where the clinic's system names them. */
  loggedIn?: true;
  /** Why, where a reason has to be stated (R8.1). */
  reason: string | null;
}

/** A request that was let in and whose every part fits its schema. */
export interface ClinicRequest {
  caller: Caller;
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
  /**
   * Logs whose data is read where only the answer tells: a list, a search (R8.2). To be called before
   * answering.
   */
  noteRead: (personIds: string[]) => Promise<void>;
  /** What was read to let it in: the meeting or the person that it is about. */
  read: ReadBefore;
}

/** What a route is about, so that one place can find whose data it touches. */
export type Subject = 'clinic' | 'person' | 'meeting' | 'case' | 'people-in-body' | 'invoice' | 'task';

/**
 * Takes in what is no JSON, such as a file, and answers with the body of the command that is about it, or why
 * not.
 */
export type UploadDoor<Body> = (
  request: Request,
  idempotencyKey: string,
  about: Pick<ClinicRequest, 'caller' | 'params'>,
) => Promise<{ body: Body } | { refused: Answer }>;

/** Who among staff may do something, and whose data it touches (design, decision 10). */
export interface AccessRule {
  /** The name in the audit log. */
  operation: string;
  roles: readonly StaffRole[];
  subject: Subject;
  /**
   * What is read is care content: a clinician must take part, the operations manager must state a reason
   * (R8.1).
   */
  content?: true;
  /**
   * Why it is done, for the log, where the body says so and no other reason was stated.
   *
   * @param body as the route's schema reads it
   */
  reasonIn?: (body: unknown) => string | null;
  /** Asked again and again by a page's script, and tells nothing of anybody: only refusals are logged. */
  quiet?: true;
}

/** What every row of the clinic's table says. */
interface Row extends AccessRule {
  method: 'get' | 'post' | 'put' | 'patch';
  /** With its parameters in braces: `/clinic/meetings/{meetingId}`. */
  path: string;
  summary: string;
  query?: z.ZodType<Record<string, unknown>>;
  answers: Record<number, z.ZodType>;
  /** What is left of a done answer's body for one who sees status and contact only (docs/access.md). */
  forStatus?: (body: never) => unknown;
  /** What the answer can be, where it is a file. */
  contentTypes?: readonly string[];
}

/** A row that a function answers. */
interface QuestionRow extends Row {
  body?: z.ZodType;
  upload?: undefined;
  check?: undefined;
  handle: (request: ClinicRequest) => Promise<Answer>;
}

/** What gives a command its body: nothing, a schema, or a door that takes in a file. */
type Source<Body> = [Body] extends [undefined]
  ? { body?: undefined; upload?: undefined; check?: undefined }
  : | {
        body: z.ZodType<Body>;
        upload?: undefined;
        /** What no schema can tell, because it depends on the time. */
        check?: (body: Body, now: Date) => FieldProblem[];
      }
    | {
        body?: undefined;
        /** The request is a form with one file. */
        upload: UploadDoor<Body>;
        check?: undefined;
      };

/**
 * A row of a command, which is stored before it is carried out. A row that does not give what its command
 * takes does not compile.
 */
type CommandRow<Name extends CommandName> = Row & { operation: Name; handle: Name } & Source<BodyOf<Name>>;

/** A row of the clinic's table of routes (design, decision 10). */
export type ClinicRoute = QuestionRow | { [Name in CommandName]: CommandRow<Name> }[CommandName];

/** A row for those who are no clinic. */
export interface OpenRoute {
  method: 'get' | 'post' | 'delete';
  path: string;
  operation: string;
  summary: string;
  /** Who may use it, and how that is known. */
  who: 'anyone' | 'sms-provider, by the token in the address' | 'jitsi, by its shared secret';
  /** Outside of the limit of those who show nothing. */
  unlimited?: true;
  handle: RequestHandler[];
}
