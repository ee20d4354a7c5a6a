import { z } from 'zod';
import { costsOf, type Cost } from '../../../use-cases/invoice/costs';
import type { Meeting } from '../../../records/meetings';
import { isBelievedTime, msOf, toInstant } from '../../../rules/instant';
import { giveCommand, wasPosted, type CommandRequest } from '../frame/command';
import type { ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { changePage, seenOf, type ChangeView } from './change-page';
import { meetingPath } from '../frame/paths';
import { afterCommand, beingMoved } from '../frame/outcome-of-command';

/** *Rebook or cancel*: says before the click whether it costs, and why (R1.5, R5.3–R5.5). */
export const showChange =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const view = await viewOf(deps, request, deps.clock.now());
    return view ? { page: changePage(request, view) } : beingMoved(request, 'change');
  };

/** What a page has shown before the click; the wish holds for that and for nothing else. */
const seenBody = z.object({ seen: z.string().regex(/^\d{1,6} [a-z-]{1,30} \d{0,12}$/) });

export const cancelBody = seenBody.extend({ sure: z.literal('yes').optional() });

/**
 * Cancels; late or in time is judged by when it was received. It can cost and is not undone, so one press
 * alone is not enough.
 */
export const cancelByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { seen, sure } = request.body as z.infer<typeof cancelBody>;
    if (sure === undefined) {
      const view = await viewOf(deps, request, request.receivedAt);
      if (!view) return beingMoved(request, 'change');
      return { page: changePage(request, view, { why: 'unsure', chosen: null }), status: 422 };
    }
    const command: ChangeRequest['command'] = {
      operation: 'meeting.cancel',
      params: { meetingId: request.meeting.meetingId },
      body: { by: 'patient', receivedAt: null, forStartVersion: startVersionOf(seen) },
    };
    return changed(deps, request, { action: 'cancel', seen, command });
  };

export const chooseTimeBody = seenBody.extend({
  startAt: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .refine(isBelievedTime)
    .transform(toInstant),
});

/** Moves the meeting to one of the times that the clinic offers. */
export const moveByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { seen, startAt } = request.body as z.infer<typeof chooseTimeBody>;
    const command: ChangeRequest['command'] = {
      operation: 'meeting.choose-offered-time',
      params: { meetingId: request.meeting.meetingId },
      body: { startAt, forStartVersion: startVersionOf(seen) },
    };
    return changed(deps, request, { action: 'move', seen, command });
  };

/** What is asked for, after which page. */
interface ChangeRequest {
  action: 'cancel' | 'move';
  seen: string;
  command: CommandRequest<'meeting.cancel' | 'meeting.choose-offered-time'>;
}

/**
 * Carries out what the page has promised, or shows what it would come to now and asks again: between page and
 * click the notice may have begun, or the clinic have moved the meeting. The cost is looked up for the
 * instant at which the wish counts as received, so that none arises that was not shown; the workflow refuses
 * it where the meeting moves still later.
 */
async function changed(
  deps: PatientRouteDeps,
  request: ParticipantRequest,
  { action, seen, command }: ChangeRequest,
): Promise<PatientAnswer> {
  const { language, meeting, participant } = request;
  const now = request.receivedAt;
  if (!(await wasPosted(deps, request))) {
    const view = await viewOf(deps, request, now);
    if (!view) return beingMoved(request, 'change');
    if (seenOf(meeting, view[action]) !== seen) {
      const chosen = 'startAt' in command.body ? command.body.startAt : null;
      return { page: changePage(request, view, { why: 'changed', chosen }), status: 409 };
    }
  }
  const answer = await giveCommand(deps, request, command);
  return afterCommand(language, answer, meetingPath(participant.participantId));
}

/** What a wish would come to now; null in the moment when the meeting is moved. */
async function viewOf(
  { records }: PatientRouteDeps,
  { meeting }: ParticipantRequest,
  now: Date,
): Promise<ChangeView | null> {
  const costs = await costsOf(records, meeting, toInstant(now), now);
  if (!costs) return null;
  const costIf = (alternative: Cost['if']): Cost => costs.items.find((item) => item.if === alternative)!;
  const offers = await records.offeredTimes.of(meeting.meetingId);
  return {
    cancel: costIf('cancelled-by-patient'),
    move: costIf('moved-by-patient'),
    offered:
      offers && offers.chosen === null
        ? offers.startAts.filter((startAt) => msOf(startAt) > now.getTime()).sort()
        : [],
    closed: closedFor(meeting, now),
  };
}

function closedFor({ course }: Meeting, now: Date): ChangeView['closed'] {
  if (course.state === 'ended') return 'over';
  return msOf(course.time.startAt) <= now.getTime() ? 'begun' : null;
}

const startVersionOf = (seen: string): number => Number(seen.split(' ')[0]);
