import fc from 'fast-check';
import { isCalendarDate } from '../../rules/calendar-date';
import { answerProblems, readAnswers, type FormQuestion } from '../../rules/forms';
import { isBelievedTime } from '../../rules/instant';
import { isMailAddress, mailAddress } from '../../rules/mail-address';
import { messageTextProblem } from '../../rules/message';
import {
  birthDateOf,
  birthDatesOf,
  fitsBirthDate,
  holdsIdentity,
  parseIdentity,
} from '../../rules/personal-number';
import { mobileNumber } from '../../rules/phone-number';
import { isBlank, pasted, plain, visibleCount, withoutControls } from '../../rules/typed';
import { codesIn } from '../../integrations/sms/link';

/** What one cannot see, of each kind that Unicode has, and what only looks like nothing. */
const INVISIBLE =
  '\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2069\u206f\u2800\u3164\ufe0f\ufeff\uffa0\ufff9\ufffc\u{e0001}\u{e0020}\u{e0100}\u{1d173}';
const SPACES = ' \u00a0\u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000\t';
const DASHES = '-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d';
/** Zero of some scripts. */
const ZEROS = [0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0xff10, 0x1d7ce, 0x1d7d8, 0x1e950];

const oneOf = (characters: string) => fc.constantFrom(...Array.from(characters));
const invisible = fc.array(oneOf(INVISIBLE), { maxLength: 3 }).map((all) => all.join(''));

/** A text as somebody could paste it: other digits, dashes and spaces, and what one cannot see between. */
const pastedAs = (text: string) =>
  fc
    .tuple(
      fc.constantFrom(...ZEROS),
      fc.array(fc.tuple(invisible, oneOf(DASHES), oneOf(SPACES)), {
        minLength: text.length,
        maxLength: text.length,
      }),
      fc.constantFrom(
        ['', ''],
        ['"', '"'],
        ['”', '”'],
        ['«', '»'],
        ['<', '>'],
        ['(', ')'],
        ['', '.'],
        [' ', '\n'],
        ['', ','],
      ),
      invisible,
    )
    .map(([zero, between, [before = '', after = ''], end]) => {
      const written = Array.from(text, (character, index) => {
        const [unseen = '', dash = '', space = ''] = between[index] ?? [];
        if (/\d/.test(character)) return unseen + String.fromCodePoint(zero + Number(character));
        if (character === '-') return unseen + dash;
        return unseen + (character === ' ' ? space : character);
      });
      return `${end}${before}${written.join('')}${after}${end}`;
    });

describe('D2 what is typed or pasted', () => {
  it('is the same number, date or address, whatever was pasted with it', () => {
    const cases: [string, (text: string) => unknown, unknown][] = [
      ['+46 70-174 06 05', mobileNumber, '+46701740605'],
      ['070-174 06 05', mobileNumber, '+46701740605'],
      ['19811218-9876', (text) => parseIdentity(text)?.number, '198112189876'],
      ['19811218 9876', (text) => parseIdentity(text)?.number, '198112189876'],
      ['19811218 - 9876', (text) => parseIdentity(text)?.number, '198112189876'],
      ['19810829 - M071', (text) => parseIdentity(text)?.number, '19810829M071'],
      ['19810829M071', (text) => parseIdentity(text)?.number, '19810829M071'],
      ['2026-11-23', pasted, '2026-11-23'],
      ['2026-11-23T10:00:00+01:00', pasted, '2026-11-23T10:00:00+01:00'],
      ['kim-1@example.se', mailAddress, 'kim-1@example.se'],
    ];
    for (const [text, read, expected] of cases)
      fc.assert(
        fc.property(pastedAs(text), (written) => expect(read(written)).toBe(expected)),
        { numRuns: 200 },
      );
  });

  it.each([
    ['"\u202d+46 70 174 06 05\u202c"', '+46701740605'],
    ['tel:+46-70-174-06-05', '+46701740605'],
    ["'0701740605", '+46701740605'],
    ['(070) 174 06 05.', '+46701740605'],
    ['＋４６７０１７４０６０５', '+46701740605'],
  ])('%s is a mobile number', (text, number) => {
    expect(mobileNumber(text)).toBe(number);
  });

  it.each([
    '070-FLOWERS',
    '070 174 06 05 Kim',
    '070\n174 06 05',
    '+46701740605,+46701740606',
    '\u202d\u202c',
  ])('%j is none', (text) => {
    expect(mobileNumber(text)).toBeNull();
  });

  it('made plain again is the same, and what is far too long is left as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(plain(plain(text))).toBe(plain(text))),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(pasted(pasted(text))).toBe(pasted(text))),
    );
    const long = '('.repeat(100_000) + '.'.repeat(100_000);
    expect(pasted(long)).toBe(long);
  });

  it('keeps what a code may begin and end with', () => {
    expect(plain('-_ABC._-')).toBe('-_ABC._-');
    expect(plain('\u200bSE2321000016\u20111003\u00a0')).toBe('SE2321000016-1003');
  });
});

describe('D2 co-ordination numbers', () => {
  it.each([
    ['191500722390', '1915-01-12', '1915-12-12'],
    ['198108602387', '1981-08-01', '1981-08-31'],
  ])('%s tells a part of the birth date', (number, first, last) => {
    const identity = parseIdentity(number)!;
    expect(identity).toEqual({ kind: 'co-ordination-number', number });
    expect(birthDateOf(identity)).toBeNull();
    expect(birthDatesOf(identity)).toEqual({ first, last });
    expect([fitsBirthDate(identity, first), fitsBirthDate(identity, last)]).toEqual([true, true]);
    expect(fitsBirthDate(identity, '1990-01-01')).toBe(false);
  });

  it('197010632391 tells all of it', () => {
    const identity = parseIdentity('197010632391')!;
    expect(birthDateOf(identity)).toBe('1970-10-03');
    expect(birthDatesOf(identity)).toEqual({ first: '1970-10-03', last: '1970-10-03' });
    expect([fitsBirthDate(identity, '1970-10-03'), fitsBirthDate(identity, '1970-10-04')]).toEqual([
      true,
      false,
    ]);
  });

  it.each(['191500722391', '191500022390', '198113602387', '198100002380', '197010632392'])(
    '%s is none',
    (number) => {
      expect(parseIdentity(number)).toBeNull();
    },
  );
});

describe('D5 what one cannot see', () => {
  const required: FormQuestion = {
    questionId: 'q',
    label: 'Varför?',
    required: true,
    type: 'text',
    maxLength: 500,
  };

  it('is no answer and no message, alone or together, and with something seen it is both', () => {
    const nothing = fc
      .array(oneOf(`${INVISIBLE}${SPACES}\n\u0301\u{1d159}\u{16fe4}\uffff`), { maxLength: 20 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(nothing, oneOf('aÅ1!٣漢😀ก'), (text, seen) => {
        expect([isBlank(text), visibleCount(text)]).toEqual([true, 0]);
        expect(answerProblems([required], { q: text })).toEqual([
          { questionId: 'q', reason: 'answer-missing' },
        ]);
        expect(readAnswers([required], { q: text })).toEqual({});
        expect(messageTextProblem(text)).not.toBeNull();
        expect([isBlank(text + seen), visibleCount(seen + text)]).toEqual([false, 1]);
        expect(answerProblems([required], { q: text + seen })).toEqual([]);
      }),
    );
  });

  it('stays in free text as it was written, but for control characters', () => {
    const text = 'Åsa ﬁ 👩‍⚕️ ½ \u202eבית\u202c\u00a0x\ny\tz';
    expect(withoutControls(text)).toBe(text);
    expect(withoutControls('a\u0000b\u001b\u0085c\r\nd\re')).toBe('abc\nd\ne');
    expect(readAnswers([required], { q: `${text}\u0007` })).toEqual({ q: text });
  });
});

describe('D6 days and times', () => {
  it('are those from 1900 to 2200', () => {
    const date: FormQuestion = { questionId: 'd', label: 'När?', required: true, type: 'date' };
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(0, 0, 1) - 60e12, max: Date.UTC(9999, 11, 31) }).map((ms) => new Date(ms)),
        (at) => {
          const believed = at.getUTCFullYear() >= 1900 && at.getUTCFullYear() <= 2200;
          expect(isBelievedTime(at)).toBe(believed);
          const day = at.toISOString().split('T')[0]!;
          expect(isCalendarDate(day)).toBe(believed);
          expect(answerProblems([date], { d: day })).toHaveLength(believed ? 0 : 1);
        },
      ),
    );
    expect(
      ['1899-12-31', '1900-01-01', '2200-12-31', '2201-01-01', '0026-05-17', '9999-12-31'].map(
        isCalendarDate,
      ),
    ).toEqual([false, true, true, false, false, false]);
    expect(isBelievedTime(new Date(Number.NaN))).toBe(false);
  });
});

describe('D9 e-mail addresses', () => {
  it.each([
    ['a&b@example.com'],
    ["o'neil+tag@example.co.uk"],
    ['{x}|y~`z`=/?^*%$#!@example.org'],
    ['a@sub.xn--exmple-cua.se'],
    ['kim_j-1.b@EXAMPLE.se'],
    [`${'a'.repeat(64)}@example.se`],
  ])('%s is taken as it is', (address) => {
    expect([mailAddress(address), isMailAddress(address)]).toEqual([address, true]);
  });

  it.each([
    ['kim@exämple.se', 'kim@xn--exmple-cua.se'],
    ['mailto:kim@example.se', 'kim@example.se'],
    ['<kim@example.se>;', 'kim@example.se'],
    ['\u200bkim@example.se\u00a0', 'kim@example.se'],
    ['kim＠example．se', 'kim@example.se'],
  ])('%s is %s', (text, address) => {
    expect(mailAddress(text)).toBe(address);
  });

  it.each([
    'a@example.se\r\nBcc: b@example.se',
    'a\n@example.se',
    'a@example.se,b@example.se',
    'a@example.se b@example.se',
    'a@b@example.se',
    '"a b"@example.se',
    'å@example.se',
    '.a@example.se',
    'a..b@example.se',
    'a.@example.se',
    'a@example',
    'a@-example.se',
    'a@example.se-',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@exa%6dple.se',
    'a@example.se\u0000',
    'a@example.se\u2028x',
    'Kim <a@example.se>',
    `${'a'.repeat(65)}@example.se`,
    `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(63)}.se`,
    '@example.se',
    '',
  ])('%j is refused', (text) => {
    expect(mailAddress(text)).toBeNull();
  });

  it('whatever is taken has one @, and nothing that a header could take for more', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('@', '.', 'example.se', '\r\n', '<', '"', ' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const address = mailAddress(`a${pieces.join('')}@example.se`) ?? 'none@example.se';
        expect(address).toMatch(/^[!-~]+@[!-~]+$/);
        expect(address).not.toMatch(/[<>",;:\s\\()[\]]|@.*@/);
      }),
    );
  });
});

describe('D11 the code of a link', () => {
  const code = `1AbCdEfGhIjKlMnOpQrSt_-`;

  it.each(['', ').', ' Hej', '.', '"', '\n', '”', '%', '/', '…', '\u200b', ',och', "'", '>', ';x=1'])(
    'is found before %j',
    (after) => {
      expect(codesIn(`${code}${after}`)).toEqual([code]);
    },
  );

  it('is among few where what follows could be of it, and found behind what stands before', () => {
    expect(codesIn(`${code}-Hej`)).toContain(code);
    expect(codesIn(`(${code})`)).toEqual([code]);
    expect(codesIn(code.replace('D', 'D\u00ad'))).toEqual([code]);
    expect(codesIn('x'.repeat(10_000))).toHaveLength(32);
    expect(codesIn(code.slice(1))).toEqual([]);
  });
});

describe('D15 what holds a personal number', () => {
  it.each([
    '198112189876',
    '19811218-9876',
    '811218-9876',
    '8112189876',
    '811218+9876',
    'visit-198112189876',
    '19811218--9876',
    '1981-12-18_-_9876',
    '811218 - 9876',
    'pnr:19811218-9876/2',
    '1981-12-18-9876',
    '198112189876001',
    'x8112189876x',
    '19810829M071',
    'REF/19810829m071',
    '191500722390',
    '198108602387',
  ])('%s does', (text) => {
    expect(holdsIdentity(text)).toBe(true);
  });

  it.each([
    '198112189875',
    'SE2321000016-1003',
    'booking-4711',
    '550e8400-e29b-41d4-a716-446655440000',
    '2026-11-23',
    '20261123T1000',
    '1796070000000',
    '',
  ])('%s does not', (text) => {
    expect(holdsIdentity(text)).toBe(false);
  });
});
