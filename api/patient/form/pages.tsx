import type { DraftAnswers } from '../../../records/form-drafts';
import type { FilledForm, Form } from '../../../records/forms';
import type { AnswerProblem, FormAnswers, FormQuestion } from '../../../rules/forms';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import {
  Banner,
  Button,
  ButtonLink,
  ButtonRow,
  ErrorSummary,
  Heading,
  Receipt,
  Steps,
} from '../../frame/parts';
import { scriptAddress } from '../assets';
import { typedFor } from '../frame/form-fields';
import { meetingPath } from '../frame/paths';
import type { ParticipantRequest } from '../frame/route';
import { clockTime, dayAndTime } from '../../frame/time';
import { Question, questionElement } from './form-questions';
import { answerText, formTexts, problemText } from './form-texts';
import type { PageContent } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';

/** What a form's page says beside its questions; each has its own address. */
export const formViews = [
  'change',
  'problems',
  'saved',
  'sent-elsewhere',
  'check',
  'check-again',
  'received',
] as const;
export type FormView = (typeof formViews)[number];

/** A form as it stands for one who fills it in. */
export interface FormState {
  form: Form;
  /** The address of its page. */
  path: string;
  /** What was sent in, if it was. */
  filled: FilledForm | null;
  /** What stands in its fields now: what was sent, and what was typed since. */
  typed: DraftAnswers;
  answers: FormAnswers;
  problems: AnswerProblem[];
  /** When something was saved last that is not sent yet. */
  savedAt: Date | null;
  /** The sending that its pages know of: what comes from a page of before is stale. */
  seen: string;
  /** What stands for these answers when they are sent. */
  checked: string;
  /** It was sent, and something was changed since. */
  hasUnsent: boolean;
}

/** The questions, with what has come of the last step. */
export function fillPage(
  request: ParticipantRequest,
  state: FormState,
  view: 'change' | 'problems' | 'saved' | 'sent-elsewhere' | null,
): PageContent {
  const { language, participant, guard } = request;
  const words = formTexts[language];
  const { form, path } = state;
  const problemOf = (question: FormQuestion): string | null => {
    const found = state.problems.find(({ questionId }) => questionId === question.questionId);
    return view === 'problems' && found ? problemText(language, question, found.reason) : null;
  };
  const problems = form.questions.flatMap((question) => {
    const problem = problemOf(question);
    return problem === null
      ? []
      : [{ field: questionElement(question.questionId), text: `${question.label} – ${problem}` }];
  });
  return {
    title: `${problems.length > 0 ? words.wrongTitle : ''}${form.title}`,
    scripts: [scriptAddress('form')],
    main: (
      <>
        {problems.length > 0 && <ErrorSummary title={words.wrong} problems={problems} />}
        {view === 'saved' && (
          <Banner kind="success" title={words.savedTitle} takesFocus>
            {words.savedNow}
          </Banner>
        )}
        {view === 'sent-elsewhere' && state.filled && <SentElsewhere language={language} state={state} />}
        <Heading above={words.kind}>{form.title}</Heading>
        <FormSteps language={language} now={0} />
        <p>{state.filled ? words.changeIntro : words.intro}</p>
        <PostForm
          action={path}
          guard={guard}
          id="form"
          data-draft={`${path}/draft`}
          noValidate
          autocomplete="off"
        >
          <input type="hidden" name="seen" value={state.seen} />
          <Answered language={language} state={state} />
          {form.questions.map((question, index) => (
            <div key={question.questionId}>
              <p class="which">{words.which(index + 1, form.questions.length)}</p>
              <Question
                language={language}
                question={question}
                typed={state.typed}
                problem={problemOf(question)}
              />
            </div>
          ))}
          <SavedStatus language={language} path={path} savedAt={state.savedAt} />
          <ButtonRow>
            <Button name="do" value="check">
              {words.check}
            </Button>
            <Button name="do" value="save" kind="secondary">
              {words.save}
            </Button>
          </ButtonRow>
        </PostForm>
        <p>
          <a href={state.filled ? path : meetingPath(participant.participantId)}>
            {state.filled ? words.keepSent : words.back}
          </a>
        </p>
      </>
    ),
  };
}

/** All answers, to be looked over before they are sent. */
export function checkPage(
  { language, guard }: ParticipantRequest,
  state: FormState,
  view: 'check' | 'check-again',
): PageContent {
  const words = formTexts[language];
  const { path } = state;
  return {
    title: words.checkTitle,
    main: (
      <>
        {view === 'check-again' && (
          <Banner kind="warning" title={words.changedTitle} takesFocus>
            {words.changed}
          </Banner>
        )}
        <Heading above={state.form.title}>{words.checkTitle}</Heading>
        <FormSteps language={language} now={1} />
        <p>{words.checkIntro}</p>
        <Answers language={language} state={state} answers={state.answers} changeAt={`${path}/change`} />
        <PostForm action={`${path}/check`} guard={guard}>
          <input type="hidden" name="seen" value={state.seen} />
          <input type="hidden" name="checked" value={state.checked} />
          <ButtonRow>
            <Button>{words.send}</Button>
            <ButtonLink href={`${path}/change`} kind="secondary">
              {words.change}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
}

/** It is sent: the receipt, the next step, and what was answered. */
export function donePage(
  { language, participant }: ParticipantRequest,
  state: FormState,
  filled: FilledForm,
  next: 'consent' | `forms/${string}` | null,
): PageContent {
  const words = formTexts[language];
  const to = (page?: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.done,
    main: (
      <>
        <Receipt title={words.done}>
          <p>{filled.answeredBy === 'staff-by-telephone' ? words.doneByStaff : words.doneText}</p>
        </Receipt>
        {state.hasUnsent && (
          <Banner kind="warning" title={words.unsentTitle}>
            <p>{words.unsent}</p>
            <p>
              <a href={`${state.path}/change`}>{words.goOnChanging}</a>
            </p>
          </Banner>
        )}
        <ButtonRow>
          {next !== null && (
            <ButtonLink href={to(next)}>{next === 'consent' ? words.nextConsent : words.nextForm}</ButtonLink>
          )}
          <ButtonLink href={to()} kind={next === null ? 'primary' : 'secondary'}>
            {words.back}
          </ButtonLink>
        </ButtonRow>
        <section aria-labelledby="answers">
          <h2 id="answers">{words.answers}</h2>
          <p>{words.sentAt(dayAndTime(filled.recordedAt, language))}</p>
          <Answers language={language} state={state} answers={filled.answers} />
          <p>
            <a href={`${state.path}/change`}>{words.change}</a>
          </p>
        </section>
      </>
    ),
  };
}

/** The meeting is over or cancelled: its form is of no use any more. */
export const overPage = ({ language, participant }: ParticipantRequest): PageContent =>
  saidPage(formTexts[language].over, formTexts[language].overText, language, participant.participantId);

/** Kept, and carried out when the service can again (design, decision 6). */
export const receivedPage = ({ language, participant }: ParticipantRequest): PageContent =>
  saidPage(formTexts[language].later, formTexts[language].laterText, language, participant.participantId);

function saidPage(title: string, text: string, language: Language, participantId: string): PageContent {
  return {
    title,
    main: (
      <>
        <Heading>{title}</Heading>
        <p>{text}</p>
        <ButtonRow>
          <ButtonLink href={meetingPath(participantId)}>{formTexts[language].back}</ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

function FormSteps({ language, now }: { language: Language; now: number }) {
  const { label, all } = formTexts[language].steps;
  const steps = all.map((step, index) => ({
    label: step,
    state: index < now ? ('done' as const) : index === now ? ('now' as const) : ('ahead' as const),
  }));
  return <Steps language={language} label={label} steps={steps} />;
}

/** How many questions have an answer; the page's script counts on. */
function Answered({ language, state: { form, typed } }: { language: Language; state: FormState }) {
  const count = form.questions.filter(({ questionId }) => typedFor(typed, questionId).length > 0).length;
  const of = form.questions.length;
  return (
    <div class="answered">
      <label for="answered">
        <span data-answered>{count}</span> {formTexts[language].answered(of)}
      </label>
      <progress id="answered" max={of} value={count} />
    </div>
  );
}

/** The form was sent from another tab or device, after this page was opened (E3). */
function SentElsewhere({ language, state }: { language: Language; state: FormState }) {
  const words = formTexts[language];
  return (
    <Banner kind="warning" title={words.sentElsewhereTitle} takesFocus>
      <p>{words.sentElsewhere}</p>
      <p>
        <a href={state.path}>{words.seeSent}</a>
      </p>
    </Banner>
  );
}

/** How it stands with what was written: the page's script shows one of these at a time. */
function SavedStatus({
  language,
  path,
  savedAt,
}: {
  language: Language;
  path: string;
  savedAt: Date | null;
}) {
  const words = formTexts[language];
  const at = savedAt ? clockTime(toInstant(savedAt), language) : '';
  return (
    <div id="saved" role="status" tabIndex={-1} data-state={savedAt ? 'saved' : 'kept'}>
      <noscript>
        <p>{words.keptByButton}</p>
      </noscript>
      <p data-says="kept" class="scripted" hidden={savedAt !== null}>
        {words.kept}
      </p>
      <p data-says="saved" hidden={savedAt === null}>
        {words.savedAt} <span data-saved-at>{at}</span>
      </p>
      {(['saving', 'offline', 'away', 'tooMuch', 'refused'] as const).map((state) => (
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
      <p data-says="sent-elsewhere" hidden>
        {words.sentElsewhereHere} <a href={path}>{words.seeSent}</a>
      </p>
    </div>
  );
}

/** Answers with their questions; where they can still be changed, each with the way to its field. */
function Answers({
  language,
  state: { form },
  answers,
  changeAt,
}: {
  language: Language;
  state: FormState;
  answers: FormAnswers;
  changeAt?: string;
}) {
  const words = formTexts[language];
  return (
    <dl class="card answers">
      {form.questions.map((question) => (
        <div key={question.questionId}>
          <dt>{question.label}</dt>
          <dd>{answerText(language, question, answers)}</dd>
          {changeAt !== undefined && (
            <dd class="change">
              <a href={`${changeAt}#${questionElement(question.questionId)}`}>
                {words.changeOne}
                <span class="visually-hidden">: {question.label}</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
