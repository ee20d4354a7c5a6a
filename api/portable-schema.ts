import type { z } from 'zod';

/** What a caller may use for an instant: the years 1900 to 2200, with seconds and an offset (RFC 3339). */
const INSTANT =
  '^(19[0-9][0-9]|2[01][0-9][0-9]|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' +
  'T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$';
const DAY = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';

/** Patterns of ours that are written for JavaScript, as all languages read them. */
const sameEverywhere: Record<string, string> = { '^[^\\p{Cc}]*$': '^[^\\x00-\\x1f\\x7f-\\x9f]*$' };

/**
 * Patterns that the regular expressions of Python, Java or Go lack, or write in another way: look-around,
 * named groups, back references, Unicode classes and escapes.
 */
const ONLY_SOME = /\(\?(?!:)|\\[pPuUkXRQEAzZGhHvV1-9]|\[\[|&&/;

/** Whether the tools of other languages read a pattern as we do. */
export const isPortable = (pattern: string): boolean => !ONLY_SOME.test(pattern);

/**
 * Makes each part of a JSON Schema readable for tools of all languages. A pattern that they could not read is
 * left out; the input is still checked by it.
 */
export function portable({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (jsonSchema.format === 'date-time') {
    jsonSchema.pattern = INSTANT;
    return;
  }
  if (jsonSchema.format === 'date') {
    jsonSchema.pattern = DAY;
    return;
  }
  const { pattern } = jsonSchema;
  if (typeof pattern !== 'string') return;
  const { patterns } = zodSchema._zod.bag as { patterns?: Set<RegExp> };
  const read = sameEverywhere[pattern] ?? pattern;
  // A pattern is written down without its flags.
  const isFlagged = [...(patterns ?? [])].some(({ flags }) => /[ims]/.test(flags));
  if (isFlagged || !isPortable(read)) delete jsonSchema.pattern;
  else jsonSchema.pattern = read;
}
