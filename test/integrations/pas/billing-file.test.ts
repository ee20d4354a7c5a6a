import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { billingColumns, billingCsv, type BillingRow } from '../../../integrations/pas/billing-file';

const usual: BillingRow = {
  invoiceId: 'q2Yw9dJ5S0m1uJv3cTzZ0A',
  type: 'basis',
  meetingId: '4pPq0bHn9mW6xkR2sVtYgQ',
  startVersion: 1,
  reference: 'V-2026-1187',
  patientNumber: '198112189876',
  patientBirthDate: '1981-12-18',
  payer: 'patient',
  kind: 'visit-fee',
  feeCode: 'visit',
  amountOre: 30_000,
  currency: 'SEK',
  visitAt: '2026-11-23T09:00:00.000Z',
  handedOverAt: '2026-11-25T07:00:00.000Z',
  becauseRules: ['R5.2'],
};
const HEADER =
  'invoiceId;type;meetingId;startVersion;reference;patientNumber;patientBirthDate;payer;kind;feeCode;amountOre;currency;' +
  'visitAt;handedOverAt;becauseRules';
const document = readFileSync(path.join(__dirname, '../../../docs/billing-file.md'), 'utf8');

/** As the document tells a program to read it. */
const read = (csv: string): Record<string, string>[] =>
  parse<Record<string, string>>(csv, { bom: true, columns: true, delimiter: ';' }).map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value.replace(/^'/, '')])),
  );
const valuesOf = (csv: string): string[] => csv.split('\r\n')[1]!.split(';');

describe('the billing file', () => {
  it('R5.8 is UTF-8 with a byte order mark, semicolons and CRLF, byte for byte', () => {
    const line =
      'q2Yw9dJ5S0m1uJv3cTzZ0A;basis;4pPq0bHn9mW6xkR2sVtYgQ;1;V-2026-1187;198112189876;1981-12-18;patient;visit-fee;' +
      'visit;30000;SEK;2026-11-23T10:00:00+01:00;2026-11-25T08:00:00+01:00;R5.2';
    const csv = billingCsv([usual]);
    expect(csv).toBe(`\uFEFF${HEADER}\r\n${line}\r\n`);
    expect([...Buffer.from(csv).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    // The document's example is what the function writes.
    expect(document).toContain(`${HEADER}\n${line}\n`);
  });

  it('R5.8 has the columns that the document describes, in its order', () => {
    const described = [...document.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]);
    expect(described).toEqual([...billingColumns]);
  });

  it('R5.8 is its header alone where there is nothing to hand over', () => {
    expect(billingCsv([])).toBe(`\uFEFF${HEADER}\r\n`);
  });

  it('R5.8 leaves empty what is not known, and has a line for each row in their order', () => {
    const rows: BillingRow[] = [
      { ...usual, reference: null, patientNumber: null },
      { ...usual, type: 'credit', payer: 'guardian', kind: 'missed-visit-fee', startVersion: 12 },
    ];
    expect(read(billingCsv(rows))).toMatchObject([
      { reference: '', patientNumber: '', type: 'basis' },
      { type: 'credit', payer: 'guardian', kind: 'missed-visit-fee', startVersion: '12', amountOre: '30000' },
    ]);
  });

  it('R5.8 a visit that is free costs 0, which is not nothing', () => {
    expect(read(billingCsv([{ ...usual, amountOre: 0 }]))[0]).toMatchObject({ amountOre: '0' });
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 60])('R5.9 refuses an amount that is none: %d', (amountOre) => {
    expect(() => billingCsv([{ ...usual, amountOre }])).toThrow(RangeError);
  });

  it.each([
    ['2026-07-01T22:30:00.000Z', '2026-07-02T00:30:00+02:00'],
    ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00+02:00'],
    ['2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00+01:00'],
    ['2027-03-28T00:59:59.000Z', '2027-03-28T01:59:59+01:00'],
    ['2027-03-28T01:00:00.000Z', '2027-03-28T03:00:00+02:00'],
    ['2026-12-31T23:00:00.000Z', '2027-01-01T00:00:00+01:00'],
  ])('R5.8 tells times in Stockholm with their offset: %s is %s', (instant, shown) => {
    const [row] = read(billingCsv([{ ...usual, visitAt: instant, handedOverAt: instant }]));
    expect(row).toMatchObject({ visitAt: shown, handedOverAt: shown });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '-abc_def-ghijklmnopqrs'])(
    'R5.8 no value is a formula: %j',
    (value) => {
      const csv = billingCsv([{ ...usual, invoiceId: value, reference: value, becauseRules: [value] }]);
      const [row] = parse<Record<string, string>>(csv, { bom: true, columns: true, delimiter: ';' });
      expect(row).toMatchObject({
        invoiceId: `'${value}`,
        reference: `'${value}`,
        becauseRules: `'${value}`,
      });
      expect(read(csv)[0]).toMatchObject({ invoiceId: value, reference: value });
    },
  );

  it('R5.8 a value with delimiter, quote or line break stays one value', () => {
    const feeCode = 'a;b"c\r\nd\ne';
    expect(read(billingCsv([{ ...usual, feeCode }, usual]))).toMatchObject([
      { feeCode },
      { feeCode: 'visit' },
    ]);
  });

  it('R5.8 whatever our ids and the PAS’s references are, they are read as they were', () => {
    const reference = fc.option(fc.stringMatching(/^[A-Za-z0-9._:/-]{1,64}$/));
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
    fc.assert(
      fc.property(fc.array(fc.record({ reference, id }), { maxLength: 5 }), (given) => {
        const rows = given.map((each) => ({ ...usual, invoiceId: each.id, reference: each.reference }));
        expect(read(billingCsv(rows)).map((row) => [row.invoiceId, row.reference])).toEqual(
          given.map((each) => [each.id, each.reference ?? '']),
        );
      }),
    );
  });

  it('R5.8 several rules stand in one column', () => {
    expect(valuesOf(billingCsv([{ ...usual, becauseRules: ['R5.2', 'R5.10'] }])).at(-1)).toBe('R5.2 R5.10');
  });

  it('refuses what is no time', () => {
    expect(() => billingCsv([{ ...usual, visitAt: 'yesterday' }])).toThrow(RangeError);
  });
});
