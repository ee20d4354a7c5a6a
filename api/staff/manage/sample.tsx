import { isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import type { PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading, Table, Tag } from '../../frame/parts';
import { capital, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { readNames, rowInWords } from './log-view';
import { managePath, ManageTabs } from './parts';

/** The address of the sample checks. */
export const samplePath = managePath('log/sample');

/** A handful: as many as one follows up. */
const SAMPLE_ROWS = 10;
const OPERATION = 'audit.sample';

/** Sample checks of what staff have read (R8.5; HSLF-FS 2016:40). */
export const sampleRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  {
    method: 'get',
    path: samplePath,
    operation: OPERATION,
    summary: 'Some readings and changes of a day, chosen at random',
    roles: managers,
    subject: 'clinic',
    handle: async (request) => ({ page: await samplePage(deps, request) }),
  },
];

/** A list names everybody on it, and a sample those in it: among these the others would not be seen. */
const isMeant = (operation: string): boolean => !/\.list(-|$)/.test(operation) && operation !== OPERATION;

async function samplePage(deps: DeskRouteDeps, request: DeskRequest): Promise<PageContent> {
  const { clinic, query, language, noteRead } = request;
  const { clinicId } = clinic;
  const { records, clock } = deps;
  const today = inStockholm(clock.now()).toISODate();
  const day = query.day !== undefined && isCalendarDate(query.day) ? query.day : today;
  const entries = await records.audit.sampleOfStaff(clinicId, stockholmDay(day), SAMPLE_ROWS, isMeant);
  const personIds = [...new Set(entries.flatMap(({ personId }) => personId ?? []))];
  const [people, names] = await Promise.all([
    records.people.findAll(clinicId, personIds),
    readNames(records, clinicId, entries),
    noteRead(personIds),
  ]);
  const words = texts[language];
  const beside = (days: number): string =>
    `${samplePath}?day=${inStockholm(stockholmDay(day).from).plus({ days }).toISODate()}`;
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>
          {capital(dayOf(stockholmDay(day).from.toISOString(), language))}
        </Heading>
        <ManageTabs current="log" language={language} />
        <p>{words.what}</p>
        <ButtonRow>
          <ButtonLink href={`${samplePath}?day=${day}`}>{words.again}</ButtonLink>
          <ButtonLink href={beside(-1)} kind="secondary">
            {words.before}
          </ButtonLink>
          <ButtonLink href={beside(1)} kind="secondary">
            {words.after}
          </ButtonLink>
        </ButtonRow>
        {entries.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <Table
            caption={words.title}
            head={[words.at, words.who, words.as, words.did, words.whose, words.stated, words.allowed]}
            rows={entries.map((entry, index) => {
              const row = rowInWords(entry, names, language);
              const { personId } = entry;
              return {
                key: String(index),
                cells: [
                  row.at,
                  row.who,
                  row.as,
                  row.what,
                  personId !== null && people.has(personId) ? (
                    <a href={managePath(`log/${personId}`)}>
                      {nameInList(people.get(personId), deskWords[language])}
                    </a>
                  ) : (
                    '–'
                  ),
                  row.why || '–',
                  <Tag tone={entry.allowed ? 'quiet' : 'warning'}>{row.allowed}</Tag>,
                ],
              };
            })}
          />
        )}
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Stickprov ur loggen',
    what:
      'Slumpvis valda läsningar och ändringar av personalen. Fråga den som läste varför, om det inte framgår. ' +
      'Listor räknas inte.',
    again: 'Dra ett nytt stickprov',
    before: 'Dagen före',
    after: 'Dagen efter',
    none: 'Ingen har läst eller ändrat något den här dagen.',
    at: 'Tid',
    who: 'Vem',
    as: 'Som',
    did: 'Vad',
    whose: 'Om vem',
    stated: 'Skäl',
    allowed: 'Tilläts',
  },
  en: {
    title: 'Sample of the log',
    what:
      'Readings and changes by staff, chosen at random. Ask whoever read why, where it does not show. Lists are ' +
      'not counted.',
    again: 'Draw another sample',
    before: 'The day before',
    after: 'The day after',
    none: 'Nobody has read or changed anything on this day.',
    at: 'Time',
    who: 'Who',
    as: 'As',
    did: 'What',
    whose: 'About whom',
    stated: 'Reason',
    allowed: 'Allowed',
  },
});
