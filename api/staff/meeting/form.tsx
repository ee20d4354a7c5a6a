import { z } from 'zod';
import type { DraftAnswers } from '../../../records/form-drafts';
import type { FilledForm, Form } from '../../../records/forms';
import { answerProblems } from '../../../rules/forms';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonRow, ErrorSummary } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { Question, questionElement } from '../../patient/form/form-questions';
import { answerText, problemText } from '../../patient/form/form-texts';
import { allFields, answersOf, type PostedFields } from '../../patient/frame/form-fields';
import { giveDeskCommand, wasGiven } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { actPage, LeaveLink, pathOf } from './parts';
import { toMeeting } from './posted';
import { isOver, noSuchPage, withSight, type Sight } from './sight';
import { stateWords } from './state-words';

/** The fields are the form's own; what is wrong with an answer is told at its question. */
export const formBody = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

type Filled = Omit<FilledForm, 'answers'> | null;

/**
 * A form to be filled in with the patient by telephone (R3.1). It is empty also where it was filled in
 * before: the answers are care content, and are read on a page of their own (R8.1).
 */
export const showForm =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withForm(deps, request, (sight, form, filled) => fillPage(request, sight, { form, filled, typed: {} }));

/** Saves the answers; a form that was sent in meanwhile is not overwritten unseen. */
export const fillInForm =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withForm(deps, request, async (sight, form, filled) => {
      const posted = request.body as PostedFields;
      const typed = allFields(form.questions, posted);
      const answers = answersOf(form.questions, typed);
      const state = { form, filled, typed };
      if (answerProblems(form.questions, answers).length > 0)
        return fillPage(request, sight, { ...state, isChecked: true });
      if (!(await wasGiven(deps, request)) && (posted.seen ?? '') !== seenOf(filled))
        return fillPage(request, sight, { ...state, isStale: true });
      const answer = await giveDeskCommand(deps, request, {
        operation: 'form.fill-in',
        body: { answers, answeredBy: 'staff-by-telephone' },
      });
      return toMeeting(sight, answer, 'form');
    });

/** What the patient's side, or staff with it, has answered: care content (R8.1). */
export const showAnswers =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withForm(deps, request, async (sight, form) => {
      const { language } = request;
      const { clinicId, meetingId } = sight.meeting;
      const filled = await deps.records.forms.readFilled(clinicId, meetingId, form.formId);
      if (!filled) return noSuchPage(request);
      return {
        page: actPage(request, sight, {
          title: form.title,
          tab: texts[language].form,
          children: (
            <>
              <p>{filledBy(filled, language)}</p>
              <dl class="card answers">
                {form.questions.map((question) => (
                  <div key={question.questionId}>
                    <dt>{question.label}</dt>
                    <dd>{answerText(language, question, filled.answers)}</dd>
                  </div>
                ))}
              </dl>
              {!isOver(sight) && (
                <p>
                  <a href={pathOf(sight, `forms/${form.formId}`)}>{texts[language].again}</a>
                </p>
              )}
            </>
          ),
        }),
      };
    });

/** The form of the address, where it was given for this meeting. */
const withForm = (
  deps: DeskRouteDeps,
  request: DeskRequest,
  show: (sight: Sight, form: Form, filled: Filled) => PageAnswer | Promise<PageAnswer>,
): Promise<PageAnswer> =>
  withSight(deps, request, async (sight) => {
    const { formId = '' } = request.params;
    const { clinicId, meetingId, formIds } = sight.meeting;
    const form = formIds.includes(formId) ? await deps.records.forms.find(clinicId, formId) : null;
    if (!form) return noSuchPage(request);
    const filled = await deps.records.forms.filledFor(meetingId);
    return show(sight, form, filled.find((each) => each.formId === formId) ?? null);
  });

/** Which sending the page knows of; empty where there is none. */
const seenOf = (filled: Filled): string => filled?.recordedAt ?? '';

function fillPage(
  request: DeskRequest,
  sight: Sight,
  {
    form,
    filled,
    typed,
    isChecked = false,
    isStale = false,
  }: { form: Form; filled: Filled; typed: DraftAnswers; isChecked?: boolean; isStale?: boolean },
): PageAnswer {
  const { language, guard } = request;
  const words = texts[language];
  const found = isChecked ? answerProblems(form.questions, answersOf(form.questions, typed)) : [];
  const problemOf = (question: Form['questions'][number]): string | null => {
    const problem = found.find(({ questionId }) => questionId === question.questionId);
    return problem ? problemText(language, question, problem.reason) : null;
  };
  const page = actPage(request, sight, {
    title: form.title,
    tab: words.form,
    children: (
      <>
        {found.length > 0 && (
          <ErrorSummary
            title={words.wrong}
            problems={form.questions.flatMap((question) => {
              const text = problemOf(question);
              return text === null
                ? []
                : [{ field: questionElement(question.questionId), text: `${question.label}: ${text}` }];
            })}
          />
        )}
        {isStale && (
          <Banner kind="warning" title={words.stale} takesFocus>
            {words.staleMore}
          </Banner>
        )}
        {filled && (
          <Banner kind="info" title={filledBy(filled, language)}>
            {words.replaces}
          </Banner>
        )}
        <p>{words.intro}</p>
        <PostForm action={pathOf(sight, `forms/${form.formId}`)} guard={guard} noValidate autocomplete="off">
          <input type="hidden" name="seen" value={seenOf(filled)} />
          {form.questions.map((question) => (
            <Question
              key={question.questionId}
              language={language}
              question={question}
              typed={typed}
              problem={problemOf(question)}
            />
          ))}
          <ButtonRow>
            <Button>{words.save}</Button>
            <LeaveLink sight={sight}>{words.leave}</LeaveLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return isStale ? { page, status: 409 } : found.length > 0 ? { page, status: 422 } : { page };
}

const filledBy = (filled: NonNullable<Filled>, language: DeskRequest['language']): string =>
  texts[language].filledBy(
    dayAndTime(filled.recordedAt, language),
    stateWords[language].answeredBy[filled.answeredBy],
  );

const texts = wording({
  sv: {
    form: 'Formulär',
    intro: 'Läs frågorna för patienten och skriv svaren. Det sparas att du fyllde i dem per telefon.',
    filledBy: (when: string, by: string) => `Ifyllt ${when}, av ${by}.`,
    replaces: 'Nya svar ersätter dem.',
    again: 'Fyll i formuläret på nytt',
    wrong: 'Några svar behöver rättas',
    stale: 'Formuläret fylldes i medan du skrev',
    staleMore: 'Dina svar är inte sparade. Spara igen om de ska ersätta dem.',
    save: 'Spara svaren',
    leave: 'Spara inget',
  },
  en: {
    form: 'Form',
    intro: 'Read the questions to the patient and write the answers. It is kept that you did by telephone.',
    filledBy: (when, by) => `Filled in ${when}, by ${by}.`,
    replaces: 'New answers replace them.',
    again: 'Fill in the form anew',
    wrong: 'Some answers have to be put right',
    stale: 'The form was filled in while you wrote',
    staleMore: 'Your answers are not saved. Save again if they are to replace them.',
    save: 'Save the answers',
    leave: 'Save nothing',
  },
});
