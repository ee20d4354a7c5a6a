import type { ComponentChildren } from 'preact';
import type { Language } from '../../rules/notices';
import { Icon, type IconName } from './icons';
import { wording } from './wording';

/**
 * Fields of forms. Each has its label, its hint and what is wrong with it tied to it, for those who hear the
 * page.
 */
interface FieldBase {
  /** Of the element; the summary of errors leads to it. */
  id: string;
  name: string;
  label: string;
  hint?: string;
  /** What is wrong with what was filled in. */
  problem?: string | null;
  isOptional?: boolean;
  language: Language;
}

/** What ties a field to its hint and its problem. */
const tied = ({ id, hint, problem }: FieldBase): { 'aria-describedby'?: string; 'aria-invalid'?: 'true' } => {
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return {
    ...(described ? { 'aria-describedby': described } : {}),
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
  };
};

/** A group has no state of being wrong: it is only described. */
const described = (field: FieldBase): { 'aria-describedby'?: string } => {
  const { 'aria-describedby': by } = tied(field);
  return by === undefined ? {} : { 'aria-describedby': by };
};

function Beside({ id, hint, problem }: FieldBase) {
  return (
    <>
      {hint && (
        <span id={`${id}-hint`} class="hint">
          {hint}
        </span>
      )}
      {problem && (
        <span id={`${id}-problem`} class="problem">
          {problem}
        </span>
      )}
    </>
  );
}

const LabelText = ({ label, isOptional, language }: FieldBase) => (
  <>
    {label}
    {isOptional && <span class="optional"> ({texts[language].optional})</span>}
  </>
);

const Single = ({ field, children }: { field: FieldBase; children: ComponentChildren }) => (
  <div class="question">
    <label for={field.id}>
      <LabelText {...field} />
    </label>
    <Beside {...field} />
    {children}
  </div>
);

const Group = ({
  field,
  inRow = false,
  children,
}: {
  field: FieldBase;
  inRow?: boolean;
  children: ComponentChildren;
}) => (
  <fieldset class={inRow ? 'question in-row' : 'question'} {...described(field)}>
    <legend>
      <LabelText {...field} />
    </legend>
    <Beside {...field} />
    {children}
  </fieldset>
);

/** A line of text. */
export const TextField = ({
  value = '',
  inputMode,
  autocomplete,
  isShort = false,
  ...field
}: FieldBase & {
  value?: string;
  inputMode?: 'numeric' | 'decimal' | 'tel' | 'email';
  autocomplete?: string;
  /** For a code or a number. */
  isShort?: boolean;
}) => (
  <Single field={field}>
    <input
      type="text"
      id={field.id}
      name={field.name}
      value={value}
      {...(inputMode ? { inputMode } : {})}
      {...(autocomplete ? { autocomplete } : {})}
      {...(isShort ? { class: 'short' } : {})}
      {...tied(field)}
    />
  </Single>
);

/** Text of several lines. */
export const TextArea = ({
  value = '',
  rows = 4,
  ...field
}: FieldBase & { value?: string; rows?: number }) => (
  <Single field={field}>
    <textarea id={field.id} name={field.name} rows={rows} {...tied(field)}>
      {value}
    </textarea>
  </Single>
);

/** One of a list. */
export const SelectField = ({
  options,
  value = '',
  ...field
}: FieldBase & { options: { value: string; text: string }[]; value?: string }) => (
  <Single field={field}>
    <select id={field.id} name={field.name} {...tied(field)}>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.text}
        </option>
      ))}
    </select>
  </Single>
);

/**
 * The button that chooses a file, in our own words: the browser's field speaks the browser's language. The
 * field itself lies unseen over its label, so that it is pressed, has the focus and takes what is dropped.
 */
export const FileChoice = ({
  label,
  icon,
  ...input
}: {
  id: string;
  name: string;
  label: string;
  icon?: IconName;
  accept?: string;
  /** Straight from the camera. */
  capture?: 'environment';
  multiple?: boolean;
  'aria-describedby'?: string;
  'aria-invalid'?: 'true';
}) => (
  <div class="file-choice">
    <input type="file" {...input} />
    <label for={input.id} class="button secondary">
      {icon && <Icon name={icon} />}
      {label}
    </label>
  </div>
);

/** A file of one's own, where the page's script does not take it as soon as it is chosen. */
export const FileField = ({ accept, ...field }: FieldBase & { accept?: string }) => (
  <div class="question">
    <Beside {...field} />
    <FileChoice
      id={field.id}
      name={field.name}
      label={field.label}
      icon="attach"
      {...(accept ? { accept } : {})}
      {...tied(field)}
    />
  </div>
);

/** A way to answer, as a card: what it is, and what follows from it. */
export interface Choice {
  value: string;
  text: string;
  hint?: string;
}

/**
 * One of several (radio buttons), or any of them (checkboxes), each as a card that is pressed as a whole.
 *
 * @param inRow beside each other: for short words, such as yes and no
 */
export const Choices = ({
  choices,
  chosen = [],
  many = false,
  inRow = false,
  ...field
}: FieldBase & { choices: Choice[]; chosen?: string[]; many?: boolean; inRow?: boolean }) => (
  <Group field={field} inRow={inRow}>
    <div class="choices">
      {choices.map(({ value, text, hint }, index) => (
        <label key={value}>
          <input
            type={many ? 'checkbox' : 'radio'}
            id={index === 0 ? field.id : `${field.id}-${index}`}
            name={field.name}
            value={value}
            checked={chosen.includes(value)}
          />
          {hint === undefined ? (
            <span>{text}</span>
          ) : (
            <span>
              <strong>{text}</strong>
              <span class="hint">{hint}</span>
            </span>
          )}
        </label>
      ))}
    </div>
  </Group>
);

/** A single checkbox. */
export const CheckField = ({
  isChecked = false,
  value = 'yes',
  ...field
}: FieldBase & { isChecked?: boolean; value?: string }) => (
  <div class="question">
    <div class="choices">
      <label>
        <input
          type="checkbox"
          id={field.id}
          name={field.name}
          value={value}
          checked={isChecked}
          {...tied(field)}
        />
        <span>
          <LabelText {...field} />
        </span>
      </label>
    </div>
    <Beside {...field} />
  </div>
);

/** A scale in segments, with words for its ends. */
export const ScaleField = ({
  from,
  to,
  lowest,
  highest,
  chosen = null,
  none,
  ...field
}: FieldBase & {
  from: number;
  to: number;
  lowest?: string;
  highest?: string;
  chosen?: number | null;
  /** The words for no answer, where one may leave it: a radio button that was pressed cannot be released. */
  none?: string;
}) => (
  <Group field={field} inRow>
    <div class="choices">
      {Array.from({ length: to - from + 1 }, (_, index) => from + index).map((step) => (
        <label key={step}>
          <input
            type="radio"
            id={step === from ? field.id : `${field.id}-${step - from}`}
            name={field.name}
            value={String(step)}
            checked={chosen === step}
          />
          {step}
        </label>
      ))}
    </div>
    {(lowest !== undefined || highest !== undefined) && (
      <div class="ends">
        <span>{lowest !== undefined && `${from} = ${lowest}`}</span>
        <span>{highest !== undefined && `${to} = ${highest}`}</span>
      </div>
    )}
    {none !== undefined && (
      <div class="choices none">
        <label>
          <input type="radio" id={`${field.id}-none`} name={field.name} value="" />
          {none}
        </label>
      </div>
    )}
  </Group>
);

/** What was filled in of a date, as it was typed. */
export interface TypedDate {
  day: string;
  month: string;
  year: string;
}

/**
 * A date in three fields, which nobody has to scroll for: they post as `name.day`, `name.month` and
 * `name.year`. Swedes write the year first, as on 1177.
 */
export function DateField({
  value = { day: '', month: '', year: '' },
  ...field
}: FieldBase & { value?: TypedDate }) {
  const words = texts[field.language];
  const parts =
    field.language === 'sv' ? (['year', 'month', 'day'] as const) : (['day', 'month', 'year'] as const);
  const invalid = field.problem ? ({ 'aria-invalid': 'true' } as const) : {};
  return (
    <Group field={field}>
      <div class="date-parts">
        {parts.map((part, index) => (
          <div key={part}>
            <label for={index === 0 ? field.id : `${field.id}-${part}`}>{words[part]}</label>
            <input
              type="text"
              inputMode="numeric"
              maxLength={part === 'year' ? 4 : 2}
              id={index === 0 ? field.id : `${field.id}-${part}`}
              name={`${field.name}.${part}`}
              value={value[part]}
              {...invalid}
            />
          </div>
        ))}
      </div>
    </Group>
  );
}

const texts = wording({
  sv: { optional: 'frivilligt', day: 'Dag', month: 'Månad', year: 'År' },
  en: { optional: 'optional', day: 'Day', month: 'Month', year: 'Year' },
});
