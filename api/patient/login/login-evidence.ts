import { keepDoubt } from '../../../records/doubt';
import type { Records } from '../../../records';
import { SESSION_MINUTES, type Session } from '../../../records/sessions';
import type { Clock } from '../../../rules/clock';
import { minutesLater, msOf, toInstant } from '../../../rules/instant';
import { isAroundPatient } from '../../../rules/presence';
import { ownPlaces } from '../own-meetings';

/**
 * A login is a sign that the patient tried (R5.6), for each meeting that it can have been for: those that begin within a session's life
 * or have not been over for longer than they may run over. What is kept is that somebody logged in, and when.
 */
export async function noteLogin(
  { records, clock }: { records: Records; clock: Clock },
  session: Pick<Session, 'identity'>,
): Promise<void> {
  const now = clock.now();
  const dayAgo = new Date(now.getTime() - 24 * 3_600_000);
  for (const { meeting, participant, standing } of await ownPlaces(records, session, dayAgo, now)) {
    // One with protected data has tried, though the clinic has to let them in by hand (R7.5).
    if (standing.kind === 'refused' && standing.refusal !== 'protected') continue;
    const { time } = meeting.course;
    const from = msOf(minutesLater(time.doorOpensAt, -SESSION_MINUTES));
    if (now.getTime() < from || now.getTime() > msOf(time.doorClosesAt)) continue;
    const { meetingId } = meeting;
    const { startVersion } = time;
    await records.evidence.refused({
      meetingId,
      startVersion,
      participantId: participant.participantId,
      role: participant.role,
      reasons: ['logged-in'],
      at: toInstant(now),
    });
    if (isAroundPatient(participant.role))
      await keepDoubt(records, { meetingId, startVersion }, 'patient-tried-to-come-in', now);
  }
}
