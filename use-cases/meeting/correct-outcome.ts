import type { Answer } from '../../records/commands';
import { doubts } from '../notice/doubts';
import { eventSubject, saveTasks } from '../read-models/meeting-and-invoice';
import { outcomeOf, type Meeting, type OutcomeCorrection } from '../../records/meetings';
import { nameOf } from '../../rules/actor';
import { needsRegistration } from '../../rules/meeting';
import { desiredTask } from '../../rules/tasks';
import { TemporalUnavailable } from '../../temporal/gateway';
import type { CorrectOutcome } from './bodies';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { tellFactNow } from './facts';
import { meetingView } from './view';
import { proposeCharge } from '../invoice/propose';
import { unsuitableWay } from './state-outcome';

/** More corrections than this are a runaway caller. */
const MOST_CORRECTIONS = 20;

/**
 * Staff correct the outcome of a meeting, also long after its workflow has ended (R5.1). Each correction is
 * kept with who and why. The charge follows it: an invoice that has gone out is credited before another
 * replaces it (R5.8).
 */
export const correctOutcome: CarryOut<CorrectOutcome> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, commandId, actor, receivedAt } = command;
  const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');

  let correction = meeting.corrections.find((each) => each.commandId === commandId);
  if (!correction) {
    const wrong = await unsuitableWay(records, meeting, body.way);
    if (wrong) return wrong;
    const current = outcomeOf(meeting);
    if (!current || meeting.course.state !== 'ended')
      return problem(409, 'not-ended', 'The meeting has no outcome yet.');
    if (current.outcome === 'unclear' && !meeting.course.closed) {
      return problem(409, 'unclear', 'The outcome is unclear: state it instead of correcting it.');
    }
    if (current.outcome !== body.was) return correctedMeanwhile();
    if (current.outcome === body.outcome && current.way === body.way) {
      return wrongField('/body/outcome', 'nothing-changes', 'The outcome is this already.');
    }
    if (meeting.corrections.length >= MOST_CORRECTIONS) {
      return problem(409, 'corrected-too-often', 'The outcome has been corrected too many times.');
    }
    const { outcome, way, was, reason } = body;
    const number = meeting.corrections.length + 1;
    correction = { number, commandId, outcome, way, was, reason, by: nameOf(actor), at: receivedAt };
    if (!(await saveCorrection(deps, meeting, correction)) && !(await isKept(deps, correction, meeting)))
      return correctedMeanwhile();
  }
  await proposeAnew(deps, meeting, correction);
  await tellFactNow(deps, meeting.meetingId, 'correction');
  const corrected = await records.meetings.get(meeting.meetingId);
  return { status: 200, body: meetingView(corrected, deps.clock.now()) };
};

const correctedMeanwhile = (): Answer =>
  problem(409, 'corrected-meanwhile', 'The outcome is another by now. Read the meeting, then decide again.');

/**
 * Another process may carry out this very command, and a database that went away as it committed may have
 * kept it after all.
 */
async function isKept(
  { records }: CommandDeps,
  { commandId }: OutcomeCorrection,
  { meetingId }: Meeting,
): Promise<boolean> {
  const { corrections } = await records.meetings.get(meetingId);
  return corrections.some((each) => each.commandId === commandId);
}

async function saveCorrection(
  { records, clock }: CommandDeps,
  meeting: Meeting,
  correction: OutcomeCorrection,
): Promise<boolean> {
  const { meetingId, clinicId, reference, course } = meeting;
  const { startVersion, startAt, endAt } = course.time;
  const { number, outcome, was, by } = correction;
  const now = clock.now();
  return records
    .transaction(async (session) => {
      if (!(await records.meetings.addCorrection(meetingId, correction, session))) return false;
      await records.events.add(session, eventSubject({ clinicId, meetingId }), [
        {
          eventId: `${meetingId}:correction:${number}`,
          at: correction.at,
          type: 'meeting.outcome-corrected',
          data: {
            meetingId,
            startVersion,
            reference,
            startAt,
            endAt,
            state: course.state,
            outcome,
            was,
            number,
          },
        },
      ]);
      await saveTasks(
        records,
        meeting,
        [
          desiredTask('unclear-outcome', String(startVersion), 'done'),
          // Done and not withdrawn: the course itself has the outcome that it was settled with.
          desiredTask('clinic-absent', String(startVersion), outcome === 'clinic-absent' ? 'open' : 'done'),
          ...doubts.map((doubt) => desiredTask('doubtful-outcome', `${startVersion}:${doubt}`, 'done')),
          // A visit that took place after all has to be registered too (R5.11).
          ...(needsRegistration(outcome) && (course.registration?.state ?? 'not-needed') === 'not-needed'
            ? [desiredTask('register-visit', String(startVersion), 'open')]
            : []),
        ],
        now,
        session,
      );
      return true;
    })
    .then(async (kept) => {
      if (kept)
        await records.tasks.sayWho(meetingId, ['unclear-outcome', 'doubtful-outcome', 'clinic-absent'], by);
      return kept;
    });
}

/** What the corrected outcome is charged takes the place of what was proposed before. */
async function proposeAnew(
  deps: CommandDeps,
  { meetingId, course }: Meeting,
  { number, outcome }: OutcomeCorrection,
): Promise<void> {
  const { startVersion } = course.time;
  const meeting = await deps.records.meetings.get(meetingId);
  const charge = await deps.records.charges.find(meetingId, startVersion);
  // First the meeting's workflow proposes the charge for the outcome itself, this moment. An outcome that
  // stayed unclear has no such proposal.
  if (!charge && meeting.course.outcome?.outcome !== 'unclear') {
    throw new TemporalUnavailable('the first proposal is still to be written');
  }
  await proposeCharge(deps, meetingId, { startVersion, cause: outcome, basis: number });
}
