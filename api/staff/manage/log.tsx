import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { AuditEntry } from '../../../records/audit';
import type { Page } from '../../../records/pages';
import type { Person } from '../../../records/people';
import type { Language } from '../../../rules/notices';
import { cursor, personalNumber } from '../../../use-cases/fields';
import { personOf } from '../../../use-cases/read-before';
import { FileDownload } from '../../file-download';
import { TextField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import {
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  ErrorSummary,
  Facts,
  Heading,
  Table,
  Tag,
} from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { DESK_PATH } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { readNames, rowInWords, type LogNames } from './log-view';
import { managePath, ManageTabs } from './parts';
import { samplePath } from './sample';

const LOG = managePath('log');
/** The address of the log of a person. */
const logPath = (personId: string, page = ''): string => `${LOG}/${personId}${page && `/${page}`}`;

const PAGE = 50;
/** Rows that a file takes from the database at once. */
const AT_ONCE = 500;

const searchBody = z.object({ personalNumber: z.string() });

/** Who has read and changed a person's data (R8.2, R8.5): to look at, and to take away. */
export function logRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: LOG,
      operation: 'audit.search',
      summary: 'Asks whose log is to be read',
      roles: managers,
      subject: 'clinic',
      handle: (request) => Promise.resolve({ page: searchPage(request, '', null) }),
    },
    {
      method: 'post',
      path: LOG,
      operation: 'person.search',
      summary: 'Finds whose log is to be read, by number; never in an address (R8.3)',
      roles: managers,
      subject: 'clinic',
      body: searchBody,
      handle: (request) => search(deps, request),
    },
    {
      method: 'get',
      path: `${LOG}/{personId}`,
      operation: 'person.read-audit',
      summary: 'Who has read or changed this person’s data, newest first (R8.2)',
      roles: managers,
      subject: 'person',
      content: true,
      handle: (request) => showLog(deps, request),
    },
    {
      method: 'get',
      path: `${LOG}/{personId}/file`,
      operation: 'person.download-audit',
      summary: 'The whole of it as a file (R8.5)',
      roles: managers,
      subject: 'person',
      content: true,
      handle: (request) => Promise.resolve(download(deps, request)),
    },
  ];
}

function searchPage({ guard, language }: DeskRequest, typed: string, problem: string | null): PageContent {
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        {problem !== null && (
          <ErrorSummary title={words.notFound} problems={[{ field: 'personalNumber', text: problem }]} />
        )}
        <Heading above={words.above}>{words.title}</Heading>
        <ManageTabs current="log" language={language} />
        <Card isMain>
          <h2>{words.whose}</h2>
          <p>{words.why}</p>
          <PostForm action={LOG} guard={guard} autocomplete="off" noValidate>
            <TextField
              id="personalNumber"
              name="personalNumber"
              label={words.number}
              hint={words.numberHint}
              value={typed}
              problem={problem}
              autocomplete="off"
              language={language}
            />
            <Button>{words.find}</Button>
          </PostForm>
        </Card>
        <Card>
          <h2>{words.sample}</h2>
          <p>{words.sampleHint}</p>
          <ButtonRow>
            <ButtonLink href={samplePath} kind="secondary">
              {words.draw}
            </ButtonLink>
          </ButtonRow>
        </Card>
      </>
    ),
  };
}

async function search(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { clinic, language, noteRead } = request;
  const typed = (request.body as z.infer<typeof searchBody>).personalNumber;
  const words = texts[language];
  const read = personalNumber.safeParse(typed);
  if (!read.success) return { page: searchPage(request, typed, words.wrongNumber), status: 422 };
  const person = await deps.records.people.findByIdentity(clinic.clinicId, read.data);
  if (!person) return { page: searchPage(request, typed, words.nobody), status: 404 };
  await noteRead([person.personId]);
  return { redirect: logPath(person.personId) };
}

const whose = (deps: DeskRouteDeps, { clinic, params, read }: DeskRequest): Promise<Person | null> =>
  personOf({ records: deps.records, readBefore: read }, clinic.clinicId, params.personId ?? '');

async function showLog(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { clinic, query, language, noteRead } = request;
  const from = cursor.safeParse(query.cursor);
  const person = await whose(deps, request);
  if (!person || !from.success)
    return { page: refusalPage(language, 'not-found', `${DESK_PATH}/today`), status: 404 };
  const { personId } = person;
  const page = await deps.records.audit.pageOfPerson(clinic.clinicId, personId, from.data ?? null, PAGE);
  const names = await readNames(deps.records, clinic.clinicId, page.items);
  // Those who act for the person are named on it, too.
  await noteRead(names.personIds.filter((each) => each !== personId));
  return { page: logPage(request, person, page, names) };
}

function logPage(
  { caller, query, language }: DeskRequest,
  person: Person,
  { items, next }: Page<AuditEntry>,
  names: LogNames,
): PageContent {
  const words = texts[language];
  const here = logPath(person.personId);
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>{nameInList(person, deskWords[language])}</Heading>
        <ManageTabs current="log" language={language} />
        <Card>
          <Facts facts={[{ term: words.reason, value: caller.reason ?? '' }]} />
          <p>{words.isLogged}</p>
          <ButtonRow>
            <ButtonLink href={logPath(person.personId, 'file')} kind="secondary">
              {words.download}
            </ButtonLink>
            <ButtonLink href={LOG} kind="secondary">
              {words.another}
            </ButtonLink>
          </ButtonRow>
        </Card>
        <LogTable caption={words.rows} items={items} names={names} language={language} />
        <ButtonRow>
          {query.cursor !== undefined && (
            <ButtonLink href={here} kind="secondary">
              {words.newest}
            </ButtonLink>
          )}
          {next !== null && (
            <ButtonLink href={`${here}?cursor=${next}`} kind="secondary">
              {words.older}
            </ButtonLink>
          )}
        </ButtonRow>
      </>
    ),
  };
}

function LogTable({
  caption,
  items,
  names,
  language,
}: {
  caption: string;
  items: AuditEntry[];
  names: LogNames;
  language: Language;
}) {
  const words = texts[language];
  if (items.length === 0) return <p>{words.none}</p>;
  return (
    <Table
      caption={caption}
      head={[words.at, words.who, words.as, words.what, words.stated, words.allowed]}
      rows={items.map((entry, index) => {
        const row = rowInWords(entry, names, language);
        return {
          key: String(index),
          cells: [
            row.at,
            row.who,
            row.as,
            row.what,
            row.why || '–',
            <Tag tone={entry.allowed ? 'quiet' : 'warning'}>{row.allowed}</Tag>,
          ],
        };
      })}
    />
  );
}

/** All rows there are, some at a time: nobody's log is too long for it. */
function download(deps: DeskRouteDeps, request: DeskRequest): PageAnswer {
  // Nothing of whose it is stands in the file's name.
  const file = { name: 'logg.csv', type: 'text/csv' };
  return { content: new FileDownload(file, Readable.from(linesOf(deps, request))) };
}

async function* linesOf(deps: DeskRouteDeps, request: DeskRequest): AsyncGenerator<string> {
  const { clinic, params, language, noteRead } = request;
  const { personId = '' } = params;
  const words = texts[language];
  const columns = [words.at, words.who, words.as, words.what, words.operation, words.about, words.stated];
  yield csvOf([[...columns, words.allowed]], true);
  const noted = new Set([personId]);
  let from: string | null = null;
  do {
    const page: Page<AuditEntry> = await deps.records.audit.pageOfPerson(
      clinic.clinicId,
      personId,
      from,
      AT_ONCE,
    );
    const names = await readNames(deps.records, clinic.clinicId, page.items);
    const named = names.personIds.filter((each) => !noted.has(each));
    await noteRead(named);
    for (const each of named) noted.add(each);
    yield csvOf(
      page.items.map((entry) => {
        const { at, who, as, what, why, allowed } = rowInWords(entry, names, language);
        return [at, who, as, what, entry.operation, entry.subjectId, why, allowed];
      }),
    );
    from = page.next;
  } while (from !== null);
}

/** As the billing file: for a spreadsheet, without anything that it would run as a formula. */
const csvOf = (rows: (string | null)[][], isFirst = false): string =>
  stringify(rows, { bom: isFirst, delimiter: ';', record_delimiter: 'windows', escape_formulas: true });

const texts = wording({
  sv: {
    above: 'Verksamheten',
    title: 'Logg',
    whose: 'Vem har läst om en person?',
    why: 'Du får ange ett skäl innan loggen visas. Också det du gör här loggas, och patienten kan ta del av det.',
    number: 'Personnummer',
    numberHint: 'Tolv siffror, ÅÅÅÅMMDDNNNN. Samordningsnummer och reservnummer går också.',
    find: 'Sök',
    notFound: 'Loggen kan inte visas',
    wrongNumber: 'Skriv numret med tolv tecken, med rätt kontrollsiffra.',
    nobody: 'Ingen med det numret finns på mottagningen.',
    sample: 'Stickprov',
    sampleHint: 'Några slumpvis valda läsningar och ändringar av en dag, att följa upp.',
    draw: 'Dra ett stickprov',
    reason: 'Ditt skäl',
    isLogged: 'Att du läser loggen står överst i den.',
    download: 'Hämta hela loggen som fil',
    another: 'Sök en annan person',
    rows: 'Vem som har läst och ändrat, det senaste först',
    none: 'Loggen har inga fler rader.',
    at: 'Tid',
    who: 'Vem',
    as: 'Som',
    what: 'Vad',
    stated: 'Skäl',
    allowed: 'Tilläts',
    operation: 'Operation',
    about: 'Gäller (id)',
    newest: 'Till det senaste',
    older: 'Äldre',
  },
  en: {
    above: 'The clinic',
    title: 'Log',
    whose: 'Who has read about a person?',
    why: 'You state a reason before the log is shown. What you do here is logged too, and the patient can read it.',
    number: 'Personal number',
    numberHint: 'Twelve digits, YYYYMMDDNNNN. Co-ordination and reserve numbers will do too.',
    find: 'Search',
    notFound: 'The log cannot be shown',
    wrongNumber: 'Write the number with twelve characters and a right check digit.',
    nobody: 'The clinic has nobody with that number.',
    sample: 'Sample check',
    sampleHint: 'Some readings and changes of a day, chosen at random, to follow up.',
    draw: 'Draw a sample',
    reason: 'Your reason',
    isLogged: 'That you read the log stands at its top.',
    download: 'Download the whole log',
    another: 'Search for another person',
    rows: 'Who has read and changed, the newest first',
    none: 'The log has no more rows.',
    at: 'Time',
    who: 'Who',
    as: 'As',
    what: 'What',
    stated: 'Reason',
    allowed: 'Allowed',
    operation: 'Operation',
    about: 'About (id)',
    newest: 'To the newest',
    older: 'Older',
  },
});
