import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Scanner } from '../../../files/clamd';
import type { PostedFile } from '../../../files/posted-form';
import type { JitsiSettings } from '../../../jitsi/room-token';
import type { Case, CaseParticipant } from '../../../records/cases';
import type { Clinic } from '../../../records/clinics';
import type { Meeting, Participant } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { Session } from '../../../records/sessions';
import type { PersonRole } from '../../../rules/actor';
import type { Language } from '../../../rules/notices';
import type { CommandDeps } from '../../../use-cases/command';
import type { FeeBasis } from '../../../use-cases/invoice/proposal';
import type { PageAnswer } from '../../frame/page-content';
import type { FormGuard } from '../../frame/post-form';
import type { ThreadStreams } from '../thread/thread-streams';

/** A request of one who has logged in, whose every part fits its schema. */
export interface LoggedInRequest {
  session: Session;
  /** When its headers were in: by this is judged what is late, and who may act (design, decision 16). */
  receivedAt: Date;
  language: Language;
  params: Record<string, string>;
  /** As the route's schema reads it; undefined where it has none. */
  body: unknown;
  guard: FormGuard;
  /** Of the form that was posted; for a command's idempotency. */
  postedKey: string | null;
  /** What was posted with it, where the route takes files. */
  files: PostedFile[];
  /**
   * Whether this request would be let in now: for an answer that stays open. Nothing of it is written down.
   */
  stillAllowed: () => Promise<boolean>;
}

/** A meeting, and the person who has logged in as one who takes part in it. */
export interface TakingPart {
  meeting: Meeting;
  participant: Participant & { role: PersonRole };
  /** The person's own record at the meeting's clinic. */
  person: Person;
  patient: Person;
  clinic: Clinic;
}

/** What a cost is made from, as the request has read it. */
export const feeBasisIn = ({ patient, clinic: { settings } }: TakingPart): FeeBasis => ({
  patient,
  settings,
});

/** A request about the meeting in the address, by one who takes part in it. */
export interface ParticipantRequest extends LoggedInRequest, TakingPart {}

/**
 * A message case, and the person who has logged in as the patient, or as a guardian of a child of at most 12
 * (R7.1).
 */
export interface OwnCase {
  careCase: Case;
  participant: CaseParticipant;
  person: Person;
  patient: Person;
  clinic: Clinic;
}

/** A request about the message case in the address. */
export interface CaseRequest extends LoggedInRequest, OwnCase {}

interface RouteBase {
  method: 'get' | 'post';
  /** With its parameters in braces: `/my/meetings/{participantId}/consent`. */
  path: string;
  /** The name in the audit log. */
  operation: string;
  summary: string;
  /**
   * What a posted form carries, beside its guard. A body that does not fit is a page that was tampered with.
   */
  body?: z.ZodType;
  /** The form can carry files: read only when it is clear who sends it. */
  takesFiles?: true;
  /** Asked by a page that lies open, not by anybody: the login is not kept alive by it. */
  unattended?: true;
}

/** A row about oneself only. */
export interface OwnRoute extends RouteBase {
  subject: 'self';
  handle: (request: LoggedInRequest) => Promise<PageAnswer>;
}

/** A row about the meeting that the `participantId` in its path takes part in. */
export interface ParticipantRoute extends RouteBase {
  subject: 'participant';
  /** Those who may, of those who take part; a guardian for a child of at most 12 only (R7.1, R7.2). */
  roles: readonly PersonRole[];
  /** Asked again and again by a page's script: only what is refused is written down each time. */
  quiet?: true;
  /** What was typed into its form goes on through a login, where the one before had ended. */
  savesTyped?: true;
  handle: (request: ParticipantRequest) => Promise<PageAnswer>;
}

/** A row about the message case that the `caseParticipantId` in its path has a place in. */
export interface CaseRoute extends RouteBase {
  subject: 'case';
  /** As of {@link ParticipantRoute}. */
  quiet?: true;
  handle: (request: CaseRequest) => Promise<PageAnswer>;
}

/** A row of the patients' table of routes (design, decision 10): all of them need a login. */
export type PatientRoute = OwnRoute | ParticipantRoute | CaseRoute;

/** What the patients' pages need to do their work. */
export interface PatientRouteDeps extends CommandDeps {
  log: Pick<Logger, 'warn' | 'error'>;
  jitsi: JitsiSettings;
  publicUrl: string;
  supportPhone: string;
  regionName: string | null;
  /** Looks for malware in files; null where none is configured. */
  scanner: Scanner | null;
  streams: ThreadStreams;
}

/** All who take part but staff. */
export const everybody: readonly PersonRole[] = ['patient', 'guardian', 'relative', 'interpreter', 'guest'];
/** Those who decide for the patient (R7.1). */
export const deciders: readonly PersonRole[] = ['patient', 'guardian'];

/** A row about the meeting in the address; `path` is what comes after it. */
export const ofMeeting = (
  method: ParticipantRoute['method'],
  path: string,
  roles: readonly PersonRole[],
  route: Omit<ParticipantRoute, 'method' | 'path' | 'subject' | 'roles'>,
): ParticipantRoute => ({
  method,
  path: `/my/meetings/{participantId}${path}`,
  subject: 'participant',
  roles,
  ...route,
});

/** Those who decide for the patient: the patient, and the guardian of a child of at most 12 (R7.1). */
export const decidesForPatient = (role: PersonRole): boolean => deciders.includes(role);
