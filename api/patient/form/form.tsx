import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DraftAnswers, DraftOf } from '../../../records/form-drafts';
import type { FilledForm, Form } from '../../../records/forms';
import {
  answerProblems,
  type AnswerProblem,
  type FormAnswers,
  type FormQuestion,
} from '../../../rules/forms';
import type { Language } from '../../../rules/notices';
import {
  allFields,
  answersOf,
  namedFields,
  typedFor,
  typedOf,
  type PostedFields,
} from '../frame/form-fields';
import { scriptAddress } from '../assets';
import { giveCommand, isReceived, reasonOf } from '../frame/command';
import type { PageContent, ParticipantRequest, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { Question, questionElement } from './form-questions';
import { formTexts, problemText } from './form-texts';
import { PostForm } from '../frame/layout';
import { afterCommand } from '../frame/outcome-of-command';
import { meetingPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';

/**
 * A posted form; which fields there are, and how long their answers may be, the clinic's form decides: what
 * is too long is told there.
 */
export const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What a form's page shows beside its questions. */
interface Shown {
  typed: DraftAnswers;
  /** Who filled it in, if somebody has. */
  filled: FilledForm | null;
  problems: AnswerProblem[];
  justSaved: boolean;
}

/**
 * *Form* (R3.1): made from the clinic's definition, and with what was filled in so far, here or on another
 * device.
 */
export const showForm =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return noSuchForm(request);
    if (isOver(request)) return { page: overPage(request) };
    const filled = await filledOf(deps, request, form);
    const draft = await deps.records.formDrafts.read(draftOf(request, form));
    const typed = { ...(filled && typedOf(filled.answers)), ...draft };
    return { page: formPage(request, form, { typed, filled, problems: [], justSaved: false }) };
  };

/**
 * Sends a form in, or keeps it for later: what it holds is kept either way, and a problem is told at the
 * question it belongs to.
 */
export const sendForm =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return noSuchForm(request);
    if (isOver(request)) return { page: overPage(request), status: 409 };
    const posted = request.body as PostedFields;
    const typed = allFields(form.questions, posted);
    await deps.records.formDrafts.save(draftOf(request, form), typed, deps.clock.now());
    const filled = await filledOf(deps, request, form);
    if (posted.do === 'save') {
      return { page: formPage(request, form, { typed, filled, problems: [], justSaved: true }) };
    }
    const answers = answersOf(form.questions, typed);
    const problems = answerProblems(form.questions, answers);
    if (problems.length > 0) {
      return { page: formPage(request, form, { typed, filled, problems, justSaved: false }), status: 422 };
    }
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
    if (isReceived(answer)) return { page: laterPage(request), status: 503 };
    if (reasonOf(answer) !== null)
      return afterCommand(request.language, answer, meetingPath(request.participant.participantId));
    await deps.records.formDrafts.remove(draftOf(request, form));
    return { redirect: pathOf(request, form) };
  };

/** Keeps what was changed since the last time; asked for by the page's own script. */
export const saveDraft =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const form = await formOf(deps, request);
    if (!form) return { json: { kept: false }, status: 404 };
    if (isOver(request)) return { json: { kept: false }, status: 409 };
    const changed = namedFields(form.questions, request.body as PostedFields);
    await deps.records.formDrafts.save(draftOf(request, form), changed, deps.clock.now());
    return { json: { kept: true } };
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

const draftOf = ({ meeting, participant }: ParticipantRequest, { formId }: Form): DraftOf => ({
  meetingId: meeting.meetingId,
  formId,
  participantId: participant.participantId,
  patientId: meeting.patientId,
});

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

const pathOf = ({ participant }: ParticipantRequest, { formId }: Form): string =>
  meetingPath(participant.participantId, `forms/${formId}`);

const noSuchForm = ({ language, guard }: ParticipantRequest): PatientAnswer => ({
  page: refusalPage(language, 'not-yours', guard),
  status: 404,
});

const overPage = ({ language, participant }: ParticipantRequest): PageContent =>
  saidPage(formTexts[language].over, formTexts[language].overText, language, participant.participantId);

/** Kept, and carried out when the service can again (design, decision 6). */
const laterPage = ({ language, participant }: ParticipantRequest): PageContent =>
  saidPage(formTexts[language].later, formTexts[language].laterText, language, participant.participantId);

function saidPage(title: string, text: string, language: Language, participantId: string): PageContent {
  return {
    title,
    main: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a href={meetingPath(participantId)} role="button">
            {formTexts[language].back}
          </a>
        </p>
      </>
    ),
  };
}

function formPage(request: ParticipantRequest, form: Form, shown: Shown): PageContent {
  const { language, participant } = request;
  const words = formTexts[language];
  const { filled, problems } = shown;
  const back = meetingPath(participant.participantId);
  const questions = <Questions request={request} form={form} shown={shown} />;
  return {
    title: `${problems.length > 0 ? words.wrongTitle : ''}${filled ? words.done : form.title}`,
    scripts: [scriptAddress('form')],
    main: filled ? (
      <>
        <h1>{words.done}</h1>
        <p>{filled.answeredBy === 'staff-by-telephone' ? words.doneByStaff : words.doneText}</p>
        <p>
          <a href={back} role="button">
            {words.back}
          </a>
        </p>
        <Answers language={language} form={form} filled={filled} />
        <details open={problems.length > 0 || shown.justSaved}>
          <summary>{words.change}</summary>
          {questions}
        </details>
      </>
    ) : (
      <>
        <h1>{form.title}</h1>
        <p>{words.intro}</p>
        {questions}
        <p>
          <a href={back}>{words.back}</a>
        </p>
      </>
    ),
  };
}

function Questions({ request, form, shown }: { request: ParticipantRequest; form: Form; shown: Shown }) {
  const { language, guard } = request;
  const words = formTexts[language];
  const path = pathOf(request, form);
  const problemOf = (question: FormQuestion): string | null => {
    const found = shown.problems.find(({ questionId }) => questionId === question.questionId);
    return found ? problemText(language, question, found.reason) : null;
  };
  const wrong = form.questions.flatMap((question) => {
    const problem = problemOf(question);
    return problem === null ? [] : [{ question, problem }];
  });
  return (
    <>
      {wrong.length > 0 && (
        <section id="problems" class="problems" tabIndex={-1} aria-labelledby="problems-title">
          <h2 id="problems-title">{words.wrong}</h2>
          <p>{words.wrongIntro}</p>
          <ul>
            {wrong.map(({ question, problem }) => (
              <li key={question.questionId}>
                <a href={`#${questionElement(question.questionId)}`}>
                  {question.label} – {problem}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {shown.justSaved && <p role="status">{words.savedNow}</p>}
      <PostForm
        action={path}
        guard={guard}
        id="form"
        data-draft={`${path}/draft`}
        noValidate
        autocomplete="off"
      >
        {form.questions.map((question) => (
          <Question
            key={question.questionId}
            language={language}
            question={question}
            typed={shown.typed}
            problem={problemOf(question)}
          />
        ))}
        <SavedStatus language={language} path={path} />
        <button type="submit" name="do" value="send">
          {words.send}
        </button>
        <button type="submit" name="do" value="save" class="secondary">
          {words.save}
        </button>
      </PostForm>
    </>
  );
}

/** How it stands with what was written: the page's script shows one of these at a time. */
function SavedStatus({ language, path }: { language: Language; path: string }) {
  const words = formTexts[language];
  return (
    <div id="saved" role="status" tabIndex={-1}>
      <noscript>
        <p>{words.keptByButton}</p>
      </noscript>
      <p data-says="kept" class="scripted">
        {words.kept}
      </p>
      {(['saving', 'saved', 'offline', 'away', 'tooMuch', 'refused'] as const).map((state) => (
        <p key={state} data-says={state === 'tooMuch' ? 'too-much' : state} hidden>
          {words[state]}
        </p>
      ))}
      <p data-says="logged-out" hidden>
        {words.loggedOut}{' '}
        <a href={path} target="_blank" rel="noopener">
          {words.logIn}
        </a>
      </p>
    </div>
  );
}

/** The answers as they were sent in. */
function Answers({ language, form, filled }: { language: Language; form: Form; filled: FilledForm }) {
  const words = formTexts[language];
  const typed = typedOf(filled.answers);
  return (
    <section aria-labelledby="answers">
      <h2 id="answers">{words.answers}</h2>
      <dl>
        {form.questions.map(({ questionId, label }) => (
          <div key={questionId}>
            <dt>{label}</dt>
            <dd>{typedFor(typed, questionId).join(', ') || words.noAnswer}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
