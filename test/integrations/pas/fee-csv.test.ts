import fc from 'fast-check';
import { feeCsv, readFeeCsv } from '../../../integrations/pas/fee-csv';
import type { FeeRow } from '../../../rules/fee';

const HEADER = 'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre';
const visit: FeeRow = {
  feeCode: 'visit',
  validFrom: '2026-01-01',
  validUntil: null,
  visitFeeOre: 30_000,
  missedVisitFeeOre: 40_000,
};
const file = (...lines: string[]): string => [HEADER, ...lines].join('\n');
const problemsOf = (text: string) =>
  readFeeCsv(text).problems.map(({ line, column, reason }) => [line, column, reason]);

describe('reading a fee table', () => {
  it.each([
    ['semicolons', file('visit;2026-01-01;;30000;40000')],
    ['commas', file('visit;2026-01-01;;30000;40000').replaceAll(';', ',')],
    ['a byte order mark', `\uFEFF${file('visit;2026-01-01;;30000;40000')}`],
    ['the lines of Windows, and one at the end', `${HEADER}\r\nvisit;2026-01-01;;30000;40000\r\n`],
    ['the lines of an old Mac', `${HEADER}\rvisit;2026-01-01;;30000;40000\r`],
    ['quotes around everything', file('"visit";"2026-01-01";"";"30000";"40000"')],
    ['empty lines', `\n${HEADER}\n\nvisit;2026-01-01;;30000;40000\n\n`],
    [
      'D7 Excel’s rows with nothing in them',
      `;;;;\r\n${HEADER}\r\n;;;;\r\nvisit;2026-01-01;;30000;40000\r\n;;;;\r\n`,
    ],
    ['D7 columns with nothing in them', `${HEADER};;;\nvisit;2026-01-01;;30000;40000;;;\n;;;;;;;`],
    [
      'D7 the same with commas and spaces',
      file('visit;2026-01-01;;30000;40000;', '; ; ; \u00a0;;').replaceAll(';', ','),
    ],
    [
      'D7 all of it at once',
      `\uFEFF"${HEADER.replaceAll(';', '";"')}";\r\n"visit";"2026-01-01";"";"30\u00a0000";"40 000";\r\n;;;;;\r\n`,
    ],
    ['D2 spaces, dashes and digits of other kinds', file(' visit ;2026\u20110\u200b1–01;;\u202f30000;٤٠٠٠٠')],
    ["D2 a spreadsheet's apostrophe", file("visit;'2026-01-01;;'30000;40000")],
  ])('R5.9 takes %s', (_name, text) => {
    expect(readFeeCsv(text)).toMatchObject({ rows: [{ row: visit }], problems: [] });
  });

  it('R5.9 names line and column of every value that is wrong, all at once', () => {
    const text = file(
      'visit;2026-01-01;2026-12-31;30000;40000',
      'Visit;2026-02-30;tomorrow;300,00;-1',
      'visit;2027-01-01;2026-12-31;30000;40000',
      'visit;2028-01-01;;1000001;4e4',
      ';;;;0',
    );
    expect(problemsOf(text)).toEqual([
      [3, 'feeCode', 'wrong-value'],
      [3, 'validFrom', 'wrong-value'],
      [3, 'validUntil', 'wrong-value'],
      [3, 'visitFeeOre', 'wrong-value'],
      [3, 'missedVisitFeeOre', 'wrong-value'],
      [4, 'validUntil', 'wrong-value'],
      [5, 'visitFeeOre', 'wrong-value'],
      [5, 'missedVisitFeeOre', 'wrong-value'],
      [6, 'feeCode', 'wrong-value'],
      [6, 'validFrom', 'wrong-value'],
      [6, 'visitFeeOre', 'wrong-value'],
    ]);
    expect(readFeeCsv(text).rows.map(({ line }) => line)).toEqual([2]);
  });

  it.each([
    ['a formula', '=1+1'],
    ['a formula by its plus', '+30000'],
    ['a null character', '30000\u0000'],
    ['a space where no thousands are', '3 0000'],
    ['a decimal comma', '"30000,00"'],
    ['a hexadecimal number', '0x10'],
    ['a fraction', '30000.0'],
    ['a line break', '"30\n000"'],
    ['nothing', ''],
    ['a word of JavaScript', 'Infinity'],
    ['too many digits', '00030000'],
  ])('R5.9 refuses an amount with %s', (_name, amount) => {
    expect(problemsOf(file(`visit;2026-01-01;;${amount};40000`))).toEqual([
      [expect.any(Number), 'visitFeeOre', 'wrong-value'],
    ]);
  });

  it('R5.9 refuses delimiters that are mixed, by the line', () => {
    expect(
      problemsOf(file('visit,2026-01-01,,30000,40000', 'visit;2026-01-01;;30000', 'a;b;c;d;e;f')),
    ).toEqual([
      [2, null, 'wrong-column-count'],
      [3, null, 'wrong-column-count'],
      [4, null, 'wrong-column-count'],
    ]);
    expect(problemsOf(file(';'.repeat(1_000_000)))).toEqual([[null, null, 'no-rows']]);
    expect(problemsOf(`${HEADER.replaceAll(';', ',')}\nvisit;2026-01-01;;30000;40000`)).toEqual([
      [2, null, 'wrong-column-count'],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['a byte order mark alone', '\uFEFF'],
    ['no header', 'visit;2026-01-01;;30000;40000'],
    ['columns in another order', file().replace('validFrom;validUntil', 'validUntil;validFrom')],
    ['a column too many', `${HEADER};name\n`],
    ['tabs', file('visit;2026-01-01;;30000;40000').replaceAll(';', '\t')],
    ['one column named like all', `"${HEADER}"\nvisit`],
    ['the header with spaces', HEADER.replaceAll(';', ' ')],
    ['a hint for spreadsheets before it', `sep=;\n${file('visit;2026-01-01;;30000;40000')}`],
  ])('R5.9 refuses a file with %s', (_name, text) => {
    expect(problemsOf(text)).toEqual([[1, null, 'wrong-header']]);
  });

  it('R5.9 refuses a table without rows: it would end every amount', () => {
    expect(problemsOf(HEADER)).toEqual([[null, null, 'no-rows']]);
  });

  it('D6 refuses days before 1900 and after 2200', () => {
    for (const day of ['0026-01-01', '1899-12-31', '2201-01-01', '9999-12-31'])
      expect(problemsOf(file(`visit;${day};;1;1`, `other;1999-01-01;${day};1;1`))).toEqual([
        [2, 'validFrom', 'wrong-value'],
        [3, 'validUntil', 'wrong-value'],
      ]);
  });

  it('D7 loses no row behind many empty ones', () => {
    const empty = Array.from({ length: 2_000 }, () => ';;;;');
    const read = readFeeCsv(file('a;2026-01-01;;1;1', ...empty, 'b;2026-01-01;;1;1'));
    expect(read.rows.map(({ line, row }) => [line, row.feeCode])).toEqual([
      [2, 'a'],
      [2003, 'b'],
    ]);
  });

  it('R5.9 takes 500 rows and no more', () => {
    const rows = (count: number): string =>
      file(...Array.from({ length: count }, (_, index) => `code-${index};2026-01-01;;1;1`));
    expect(readFeeCsv(rows(500))).toMatchObject({ problems: [] });
    expect(readFeeCsv(rows(500)).rows).toHaveLength(500);
    expect(readFeeCsv(rows(501))).toMatchObject({ rows: [], problems: [{ reason: 'too-many-rows' }] });
    expect(problemsOf(rows(100_000))).toEqual([[null, null, 'too-many-rows']]);
  });

  it.each([
    ['a quote that never ends', file('"visit;2026-01-01;;30000;40000'), 2],
    ['a quote inside a value', file('vi"sit;2026-01-01;;30000;40000'), 2],
    ['something after a quote', file('"visit"x;2026-01-01;;30000;40000'), 2],
    ['a line without end', file('x'.repeat(1_000_000)), 2],
  ])('R5.9 says where %s makes it unreadable', (_name, text, line) => {
    expect(problemsOf(text)).toEqual([[line, null, 'unreadable']]);
  });

  it('R8.3 repeats no word of the file: it may be any file', () => {
    const secret = 'Tolvan Tolvansson';
    for (const text of [
      secret,
      file(`${secret};${secret};${secret};${secret};${secret}`),
      file(`"${secret}`),
    ])
      expect(JSON.stringify(readFeeCsv(text))).not.toContain('Tolvan');
  });

  it('R5.9 never breaks, whatever the file', () => {
    const piece = fc.oneof(
      fc.constantFrom(';', ',', '"', '\n', '\r\n', '\u0000', HEADER, '2026-01-01'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const text of [pieces.join(''), file(pieces.join(''))]) {
          const { rows, problems } = readFeeCsv(text);
          expect(rows.length + problems.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('writing a fee table', () => {
  it('R5.9 is a file with a header, for spreadsheets too', () => {
    expect(feeCsv([visit, { ...visit, validFrom: '2025-01-01', validUntil: '2025-12-31' }])).toBe(
      `${HEADER}\r\nvisit;2026-01-01;;30000;40000\r\nvisit;2025-01-01;2025-12-31;30000;40000\r\n`,
    );
  });

  it('R5.9 reads back as the same rows', () => {
    const day = fc.constantFrom('2025-01-01', '2026-02-28', '2028-02-29', '2200-12-31', '1900-01-01');
    const amount = fc.integer({ min: 0, max: 1_000_000 });
    const anyRow = fc.record({
      feeCode: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      validFrom: day,
      validUntil: fc.option(fc.constant('2200-12-31')),
      visitFeeOre: amount,
      missedVisitFeeOre: amount,
    });
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), (rows) => {
        for (const text of [feeCsv(rows), `\uFEFF${feeCsv(rows)}`, feeCsv(rows).replaceAll(';', ',')]) {
          expect(readFeeCsv(text)).toEqual({
            rows: rows.map((row, index) => ({ line: index + 2, row })),
            problems: [],
          });
        }
      }),
    );
  });
});
