import { z } from 'zod';
import { plain } from '../../rules/typed';
import { holdsIdentity } from '../../rules/personal-number';
import { deskRoles } from '../../rules/staff';
import { isEachOnce, line, NO_PERSONAL_NUMBER, staffId } from '../fields';

/** Bodies of commands about staff. A schema checks one, documents it and gives its type. */

export const staffMemberBody = z.strictObject({
  name: line(120),
  title: line(80).meta({ description: 'As patients read it, such as `fysioterapeut`' }),
  shownName: line(120).optional().meta({
    description: 'The name that patients see; without it `name`. Staff can be protected too',
  }),
  staffIds: z
    .array(staffId)
    .min(1)
    .max(10)
    .refine(isEachOnce, 'must name each once')
    .meta({ description: 'The references that your systems use for this person, as in Acting-Staff' }),
  roles: z.array(z.enum(deskRoles)).max(deskRoles.length).refine(isEachOnce, 'must name each once'),
  login: z
    .string()
    .overwrite(plain)
    .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1-128 printable characters without spaces')
    .refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER)
    .nullable()
    .default(null)
    .meta({
      description: 'Who it is at the staff’s login provider, such as an HSA-id; null: does not log in',
    }),
  isActive: z.boolean().default(true),
});
/** A member of staff, as a clinic records one. */
export type StaffMemberBody = z.infer<typeof staffMemberBody>;
