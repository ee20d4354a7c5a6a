import { z } from 'zod';
import type { Person } from '../../../records/people';
import { personOf } from '../../../use-cases/read-before';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';

/** The person whom a page is about, as the request has read them to let it in. */
export async function personIn(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic, params, read }: DeskRequest,
): Promise<Person> {
  const person = await personOf({ records, readBefore: read }, clinic.clinicId, params.personId ?? '');
  // The way in has answered for one who is not the clinic's.
  if (!person) throw new Error('the person of this page is gone');
  return person;
}

/** What a form has shown as the last change: its instant, or nothing where there was none. */
export const seenAt = z
  .union([z.literal(''), z.iso.datetime()])
  .default('')
  .transform((at) => (at === '' ? null : at));
