import { noteRefusedEntry, type TellDeps } from '../../../use-cases/notice/nudge';
import type { Records } from '../../../records';
import { saveDoubt } from '../../../use-cases/notice/doubtful-outcome';
import type { RefusedEntry } from '../../../records/evidence';
import type { LinkedParticipant } from '../../../records/links';
import type { LoginRequest } from '../../../records/logins';
import type { Meeting, Participant } from '../../../records/meetings';
import type { Session } from '../../../records/sessions';
import type { Clock } from '../../../rules/clock';
import { isSignOfTry } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import { isAroundPatient } from '../../../rules/presence';
import { isNearTheDoor } from '../../../rules/tries';
import { isPerson, standingOf, type Standing } from '../frame/access';
import { placesNearNow } from '../my/own-meetings';

/** What evidence of logins needs. */
export type EvidenceDeps = Pick<TellDeps, 'temporal'> & { records: Records; clock: Clock };

/**
 * A login is a sign that the patient tried (R5.6), for each meeting that it can have been for. What is kept
 * is that somebody logged in, and when; of one who is kept from the meeting all the same, that they were
 * refused.
 */
export async function noteLogin(deps: EvidenceDeps, session: Pick<Session, 'identity'>): Promise<void> {
  for (const { meeting, participant, standing } of await placesNearNow(deps, session)) {
    if (standing.kind !== 'refused') await noteTry(deps, meeting, participant, 'logged-in');
    else if (isTheirs(standing)) await noteTry(deps, meeting, participant, 'not-entitled');
  }
}

/**
 * One with protected data has tried, though the clinic has to let them in by hand (R7.5); and so has who was
 * the guardian until midnight, or until staff stopped them (R7.3): whoever brought the child, staff decide.
 */
const isTheirs = (standing: Standing): boolean =>
  standing.kind !== 'refused' || standing.refusal === 'protected' || standing.refusal === 'guardian-no-more';

/**
 * That a login was begun at a link or a page is a sign by itself (R5.6): it may never come back, and then
 * nothing else tells that somebody was there. Who it was nobody knows yet: when it comes back, what it came
 * to is the sign.
 */
export async function noteBegunLogin(
  deps: EvidenceDeps,
  loginRequest: Pick<LoginRequest, 'codeHash' | 'returnTo'>,
  begunAt: Date,
): Promise<void> {
  const participantId = await participantOf(deps, loginRequest);
  if (participantId !== null) await noteTryOf(deps, participantId, 'login-begun', begunAt);
}

/** A login that was begun at a link or a page has come to something, which is kept by itself. */
export async function noteLoginCameBack(
  deps: EvidenceDeps,
  loginRequest: Pick<LoginRequest, 'codeHash' | 'returnTo'>,
  begunAt: Date,
): Promise<void> {
  const participantId = await participantOf(deps, loginRequest);
  const meeting =
    participantId === null ? null : await deps.records.meetings.findByParticipant(participantId);
  if (meeting === null || participantId === null) return;
  const { meetingId } = meeting;
  await deps.records.evidence.loginCameBack(
    meetingId,
    participantId,
    toInstant(begunAt),
    toInstant(deps.clock.now()),
  );
}

/**
 * What kept somebody from a page of ours, as far as their request tells who it was; the first that tells is
 * believed.
 */
export interface KeptFromPage {
  at: Date;
  why: 'technical-fault' | 'too-many-requests';
  /** Where a link, a page or a login under way leads. */
  loginRequests: Pick<LoginRequest, 'codeHash' | 'returnTo'>[];
  session: Pick<Session, 'identity'> | null;
}

/**
 * A page that failed, or that a limit kept from somebody, near the door is a gap and a sign that they tried
 * (R5.6; design, decision 15).
 */
export async function noteKeptFromPage(deps: EvidenceDeps, kept: KeptFromPage): Promise<void> {
  const { at, why, loginRequests, session } = kept;
  for (const loginRequest of loginRequests) {
    const participantId = await participantOf(deps, loginRequest);
    if (participantId === null) continue;
    await noteTryOf(deps, participantId, why, at);
    return;
  }
  if (session === null) return;
  for (const { meeting, participant, standing } of await placesNearNow(deps, session))
    if (isTheirs(standing)) await noteTry(deps, meeting, participant, why, at);
}

/**
 * So is a login that came to nothing, for the one whose link or page it began with: who it was nobody knows,
 * and whoever has the link is believed, since in doubt nobody is charged. Kept also so that staff and
 * administrators can say why somebody did not get in (R3.4).
 * @param why `technical-fault`: the provider did not answer; `login-required`: its answer let nobody in
 */
export async function noteFailedLogin(
  deps: EvidenceDeps,
  loginRequest: Pick<LoginRequest, 'codeHash' | 'returnTo'>,
  begunAt: Date,
  why: 'technical-fault' | 'login-required',
): Promise<void> {
  const participantId = await participantOf(deps, loginRequest);
  if (participantId === null) return;
  await noteTryOf(deps, participantId, why);
  await noteLoginCameBack(deps, loginRequest, begunAt);
}

/** Whose link or page a login began with; null for one that began with neither. */
async function participantOf(
  { records }: EvidenceDeps,
  { codeHash, returnTo }: Pick<LoginRequest, 'codeHash' | 'returnTo'>,
): Promise<string | null> {
  const linked = codeHash === null ? null : await records.links.find(codeHash);
  return linked?.participantId ?? participantIn(returnTo);
}

/**
 * Keeps that somebody came by a link and logged in whom it is not for: no sign of the one it is for (R5.6),
 * and why that one may not get in. One whom the clinic knows by no personal number can be known by no login
 * (R7.4): whoever has their link is believed, as above.
 */
export async function noteAnother(
  deps: EvidenceDeps,
  session: Pick<Session, 'identity'>,
  { participantId }: LinkedParticipant,
): Promise<void> {
  const standing = await standingOf(deps.records, session, participantId, deps.clock.now());
  if (standing.kind !== 'refused' || standing.refusal !== 'not-yours' || !standing.meeting) return;
  const { clinicId, participants } = standing.meeting;
  const personId = participants.find((each) => each.participantId === participantId)?.personId;
  const person = personId == null ? null : await deps.records.people.find(clinicId, personId);
  const isKnownByLogin = person?.personal.identity?.kind === 'personal-number';
  await noteTryOf(deps, participantId, isKnownByLogin ? 'another-login' : 'not-entitled');
}

/** Whose page an address of ours is. */
export const participantIn = (returnTo: string | null): string | null =>
  /^\/my\/(?:meetings|invitations)\/([\w-]+)/.exec(returnTo ?? '')?.[1] ?? null;

type Reason = RefusedEntry['reasons'][number];

async function noteTryOf(
  deps: EvidenceDeps,
  participantId: string,
  reason: Reason,
  at?: Date,
): Promise<void> {
  const meeting = await deps.records.meetings.findByParticipant(participantId);
  const participant = meeting?.participants.find((each) => each.participantId === participantId);
  if (meeting && participant && isPerson(participant)) await noteTry(deps, meeting, participant, reason, at);
}

/** Keeps a try where it can be one for the time that the meeting has. */
async function noteTry(
  deps: EvidenceDeps,
  { meetingId, course: { time } }: Meeting,
  { participantId, role }: Participant,
  reason: Reason,
  tried?: Date,
): Promise<void> {
  const { records, clock } = deps;
  const now = clock.now();
  const at = toInstant(tried ?? now);
  if (!isNearTheDoor(time, at)) return;
  const { startVersion } = time;
  const entry = { meetingId, startVersion, participantId, role, reasons: [reason], at };
  // Who logged in was not refused, and a login that has just begun comes back: there is nothing that the
  // workflow would show.
  if (reason === 'logged-in' || reason === 'login-begun') await records.evidence.refused(entry);
  else await noteRefusedEntry(deps, entry);
  if (isAroundPatient(role) && isSignOfTry([reason]))
    await saveDoubt(records, { meetingId, startVersion }, 'patient-tried-to-come-in', now);
}
