import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DraftOf } from '../../../records/form-drafts';
import type { FilledForm, Form } from '../../../records/forms';
import { answerProblems, type FormAnswers } from '../../../rules/forms';
import { toInstant } from '../../../rules/instant';
import { gatesOf } from '../../../use-cases/meeting/gates';
import {
  allFields,
  answersOf,
  namedFields,
  typedFor,
  typedOf,
  type PostedFields,
} from '../frame/form-fields';
import { giveCommand } from '../frame/command';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { afterCommand } from '../frame/outcome-of-command';
import { meetingPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { clockTime } from '../../frame/time';
import {
  checkPage,
  donePage,
  fillPage,
  overPage,
  receivedPage,
  type FormState,
  type FormView,
} from './pages';
import { isReceived, reasonOf } from '../../page-command';
import type { PageAnswer } from '../../frame/page-content';

/**
 * A posted form; which fields there are, and how long their answers may be, the clinic's form decides: what
 * is too long is told there.
 */
export const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/**
 * *Form* (R3.1): made from the clinic's definition, and with what was filled in so far, here or on another
 * device. Each post leads to one of these views, so that no page is the answer to a post.
 */
export const showForm =
  (deps: PatientRouteDeps, view: FormView | null = null) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return noSuchForm(request);
    if (isOver(request)) return { page: overPage(request) };
    const state = await stateOf(deps, request, form);
    switch (view) {
      case null:
        return {
          page: state.filled
            ? donePage(request, state, state.filled, await nextAfter(deps, request))
            : fillPage(request, state, null),
        };
      case 'received':
        return { page: receivedPage(request) };
      case 'check':
      case 'check-again':
        return state.problems.length > 0
          ? { redirect: pathOf(request, form, 'problems') }
          : { page: checkPage(request, state, view) };
      case 'sent-elsewhere':
        return state.filled ? { page: fillPage(request, state, view) } : { redirect: pathOf(request, form) };
      case 'change':
      case 'problems':
      case 'saved':
        return { page: fillPage(request, state, view) };
    }
  };

/** Keeps a whole form, and leads to its check, to what is wrong with it, or back to it. */
export const postForm =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return noSuchForm(request);
    if (isOver(request)) return { redirect: pathOf(request, form) };
    const posted = request.body as PostedFields;
    const typed = allFields(form.questions, posted);
    // Kept also where the form was sent from elsewhere: nothing typed is lost, and nothing is sent by it.
    await deps.records.formDrafts.save(draftOf(request, form), typed, deps.clock.now());
    const filled = await filledOf(deps, request, form);
    if (isStale(posted, filled)) return { redirect: pathOf(request, form, 'sent-elsewhere') };
    if (posted.do === 'save') return { redirect: pathOf(request, form, 'saved') };
    const isRight = answerProblems(form.questions, answersOf(form.questions, typed)).length === 0;
    return { redirect: pathOf(request, form, isRight ? 'check' : 'problems') };
  };

/** Sends the form in, as it was shown to be checked and no other. */
export const sendForm =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return noSuchForm(request);
    if (isOver(request)) return { redirect: pathOf(request, form) };
    const posted = request.body as PostedFields;
    const { filled, answers, problems, checked } = await stateOf(deps, request, form);
    // A second press: what was checked is sent already.
    if (filled && digestOf(form, filled.answers) === posted.checked)
      return { redirect: pathOf(request, form) };
    if (isStale(posted, filled)) return { redirect: pathOf(request, form, 'sent-elsewhere') };
    if (posted.checked !== checked) return { redirect: pathOf(request, form, 'check-again') };
    if (problems.length > 0) return { redirect: pathOf(request, form, 'problems') };
    const answeredBy = request.participant.role === 'guardian' ? 'guardian' : 'patient';
    const answer = await giveCommand(
      deps,
      { ...request, postedKey: keyOf(request.postedKey, answers) },
      {
        operation: 'form.fill-in',
        params: { meetingId: request.meeting.meetingId, formId: form.formId },
        body: { answers, answeredBy },
      },
    );
    if (isReceived(answer)) return { redirect: pathOf(request, form, 'received') };
    if (reasonOf(answer) !== null)
      return afterCommand(request.language, answer, meetingPath(request.participant.participantId));
    await deps.records.formDrafts.remove(draftOf(request, form));
    return { redirect: pathOf(request, form) };
  };

/** Keeps what was changed since the last time; asked for by the page's own script. */
export const saveDraft =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return { json: { kept: false }, status: 404 };
    if (isOver(request)) return { json: { kept: false }, status: 409 };
    const posted = request.body as PostedFields;
    if (isStale(posted, await filledOf(deps, request, form)))
      return { json: { kept: false, refused: 'sent-elsewhere' }, status: 409 };
    const now = deps.clock.now();
    await deps.records.formDrafts.save(draftOf(request, form), namedFields(form.questions, posted), now);
    return { json: { kept: true, savedAt: clockTime(toInstant(now), request.language) } };
  };

async function formOf(
  { records }: PatientRouteDeps,
  { meeting, params }: ParticipantRequest,
): Promise<Form | null> {
  const { formId = '' } = params;
  return meeting.formIds.includes(formId) ? records.forms.find(meeting.clinicId, formId) : null;
}

const filledOf = (
  { records }: PatientRouteDeps,
  { meeting }: ParticipantRequest,
  { formId }: Form,
): Promise<FilledForm | null> => records.forms.readFilled(meeting.clinicId, meeting.meetingId, formId);

/** The form as it stands now: what was sent in, and what was typed since. */
async function stateOf(deps: PatientRouteDeps, request: ParticipantRequest, form: Form): Promise<FormState> {
  const [filled, draft] = await Promise.all([
    filledOf(deps, request, form),
    deps.records.formDrafts.find(draftOf(request, form)),
  ]);
  const typed = { ...(filled && typedOf(filled.answers)), ...draft?.answers };
  const answers = answersOf(form.questions, typed);
  const checked = digestOf(form, answers);
  return {
    form,
    path: pathOf(request, form),
    filled,
    typed,
    answers,
    problems: answerProblems(form.questions, answers),
    savedAt: draft?.savedAt ?? null,
    seen: seenOf(filled),
    checked,
    hasUnsent: filled !== null && checked !== digestOf(form, filled.answers),
  };
}

const draftOf = ({ meeting, participant }: ParticipantRequest, { formId }: Form): DraftOf => ({
  meetingId: meeting.meetingId,
  formId,
  participantId: participant.participantId,
  patientId: meeting.patientId,
});

/** Which sending a page knows of: when the form was sent in last, empty where it was not. */
const seenOf = (filled: FilledForm | null): string => filled?.recordedAt ?? '';

/** The form was sent in after its page was made: what stands there is older than what was sent (E3). */
const isStale = ({ seen = '' }: PostedFields, filled: FilledForm | null): boolean => seen !== seenOf(filled);

/** Answers as they were checked: what is sent in is what was shown. */
const digestOf = ({ questions }: Form, answers: FormAnswers): string =>
  createHash('sha256')
    .update(JSON.stringify(questions.map(({ questionId }) => typedFor(typedOf(answers), questionId))))
    .digest('base64url');

/**
 * The same answers from the same page are the same command; the browser's back button brings a page that was
 * sent in, to be sent in again with others.
 */
const keyOf = (postedKey: string | null, answers: FormAnswers): string | null =>
  postedKey &&
  createHash('sha256')
    .update(`${postedKey} ${JSON.stringify(answers)}`)
    .digest('base64url');

const isOver = ({ meeting }: ParticipantRequest): boolean => meeting.course.state === 'ended';

const pathOf = ({ participant }: ParticipantRequest, { formId }: Form, view?: FormView): string =>
  meetingPath(participant.participantId, `forms/${formId}${view === undefined ? '' : `/${view}`}`);

const noSuchForm = ({ language, guard }: ParticipantRequest): PageAnswer => ({
  page: refusalPage(language, 'not-yours', guard),
  status: 404,
});

/** What is to be done after this form, as a page of the meeting; null where all is done. */
async function nextAfter(
  { records, clock }: PatientRouteDeps,
  { meeting, patient, params }: ParticipantRequest,
): Promise<'consent' | `forms/${string}` | null> {
  const gates = await gatesOf(records.forms, meeting, patient, clock.now());
  const [nextForm] = gates.formsMissing.filter((formId) => formId !== params.formId);
  if (nextForm !== undefined) return `forms/${nextForm}`;
  return gates.consentGiven ? null : 'consent';
}
