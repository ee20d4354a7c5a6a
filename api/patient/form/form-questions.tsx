import type { ComponentChildren } from 'preact';
import type { DraftAnswers } from '../../../records/form-drafts';
import type { FormQuestion } from '../../../rules/forms';
import type { Language } from '../../../rules/notices';
import { fieldOf, typedFor } from '../frame/form-fields';
import { formTexts, rangeText } from './form-texts';

/** A scale with more steps than this is chosen from a list: so many buttons fit on no phone. */
const STEPS_AS_BUTTONS = 11;

/** The element that one gets to from the list of what is wrong: the question's first field. */
export const questionElement = (questionId: string): string => `q-${questionId}`;

/**
 * A question with its hint and what is wrong with its answer, both tied to the field for those who hear the
 * page.
 */
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
  const values = typedFor(typed, question.questionId);
  const id = questionElement(question.questionId);
  const hint = hintOf(language, question);
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const describedBy = described ? { 'aria-describedby': described } : {};
  const beside = (
    <>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {problem && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </>
  );
  const field = { id, name: fieldOf(question.questionId), ...describedBy };
  const invalid = problem ? ({ 'aria-invalid': 'true' } as const) : {};
  const label = (
    <>
      {question.label}
      {!question.required && <span class="optional"> ({formTexts[language].optional})</span>}
    </>
  );

  switch (question.type) {
    case 'text':
      return (
        <Labelled id={id} label={label} beside={beside}>
          {question.maxLength > 100 ? (
            <textarea {...field} {...invalid} rows={4}>
              {values[0] ?? ''}
            </textarea>
          ) : (
            <input {...field} {...invalid} type="text" value={values[0] ?? ''} />
          )}
        </Labelled>
      );
    case 'number':
      return (
        <Labelled id={id} label={label} beside={beside}>
          <input {...field} {...invalid} type="text" inputMode="decimal" value={values[0] ?? ''} />
        </Labelled>
      );
    case 'date':
      return (
        <Labelled id={id} label={label} beside={beside}>
          <input {...field} {...invalid} type="date" value={values[0] ?? ''} />
        </Labelled>
      );
    case 'choice':
      return (
        <Choices
          label={label}
          beside={beside}
          field={field}
          type={question.many ? 'checkbox' : 'radio'}
          choices={question.choices}
          chosen={values}
          none={question.many || question.required ? null : formTexts[language].none}
        />
      );
    case 'scale': {
      const steps = stepsOf(question);
      if (steps.length <= STEPS_AS_BUTTONS) {
        return (
          <Choices
            label={label}
            beside={beside}
            field={field}
            type="radio"
            choices={steps}
            chosen={values}
            none={question.required ? null : formTexts[language].none}
            inRow
          />
        );
      }
      return (
        <Labelled id={id} label={label} beside={beside}>
          <select {...field} {...invalid}>
            <option value="" />
            {steps.map((step) => (
              <option key={step} value={step} selected={values.includes(step)}>
                {step}
              </option>
            ))}
          </select>
        </Labelled>
      );
    }
  }
}

const stepsOf = ({ from, to }: { from: number; to: number }): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

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
    case 'scale':
      return null;
  }
}

function Labelled({
  id,
  label,
  beside,
  children,
}: {
  id: string;
  label: ComponentChildren;
  beside: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="question">
      <label for={id}>{label}</label>
      {beside}
      {children}
    </div>
  );
}

/**
 * Buttons to choose one or several of; the first carries the question's id, so that one gets there from the
 * list of what is wrong.
 */
function Choices({
  label,
  beside,
  field: { id, name, ...described },
  type,
  choices,
  chosen,
  none,
  inRow = false,
}: {
  label: ComponentChildren;
  beside: ComponentChildren;
  field: { id: string; name: string; 'aria-describedby'?: string };
  type: 'radio' | 'checkbox';
  choices: string[];
  chosen: string[];
  /**
   * What says that one does not answer, where one may leave it: a radio button that was pressed cannot be
   * released.
   */
  none: string | null;
  inRow?: boolean;
}) {
  const all = [
    ...choices.map((choice) => ({ value: choice, text: choice })),
    ...(none === null ? [] : [{ value: '', text: none }]),
  ];
  return (
    <fieldset class={inRow ? 'question in-row' : 'question'} {...described}>
      <legend>{label}</legend>
      {beside}
      <div class="choices">
        {all.map(({ value, text }, index) => (
          <label key={value}>
            <input
              type={type}
              id={index === 0 ? id : `${id}-${index}`}
              name={name}
              value={value}
              checked={value === '' ? false : chosen.includes(value)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
