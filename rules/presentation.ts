/** How a clinic shows itself on patients' and staff's pages. */

/** A text in each language; lines as {@link readText} reads them. */
export interface TextInLanguages {
  sv: string;
  en: string;
}

/** What a clinic shows of itself, and what it tells of how it treats personal data (R8.6). */
export interface Presentation {
  /** `#rrggbb` of the band at the top, on which the text is white; null for the service's own. */
  colour: string | null;
  /** A PNG in base64, as {@link logoFault} takes it; null for none. */
  logo: string | null;
  /** The controller: the region's board, with its address. Null where the clinic has not said. */
  controller: string | null;
  /** How one reaches the data protection officer. */
  dataProtectionOfficer: string | null;
  /** In place of the standard privacy notice. */
  privacyNotice: TextInLanguages | null;
  /** In place of the standard accessibility statement. */
  accessibilityStatement: TextInLanguages | null;
}

/** Of a clinic that has chosen nothing. */
export const defaultPresentation: Presentation = {
  colour: null,
  logo: null,
  controller: null,
  dataProtectionOfficer: null,
  privacyNotice: null,
  accessibilityStatement: null,
};

/** What text needs against its ground (WCAG 1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** `#rrggbb`. */
export const colourPattern = /^#[0-9a-fA-F]{6}$/;

/** The contrast of two colours, from 1 to 21 (WCAG 2.2). Both are `#rrggbb`. */
export function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A logo weighs on every page's first view. */
export const MOST_LOGO_BYTES = 16_000;
/** Shown 40 px high; twice that for sharp screens. */
export const MOST_LOGO_WIDTH = 480;
export const MOST_LOGO_HEIGHT = 160;

/** What is wrong with a logo. */
export type LogoFault = 'not-a-png' | 'too-heavy' | 'too-large' | 'has-more-than-a-picture';

/** Chunks that draw; text, places, animation and whatever hides behind the end are refused. */
const DRAWS = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs', 'IDAT', 'IEND']);
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The checksum that ends a PNG's chunk, of its name and content (CRC-32). */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * What is wrong with a logo's bytes, or null. PNG alone is taken, since an SVG can run scripts; every chunk is
 * known and whole, and nothing comes after the last. Whether it can be drawn is known only once it is decoded.
 */
export function logoFault(bytes: Uint8Array): LogoFault | null {
  if (bytes.length > MOST_LOGO_BYTES) return 'too-heavy';
  if (bytes.length < 57 || SIGNATURE.some((byte, index) => bytes[index] !== byte)) return 'not-a-png';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: string[] = [];
  let at = SIGNATURE.length;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!DRAWS.has(name)) return /^[A-Za-z]{4}$/.test(name) ? 'has-more-than-a-picture' : 'not-a-png';
    if (name === 'IHDR' && length !== 13) return 'not-a-png';
    const end = at + 12 + length;
    if (end > bytes.length || view.getUint32(end - 4) !== crcOf(bytes.subarray(at + 4, end - 4)))
      return 'not-a-png';
    chunks.push(name);
    at = end;
    if (name === 'IEND') break;
  }
  if (chunks[0] !== 'IHDR' || chunks.at(-1) !== 'IEND' || !chunks.includes('IDAT')) return 'not-a-png';
  if (at < bytes.length) return 'has-more-than-a-picture';
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width === 0 || height === 0) return 'not-a-png';
  return width > MOST_LOGO_WIDTH || height > MOST_LOGO_HEIGHT ? 'too-large' : null;
}

/** A piece of a text. */
export type TextPiece =
  { kind: 'heading'; text: string } | { kind: 'paragraph'; text: string } | { kind: 'list'; items: string[] };

/**
 * Reads a text as clinics write it: paragraphs with a blank line between, headings that begin with `## `, and
 * lists whose lines begin with `- `.
 */
export function readText(text: string): TextPiece[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n(?:[ \t]*\n)+/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .flatMap((block): TextPiece[] => {
      const pieces: TextPiece[] = [];
      for (const line of block.split('\n')) {
        const last = pieces.at(-1);
        if (line.startsWith('## ')) pieces.push({ kind: 'heading', text: line.slice(3).trim() });
        else if (line.startsWith('- ')) {
          if (last?.kind === 'list') last.items.push(line.slice(2).trim());
          else pieces.push({ kind: 'list', items: [line.slice(2).trim()] });
        } else if (last?.kind === 'paragraph') last.text += ` ${line.trim()}`;
        else pieces.push({ kind: 'paragraph', text: line.trim() });
      }
      return pieces;
    });
}
