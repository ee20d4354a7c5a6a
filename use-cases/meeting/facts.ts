import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';
import type { Clock } from '../../rules/clock';
import { ifThere, type TemporalGateway } from '../../temporal/gateway';
import type { FactKind, FactValue, MeetingFact, NudgeCause } from '../../workflows/meeting/messages';
import { deliveriesOf, refusalsOf } from '../notice/admin-facts';
import { patientOf } from '../notice/patient-of';
import { saveWhatFollows, type SavingRecords } from '../read-models/meeting-and-invoice';
import { gatesOf } from './gates';
import { togetherNow } from './presence';

/** What the telling of facts needs. */
export interface FactDeps {
  records: SavingRecords & Pick<Records, 'people' | 'forms' | 'evidence' | 'ledger'>;
  temporal: Pick<TemporalGateway, 'tellFact' | 'nudgeMeeting'>;
  clock: Clock;
}

/**
 * Writes down what has changed outside of a meeting's workflow, with what that makes of the read model and
 * what others hear of it, in one transaction; then tells the workflow (design, decision 4). What has not
 * changed tells nobody (R1.8). Where Temporal is away the worker tells it later (worker/untold-facts): what
 * was written is not lost.
 *
 * @param kind of the fact: it is read anew from the records, so that a second run finds what the first left
 */
export async function tellFactNow(deps: FactDeps, meetingId: string, kind: FactKind): Promise<void> {
  const { records, temporal, clock } = deps;
  const now = clock.now();
  const told = await records.transaction(async (session) => {
    const meeting = await records.meetings.get(meetingId, session);
    const value = await readFact(records, meeting, kind, now);
    if (!value) return null;
    if (!meeting.workflow) return isNewsToOf01(meeting, value) ? 'look' : null;
    // Of two that write at once the later one begins again and reads what the first one left.
    const saved = await records.meetings.addFact(meeting, value, now, session);
    if (!saved) return null;
    if (saved.newHappenings.length > 0) await saveWhatFollows(records, saved, now, session);
    return saved.fact;
  });
  if (told === 'look') await ifThere(temporal.nudgeMeeting(meetingId, causeOf[kind]));
  else if (told) await tellWritten(deps, meetingId, told);
}

/** Tells the workflow of a fact that was written down, unless Temporal is away. */
export async function tellWritten(
  { records, temporal }: Pick<FactDeps, 'records' | 'temporal'>,
  meetingId: string,
  fact: MeetingFact,
): Promise<void> {
  if (await ifThere(temporal.tellFact(meetingId, fact))) await records.meetings.noteTold(meetingId, fact);
}

/** Tells the workflow of all facts again, as they are now: for the operator, and to one that begins anew. */
export async function tellAllFacts(deps: FactDeps, meetingId: string): Promise<void> {
  const { records, clock } = deps;
  await records.meetings.tellAgain(meetingId, clock.now());
  const { facts } = await records.meetings.get(meetingId);
  for (const fact of Object.values(facts)) await tellWritten(deps, meetingId, fact);
  for (const kind of factKinds) await tellFactNow(deps, meetingId, kind);
}
/** Readiness is not read from the records: it is told when staff confirm it. */
const factKinds = ['gates', 'presence', 'correction', 'refusals', 'deliveries'] as const;

/** The fact as the records have it now; null where it says nothing of this meeting. */
async function readFact(
  records: FactDeps['records'],
  meeting: Meeting,
  kind: FactKind,
  now: Date,
): Promise<FactValue | null> {
  const { course, corrections } = meeting;
  const { startVersion } = course.time;
  const goesOn = course.state !== 'ended';
  switch (kind) {
    case 'gates': {
      if (!goesOn) return null;
      const patient = await patientOf(records.people, meeting);
      return { kind, gates: await gatesOf(records.forms, meeting, patient, now) };
    }
    case 'presence':
      return goesOn ? { kind, startVersion, together: await togetherNow(records, meeting, now) } : null;
    case 'readiness':
      return goesOn ? { kind, startVersion } : null;
    case 'correction': {
      const last = corrections.at(-1);
      return last ? { kind, outcome: last.outcome } : null;
    }
    case 'refusals':
      return { kind, refused: await refusalsOf(records, meeting) };
    case 'deliveries':
      return { kind, deliveries: await deliveriesOf(records, meeting) };
  }
}

/** A workflow of 0.1.0 looks by itself; gates that are as it knows them grow its history for nothing. */
const isNewsToOf01 = ({ course }: Meeting, value: FactValue): boolean =>
  value.kind !== 'gates' || JSON.stringify(value.gates) !== JSON.stringify(course.gates);

const causeOf: Record<FactKind, NudgeCause> = {
  gates: 'gates',
  presence: 'presence',
  readiness: 'readiness',
  correction: 'correction',
  refusals: 'refusal',
  deliveries: 'delivery',
};
