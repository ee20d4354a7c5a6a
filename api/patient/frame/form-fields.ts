import type { DraftAnswers } from '../../../records/form-drafts';
import { readAnswers, type FormAnswers, type FormQuestion } from '../../../rules/forms';
import { pastedNumber } from '../../../rules/typed';

/** What a posted form holds: one value, or several of the same name. */
export type PostedFields = Record<string, string | string[] | undefined>;

/**
 * The largest form that is read, in bytes as it is sent (ours): a hundred questions of 5,000 characters, each
 * letter as six, and again as much, since what is too long is told at its question.
 */
export const MOST_FORM_BYTES = 6 * 1024 * 1024;
/** The most fields: fifty choices of each of a hundred questions, and what a page adds. */
export const MOST_FORM_FIELDS = 5_100;

/** The name of a question's field. */
export const fieldOf = (questionId: string): string => `q.${questionId}`;

/** A whole form as it was posted: a question without a field was left empty. */
export const allFields = (questions: FormQuestion[], posted: PostedFields): DraftAnswers =>
  Object.fromEntries(
    questions.map((question) => [
      question.questionId,
      (question.type === 'date' ? dateParts(question, posted) : null) ??
        valuesOf(posted[fieldOf(question.questionId)]),
    ]),
  );

/** Only the questions that the post names: those that were changed. */
export const namedFields = (questions: FormQuestion[], posted: PostedFields): DraftAnswers =>
  allFields(
    questions.filter(({ questionId }) =>
      ['', ...datePartNames].some((part) => posted[fieldOf(questionId) + part] !== undefined),
    ),
    posted,
  );

/** What a date's three fields add to the question's own name, in the order in which they are kept. */
const datePartNames = ['.year', '.month', '.day'] as const;

/** A date in its three fields, as they were typed; none where all are empty, null where it has no such fields. */
function dateParts({ questionId }: FormQuestion, posted: PostedFields): string[] | null {
  const parts = datePartNames.map((part) => posted[fieldOf(questionId) + part]);
  if (parts.every((part) => part === undefined)) return null;
  const typed = parts.map((part) => ([part ?? ''].flat()[0] ?? '').trim());
  return typed.every((part) => part === '') ? [] : typed;
}

const valuesOf = (posted: string | string[] | undefined): string[] =>
  [posted ?? []].flat().filter((value) => value !== '');

/**
 * Answers as the rules want them, made of what was typed; what cannot be read stays as it is, for the rules
 * to refuse.
 */
export function answersOf(questions: FormQuestion[], typed: DraftAnswers): FormAnswers {
  const answers: FormAnswers = Object.fromEntries(
    questions.flatMap((question) => {
      const values = typedFor(typed, question.questionId);
      const first = values[0];
      if (first === undefined) return [];
      return [[question.questionId, answerTo(question, first, values)]];
    }),
  );
  return readAnswers(questions, answers);
}

/** What was typed for one question; own values only, since a question may be called `constructor`. */
export const typedFor = (typed: DraftAnswers, questionId: string): string[] =>
  Object.hasOwn(typed, questionId) ? (typed[questionId] ?? []) : [];

function answerTo(question: FormQuestion, first: string, values: string[]): FormAnswers[string] {
  switch (question.type) {
    case 'text':
      // A browser sends each line's end as two characters, which nobody has typed.
      return first.replaceAll('\r\n', '\n');
    case 'number':
    case 'scale':
      return numberOf(first);
    case 'choice':
      return question.many ? values : first;
    case 'date':
      return dateOf(values);
  }
}

/** A date as it is kept: `YYYY-MM-DD`; months and days of one figure get their nought. */
function dateOf(typed: string[]): string {
  const [year = '', ...others] = typed.map(pastedNumber);
  return [year, ...others.map((part) => part.padStart(2, '0'))].join('-');
}

/** A date's three fields as they were typed; whatever cannot be parted stands in the first. */
export function typedDate(values: string[]): { year: string; month: string; day: string } {
  const [year = '', month = '', day = ''] = values.length === 1 ? (values[0] ?? '').split('-') : values;
  return { year, month, day };
}

/** A number with a decimal comma or point, as one writes it in Sweden. */
function numberOf(typed: string): number | string {
  const plain = pastedNumber(typed).replaceAll(' ', '').replace(',', '.');
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(plain) ? Number(plain) : typed;
}

/** What was answered, as it is typed: to be changed again. */
export const typedOf = (answers: FormAnswers): DraftAnswers =>
  Object.fromEntries(
    Object.entries(answers).map(([questionId, answer]) => [questionId, [answer].flat().map(String)]),
  );
