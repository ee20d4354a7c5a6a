import type { Records } from '../../../records';
import type { AuditActor } from '../../../records/audit';
import type { Clinic } from '../../../records/clinics';
import type { Meeting, Participant } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { Session } from '../../../records/sessions';
import type { PersonRole } from '../../../rules/actor';
import { isKeptOut } from '../../../rules/calendar/guardian';
import type { Clock } from '../../../rules/clock';
import { toInstant } from '../../../rules/instant';
import type { ParticipantRoute, PatientRoute, TakingPart } from './route';

/**
 * Why a page is not shown. `not-yours`: nobody of that id, or somebody else; the two look the same.
 * `unclaimed`: invited without an identity yet. `guardian-no-more`: the child is 13 (R7.2), or staff have stopped this
 * guardian (R7.3). `protected`:
 * protected personal data, which the clinic has to approve by hand (R7.5). `not-in-your-role`: of those who
 * take part it is for others.
 */
export type PageRefusal = 'not-yours' | 'unclaimed' | 'guardian-no-more' | 'protected' | 'not-in-your-role';

/** What the logged-in person is to the participant that an address names. */
export type Standing =
  | { kind: 'takes-part'; taking: TakingPart }
  | { kind: 'refused'; refusal: Exclude<PageRefusal, 'not-in-your-role'>; meeting: Meeting | null };

/**
 * Whether the person who has logged in is the one that the participant is, now (R4.2, R7.1–R7.3). The
 * identity is the login's own; nothing that the browser says takes part in it.
 */
export async function standingOf(
  records: Records,
  { identity }: Pick<Session, 'identity'>,
  participantId: string,
  now: Date,
): Promise<Standing> {
  const meeting = await records.meetings.findByParticipant(participantId);
  const participant = meeting?.participants.find((each) => each.participantId === participantId);
  if (!meeting || !participant || !isPerson(participant))
    return { kind: 'refused', refusal: 'not-yours', meeting: null };
  if (participant.personId === null) return { kind: 'refused', refusal: 'unclaimed', meeting };
  const person = await records.people.findByIdentity(meeting.clinicId, identity);
  if (person?.personId !== participant.personId) return { kind: 'refused', refusal: 'not-yours', meeting };
  return standingAs(records, meeting, participant, person, now);
}

/** The same, of one whose record is known to be the participant's. */
export async function standingAs(
  records: Records,
  meeting: Meeting,
  participant: TakingPart['participant'],
  person: Person,
  now: Date,
): Promise<Standing> {
  const patient =
    person.personId === meeting.patientId
      ? person
      : await records.people.find(meeting.clinicId, meeting.patientId);
  if (!patient) return { kind: 'refused', refusal: 'not-yours', meeting };
  if (isKeptOut(patient, participant, now)) return { kind: 'refused', refusal: 'guardian-no-more', meeting };
  if (patient.protectedIdentity || person.protectedIdentity)
    return { kind: 'refused', refusal: 'protected', meeting };
  const clinic = await records.clinics.byId(meeting.clinicId);
  return { kind: 'takes-part', taking: { meeting, participant, person, patient, clinic } };
}

export const isPerson = (participant: Participant): participant is Participant & { role: PersonRole } =>
  participant.role !== 'staff';

/**
 * The one place that decides which page a logged-in person sees, and writes it down, also what it refuses
 * (design, decision 10; R8.2). The audit row is written before anything is answered: what cannot be logged is
 * not shown. Which clinic it is, only those hear who take part.
 * @param receivedAt when the request was received: who could act then is not refused for what took us long
 * (R7.2)
 */
export async function decidePatientAccess(
  deps: { records: Records; clock: Clock },
  route: ParticipantRoute,
  session: Session,
  params: Record<string, string>,
  receivedAt: Date,
): Promise<{ taking: TakingPart } | { refused: PageRefusal; clinic: Clinic | null }> {
  const standing = await standingOf(deps.records, session, params.participantId ?? '', receivedAt);
  if (standing.kind === 'refused') {
    const { refusal, meeting } = standing;
    await noteRefused(deps, route, session, meeting);
    return { refused: refusal, clinic: null };
  }
  const { taking } = standing;
  if (!route.roles.includes(taking.participant.role)) {
    await noteSeen(deps, route, [taking], false);
    return { refused: 'not-in-your-role', clinic: taking.clinic };
  }
  // A page's own script asks again and again: that it may see it was written down with the page.
  if (!route.quiet) await noteSeen(deps, route, [taking]);
  return { taking };
}

/**
 * Writes down what a person saw or did of meetings that they take part in: one row for each, under the
 * patient whose it is.
 */
export async function noteSeen(
  { records, clock }: { records: Records; clock: Clock },
  { operation }: Pick<PatientRoute, 'operation'>,
  takings: TakingPart[],
  allowed = true,
): Promise<void> {
  await records.audit.write(
    takings.map(({ meeting, participant, person }) => ({
      at: toInstant(clock.now()),
      clinicId: meeting.clinicId,
      actor: { kind: participant.role, personId: person.personId } satisfies AuditActor,
      operation,
      subjectId: meeting.meetingId,
      personId: meeting.patientId,
      reason: null,
      allowed,
    })),
  );
}

/**
 * Writes down that somebody was refused: a stranger to the meeting, if there is one, of whom a keyed hash is
 * kept.
 */
export const noteRefused = (
  deps: { records: Records; clock: Clock },
  route: Pick<PatientRoute, 'operation'>,
  session: { loginHash: string | null },
  meeting: Meeting | null,
): Promise<void> => noteStranger(deps, route, session, meeting, false);

/** Writes down what one did who is none of those that a meeting is about, yet. */
export async function noteStranger(
  { records, clock }: { records: Records; clock: Clock },
  { operation }: Pick<PatientRoute, 'operation'>,
  { loginHash }: { loginHash: string | null },
  meeting: Meeting | null,
  allowed: boolean,
): Promise<void> {
  await records.audit.write([
    {
      at: toInstant(clock.now()),
      clinicId: meeting?.clinicId ?? null,
      actor: { kind: 'stranger', loginHash },
      operation,
      subjectId: meeting?.meetingId ?? null,
      personId: meeting?.patientId ?? null,
      reason: null,
      allowed,
    },
  ]);
}
