import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Figures } from '../figures';
import { documentOf } from './document';

const FILE = 'docs/performance.md';

/**
 * Writes the document that is made from the figures, in the checkout's own format. @returns its path in the
 * checkout
 */
export async function writeDocument(checkout: string, figures: Figures): Promise<string> {
  const file = path.join(checkout, FILE);
  // Only here: it is no package of the service.
  const { format, resolveConfig } = await import('prettier');
  const text = await format(documentOf(figures), {
    ...(await resolveConfig(file)),
    filepath: file,
    proseWrap: 'always',
  });
  await writeFile(file, text);
  return FILE;
}
