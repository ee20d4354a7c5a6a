import { isCalendarDate } from './calendar-date';
import { isBlank, pasted, withoutControls } from './typed';

/**
 * A question of a clinic's form. Scales go from `from` to `to` in whole steps, and may have words for their
 * ends; dates are `YYYY-MM-DD`.
 */
export type FormQuestion = {
  questionId: string;
  label: string;
  required: boolean;
} & (
  | { type: 'text'; maxLength: number }
  | { type: 'number'; min: number | null; max: number | null }
  | { type: 'choice'; choices: string[]; many: boolean }
  | { type: 'scale'; from: number; to: number; lowest?: string | undefined; highest?: string | undefined }
  | { type: 'date' }
);

/** Answers by question id. */
export type FormAnswers = Record<string, string | number | string[]>;

/** What is wrong with an answer, for the question it belongs to. */
export interface AnswerProblem {
  questionId: string;
  reason: 'unknown-question' | 'answer-missing' | 'wrong-type' | 'too-long' | 'out-of-range' | 'not-a-choice';
}

/**
 * Answers as they are checked and kept. A text stays as it was written but for control characters. A date
 * becomes plain characters. An answer without a visible character becomes none. Call this before
 * `answerProblems`. A second call changes nothing.
 */
export function readAnswers(questions: FormQuestion[], answers: FormAnswers): FormAnswers {
  const types = new Map(questions.map(({ questionId, type }) => [questionId, type]));
  return Object.fromEntries(
    Object.entries(answers).flatMap(([questionId, answer]): [string, FormAnswers[string]][] => {
      if (typeof answer !== 'string') return [[questionId, answer]];
      const type = types.get(questionId);
      // Blank is no answer, to whatever question; what answers none is refused below.
      if (type !== undefined && isBlank(answer)) return [];
      if (type === 'text') return [[questionId, withoutControls(answer)]];
      return [[questionId, type === 'date' ? pasted(answer) : answer]];
    }),
  );
}

/** Checks answers against the questions; an empty list means that the form is filled in (R3.1). */
export function answerProblems(questions: FormQuestion[], answers: FormAnswers): AnswerProblem[] {
  const known = new Set(questions.map((question) => question.questionId));
  const unknown = Object.keys(answers)
    .filter((questionId) => !known.has(questionId))
    .map((questionId): AnswerProblem => ({ questionId, reason: 'unknown-question' }));
  const wrong = questions.flatMap((question) => {
    const reason = problemOf(question, answerTo(question, answers));
    return reason ? [{ questionId: question.questionId, reason }] : [];
  });
  return [...unknown, ...wrong];
}

/** Own answers only: a question may be called `constructor`. */
const answerTo = ({ questionId }: FormQuestion, answers: FormAnswers): FormAnswers[string] | undefined =>
  Object.hasOwn(answers, questionId) ? answers[questionId] : undefined;

function problemOf(
  question: FormQuestion,
  answer: FormAnswers[string] | undefined,
): AnswerProblem['reason'] | null {
  if (isEmpty(answer)) return question.required ? 'answer-missing' : null;
  switch (question.type) {
    case 'text':
      if (typeof answer !== 'string') return 'wrong-type';
      return answer.length > question.maxLength ? 'too-long' : null;
    case 'number':
      if (typeof answer !== 'number') return 'wrong-type';
      return (question.min !== null && answer < question.min) ||
        (question.max !== null && answer > question.max)
        ? 'out-of-range'
        : null;
    case 'choice': {
      const chosen = question.many ? answer : [answer];
      if (!Array.isArray(chosen)) return 'wrong-type';
      return chosen.every((choice) => typeof choice === 'string' && question.choices.includes(choice))
        ? null
        : 'not-a-choice';
    }
    case 'scale':
      if (typeof answer !== 'number') return 'wrong-type';
      return Number.isInteger(answer) && answer >= question.from && answer <= question.to
        ? null
        : 'out-of-range';
    case 'date':
      if (typeof answer !== 'string') return 'wrong-type';
      return isCalendarDate(answer) ? null : 'out-of-range';
  }
}

const isEmpty = (answer: FormAnswers[string] | undefined): answer is undefined =>
  answer === undefined ||
  (typeof answer === 'string' && isBlank(answer)) ||
  (Array.isArray(answer) && answer.length === 0);
