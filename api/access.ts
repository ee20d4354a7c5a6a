import type { Request } from 'express';
import { z } from 'zod';
import type { BookMeeting } from '../use-cases/meeting/bodies';
import type { OpenCase } from '../use-cases/thread/bodies';
import { notFound, problem, type FieldProblem } from '../use-cases/command';
import type { ReadBefore } from '../use-cases/read-before';
import type { Records } from '../records';
import type { Clinic } from '../records/clinics';
import type { Case } from '../records/cases';
import type { Answer } from '../records/commands';
import { staffIdsOf, type Meeting } from '../records/meetings';
import type { Actor } from '../rules/actor';
import type { Clock } from '../rules/clock';
import { toInstant } from '../rules/instant';
import { visibleCount } from '../rules/typed';
import { line, staffId } from '../use-cases/fields';
import { addressKey } from '../platform/client-address';
import type { Guesses } from './guesses';
import { bearerOf, headerText } from './header-text';
import { tooManyRequests } from './limit';
import { fieldProblems, withInput } from './problems';
import { staffRoles } from '../rules/staff';
import type { AccessRule, Caller, ClinicRequest } from './route';

/** The headers that say who acts. */
export const actingHeaders = z.object({
  'acting-staff': staffId,
  'acting-role': z.enum(staffRoles),
  'acting-reason': line(200)
    .refine((text) => visibleCount(text) >= 3, 'must say why in at least 3 characters')
    .optional(),
});

/**
 * Who calls: the clinic by its key (stored hashed), the member of staff as the clinic's system names them.
 * Without both nothing is read or changed (R8.1).
 *
 * @param keys counts wrong ones, so that none is found by guessing
 */
export async function identifyCaller(
  records: Records,
  request: Request,
  keys: Guesses,
): Promise<Caller | { refused: Answer }> {
  const apiKey = bearerOf(request);
  const tried = await keys.look(addressKey(request), request.get('authorization') ?? '', async () =>
    apiKey && apiKey.length >= 20 && apiKey.length <= 200 ? records.clinics.byApiKey(apiKey) : null,
  );
  if ('refused' in tried) return { refused: tooManyRequests() };
  const clinic = tried.found;
  if (!clinic)
    return { refused: problem(401, 'wrong-key', 'Give the clinic’s key: Authorization: Bearer …') };
  const given = Object.fromEntries(
    Object.keys(actingHeaders.shape).map((name) => [name, headerText(request, name)]),
  );
  const acting = actingHeaders.safeParse(given, withInput);
  if (!acting.success) return { refused: wrongActing(acting.error) };
  return {
    clinic,
    staffId: acting.data['acting-staff'],
    role: acting.data['acting-role'],
    reason: acting.data['acting-reason'] ?? null,
  };
}

/** The type of the problem names the first header that is missing or wrong; its errors name all. */
function wrongActing(error: z.ZodError): Answer {
  const problems = fieldProblems('headers', error);
  const isMissing = ({ reason }: FieldProblem): boolean => reason === 'missing';
  const has = (header: string, missing: boolean): boolean =>
    problems.some((each) => each.field === `/headers/${header}` && isMissing(each) === missing);
  if (has('acting-staff', true))
    return problem(400, 'acting-staff-missing', 'Say who acts, in the header Acting-Staff.', problems);
  if (has('acting-role', true))
    return problem(400, 'acting-role-missing', 'Say in which role, in the header Acting-Role.', problems);
  if (has('acting-staff', false))
    return problem(400, 'wrong-acting-staff', 'Acting-Staff is no reference to a member of staff.', problems);
  if (has('acting-role', false))
    return problem(400, 'wrong-acting-role', `Acting-Role is one of ${staffRoles.join(', ')}.`, problems);
  return problem(400, 'wrong-acting-reason', 'Acting-Reason has 3 to 200 characters.', problems);
}

/**
 * The one place that decides who may do what. It records each decision, also a refusal (design, decision 10;
 * R8.1, R8.2). It writes the audit row before anything is answered. If the row cannot be written, nothing is
 * shown.
 */
export async function decideAccess(
  deps: { records: Records; clock: Clock },
  route: AccessRule,
  { caller, ...request }: Omit<ClinicRequest, 'noteRead' | 'read'>,
): Promise<{ refused: Answer } | LetIn> {
  return decideAccessOf(deps, route, caller.clinic, request, () => [caller]);
}

/** What is known of a request that was let in. */
interface LetIn {
  /** As whom it counts. */
  caller: Caller;
  /** What was read to know. */
  read: ReadBefore;
  /** Whether the caller sees the care content of what it is about, or status and contact only (R8.1). */
  seesContent: boolean;
}

/** What a request is about. */
type AskedFor = Pick<ClinicRequest, 'params' | 'body'>;

/**
 * The same for somebody who has several roles: the first caller who may is the one who acts.
 * @param callersFor as whom they could act, given the staff who take part in what it is about
 */
export async function decideAccessOf(
  deps: { records: Records; clock: Clock },
  route: AccessRule,
  clinic: Clinic,
  request: AskedFor,
  callersFor: (staffIds: string[]) => Caller[],
): Promise<{ refused: Answer } | LetIn> {
  const subject = await subjectOf(deps.records, route, clinic.clinicId, request);
  const tried = callersFor(subject?.staffIds ?? []).map((each) => ({
    caller: each,
    refused: refusal(route, each, subject),
  }));
  const { caller, refused } = tried.find((each) => each.refused === null) ?? tried.at(-1)!;
  if (refused || !route.quiet)
    await writeAudit(
      deps,
      route,
      {
        caller: { ...caller, reason: caller.reason ?? route.reasonIn?.(request.body) ?? null },
        params: request.params,
      },
      subject && subject.personIds.length > 0 ? subject.personIds : [null],
      refused === null,
    );
  return refused
    ? { refused }
    : {
        caller,
        read: { clinic, ...subject?.read },
        seesContent: seesContent(caller, subject?.staffIds ?? []),
      };
}

/**
 * Whether somebody sees care content, given the staff who take part in what it is of (R8.1): clinicians their
 * own patients', the operations manager with a stated reason, the clinic's own system what it needs for its
 * work, and bookers none.
 */
export function seesContent({ role, staffId, reason }: Caller, staffIds: string[]): boolean {
  switch (role) {
    case 'system':
      return true;
    case 'booker':
      return false;
    case 'clinician':
      return staffIds.includes(staffId);
    case 'operations-manager':
      return reason !== null;
  }
}

/** The staff whose patient a person is: those of their meetings, and of their message cases. */
export async function staffOfPerson(
  { meetings, cases }: Pick<Records, 'meetings' | 'cases'>,
  clinicId: string,
  personId: string,
): Promise<string[]> {
  const [ofMeetings, ofCases] = await Promise.all([
    meetings.staffWith(clinicId, personId),
    cases.ofPeople([{ clinicId, personId }], MOST_CASES),
  ]);
  return [...ofMeetings, ...ofCases.flatMap(({ involved }) => involved)];
}

/** The newest of a person's cases: more than anybody has. */
const MOST_CASES = 200;

/** What an address is about, of the ids in it; null where it is about the clinic. */
export const subjectIdOf = ({
  meetingId,
  caseId,
  personId,
  invoiceId,
  taskId,
  memberId,
}: ClinicRequest['params']): string | null =>
  meetingId ?? caseId ?? personId ?? invoiceId ?? taskId ?? memberId ?? null;

/** Writes one audit row for each person whose data it was; one without a person where it was nobody's. */
export async function writeAudit(
  { records, clock }: { records: Records; clock: Clock },
  { operation }: Pick<AccessRule, 'operation'>,
  { caller, params }: Pick<ClinicRequest, 'caller' | 'params'>,
  personIds: (string | null)[],
  allowed = true,
): Promise<void> {
  const { clinic, reason } = caller;
  await records.audit.write(
    personIds.map((personId) => ({
      at: toInstant(clock.now()),
      clinicId: clinic.clinicId,
      actor: actorOf(caller),
      operation,
      subjectId: subjectIdOf(params),
      personId,
      reason,
      allowed,
    })),
  );
}

/** The caller as commands and the log name who acts. */
export const actorOf = ({ staffId, role, loggedIn }: Caller): Extract<Actor, { kind: 'staff' }> => ({
  kind: 'staff',
  staffId,
  role,
  ...(loggedIn ? { loggedIn } : {}),
});

interface FoundSubject {
  /** Whose data it is, if anybody's. */
  personIds: string[];
  /** Staff who take part. */
  staffIds: string[];
  /** What was read to know. */
  read?: ReadBefore;
}

async function subjectOf(
  records: Records,
  { subject, content }: AccessRule,
  clinicId: string,
  { params, body }: AskedFor,
): Promise<FoundSubject | null> {
  switch (subject) {
    case 'clinic':
      return { personIds: [], staffIds: [] };
    case 'person': {
      const person = await records.people.find(clinicId, params.personId ?? '');
      if (!person) return null;
      // Only where not all see the same does it matter whose patient it is (R8.8).
      const isForSome = content === true || person.protectedIdentity;
      const staffIds = isForSome ? await staffOfPerson(records, clinicId, person.personId) : [];
      return { personIds: [person.personId], staffIds, read: { people: [person] } };
    }
    case 'people-in-body': {
      // Whether they are the clinic's is for the command to say; only the known ones are named in the log.
      const named = namedIn(body as BookMeeting | OpenCase);
      const found = await Promise.all(named.map((personId) => records.people.find(clinicId, personId)));
      const people = found.flatMap((person) => person ?? []);
      return { personIds: people.map(({ personId }) => personId), staffIds: [], read: { people } };
    }
    case 'meeting':
      return ofMeeting(await records.meetings.find(clinicId, params.meetingId ?? ''));
    case 'case':
      return ofCase(await records.cases.find(clinicId, params.caseId ?? ''));
    case 'invoice': {
      const charge = await records.charges.findByInvoice(clinicId, params.invoiceId ?? '');
      return ofMeeting(charge && (await records.meetings.find(clinicId, charge.meetingId)));
    }
    case 'task': {
      const task = await records.tasks.find(clinicId, params.taskId ?? '');
      if (task?.caseId != null) return ofCase(await records.cases.find(clinicId, task.caseId));
      if (task && task.meetingId === null) return { personIds: [task.patientId], staffIds: [] };
      return ofMeeting(task && (await records.meetings.find(clinicId, task.meetingId ?? '')));
    }
  }
}

const ofMeeting = (meeting: Meeting | null): FoundSubject | null =>
  meeting && {
    personIds: [meeting.patientId],
    staffIds: staffIdsOf(meeting),
    read: { meeting },
  };

/** Staff who have or had the case, or have written in it, are those whose patient it is (R6.7, R8.1). */
const ofCase = (found: Case | null): FoundSubject | null =>
  found && { personIds: [found.patientId], staffIds: found.involved };

/** The people that a command names who makes something of theirs. */
const namedIn = (body: BookMeeting | OpenCase): string[] =>
  'participants' in body
    ? [body.patientId, ...body.participants.flatMap(({ personId }) => personId ?? [])]
    : [body.patientId, ...body.guardianIds];

function refusal(route: AccessRule, caller: Caller, subject: FoundSubject | null): Answer | null {
  if (!route.roles.includes(caller.role)) {
    return problem(403, 'role-not-allowed', `This needs the role ${route.roles.join(' or ')}.`);
  }
  if (!subject) return notFound(route.subject);
  if (!route.content) return null;
  if (caller.role === 'operations-manager' && !caller.reason) {
    return problem(403, 'reason-missing', 'State why in the header Acting-Reason.');
  }
  if (caller.role === 'clinician' && !subject.staffIds.includes(caller.staffId)) {
    return problem(403, 'not-your-patient', 'Only staff who take part may do this.');
  }
  return null;
}
