import type { Records } from '../../../records';
import type { AuditActor } from '../../../records/audit';
import type { Case } from '../../../records/cases';
import type { Session } from '../../../records/sessions';
import { sideOf } from '../../../use-cases/thread/side';
import type { Clock } from '../../../rules/clock';
import { toInstant } from '../../../rules/instant';
import type { PageRefusal } from './access';
import type { CaseRoute, OwnCase, PatientRoute } from './route';

/** What the logged-in person is to the place in a message case that an address names. */
export type CaseStanding =
  | { kind: 'own'; own: OwnCase }
  | {
      kind: 'refused';
      refusal: Extract<PageRefusal, 'not-yours' | 'guardian-no-more' | 'protected'>;
      careCase: Case | null;
    };

/**
 * Whether the person who has logged in has that place, now (R6.6, R7.1, R7.2). Another patient's case and
 * none at all are the same to whoever asks.
 */
export async function caseStandingOf(
  records: Records,
  { identity }: Pick<Session, 'identity'>,
  caseParticipantId: string,
  now: Date,
): Promise<CaseStanding> {
  const careCase = await records.cases.findByParticipant(caseParticipantId);
  const participant = careCase?.participants.find((each) => each.participantId === caseParticipantId);
  if (!careCase || !participant) return { kind: 'refused', refusal: 'not-yours', careCase: null };
  const person = await records.people.findByIdentity(careCase.clinicId, identity);
  if (person?.personId !== participant.personId) return { kind: 'refused', refusal: 'not-yours', careCase };
  return caseStandingAs(records, { careCase, participant, person }, now);
}

/** The same, of one whose record is known to be the participant's. */
export async function caseStandingAs(
  records: Records,
  place: Pick<OwnCase, 'careCase' | 'participant' | 'person'>,
  now: Date,
): Promise<CaseStanding> {
  const { careCase, participant, person } = place;
  const patient =
    person.personId === careCase.patientId
      ? person
      : await records.people.find(careCase.clinicId, careCase.patientId);
  if (!patient) return { kind: 'refused', refusal: 'not-yours', careCase };
  const actor = { kind: participant.role, personId: person.personId };
  if ((await sideOf(records, careCase, actor, now)) === null)
    return { kind: 'refused', refusal: 'guardian-no-more', careCase };
  if (patient.protectedIdentity || person.protectedIdentity)
    return { kind: 'refused', refusal: 'protected', careCase };
  const clinic = await records.clinics.byId(careCase.clinicId);
  return { kind: 'own', own: { ...place, patient, clinic } };
}

/**
 * Decides for pages of message cases, as `decidePatientAccess` does for those of meetings, and writes it down
 * (design, decision 10; R8.2): what cannot be logged is not shown.
 */
export async function decideCaseAccess(
  deps: { records: Records; clock: Clock },
  route: CaseRoute,
  session: Session,
  params: Record<string, string>,
  receivedAt: Date,
): Promise<{ own: OwnCase } | { refused: PageRefusal }> {
  const { records, clock } = deps;
  const standing = await caseStandingOf(records, session, params.caseParticipantId ?? '', receivedAt);
  if (standing.kind === 'refused') {
    const { refusal, careCase } = standing;
    await records.audit.write([
      {
        at: toInstant(clock.now()),
        clinicId: careCase?.clinicId ?? null,
        actor: { kind: 'stranger', loginHash: session.loginHash },
        operation: route.operation,
        subjectId: careCase?.caseId ?? null,
        personId: careCase?.patientId ?? null,
        reason: null,
        allowed: false,
      },
    ]);
    return { refused: refusal };
  }
  if (!route.quiet) await noteCasesSeen(deps, route, [standing.own]);
  return { own: standing.own };
}

/** Writes down what a person saw or did of message cases: one row for each, under the patient whose it is. */
export async function noteCasesSeen(
  { records, clock }: { records: Records; clock: Clock },
  { operation }: Pick<PatientRoute, 'operation'>,
  cases: OwnCase[],
): Promise<void> {
  await records.audit.write(
    cases.map(({ careCase, participant, person }) => ({
      at: toInstant(clock.now()),
      clinicId: careCase.clinicId,
      actor: { kind: participant.role, personId: person.personId } satisfies AuditActor,
      operation,
      subjectId: careCase.caseId,
      personId: careCase.patientId,
      reason: null,
      allowed: true,
    })),
  );
}
