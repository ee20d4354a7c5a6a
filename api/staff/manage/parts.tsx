import type { Language } from '../../../rules/notices';
import { Banner, ButtonLink, ButtonRow, Tabs } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { DESK_PATH } from '../frame/paths';

/** Where the operations manager's pages are. */
export const MANAGE_PATH = `${DESK_PATH}/manage`;
/** The address of one of them. */
export const managePath = (page: string): string => `${MANAGE_PATH}/${page}`;

type Part = 'overview' | 'staff' | 'fees' | 'log' | 'settings';

/** The ways between the operations manager's pages. */
export function ManageTabs({ current, language }: { current: Part; language: Language }) {
  const words = texts[language];
  const parts: { part: Part; href: string }[] = [
    { part: 'overview', href: MANAGE_PATH },
    { part: 'staff', href: managePath('staff') },
    { part: 'fees', href: managePath('fees') },
    { part: 'log', href: managePath('log') },
    { part: 'settings', href: managePath('settings') },
  ];
  return (
    <Tabs
      label={words.parts}
      tabs={parts.map(({ part, href }) => ({ href, label: words[part], isCurrent: part === current }))}
    />
  );
}

/**
 * What has come of the last step: `said` by the page's own words, a refusal by words that hold everywhere. A
 * key that nobody knows says nothing.
 */
export function CameOf({
  query,
  said,
  language,
}: {
  query: Record<string, string>;
  said: Record<string, string>;
  language: Language;
}) {
  const done = query.said !== undefined && Object.hasOwn(said, query.said) ? said[query.said] : undefined;
  if (done !== undefined)
    return (
      <Banner kind="success" takesFocus>
        {done}
      </Banner>
    );
  return query.refused === undefined ? null : (
    <Banner kind="error" takesFocus>
      {refusalWords(query.refused, language)}
    </Banner>
  );
}

/** Why a command was not carried out, for a person. */
export function refusalWords(reason: string, language: Language): string {
  const { refused } = texts[language];
  return Object.hasOwn(refused, reason) ? refused[reason as keyof typeof refused] : refused.other;
}

/** So many rows of a list are on a page: it stays light. */
const ROWS = 100;

/** A part of a long list, by its number in the address. */
export interface PartOfList<T> {
  shown: T[];
  /** From 1. */
  number: number;
  isLast: boolean;
}

/** @param asked the part's number, as it stands in the address */
export function partOf<T>(all: T[], asked: string | undefined): PartOfList<T> {
  const number = asked !== undefined && /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 1;
  return {
    shown: all.slice((number - 1) * ROWS, number * ROWS),
    number,
    isLast: number * ROWS >= all.length,
  };
}

/** To the parts before and after; nothing for a list that has one. @param to with all else that it asks for */
export function PartLinks({
  part: { number, isLast },
  to,
  language,
}: {
  part: PartOfList<unknown>;
  to: string;
  language: Language;
}) {
  const words = texts[language];
  const link = (part: number, label: string) => (
    <ButtonLink href={`${to}${to.includes('?') ? '&' : '?'}part=${part}`} kind="secondary">
      {label}
    </ButtonLink>
  );
  return number === 1 && isLast ? null : (
    <ButtonRow>
      {number > 1 && link(number - 1, words.before)}
      {!isLast && link(number + 1, words.after)}
    </ButtonRow>
  );
}

const texts = wording({
  sv: {
    parts: 'Verksamhetens sidor',
    before: 'Föregående sida',
    after: 'Nästa sida',
    overview: 'Översikt',
    staff: 'Personal',
    fees: 'Avgifter',
    log: 'Logg',
    settings: 'Inställningar',
    refused: {
      overtaken: 'Någon annan har ändrat samtidigt. Inget av ditt har sparats. Läs det som gäller nu.',
      'posted-before': 'Formuläret har redan skickats med annat innehåll. Öppna sidan igen och gör om det.',
      'command-under-way': 'Det genomförs just nu. Öppna sidan igen om en liten stund.',
      'not-carried-out-yet': 'Det är sparat och genomförs så snart tjänsten svarar. Gör det inte igen.',
      other: 'Det gick inte. Inget har ändrats. Öppna sidan igen och gör om det.',
    },
  },
  en: {
    parts: 'The clinic’s pages',
    before: 'Previous page',
    after: 'Next page',
    overview: 'Overview',
    staff: 'Staff',
    fees: 'Fees',
    log: 'Log',
    settings: 'Settings',
    refused: {
      overtaken:
        'Somebody else made a change at the same time. Nothing of yours is saved. Read what holds now.',
      'posted-before': 'The form was sent before with other content. Open the page again and do it anew.',
      'command-under-way': 'It is being carried out just now. Open the page again in a little while.',
      'not-carried-out-yet':
        'It is saved, and is carried out as soon as the service answers. Do not repeat it.',
      other: 'It did not work. Nothing has changed. Open the page again and do it anew.',
    },
  },
});
