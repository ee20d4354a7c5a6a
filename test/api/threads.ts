import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import type { TestCase } from '../support/cases';
import type { CallAnswer, TestClinic } from '../support/clinic';
import type { Service } from '../support/service';
import type { RawDatabase } from './helpers';

/**
 * What is written and sent in message cases and chats, for the tests of the clinic's API and of patients'
 * pages.
 */

/** How much of threads is kept: all else may change beside a test, as notices come to their ends. */
export async function threadsKept(raw: RawDatabase): Promise<(number | undefined)[]> {
  const { counts } = await raw.contents();
  return ['cases', 'threads', 'messages', 'files', 'contents.files', 'contents.chunks'].map(
    (name) => counts[name],
  );
}

/** A photograph as a telephone takes it, which says in it who made the camera. */
export const picture = async (
  name = 'Utslag.jpg',
): Promise<{ name: string; type: string; content: Buffer }> => ({
  name,
  type: 'image/jpeg',
  content: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#b07050' } })
    .withExif({ IFD0: { Make: 'Kameratillverkaren' } })
    .jpeg()
    .toBuffer(),
});

/** Uploads as a clinic's system does, with the form that browsers send. */
export async function upload(
  { apiUrl }: Service,
  { apiKey }: TestClinic,
  to: string,
  file: { name: string; type: string; content: Uint8Array },
  { key = randomUUID(), staffId = 'clinician-1' } = {},
): Promise<CallAnswer> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(file.content)], { type: file.type }), file.name);
  const response = await fetch(`${apiUrl}${to}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'acting-staff': staffId,
      'acting-role': 'clinician',
      'idempotency-key': key,
    },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as never };
}

/** A thread as the clinic reads it. */
export interface ShownThread {
  subject: string;
  messages: {
    text: string | null;
    author: string;
    writtenBy: string;
    files: { fileId: string; name: string }[];
  }[];
}

/** Reads a case's thread at the clinic's API. */
export const threadOf = async (clinic: TestClinic, { path }: TestCase): Promise<ShownThread> =>
  (await clinic.call('GET', `${path}/thread`)).body as ShownThread;
