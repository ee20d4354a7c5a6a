import { z } from 'zod';
import type { TypedForm } from '../../../records/logins';
import type { PostedFields } from './form-fields';

/** A page of ours: nothing that leads elsewhere, or holds more than ids. */
export const ownPage = z.string().regex(/^\/my(\/[A-Za-z0-9_-]{1,64}){0,5}$/);

/** More than any of our forms holds as one writes it; what is longer does not go through the login. */
const MOST_CHARACTERS = 50_000;

const typedForm = z.strictObject({
  path: ownPage,
  fields: z.array(z.tuple([z.string().max(60), z.string().max(MOST_CHARACTERS)])).max(500),
});

/** What only the page itself knows, or what another button decides. */
const notTyped = new Set(['csrf', 'formKey', 'do']);

/** What was typed, as one hidden field carries it; null where there is too much of it. */
export function packTyped(path: string, posted: PostedFields): string | null {
  const fields = Object.entries(posted)
    .filter(([name]) => !notTyped.has(name))
    .flatMap(([name, values]) => [values ?? []].flat().map((value) => [name, value]));
  const packed = JSON.stringify({ path, fields });
  return packed.length <= MOST_CHARACTERS ? packed : null;
}

/** What {@link packTyped} packed; null for anything else. */
export function unpackTyped(packed: string): TypedForm | null {
  if (packed.length > MOST_CHARACTERS) return null;
  try {
    return typedForm.parse(JSON.parse(packed));
  } catch {
    return null;
  }
}
