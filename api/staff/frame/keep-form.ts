import type { z } from 'zod';
import type { PostedForm } from '../../../records/kept-forms';
import type { Records } from '../../../records';
import type { ActingMember } from '../../../records/staff-sessions';
import type { Clock } from '../../../rules/clock';

/** How a form that takes long to fill in is kept where it cannot be taken. */
export interface KeepsForm {
  /** What the form posts; what does not fit is no form of ours, and is not kept. */
  schema: z.ZodType<{ patientId: string }>;
  /** The page that shows it again, filled in: the same address for everybody. */
  goOnAt: string;
}

/**
 * Keeps a posted form for the member of staff who filled it in, where the login had ended or the page is
 * older than the login.
 *
 * @returns where they go on; null where nothing is kept
 */
export async function keepForm(
  { records, clock }: { records: Pick<Records, 'people' | 'keptForms'>; clock: Clock },
  keeps: KeepsForm | undefined,
  { csrf: _csrf, formKey: _formKey, ...fields }: Record<string, unknown>,
  who: ActingMember | null,
): Promise<string | null> {
  if (!keeps || who === null) return null;
  const read = keeps.schema.safeParse(fields);
  if (!read.success) return null;
  const { patientId } = read.data;
  if (!(await records.people.find(who.clinicId, patientId))) return null;
  // Fields of a form are texts, or several of the same name.
  await records.keptForms.keep(who, patientId, fields as PostedForm, clock.now());
  return keeps.goOnAt;
}
