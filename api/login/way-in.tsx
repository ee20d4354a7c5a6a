import type { Request, Response } from 'express';
import { randomSecret } from '../../platform/keys/random-id';
import { LOGIN_MINUTES, type LoginRequest, type Logins } from '../../records/logins';
import type { Cookies } from '../frame/cookies';
import type { PageContent } from '../frame/page-content';
import { ButtonLink, ButtonRow, Heading } from '../frame/parts';
import { newLoginSecrets, type LoginSecrets } from './oidc';

/** Begins a login: keeps on our side where it wants to go, and has the browser prove that it is its own. */
export async function beginLogin(
  { records, cookies }: { records: { logins: Logins }; cookies: Cookies },
  request: Request,
  response: Response,
  loginRequest: LoginRequest,
  begunAt: Date,
): Promise<LoginSecrets> {
  const secrets = newLoginSecrets();
  // One secret for all logins of this browser, so that two tabs do not take it from each other.
  const browser = cookies.read(request, 'login') ?? randomSecret();
  const { state, nonce, codeVerifier } = secrets;
  await records.logins.begin(state, browser, { nonce, codeVerifier, ...loginRequest }, begunAt);
  cookies.write(response, 'login', browser, 2 * LOGIN_MINUTES * 60_000);
  return secrets;
}

/** What the provider sends the browser back with, as it was sent: each name as often as it was. */
export const answerOf = ({ originalUrl }: Request): URLSearchParams =>
  new URLSearchParams(originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '');

/**
 * Sends the browser on to the provider. A page and no redirect: the policy for forms (`form-action`) would
 * hold for every address that brokers pass the browser on to.
 * @param button for browsers that do not go on by themselves
 */
export const onwardsPage = (url: URL, { title, button }: { title: string; button: string }): PageContent => ({
  title,
  refreshTo: url.toString(),
  main: (
    <>
      <Heading>{title}</Heading>
      <ButtonRow>
        <ButtonLink href={url.toString()} icon="lock">
          {button}
        </ButtonLink>
      </ButtonRow>
    </>
  ),
});
