/**
 * What people type or paste, made plain once, before anything judges it. Numbers, addresses, codes and dates
 * go through {@link plain} or {@link pasted}. Free text (names, messages, answers) stays as it was written:
 * of it only is judged whether one sees anything ({@link isBlank}), and control characters go ({@link
 * withoutControls}).
 */

/** No number, address or code is longer; what is stays as it is, to be refused without work. */
const MOST_CHARACTERS = 1_000;

/**
 * Unicode calls these ignorable, or they only format or steer direction: in a number or a code they are
 * nothing.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800\ufffc]/gu;
/** Hyphens and dashes of every length, and the signs of minus that are no dashes to Unicode. */
const DASHES = /[\p{Pd}\u2010-\u2015\u2043\u207b\u208b\u2212\u2796\u23af\u23e4]/gu;
/** Spaces of every width, and the tab that comes along from a spreadsheet; no line breaks. */
const SPACES = /[\p{Zs}\t]/gu;
const DIGIT = /\p{Nd}/gu;

/** A decimal digit of any script as 0 to 9: Unicode has each script's ten in a row, from zero. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/**
 * Text for machines in plain characters. It folds compatibility forms (NFKC) and removes invisible and
 * bidirectional characters. Every dash becomes a hyphen, every space a space, and digits of any script 0 to
 * 9. White space at the ends goes. Line breaks within stay, for the schema to refuse.
 */
export function plain(text: string): string {
  if (text.length > MOST_CHARACTERS) return text;
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(DASHES, '-')
    .replace(SPACES, ' ')
    .replace(DIGIT, asciiDigit)
    .trim();
}

/**
 * Text without what Unicode calls ignorable, and without marks of direction: nothing that one sees is gone.
 */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

const PAIRS = [
  '""',
  "''",
  '``',
  '“”',
  '””',
  '„“',
  '„”',
  '‘’',
  '’’',
  '‚‘',
  '«»',
  '»«',
  '»»',
  '‹›',
  '()',
  '[]',
  '{}',
  '<>',
];
/** What ends a sentence, or a quotation that began before. */
const AFTER = /[\s.,;:!?"“”„‘’«»‹›]+$/u;
const BEFORE = /^[\s"“”„«»‹›]+/u;
const BRACKETS = ['()', '[]', '{}', '<>'];

/**
 * {@link plain}, and without the characters around it in its source: quotes, brackets, the end of a sentence.
 * Do not use it for a text that may itself end so, such as a clinic's own reference.
 */
export function pasted(text: string): string {
  if (text.length > MOST_CHARACTERS) return text;
  let left = plain(text);
  for (;;) {
    const before = left;
    left = left.replace(BEFORE, '').replace(AFTER, '');
    const around = `${left.charAt(0)}${left.slice(-1)}`;
    if (left.length >= 2 && PAIRS.includes(around)) left = left.slice(1, -1);
    for (const [open = '', close = ''] of BRACKETS)
      if (left.endsWith(close) && !left.includes(open)) left = left.slice(0, -1);
    if (left === before) return left;
  }
}

/**
 * {@link pasted}, of what begins with a digit or a plus: also without the apostrophe by which spreadsheets
 * keep a leading zero.
 */
export const pastedNumber = (text: string): string => pasted(text).replace(/^['’´`]+(?=[\d+(])/u, '');

/**
 * A visible letter, digit, sign or symbol: no space, no control, nothing ignorable, no mark without its
 * letter.
 */
const VISIBLE =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\u{1d159}\u{13441}\u{13442}]/u;
const EACH_VISIBLE = new RegExp(VISIBLE.source, 'gu');

/**
 * Whether one sees nothing of a text: only spaces and invisible characters. What is required and blank is
 * missing.
 */
export const isBlank = (text: string): boolean => !VISIBLE.test(text);

/** How many characters of a text one sees. */
export const visibleCount = (text: string): number => text.match(EACH_VISIBLE)?.length ?? 0;

/**
 * Free text without control characters, with line ends of one kind; tab and line feed stay. Nothing else of
 * it is changed.
 */
export const withoutControls = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\t\n]/gu, '');

/** What breaks a line, or steers a terminal: no such character stands in text of one line. */
export const NO_CONTROLS = /^[^\p{Cc}\u2028\u2029]*$/u;
