import { Readable } from 'node:stream';
import { z } from 'zod';
import { feeCsv } from '../../../integrations/pas/fee-csv';
import type { FeeRow } from '../../../rules/fee';
import type { FeeTableChanges } from '../../../rules/fee-table';
import type { Language } from '../../../rules/notices';
import { importFeesBody } from '../../../use-cases/invoice/bodies';
import { checkFees, type CheckedFees } from '../../../use-cases/invoice/import-fees';
import { FileDownload } from '../../file-download';
import { FileField, TextArea } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Heading, Table } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { wrongFeeWords } from './fee-words';
import { CameOf, managePath, ManageTabs, refusalWords } from './parts';
import { reasonOf } from '../../page-command';

const FEES = managePath('fees');
const CHECK = `${FEES}/check`;
/** So many rows of a list are shown; a page stays light. */
const MOST_SHOWN = 100;

/** What is pasted may be too large: that is told. */
const typedTable = z.object({ csv: z.string() });

/** The clinic's fee table: as it is, and a new one from a file, looked at before it holds (R5.9). */
export function feeRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: FEES,
      operation: 'fees.read',
      summary: 'The fee table in force',
      roles: managers,
      subject: 'clinic',
      handle: (request) => Promise.resolve({ page: feesPage(request) }),
    },
    {
      method: 'get',
      path: `${FEES}/file`,
      operation: 'fees.read',
      summary: 'The fee table as the file that is taken back changed',
      roles: managers,
      subject: 'clinic',
      handle: ({ clinic }) =>
        Promise.resolve({
          content: new FileDownload(
            { name: 'avgifter.csv', type: 'text/csv' },
            Readable.from([feeCsv(clinic.settings.fees)]),
          ),
        }),
    },
    {
      method: 'post',
      path: CHECK,
      operation: 'fees.check',
      summary: 'Tells what a new fee table would change, or all that is wrong with it; changes nothing',
      roles: managers,
      subject: 'clinic',
      body: typedTable,
      takesFiles: true,
      handle: (request) => check(deps, request),
    },
    {
      method: 'post',
      path: FEES,
      operation: 'fees.import',
      summary: 'Replaces the fee table by the one that was looked at',
      roles: managers,
      subject: 'clinic',
      body: typedTable.extend({ asRead: z.string().max(20) }),
      handle: (request) => replace(deps, request),
    },
  ];
}

function feesPage(request: DeskRequest): PageContent {
  const { clinic, query, language } = request;
  const { fees } = clinic.settings;
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <CameOf query={query} said={words.said} language={language} />
        <Heading above={words.above}>{words.title}</Heading>
        <ManageTabs current="fees" language={language} />
        {fees.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <FeeRows caption={words.now} rows={fees} language={language} />
        )}
        <h2>{words.newTable}</h2>
        <TableForm request={request} typed="" problem={null} />
      </>
    ),
  };
}

function TableForm({
  request: { guard, language, clinic },
  typed,
  problem,
}: {
  request: DeskRequest;
  typed: string;
  problem: string | null;
}) {
  const words = texts[language];
  return (
    <Card isMain>
      <p>{words.whole}</p>
      {clinic.settings.fees.length > 0 && (
        <ButtonRow>
          <ButtonLink href={`${FEES}/file`} kind="secondary">
            {words.download}
          </ButtonLink>
        </ButtonRow>
      )}
      <form method="post" action={CHECK} encType="multipart/form-data" noValidate>
        <Guard guard={guard} />
        <FileField
          id="file"
          name="file"
          label={words.file}
          hint={words.fileHint}
          accept=".csv,text/csv,text/plain"
          language={language}
        />
        <TextArea
          id="csv"
          name="csv"
          label={words.pasted}
          hint={words.columns}
          value={typed}
          rows={8}
          problem={problem}
          language={language}
        />
        <Button>{words.check}</Button>
      </form>
    </Card>
  );
}

/** Before the file: nobody reads one of a form that is not ours. */
const Guard = ({ guard }: { guard: FormGuard }) => (
  <>
    <input type="hidden" name="csrf" value={guard.csrf} />
    <input type="hidden" name="formKey" value={guard.formKey} />
  </>
);

/** The file that was chosen, else what was pasted. */
function tableIn({ files, body }: DeskRequest): { csv: string } | { problem: 'file' | 'empty' | 'too-long' } {
  const [file] = files;
  if (file && 'refused' in file) return { problem: file.refused === 'too-large' ? 'too-long' : 'file' };
  const csv = file ? textOf(file.content) : (body as z.infer<typeof typedTable>).csv;
  if (csv.trim() === '') return { problem: 'empty' };
  return isOfSize(csv) ? { csv } : { problem: 'too-long' };
}

/** As large as the command takes it. */
const isOfSize = (csv: string): boolean => importFeesBody.shape.csv.safeParse(csv).success;

/** As spreadsheets save it: in UTF-8, or in the code page of a Swedish Windows. */
function textOf(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return new TextDecoder('windows-1252').decode(content);
  }
}

async function check(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const table = tableIn(request);
  if ('problem' in table) {
    const problem = texts[request.language].problems[table.problem];
    return { page: wrongPage(request, '', [], problem), status: 422 };
  }
  return checkedAnswer(deps, request, table.csv);
}

/** What a table would change, or what is wrong with it. @param refused why it did not take its place just now */
async function checkedAnswer(
  deps: DeskRouteDeps,
  request: DeskRequest,
  csv: string,
  refused: string | null = null,
): Promise<PageAnswer> {
  const checked = await checkFees(deps, request.clinic.clinicId, csv);
  if (checked.problems.length > 0)
    return { page: wrongPage(request, csv, checked.problems, null), status: 422 };
  const page = changesPage(request, csv, checked, refused);
  return { page, status: refused === null ? 200 : 409 };
}

async function replace(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { csv, asRead } = request.body as { csv: string; asRead: string };
  if (!isOfSize(csv))
    return { page: wrongPage(request, '', [], texts[request.language].problems['too-long']), status: 422 };
  const answer = await giveDeskCommand(deps, request, {
    operation: 'fees.import',
    params: { asRead },
    body: { csv, dryRun: false },
  });
  const reason = reasonOf(answer);
  // Another table is in force by now, or a meeting was booked meanwhile: looked at anew.
  if (reason === 'overtaken' || reason === 'wrong-fee-table')
    return checkedAnswer(deps, request, csv, refusalWords(reason, request.language));
  return afterCommand(answer, FEES, 'imported');
}

function wrongPage(
  request: DeskRequest,
  csv: string,
  problems: CheckedFees['problems'],
  problem: string | null,
): PageContent {
  const { language } = request;
  const words = texts[language];
  return {
    title: words.wrongTitle,
    main: (
      <>
        <ErrorSummary
          title={words.wrong}
          problems={[{ field: 'csv', text: problem ?? words.wrongLines(problems.length) }]}
        />
        <Heading above={words.title}>{words.wrongTitle}</Heading>
        {problems.length > 0 && (
          <Table
            caption={words.wrongLines(problems.length)}
            head={[words.line, words.column, words.what]}
            rows={problems.slice(0, MOST_SHOWN).map((each, index) => ({
              key: String(index),
              cells: [each.line ?? words.wholeTable, each.column ?? '–', wrongFeeWords(each, language)],
            }))}
          />
        )}
        <NotShown count={problems.length} language={language} />
        <TableForm request={request} typed={csv} problem={problem ?? words.wrongLines(problems.length)} />
        <Back language={language} />
      </>
    ),
  };
}

function changesPage(
  request: DeskRequest,
  csv: string,
  { table, rows, changes }: CheckedFees,
  refused: string | null,
): PageContent {
  const { language, guard } = request;
  const words = texts[language];
  const { added, ended, changed, unchanged } = changes;
  const isSame = added.length + ended.length + changed.length === 0;
  return {
    title: words.checkTitle,
    main: (
      <>
        {refused !== null && (
          <Banner kind="warning" takesFocus>
            {refused}
          </Banner>
        )}
        <Heading above={words.title}>{words.checkTitle}</Heading>
        <Card isMain>
          <p>{isSame ? words.same : words.sum(added.length, ended.length, changed.length, unchanged)}</p>
          {!isSame && (
            <PostForm action={FEES} guard={guard}>
              <input type="hidden" name="asRead" value={String(table.version)} />
              <input type="hidden" name="csv" value={csv} />
              <ButtonRow>
                <Button>{words.confirm(rows.length)}</Button>
                <ButtonLink href={FEES} kind="secondary">
                  {words.cancel}
                </ButtonLink>
              </ButtonRow>
            </PostForm>
          )}
        </Card>
        {added.length > 0 && <FeeRows caption={words.added} rows={added} language={language} />}
        {ended.length > 0 && <FeeRows caption={words.ended} rows={ended} language={language} />}
        {changed.length > 0 && <ChangedRows changed={changed} language={language} />}
        {isSame && <Back language={language} />}
      </>
    ),
  };
}

function FeeRows({ caption, rows, language }: { caption: string; rows: FeeRow[]; language: Language }) {
  const words = texts[language];
  const head = [words.code, words.from, words.until, words.visit, words.missed];
  const cellsOf = (row: FeeRow) => ({
    key: `${row.feeCode} ${row.validFrom}`,
    cells: [
      row.feeCode,
      row.validFrom,
      row.validUntil ?? words.untilFurther,
      amount(row.visitFeeOre, language),
      amount(row.missedVisitFeeOre, language),
    ],
  });
  return (
    <>
      <Table caption={caption} head={head} rows={rows.slice(0, MOST_SHOWN).map(cellsOf)} />
      <NotShown count={rows.length} language={language} />
    </>
  );
}

function ChangedRows({ changed, language }: { changed: FeeTableChanges['changed']; language: Language }) {
  const words = texts[language];
  const both = (before: string, after: string): string => (before === after ? after : `${before} → ${after}`);
  return (
    <>
      <Table
        caption={words.changed}
        head={[words.code, words.from, words.until, words.visit, words.missed]}
        rows={changed.slice(0, MOST_SHOWN).map(({ before, after }) => ({
          key: `${after.feeCode} ${after.validFrom}`,
          cells: [
            after.feeCode,
            after.validFrom,
            both(before.validUntil ?? words.untilFurther, after.validUntil ?? words.untilFurther),
            both(amount(before.visitFeeOre, language), amount(after.visitFeeOre, language)),
            both(amount(before.missedVisitFeeOre, language), amount(after.missedVisitFeeOre, language)),
          ],
        }))}
      />
      <NotShown count={changed.length} language={language} />
    </>
  );
}

/** How many rows of a long list are left out. */
const NotShown = ({ count, language }: { count: number; language: Language }) =>
  count > MOST_SHOWN ? <p>{texts[language].notShown(count - MOST_SHOWN)}</p> : null;

const Back = ({ language }: { language: Language }) => (
  <p>
    <a href={FEES}>{texts[language].back}</a>
  </p>
);

const texts = wording({
  sv: {
    above: 'Verksamheten',
    title: 'Avgifter',
    none: 'Mottagningen har inga avgifter.',
    now: 'Avgifter som gäller',
    newTable: 'Byt avgiftstabell',
    whole:
      'Lämna hela den nya tabellen, också de rader som inte ändras. Du får se vad som skulle ändras innan något gäller.',
    download: 'Hämta tabellen som fil',
    file: 'Välj fil',
    fileHint: 'En CSV-fil, högst 500 rader.',
    pasted: 'Eller klistra in tabellen',
    columns:
      'Första raden: feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre. Belopp i hela öre: 300 kr är 30000.',
    check: 'Kontrollera',
    checkTitle: 'Kontrollera ändringen',
    sum: (added: number, ended: number, changed: number, unchanged: number) =>
      `${added} nya, ${ended} avslutas, ${changed} ändras och ${unchanged} är som förut. Inget har ändrats än.`,
    same: 'Tabellen är likadan som den som gäller. Inget behöver ändras.',
    confirm: (rows: number) => `Byt till den nya tabellen (${rows} rader)`,
    cancel: 'Avbryt',
    added: 'Nya rader',
    ended: 'Rader som avslutas',
    changed: 'Rader som ändras',
    code: 'Avgiftskod',
    from: 'Från och med',
    until: 'Till och med',
    untilFurther: 'tills vidare',
    visit: 'Besök',
    missed: 'Uteblivet besök',
    wrongTitle: 'Tabellen kan inte användas',
    wrong: 'Något behöver rättas. Inget har ändrats.',
    wrongLines: (count: number) => (count === 1 ? '1 fel i tabellen' : `${count} fel i tabellen`),
    line: 'Rad',
    column: 'Kolumn',
    what: 'Vad som är fel',
    wholeTable: 'Hela tabellen',
    notShown: (count: number) => `Och ${count} till, som inte visas här.`,
    back: 'Till avgifterna',
    problems: {
      file: 'Filen kunde inte läsas. Spara den som CSV och försök igen.',
      empty: 'Välj en fil eller klistra in tabellen.',
      'too-long': 'Tabellen är för stor. Den får ha högst 500 rader och 100 000 tecken.',
    },
    said: { imported: 'Den nya avgiftstabellen gäller nu.' },
  },
  en: {
    above: 'The clinic',
    title: 'Fees',
    none: 'The clinic has no fees.',
    now: 'Fees in force',
    newTable: 'Replace the fee table',
    whole:
      'Give the whole new table, also the rows that do not change. You see what would change before anything holds.',
    download: 'Download the table as a file',
    file: 'Choose a file',
    fileHint: 'A CSV file of at most 500 rows.',
    pasted: 'Or paste the table',
    columns:
      'First line: feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre. Amounts in whole öre: SEK 300 is 30000.',
    check: 'Check',
    checkTitle: 'Check the change',
    sum: (added, ended, changed, unchanged) =>
      `${added} new, ${ended} end, ${changed} change and ${unchanged} stay as before. Nothing has changed yet.`,
    same: 'The table is the same as the one in force. Nothing needs to change.',
    confirm: (rows) => `Change to the new table (${rows} rows)`,
    cancel: 'Cancel',
    added: 'New rows',
    ended: 'Rows that end',
    changed: 'Rows that change',
    code: 'Fee code',
    from: 'From',
    until: 'Until',
    untilFurther: 'until further notice',
    visit: 'Visit',
    missed: 'Missed visit',
    wrongTitle: 'The table cannot be used',
    wrong: 'Something needs to be put right. Nothing has changed.',
    wrongLines: (count) => (count === 1 ? '1 fault in the table' : `${count} faults in the table`),
    line: 'Line',
    column: 'Column',
    what: 'What is wrong',
    wholeTable: 'The whole table',
    notShown: (count) => `And ${count} more, which are not shown here.`,
    back: 'To the fees',
    problems: {
      file: 'The file could not be read. Save it as CSV and try again.',
      empty: 'Choose a file, or paste the table.',
      'too-long': 'The table is too large. It may have at most 500 rows and 100,000 characters.',
    },
    said: { imported: 'The new fee table is in force now.' },
  },
});
