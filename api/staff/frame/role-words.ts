import type { StaffRole } from '../../../rules/staff';
import { wording } from '../../frame/wording';

/** The roles that staff act in, as staff read them. */
export const roleWords = wording({
  sv: {
    booker: 'Bokning',
    clinician: 'Vårdpersonal',
    'operations-manager': 'Verksamhetschef',
    system: 'Mottagningens system',
  } satisfies Record<StaffRole, string>,
  en: {
    booker: 'Booking staff',
    clinician: 'Clinician',
    'operations-manager': 'Operations manager',
    system: 'The clinic’s system',
  },
});
