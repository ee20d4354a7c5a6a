import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { CALLBACK_PATH } from '../../api/patient/login/routes';
import { accountsOf, testPeople as localPeople } from '../../local/identity-provider/people';
import { createIdentityProvider, patientProfile } from '../../local/identity-provider/provider';
import { testKeys } from './keys';
import { CO_ORDINATION_NUMBER, testPeople, visitor, type Shown, type Visitor } from './patient';

/** The local stand's identity provider, a real one, on a port of its own. */
export interface TestIdentityProvider {
  /** For a service's `identityProvider`: starts it for the service at this address. */
  startFor(apiUrl: string): Promise<string>;
  /** As if it were down, and up again. */
  setAway(away: boolean): void;
  /**
   * The address below which it answers 401 with a challenge, as one that takes our credentials no more; null
   * for none.
   */
  challengeAt(path: string | null): void;
  close(): void;
}

export function testIdentityProvider(): TestIdentityProvider {
  let server: Server | null = null;
  let away = false;
  let challenged: string | null = null;
  return {
    async startFor(apiUrl) {
      server = createServer();
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/identity`;
      const known = new Set(localPeople.map(({ personalNumber }) => personalNumber));
      const provider = await createIdentityProvider({
        issuer,
        clientId: 'vardmote',
        clientSecret: testKeys.oidcClientSecret,
        redirectUri: `${apiUrl}${CALLBACK_PATH}`,
        profile: patientProfile,
        accounts: accountsOf([
          ...localPeople,
          ...Object.values(testPeople)
            .filter((personalNumber) => !known.has(personalNumber))
            .map((personalNumber) => ({ name: 'Testperson', personalNumber, whoIsIt: 'of the tests' })),
          // A co-ordination number, which cannot log in (R7.4).
          { name: 'Samordnad', personalNumber: CO_ORDINATION_NUMBER, whoIsIt: 'of the tests' },
        ]),
      });
      server.on(
        'request',
        express().use((request, response, next) => {
          if (away) response.status(503).send('away');
          else if (challenged !== null && request.path.startsWith(challenged))
            response
              .status(401)
              .set('WWW-Authenticate', 'Bearer error="invalid_token"')
              .json({ error: 'no' });
          else express.Router().use('/identity', provider)(request, response, next);
        }),
      );
      return issuer;
    },
    setAway: (nowAway) => (away = nowAway),
    challengeAt: (path) => (challenged = path),
    close() {
      server?.closeAllConnections();
      server?.close();
    },
  };
}

/** Where the page that begins a login sends the browser. */
export function onwardsOf(page: Shown): string {
  const address = /content="0; url=([^"]+)"/.exec(page.text)?.[1];
  if (!address) throw new Error(`no way onwards on ${page.path}: ${page.status}`);
  return address.replaceAll('&amp;', '&');
}

/**
 * Goes through the provider as the person, from the page that began the login: answers with the address at
 * the service that it ends at, not opened yet.
 * @param personalNumber null for one who stops it
 */
export async function passProvider(begun: Shown, personalNumber: string | null): Promise<string> {
  const start = new URL(onwardsOf(begun));
  const browser = visitor(start.origin);
  const sent = await browser.get(start.href);
  const choose = await browser.get(sent.location ?? '');
  if (choose.status !== 200) throw new Error(`the provider answers ${choose.status}`);
  let shown = await browser.post(
    choose.path,
    personalNumber === null ? { cancel: 'yes' } : { accountId: personalNumber },
  );
  while (new URL(shown.location ?? '', start).origin === start.origin) {
    shown = await browser.get(shown.location ?? '');
    if (!shown.location) throw new Error(`the provider ends with ${shown.status}`);
  }
  return shown.location!;
}

/**
 * Logs in by the whole way, from the page whose form begins it; answers with where the service leads to then.
 */
export async function logInFrom(
  browser: Visitor,
  path: string,
  personalNumber: string,
  fields: Record<string, string> = {},
): Promise<Shown> {
  const begun = await browser.post(path, fields);
  return browser.get(await passProvider(begun, personalNumber));
}
