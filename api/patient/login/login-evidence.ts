import { noteRefusedEntry, type TellDeps } from '../../../commands/tell-meeting';
import { keepDoubt } from '../../../records/doubt';
import type { Records } from '../../../records';
import type { LinkedParticipant } from '../../../records/links';
import { SESSION_MINUTES, type Session } from '../../../records/sessions';
import type { Clock } from '../../../rules/clock';
import type { FailedTry } from '../../../rules/gates';
import { minutesLater, msOf, toInstant } from '../../../rules/instant';
import type { MeetingTime } from '../../../rules/meeting';
import { isAroundPatient } from '../../../rules/presence';
import { standingOf } from '../access';
import { ownPlaces } from '../own-meetings';

/** What evidence of logins needs. */
type EvidenceDeps = Pick<TellDeps, 'temporal'> & { records: Records; clock: Clock };

/**
 * A login is a sign that the patient tried (R5.6), for each meeting that it can have been for: those that begin within a session's life
 * or have not been over for longer than they may run over. What is kept is that somebody logged in, and when; of one who is kept from the
 * meeting all the same, that they were refused.
 */
export async function noteLogin(deps: EvidenceDeps, session: Pick<Session, 'identity'>): Promise<void> {
  const { records, clock } = deps;
  const now = clock.now();
  const dayAgo = new Date(now.getTime() - 24 * 3_600_000);
  for (const { meeting, participant, standing } of await ownPlaces(records, session, dayAgo, now)) {
    const isRefused = standing.kind === 'refused';
    if (isRefused && standing.refusal !== 'protected' && standing.refusal !== 'guardian-no-more') continue;
    const { time } = meeting.course;
    if (!canBeFor(time, now)) continue;
    const { meetingId } = meeting;
    const { startVersion } = time;
    const { participantId, role } = participant;
    const came = { meetingId, startVersion, participantId, role, at: toInstant(now) };
    if (isRefused) await noteRefusedEntry(deps, { ...came, reasons: ['not-entitled'] });
    else await records.evidence.refused({ ...came, reasons: ['logged-in'] });
    if (isAroundPatient(role))
      await keepDoubt(records, { meetingId, startVersion }, 'patient-tried-to-come-in', now);
  }
}

/** Keeps that somebody came by a link and logged in whom it is not for: no sign of the one it is for (R5.6), and why that one may not get in. */
export async function noteAnother(
  deps: EvidenceDeps,
  session: Pick<Session, 'identity'>,
  codeHash: string,
  { participantId }: LinkedParticipant,
): Promise<void> {
  const standing = await standingOf(deps.records, session, participantId, deps.clock.now());
  if (standing.kind === 'refused' && standing.refusal === 'not-yours')
    await noteStopped(deps, codeHash, 'another-login');
}

/**
 * Keeps why one who came by a link did not come through the login, where it can have been for its meeting, so that administrators and staff
 * can say why somebody did not get in (R3.4).
 */
export async function noteStopped(
  deps: EvidenceDeps,
  codeHash: string | null,
  reason: Extract<FailedTry, 'another-login' | 'login-required' | 'technical-fault'>,
): Promise<void> {
  const { records, clock } = deps;
  const linked = codeHash === null ? null : await records.links.find(codeHash);
  const meeting = linked && (await records.meetings.findAnywhere(linked.meetingId));
  const participant = meeting?.participants.find((each) => each.participantId === linked?.participantId);
  const now = clock.now();
  if (!meeting || !participant || !canBeFor(meeting.course.time, now)) return;
  await noteRefusedEntry(deps, {
    meetingId: meeting.meetingId,
    startVersion: meeting.course.time.startVersion,
    participantId: participant.participantId,
    role: participant.role,
    reasons: [reason],
    at: toInstant(now),
  });
}

/** A login now can be for this time of a meeting. */
const canBeFor = ({ doorOpensAt, doorClosesAt }: MeetingTime, now: Date): boolean =>
  now.getTime() >= msOf(minutesLater(doorOpensAt, -SESSION_MINUTES)) && now.getTime() <= msOf(doorClosesAt);
