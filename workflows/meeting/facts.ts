import { gatesOpen } from '../../rules/gates';
import { needsRegistration } from '../../rules/meeting';
import { copyOf } from '../shared/copy-of';
import type { FactKind, Happening, MeetingFact, MeetingSnapshot } from './messages';
import { waitingFor } from './snapshot';

/**
 * What a fact makes of a meeting. Whoever writes the fact down and the workflow that hears of it come to the
 * same by this one function, whichever is first: what happened carries the fact's own instant. A fact that is
 * known already, or older than one that is, changes nothing.
 */
export function withFact(meeting: MeetingSnapshot, fact: MeetingFact): MeetingSnapshot {
  const { kind, number } = fact;
  if (number <= numberHeard(meeting, kind)) return meeting;
  const changed = copyOf({ ...meeting, heard: { ...meeting.heard, [kind]: number } });
  // What is over is not opened again; a correction alone is of what is over.
  if (meeting.state !== 'ended' || kind === 'correction') take(changed, fact);
  return { ...changed, waitingFor: waitingFor(changed) };
}

/** The number of the last fact of a kind that a meeting knows; 0 for none. */
export const numberHeard = ({ heard }: Pick<MeetingSnapshot, 'heard'>, kind: FactKind): number =>
  heard?.[kind] ?? 0;

function take(meeting: MeetingSnapshot, fact: MeetingFact): void {
  switch (fact.kind) {
    case 'gates':
      takeGates(meeting, fact);
      break;
    case 'presence':
      takePresence(meeting, fact);
      break;
    case 'readiness':
      takeReadiness(meeting, fact);
      break;
    case 'correction':
      takeCorrection(meeting, fact);
      break;
    case 'refusals':
    case 'deliveries':
      // For administrators alone.
      break;
  }
}

function takeReadiness(meeting: MeetingSnapshot, fact: MeetingFact<'readiness'>): void {
  if (fact.startVersion !== meeting.time.startVersion || meeting.clinicReady) return;
  meeting.clinicReady = true;
  happened(meeting, fact, 'clinic-ready');
}

/** Corrected to what is no visit: nobody is reminded to register it any more (R5.1, R5.11). */
function takeCorrection(meeting: MeetingSnapshot, fact: MeetingFact<'correction'>): void {
  if (needsRegistration(fact.outcome) || meeting.registration?.state !== 'waiting') return;
  Object.assign(meeting.registration, { state: 'not-needed', remindAt: [] });
  happened(meeting, fact, 'registration-not-needed');
}

function takeGates(meeting: MeetingSnapshot, fact: MeetingFact<'gates'>): void {
  const [were, are] = [gatesOpen(meeting.gates), gatesOpen(fact.gates)];
  meeting.gates = fact.gates;
  if (were !== are) happened(meeting, fact, are ? 'gates-opened' : 'gates-closed');
  if (meeting.state === 'booked' || meeting.state === 'ready') meeting.state = are ? 'ready' : 'booked';
}

/** A room of a time that has been moved since tells nothing of the new one. */
function takePresence(meeting: MeetingSnapshot, fact: MeetingFact<'presence'>): void {
  if (fact.startVersion !== meeting.time.startVersion) return;
  meeting.together = fact.together;
  meeting.somebodyIsIn = fact.together === 'in-the-room';
  if (meeting.state !== 'door-open' || fact.together === 'not-yet') return;
  meeting.state = 'under-way';
  happened(meeting, fact, 'under-way');
}

function happened(meeting: MeetingSnapshot, { at }: MeetingFact, what: Happening['what']): void {
  meeting.happenings.push({ at, what, startVersion: meeting.time.startVersion });
}
