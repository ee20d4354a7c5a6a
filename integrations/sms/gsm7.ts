/** The default alphabet of GSM 03.38, row by row (the escape at 0x1B is not a character one can write). */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅå' +
    'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ' +
    ' !"#¤%&\'()*+,-./' +
    '0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNO' +
    'PQRSTUVWXYZÄÖÑÜ§' +
    '¿abcdefghijklmno' +
    'pqrstuvwxyzäöñüà',
);

/** The extension table: each of these is an escape and a character, so two units. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/**
 * How many units fit in a message of one part, and in each part of a longer one (its header takes the rest).
 */
const CAPACITY = {
  'gsm-7': { single: 160, joined: 153 },
  'ucs-2': { single: 70, joined: 67 },
} as const;

export interface SmsParts {
  encoding: keyof typeof CAPACITY;
  /** How many SMS the text is sent (and paid) as. */
  parts: number;
  /** The text's own length: septets in GSM-7, 16-bit units in UCS-2. */
  units: number;
}

/**
 * How a text is divided into SMS parts: 160 units in a single part and 153 in each of several for GSM-7, 70
 * and 67 for UCS-2, which one character outside the GSM-7 alphabet turns the whole text into (R2.3). A
 * character of two units (an escape pair, or a surrogate pair) is never split over a part border.
 */
export function smsParts(text: string): SmsParts {
  const characters = Array.from(text);
  const encoding = characters.every((char) => BASIC.has(char) || EXTENSION.has(char)) ? 'gsm-7' : 'ucs-2';
  const sizes = characters.map((char) => (encoding === 'ucs-2' ? char.length : EXTENSION.has(char) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { single, joined } = CAPACITY[encoding];
  return { encoding, parts: units <= single ? 1 : partsOf(sizes, joined), units };
}

/** Whether the text is sent as one SMS in the GSM-7 alphabet, as the notices are (R2.3). */
export function isOneGsm7Part(text: string): boolean {
  const { encoding, parts } = smsParts(text);
  return encoding === 'gsm-7' && parts === 1;
}

/** Fills parts in order; a character that does not fit whole begins the next one. */
function partsOf(sizes: number[], capacity: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > capacity) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  return parts;
}
