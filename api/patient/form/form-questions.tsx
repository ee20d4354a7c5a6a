import type { DraftAnswers } from '../../../records/form-drafts';
import type { FormQuestion } from '../../../rules/forms';
import type { Language } from '../../../rules/notices';
import { Choices, DateField, ScaleField, SelectField, TextArea, TextField } from '../../frame/fields';
import { fieldOf, typedDate, typedFor } from '../frame/form-fields';
import { formTexts, rangeText } from './form-texts';

/** A scale with more steps than this is chosen from a list: so many buttons fit on no phone. */
const STEPS_AS_BUTTONS = 11;

/** Longer answers get several lines. */
const SHORT_TEXT = 100;

/** The element that one gets to from the list of what is wrong: the question's first field. */
export const questionElement = (questionId: string): string => `q-${questionId}`;

/** A question as a field of its kind, with what was typed and what is wrong with it. */
export function Question({
  language,
  question,
  typed,
  problem,
}: {
  language: Language;
  question: FormQuestion;
  typed: DraftAnswers;
  problem: string | null;
}) {
  const words = formTexts[language];
  const values = typedFor(typed, question.questionId);
  const [value = ''] = values;
  const hint = hintOf(language, question);
  const field = {
    id: questionElement(question.questionId),
    name: fieldOf(question.questionId),
    label: question.label,
    language,
    problem,
    isOptional: !question.required,
    ...(hint === null ? {} : { hint }),
  };
  // A radio button that was pressed cannot be released: where one may leave it, one can say so.
  const none = question.required ? null : words.none;

  switch (question.type) {
    case 'text':
      return question.maxLength > SHORT_TEXT ? (
        <TextArea {...field} value={value} />
      ) : (
        <TextField {...field} value={value} />
      );
    case 'number':
      return <TextField {...field} value={value} inputMode="decimal" isShort />;
    case 'date':
      return <DateField {...field} value={typedDate(values)} />;
    case 'choice': {
      const choices = question.choices.map((choice) => ({ value: choice, text: choice }));
      const noChoice = none === null || question.many ? [] : [{ value: '', text: none }];
      return <Choices {...field} choices={[...choices, ...noChoice]} chosen={values} many={question.many} />;
    }
    case 'scale': {
      const { from, to, lowest, highest } = question;
      if (to - from + 1 > STEPS_AS_BUTTONS) {
        const steps = Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
        const options = [{ value: '', text: '' }, ...steps.map((step) => ({ value: step, text: step }))];
        return <SelectField {...field} options={options} value={value} />;
      }
      return (
        <ScaleField
          {...field}
          from={from}
          to={to}
          {...(lowest === undefined ? {} : { lowest })}
          {...(highest === undefined ? {} : { highest })}
          {...(none === null ? {} : { none })}
          chosen={value === '' ? null : Number(value)}
        />
      );
    }
  }
}

function hintOf(language: Language, question: FormQuestion): string | null {
  const words = formTexts[language];
  switch (question.type) {
    case 'text':
      return words.atMost(question.maxLength);
    case 'number': {
      const range = rangeText(language, question);
      return range ? `${words.number}, ${range}.` : `${words.number}.`;
    }
    case 'date':
      return words.date;
    case 'choice':
      return question.many ? words.many : null;
    case 'scale': {
      const { from, to, lowest, highest } = question;
      // A list has no ends to write beside.
      if (to - from + 1 <= STEPS_AS_BUTTONS) return null;
      const ends = [
        lowest === undefined ? null : `${from} = ${lowest}`,
        highest === undefined ? null : `${to} = ${highest}`,
      ].filter((end) => end !== null);
      return ends.length > 0 ? `${ends.join(', ')}.` : null;
    }
  }
}
