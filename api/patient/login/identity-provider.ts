import type { LoggedIn } from '../../../records/sessions';
import { parseIdentity } from '../../../rules/personal-number';
import { createOidcLogin, type OidcLogin, type OidcSettings } from '../../login/oidc';

/** How people log in: brokers of BankID and Freja are such providers; their answer has a personal number. */
export type IdentityProvider = OidcLogin<LoggedIn>;

/** Only a personal number logs in; co-ordination and reserve numbers do not (R7.4). */
export const createIdentityProvider = (settings: OidcSettings): IdentityProvider =>
  createOidcLogin(settings, ({ identity: number, name }) => {
    const identity = typeof number === 'string' ? parseIdentity(number) : null;
    return identity?.kind === 'personal-number' ? { identity, name } : null;
  });
