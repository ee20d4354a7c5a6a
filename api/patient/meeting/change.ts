import { z } from 'zod';
import { costsOf, type Cost } from '../../../use-cases/invoice/costs';
import { outcomeOf, type Meeting } from '../../../records/meetings';
import { insideCancellationNotice } from '../../../rules/cancellation';
import { isBelievedTime, msOf, toInstant, type Instant } from '../../../rules/instant';
import { giveCommand, wasPosted, type CommandRequest } from '../frame/command';
import { feeBasisIn, type ParticipantRequest, type PatientRouteDeps } from '../frame/route';
import {
  cancellationPage,
  changedPage,
  choicePage,
  closedPage,
  newTimePage,
  pathOf,
  seenOf,
  timeId,
  timesPage,
  type ChangeView,
} from './change-page';
import { afterCommand, beingMoved } from '../frame/outcome-of-command';
import type { PageAnswer } from '../../frame/page-content';

/** *Rebook or cancel*: the choice, and until when it costs nothing (R1.5, R5.3–R5.5). */
export const showChange =
  (deps: PatientRouteDeps) =>
  (request: ParticipantRequest): Promise<PageAnswer> =>
    withView(deps, request, (view) => ({ page: choicePage(request, view) }));

/** The times that the clinic offers, each leading to the page that confirms it (R1.6). */
export const showOfferedTimes =
  (deps: PatientRouteDeps, { taken }: { taken: boolean }) =>
  (request: ParticipantRequest): Promise<PageAnswer> =>
    withView(deps, request, (view) => ({ page: timesPage(request, view, taken) }));

/** The page that confirms a new time: says before the click what it costs, and why. */
export const showNewTime =
  (deps: PatientRouteDeps, { changed }: { changed: boolean }) =>
  (request: ParticipantRequest): Promise<PageAnswer> =>
    withView(deps, request, (view) => {
      const { meetingId } = request.meeting;
      const startAt = view.offered.find((each) => timeId(meetingId, each) === request.params.timeId);
      return startAt
        ? { page: newTimePage(request, view, { startAt, changed }) }
        : { redirect: pathOf(request, '/move/taken') };
    });

/** The page that confirms a cancellation: says before the click what it costs, and why. */
export const showCancellation =
  (deps: PatientRouteDeps, { changed }: { changed: boolean }) =>
  (request: ParticipantRequest): Promise<PageAnswer> =>
    withView(deps, request, (view) => ({ page: cancellationPage(request, view, changed) }));

/** The receipt of what the patient's side has changed last, as it stands now. */
export const showChanged =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { meeting } = request;
    const outcome = outcomeOf(meeting)?.outcome;
    const { startVersion } = meeting.course.time;
    if (outcome === 'cancelled-in-time' || outcome === 'cancelled-late') {
      const view = await viewOf(deps, request, deps.clock.now());
      const costs = outcome === 'cancelled-late' && view?.cancelLate.kind !== 'none';
      return { page: changedPage(request, { what: 'cancelled', costs }) };
    }
    const movedByPatient = meeting.times.some(
      (time) => time.startVersion === startVersion && startVersion > 1 && time.setBy === 'patient',
    );
    return movedByPatient && !outcome
      ? { page: changedPage(request, { what: 'moved', costs: false }) }
      : { redirect: pathOf(request) };
  };

/** What a page has shown before the click; the wish holds for that and for nothing else. */
const seenBody = z.object({ seen: z.string().regex(/^\d{1,6} [a-z-]{1,30} \d{0,12}$/) });

export const cancelBody = seenBody.extend({ sure: z.literal('yes').optional() });

/**
 * Cancels; late or in time is judged by when it was received. It can cost and is not undone, so what does not
 * come from the page that confirms is led there.
 */
export const cancelByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { seen, sure } = request.body as z.infer<typeof cancelBody>;
    if (sure === undefined) return { redirect: pathOf(request, '/cancel') };
    const command: ChangeRequest['command'] = {
      operation: 'meeting.cancel',
      params: { meetingId: request.meeting.meetingId },
      body: { by: 'patient', receivedAt: null, forStartVersion: startVersionOf(seen) },
    };
    return changed(deps, request, { action: 'cancel', page: '/cancel', seen, command });
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
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { seen, startAt } = request.body as z.infer<typeof chooseTimeBody>;
    const { meetingId } = request.meeting;
    const command: ChangeRequest['command'] = {
      operation: 'meeting.choose-offered-time',
      params: { meetingId },
      body: { startAt, forStartVersion: startVersionOf(seen) },
    };
    const page = `/time/${timeId(meetingId, startAt)}`;
    return changed(deps, request, { action: 'move', page, seen, command });
  };

/** What is asked for, and the page that confirmed it. */
interface ChangeRequest {
  action: 'cancel' | 'move';
  page: string;
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
  { action, page, seen, command }: ChangeRequest,
): Promise<PageAnswer> {
  const { language, meeting } = request;
  if (!(await wasPosted(deps, request))) {
    const view = await viewOf(deps, request, request.receivedAt);
    if (!view) return beingMoved(request, 'change');
    if (seenOf(meeting, view[action]) !== seen) return { redirect: pathOf(request, `${page}/changed`) };
  }
  const answer = await giveCommand(deps, request, command);
  return afterCommand(language, answer, pathOf(request, '/done'));
}

/** Shows what can be changed now; or that the meeting is being moved, or is closed to changes. */
async function withView(
  deps: PatientRouteDeps,
  request: ParticipantRequest,
  show: (view: ChangeView) => PageAnswer,
): Promise<PageAnswer> {
  const view = await viewOf(deps, request, deps.clock.now());
  if (!view) return beingMoved(request, 'change');
  return view.closed ? { page: closedPage(request, view.closed) } : show(view);
}

/** What a wish would come to now; null in the moment when the meeting is moved. */
async function viewOf(
  { records }: PatientRouteDeps,
  request: ParticipantRequest,
  now: Date,
): Promise<ChangeView | null> {
  const { meeting } = request;
  const costsAt = (at: Instant) => costsOf(records, meeting, at, now, feeBasisIn(request));
  const costs = await costsAt(toInstant(now));
  // What it comes to inside the notice.
  const later = await costsAt(meeting.course.time.startAt);
  if (!costs || !later) return null;
  const costIf = ({ items }: typeof costs, alternative: Cost['if']): Cost =>
    items.find((item) => item.if === alternative)!;
  const offers = await records.offeredTimes.of(meeting.meetingId);
  return {
    cancel: costIf(costs, 'cancelled-by-patient'),
    move: costIf(costs, 'moved-by-patient'),
    cancelLate: costIf(later, 'cancelled-by-patient'),
    isLate: insideCancellationNotice(
      toInstant(now),
      meeting.course.time.startAt,
      meeting.terms.cancellationNoticeHours,
    ),
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
