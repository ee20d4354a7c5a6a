import { seesContent } from '../../access';
import type { DeskRequest } from './route';

/**
 * Whether somebody sees the care content of what they look at, by any of their roles, or status and contact
 * only (R8.1; docs/access.md).
 *
 * @param staffIds the staff who take part in it
 */
export const seesContentOf = (
  { caller, roles, member }: Pick<DeskRequest, 'caller' | 'roles' | 'member'>,
  staffIds: string[],
): boolean =>
  roles.some((role) =>
    member.staffIds.some((staffId) =>
      // A reason was stated as the operations manager, and is nobody else's.
      seesContent(
        { ...caller, role, staffId, reason: role === caller.role ? caller.reason : null },
        staffIds,
      ),
    ),
  );
