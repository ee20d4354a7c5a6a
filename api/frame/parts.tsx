import type { ComponentChildren } from 'preact';
import type { Language } from '../../rules/notices';
import { Icon, type IconName } from './icons';
import { wording } from './wording';

/**
 * The parts that pages are laid out with; docs/pages.md tells how, and the local stand shows each (`/parts`).
 * A part knows nothing of meetings or people: it is given words.
 */

/** A page's heading, with a small line above it that tells what kind of thing it is about. */
export const Heading = ({ above, children }: { above?: string; children: ComponentChildren }) => (
  <h1>
    {above !== undefined && <span class="above">{above}</span>}
    {children}
  </h1>
);

/** What belongs together. `isMain` for the one of a page that is looked at first. */
export const Card = ({
  isMain = false,
  id,
  children,
}: {
  isMain?: boolean;
  id?: string;
  children: ComponentChildren;
}) => (
  <div class={isMain ? 'card main' : 'card'} {...(id === undefined ? {} : { id })}>
    {children}
  </div>
);

/**
 * A card that leads somewhere as a whole: its title is the link's name.
 *
 * @param heading one level below the heading that the card stands under
 */
export const CardLink = ({
  href,
  title,
  heading: Heading = 'h3',
  children,
}: {
  href: string;
  title: string;
  heading?: 'h2' | 'h3';
  children?: ComponentChildren;
}) => (
  <a class="card card-link" href={href}>
    <Heading>{title}</Heading>
    {children}
  </a>
);

/** A fact of a {@link Facts}: what it is, and how it is. */
export interface Fact {
  term: string;
  value: ComponentChildren;
  icon?: IconName;
}

/** Facts as a list: when, how long, with whom. */
export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl class="facts">
    {facts.map(({ term, value, icon }) => (
      <div key={term}>
        <dt>
          {icon && <Icon name={icon} />}
          {term}
        </dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

/** How a tag, and what it stands for, is to be taken. */
export type Tone = 'success' | 'action' | 'warning' | 'danger' | 'quiet';

/** A short state in words; the colour only says it again. */
export const Tag = ({
  tone = 'quiet',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) => (
  <span class={`tag ${tone}`}>
    {icon && <Icon name={icon} />}
    {children}
  </span>
);

/** Where a task stands. What cannot begin yet leads nowhere. */
export type TaskState = 'done' | 'to-do' | 'not-yet';

/** One thing to do, by its name as a link. */
export interface TaskItem {
  title: string;
  state: TaskState;
  /** Where it is done; also of a task that is done, where one may look at it or change it. */
  href?: string;
  hint?: string;
}

/** What is to be done, in its order; what is done stays. The whole row is pressed. */
export function TaskList({ language, tasks }: { language: Language; tasks: TaskItem[] }) {
  const words = texts[language].tasks;
  return (
    <ul class="tasks">
      {tasks.map(({ title, state, href, hint }, index) => (
        <li key={title}>
          <div>
            {href === undefined || state === 'not-yet' ? (
              title
            ) : (
              <a href={href} aria-describedby={`task-state-${index}`}>
                {title}
              </a>
            )}
            {hint !== undefined && <span class="hint">{hint}</span>}
          </div>
          <span id={`task-state-${index}`}>
            {state === 'done' && (
              <Tag tone="success" icon="check">
                {words.done}
              </Tag>
            )}
            {state === 'to-do' && <Tag tone="action">{words.toDo}</Tag>}
            {state === 'not-yet' && <Tag>{words.notYet}</Tag>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** `1 av 3 klara`. */
export const doneOf = (language: Language, tasks: TaskItem[]): string =>
  texts[language].doneOf(tasks.filter(({ state }) => state === 'done').length, tasks.length);

/** How a button looks: one primary on a page, and that is the next step. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet';
const classOf = (kind: ButtonKind): { class?: string } => (kind === 'primary' ? {} : { class: kind });

/**
 * A button of a form; its name and value go with the form. `formAction`: where it posts the form, where that
 * is another address than the form's own.
 */
export const Button = ({
  kind = 'primary',
  icon,
  children,
  ...rest
}: {
  kind?: ButtonKind;
  icon?: IconName;
  name?: string;
  value?: string;
  id?: string;
  formAction?: string;
  type?: 'submit' | 'button';
  disabled?: boolean;
  children: ComponentChildren;
}) => (
  <button type="submit" {...classOf(kind)} {...rest}>
    {icon && <Icon name={icon} />}
    {children}
  </button>
);

/** A link that looks like a button: it leads to a page, and does nothing by itself. */
export const ButtonLink = ({
  href,
  kind = 'primary',
  icon,
  children,
}: {
  href: string;
  kind?: ButtonKind;
  icon?: IconName;
  children: ComponentChildren;
}) => (
  <a href={href} class={kind === 'primary' ? 'button' : `button ${kind}`}>
    {icon && <Icon name={icon} />}
    {children}
  </a>
);

/** Buttons beside each other, or one under the other where it is narrow. */
export const ButtonRow = ({ children }: { children: ComponentChildren }) => (
  <div class="button-row">{children}</div>
);

const bannerIcons = { info: 'info', success: 'check', warning: 'warning', error: 'error' } as const;

/**
 * What is said above a page's content. What has come of something that one did gets the focus (`takesFocus`),
 * so that it is read out and seen first.
 */
export const Banner = ({
  kind = 'info',
  title,
  takesFocus = false,
  id,
  children,
}: {
  kind?: keyof typeof bannerIcons;
  title?: string;
  takesFocus?: boolean;
  id?: string;
  children?: ComponentChildren;
}) => (
  <div
    class={`banner ${kind}`}
    role={kind === 'error' ? 'alert' : 'status'}
    {...(id === undefined ? {} : { id })}
    {...(takesFocus ? { tabIndex: -1, autofocus: true } : {})}
  >
    <Icon name={bannerIcons[kind]} />
    <div>
      {title !== undefined && <h2>{title}</h2>}
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  </div>
);

/** What is wrong in a form, each with the way to its field. It has the focus when the page opens. */
export const ErrorSummary = ({
  title,
  problems,
}: {
  title: string;
  /** The id of the field, and what is wrong with it in the same words as at the field. */
  problems: { field: string; text: string }[];
}) => (
  <section class="problems" role="alert" aria-labelledby="problems-title" tabIndex={-1} autofocus>
    <h2 id="problems-title">{title}</h2>
    <ul>
      {problems.map(({ field, text }) => (
        <li key={field}>
          <a href={`#${field}`}>{text}</a>
        </li>
      ))}
    </ul>
  </section>
);

/** A step of {@link Steps}. */
export interface Step {
  label: string;
  state: 'done' | 'now' | 'ahead';
}

/** How far something has come, as a line of a few steps. */
export function Steps({ language, label, steps }: { language: Language; label: string; steps: Step[] }) {
  const words = texts[language];
  return (
    <ol class="steps" aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.label}
          class={step.state}
          {...(step.state === 'now' ? { 'aria-current': 'step' as const } : {})}
        >
          <span class="dot" aria-hidden="true">
            {step.state === 'done' && <Icon name="check" />}
          </span>
          {step.label}
          {step.state === 'done' && <span class="visually-hidden"> ({words.tasks.done})</span>}
        </li>
      ))}
    </ol>
  );
}

/** A moment of {@link TimeLine}. */
export interface Moment {
  /** In words: `till måndag 23 november kl. 10.00`. */
  at: string;
  text: ComponentChildren;
  state?: 'past' | 'now' | 'ahead';
}

/** What was, is and comes, by its time. */
export const TimeLine = ({ moments }: { moments: Moment[] }) => (
  <ol class="timeline line">
    {moments.map(({ at, text, state = 'ahead' }) => (
      <li key={at} class={state} {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}>
        <span class="at">{at}</span>
        {text}
      </li>
    ))}
  </ol>
);

/** A message of a thread: who wrote it and when, and what. */
export interface BubbleContent {
  id: string;
  isOwn: boolean;
  /** `Anna Ek, sjuksköterska, kl. 10.42`. */
  from: string;
  text: ComponentChildren;
}

/** Messages, one's own on the right; read out in their order. */
export const Bubbles = ({ label, messages }: { label: string; messages: BubbleContent[] }) => (
  <ol class="messages" aria-label={label}>
    {messages.map(({ id, isOwn, from, text }) => (
      <li key={id} id={id} class={isOwn ? 'own' : 'others'}>
        <p class="who-wrote">{from}</p>
        <div class="text">{text}</div>
      </li>
    ))}
  </ol>
);

/**
 * 112, slim, wherever one writes to the clinic (R6.6).
 * @param isReadLater nobody reads at once what is written there
 */
export const Emergency = ({
  language,
  isReadLater = true,
}: {
  language: Language;
  isReadLater?: boolean;
}) => (
  <div class="emergency slim">
    <Icon name="warning" />
    <p>
      <strong>
        {texts[language].emergency} <a href="tel:112">112</a>.
      </strong>
      {isReadLater && ` ${texts[language].readLater}`}
    </p>
  </div>
);

/** It is done: what was done, and below it what comes next. Stands in place of the page's heading. */
export const Receipt = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="card receipt" role="status" tabIndex={-1} autofocus>
    <span class="mark" aria-hidden="true">
      <Icon name="check" />
    </span>
    <h1>{title}</h1>
    {children}
  </div>
);

/**
 * A table that scrolls by itself where it is too wide.
 *
 * @param hidesCaption a heading above it says the same: it is only heard
 */
export const Table = ({
  caption,
  hidesCaption = false,
  head,
  rows,
}: {
  caption: string;
  hidesCaption?: boolean;
  head: string[];
  /** Their cells; the first of each names the row. */
  rows: { key: string; cells: ComponentChildren[] }[];
}) => (
  <div class="table-scroll" role="region" aria-label={caption} tabIndex={0}>
    <table>
      <caption {...(hidesCaption ? { class: 'visually-hidden' } : {})}>{caption}</caption>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [first, ...others] }) => (
          <tr key={key}>
            <th scope="row">{first}</th>
            {others.map((cell, index) => (
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Pages beside each other, by links: they work without a script. */
export const Tabs = ({
  label,
  tabs,
}: {
  label: string;
  tabs: { href: string; label: string; isCurrent: boolean; count?: number }[];
}) => (
  <nav class="tabs" aria-label={label}>
    <ul>
      {tabs.map(({ href, label: name, isCurrent, count }) => (
        <li key={href}>
          <a href={href} {...(isCurrent ? { 'aria-current': 'page' as const } : {})}>
            {name}
            {count !== undefined && <span class="count">{count}</span>}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);

/**
 * Chooses what a list shows: an ordinary form that asks for the same page, so that no script is needed.
 *
 * @param kept what else the page was asked for
 */
export const FilterForm = ({
  path,
  kept,
  button,
  children,
}: {
  path: string;
  kept: Record<string, string | null>;
  button: string;
  children: ComponentChildren;
}) => (
  <form method="get" action={path} class="filter">
    {Object.entries(kept).map(
      ([name, value]) => value !== null && <input key={name} type="hidden" name={name} value={value} />,
    )}
    {children}
    <Button kind="secondary">{button}</Button>
  </form>
);

/** What few need to read. */
export const More = ({ summary, children }: { summary: string; children: ComponentChildren }) => (
  <details>
    <summary>{summary}</summary>
    {children}
  </details>
);

const texts = wording({
  sv: {
    tasks: { done: 'Klart', toDo: 'Att göra', notYet: 'Kan inte börja än' } satisfies Record<string, string>,
    doneOf: (done: number, all: number) => `${done} av ${all} klara`,
    emergency: 'Är det akut? Ring',
    readLater: 'Meddelanden läses inte direkt.',
  },
  en: {
    tasks: { done: 'Done', toDo: 'To do', notYet: 'Cannot begin yet' },
    doneOf: (done, all) => `${done} of ${all} done`,
    emergency: 'Is it an emergency? Call',
    readLater: 'Messages are not read at once.',
  },
});
