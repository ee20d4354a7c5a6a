import type { z } from 'zod';
import { DESK_PATH } from '../frame/paths';
import { carers, everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { cancelBody, cancelMeeting, showCancel, showCancelConfirm, showCancelled } from './cancel';
import { claimBody, decideClaim, showClaims } from './claims';
import { fillInForm, formBody, showAnswers, showForm } from './form';
import { showLink } from './link';
import { showMeeting } from './meeting';
import { moveBody, moveMeeting, showMove, showMoveConfirm, showMoved } from './move';
import {
  backUpBody,
  correctBody,
  correctOutcome,
  outcomeBody,
  showBackUp,
  showCorrection,
  showOutcome,
  stateOutcome,
  switchToBackUp,
} from './outcome';
import { confirmRoom, readinessBody, registerVisit, showReadiness, showRegistration } from './prepare';
import { showSuitability } from './suitability';
import { consentBody, noteTry, recordConsent, showConsent, showTried, triedBody } from './telephone';
import { offerTimes, showTimes, timesBody } from './times';

type Handler = (deps: DeskRouteDeps) => (request: DeskRequest) => ReturnType<DeskRoute['handle']>;

/** The meeting's page and its acts: all about it but its room. */
export function meetingRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const to = (page: string): string => `${DESK_PATH}/meetings/{meetingId}${page}`;
  const show = (page: string, operation: string, summary: string, handle: Handler): DeskRoute => ({
    method: 'get',
    path: to(page),
    operation,
    summary,
    roles: everybody,
    subject: 'meeting',
    handle: handle(deps),
  });
  /** Care content: a clinician takes part, the manager says why (R8.1). */
  const read = (...row: Parameters<typeof show>): DeskRoute => ({
    ...show(...row),
    roles: carers,
    content: true,
  });
  const act = (
    page: string,
    operation: string,
    summary: string,
    handle: Handler,
    body?: z.ZodType,
  ): DeskRoute => ({
    ...show(page, operation, summary, handle),
    method: 'post',
    ...(body ? { body } : {}),
  });
  return [
    show('', 'meeting.read', 'The meeting: where it stands and what comes next', showMeeting),
    read('/name', 'person.read', 'The same with the name of one with protected data (R8.8)', (all) =>
      showMeeting(all, true),
    ),
    show('/readiness', 'meeting.read', 'The checklist of the room (R4.7)', showReadiness),
    act('/readiness', 'meeting.confirm-readiness', 'Confirm the room (R4.7)', confirmRoom, readinessBody),
    show('/outcome', 'meeting.read-timeline', 'What the meeting can have come to', showOutcome),
    act('/outcome', 'meeting.state-outcome', 'State what it came to (R5.1)', stateOutcome, outcomeBody),
    show('/correct', 'meeting.read-timeline', 'The evidence of an outcome', showCorrection),
    act('/correct', 'meeting.correct-outcome', 'Correct the outcome (R5.1)', correctOutcome, correctBody),
    show('/backup', 'meeting.read', 'The ways of the back-up routine that suit (R4.6)', showBackUp),
    act('/backup', 'meeting.state-outcome', 'Switch to it (R4.6)', switchToBackUp, backUpBody),
    show('/cancel', 'meeting.read-costs', 'Who cancels, and what it costs when (R5.3)', showCancel),
    show('/cancel/confirm', 'meeting.read-costs', 'What the cancellation costs', showCancelConfirm),
    act('/cancel', 'meeting.cancel', 'Cancel the meeting (R1.5)', cancelMeeting, cancelBody),
    show('/cancel/done', 'meeting.read', 'The receipt of the cancellation', showCancelled),
    show('/move', 'meeting.read-costs', 'Another time for the meeting', showMove),
    show('/move/confirm', 'meeting.read-costs', 'What the move costs', showMoveConfirm),
    act('/move', 'meeting.rebook', 'Move the meeting (R1.5)', moveMeeting, moveBody),
    show('/move/done', 'meeting.read', 'The receipt of the move', showMoved),
    show('/times', 'meeting.read', 'The times that the patient can choose (R1.6)', showTimes),
    act('/times', 'meeting.offer-times', 'Offer a time, or take one back (R1.6)', offerTimes, timesBody),
    show('/registered', 'meeting.read', 'Is the visit registered?', showRegistration),
    act('/registered', 'meeting.register-visit', 'It is registered (R5.11)', registerVisit),
    show('/tried', 'meeting.read', 'Who cannot get in', showTried),
    act('/tried', 'meeting.note-try', 'Note that they cannot get in (R5.6)', noteTry, triedBody),
    show('/consent', 'meeting.read', 'The question of the care history, to be asked', showConsent),
    act(
      '/consent',
      'person.record-care-history-consent',
      'Save what the patient answered by telephone (R3.2)',
      recordConsent,
      consentBody,
    ),
    show('/forms/{formId}', 'form.read', 'A form, to be filled in by telephone', showForm),
    act('/forms/{formId}', 'form.fill-in', 'Save its answers (R3.1)', fillInForm, formBody),
    read('/forms/{formId}/answers', 'form.read-answers', 'What was answered', showAnswers),
    read('/suitability', 'meeting.read-suitability', 'What was assessed before (R1.2)', showSuitability),
    show('/link/{participantId}', 'meeting.read-link', 'A link to hand over (R4.2)', showLink),
    show('/claims', 'meeting.read-claims', 'Who wants to take part (R4.2)', showClaims),
    act('/claims', 'meeting.decide-claim', 'Approve or refuse them (R4.2)', decideClaim, claimBody),
  ];
}
