import { keepDoubt } from '../../../records/doubt';
import type { Records } from '../../../records';
import type { RefusedEntry } from '../../../records/evidence';
import type { Wish } from '../../../records/logins';
import type { Meeting, Participant } from '../../../records/meetings';
import type { Session } from '../../../records/sessions';
import type { Clock } from '../../../rules/clock';
import { toInstant } from '../../../rules/instant';
import { isAroundPatient } from '../../../rules/presence';
import { isNearTheDoor } from '../../../rules/tries';
import { isPerson } from '../access';
import { placesNearNow } from '../own-meetings';

interface EvidenceDeps {
  records: Records;
  clock: Clock;
}

/**
 * A login is a sign that the patient tried (R5.6), for each meeting that it can have been for. What is kept is that somebody logged in, and
 * when.
 */
export async function noteLogin(deps: EvidenceDeps, session: Pick<Session, 'identity'>): Promise<void> {
  for (const { meeting, participant, standing } of await placesNearNow(deps, session)) {
    // One with protected data has tried, though the clinic has to let them in by hand (R7.5).
    if (standing.kind === 'refused' && standing.refusal !== 'protected') continue;
    await noteSign(deps, meeting, participant, 'logged-in');
  }
}

/**
 * So is a login that came to nothing, for the one whose link or page it began with: who it was nobody knows, and whoever has the link is
 * believed, since in doubt nobody is charged.
 * @param why `technical-fault`: the provider did not answer; `login-required`: its answer let nobody in
 */
export async function noteFailedLogin(
  deps: EvidenceDeps,
  wish: Pick<Wish, 'codeHash' | 'returnTo'>,
  why: 'technical-fault' | 'login-required',
): Promise<void> {
  const { records } = deps;
  const linked = wish.codeHash === null ? null : await records.links.find(wish.codeHash);
  const participantId = linked?.participantId ?? participantIn(wish.returnTo);
  if (participantId === null) return;
  const meeting = await records.meetings.findByParticipant(participantId);
  const participant = meeting?.participants.find((each) => each.participantId === participantId);
  if (meeting && participant && isPerson(participant)) await noteSign(deps, meeting, participant, why);
}

/** Whose page an address of ours is. */
export const participantIn = (returnTo: string | null): string | null =>
  /^\/my\/(?:meetings|invitations)\/([\w-]+)/.exec(returnTo ?? '')?.[1] ?? null;

/** Keeps a sign where it can be one for the time that the meeting has. */
async function noteSign(
  { records, clock }: EvidenceDeps,
  { meetingId, course: { time } }: Meeting,
  { participantId, role }: Participant,
  sign: RefusedEntry['reasons'][number],
): Promise<void> {
  const now = clock.now();
  const at = toInstant(now);
  if (!isNearTheDoor(time, at)) return;
  const { startVersion } = time;
  await records.evidence.refused({ meetingId, startVersion, participantId, role, reasons: [sign], at });
  if (isAroundPatient(role))
    await keepDoubt(records, { meetingId, startVersion }, 'patient-tried-to-come-in', now);
}
