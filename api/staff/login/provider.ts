import type { StaffLogin } from '../../../records/staff-sessions';
import { deskRoles } from '../../../rules/staff';
import { createOidcLogin, type OidcLogin, type OidcSettings } from '../../login/oidc';

/** How staff log in: an OpenID provider of the region's or the clinic's, beside the patients' own. */
export type StaffProvider = OidcLogin<StaffLogin>;

/** Its settings; `rolesClaim` is where the roles stand, null where the clinic's records have them. */
export type StaffOidcSettings = OidcSettings & { rolesClaim: string | null };

/** Where the provider sends the browser back to, below our public address. */
export const DESK_CALLBACK_PATH = '/desk/login/callback';

export const createStaffProvider = ({ rolesClaim, ...settings }: StaffOidcSettings): StaffProvider =>
  createOidcLogin(settings, ({ identity, name, claims }) => {
    if (typeof identity !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(identity)) return null;
    return { login: identity, name, roles: rolesClaim === null ? null : rolesIn(claims[rolesClaim]) };
  });

/** Of what the claim has, as a list or as one text with spaces, the roles that the desk knows. */
function rolesIn(claim: unknown): StaffLogin['roles'] {
  const told = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return deskRoles.filter((role) => told.includes(role));
}
