import { isClinicReady } from '../../../use-cases/meeting/readiness';
import type { Records } from '../../../records';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { outcomeOf } from '../../../records/meetings';
import { refusalsAtTheDoor, type Gates } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import type { BackUpWay } from '../../../rules/meeting';
import type { ParticipantRequest } from '../frame/route';

/** What the page at the door shows: the first thing that keeps this person out, or that the way is open (R3.4, R4.6). */
export type AtTheDoorNow =
  | { state: 'too-early' | 'clinic-not-ready' | 'open' | 'cancelled' | 'ended' | 'not-entitled' }
  | { state: 'to-do'; gates: Gates }
  | { state: 'back-up'; way: BackUpWay | null };

/** How it stands at the door for one who takes part. To look is no try to come in, and leaves nothing behind. */
export async function lookAtTheDoor(
  records: Records,
  { meeting, participant, patient }: ParticipantRequest,
  now: Date,
): Promise<AtTheDoorNow> {
  const outcome = outcomeOf(meeting);
  const gates = await gatesOf(records.forms, meeting, patient, now);
  const [first] = refusalsAtTheDoor({
    now: toInstant(now),
    door: { ...meeting.course, outcome: outcome?.outcome ?? null },
    role: participant.role,
    // Both were decided when the page was asked for.
    identityAttested: true,
    entitled: true,
    gates,
    clinicReady: await isClinicReady(records.evidence, meeting),
  });
  if (first === undefined) return { state: 'open' };
  switch (first) {
    case 'consent-missing':
    case 'form-missing':
      return { state: 'to-do', gates };
    case 'too-early':
      return gates.consentGiven && gates.formsMissing.length === 0
        ? { state: first }
        : { state: 'to-do', gates };
    case 'login-required':
    case 'not-entitled':
      return { state: 'not-entitled' };
    case 'back-up-routine':
      return { state: 'back-up', way: outcome?.way ?? null };
    case 'cancelled':
    case 'ended':
    case 'clinic-not-ready':
      return { state: first };
  }
}

/** Changes when what the page shows does: its script asks for this every few seconds, and for the page only when it differs. */
export const doorKey = (door: AtTheDoorNow, startVersion: number): string =>
  [
    startVersion,
    door.state,
    ...(door.state === 'back-up' ? [door.way ?? 'unknown'] : []),
    ...(door.state === 'to-do' ? [String(door.gates.consentGiven), ...door.gates.formsMissing] : []),
  ].join(' ');
