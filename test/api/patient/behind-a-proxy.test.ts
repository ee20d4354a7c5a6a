import { request as httpRequest } from 'node:http';
import type { PatientRouteDeps } from '../../../api/patient/frame/route';
import { patientRoutes } from '../../../api/patient/routes';
import { openDatabase, type RawDatabase } from '../helpers';
import { createClinic } from '../../support/clinic';
import { logInFrom, testIdentityProvider } from '../../support/identity-provider';
import { testPeople, visitor, type Shown, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';

/**
 * As it runs for real: one proxy in front, which ends TLS and adds the caller's address to X-Forwarded-For.
 */
const provider = testIdentityProvider();
let service: Service;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({
    workers: false,
    deadlineMs: 1_000,
    trustedProxies: 1,
    publicUrl: 'https://mote.example',
    identityProvider: provider.startFor,
    limits: { sessionGuesses: 3, logins: 6 },
  });
  raw = await openDatabase(service);
  await createClinic(service);
});
afterAll(async () => {
  provider.close();
  await raw.close();
  await service.close();
});

const open = (): Visitor => visitor(service.apiUrl);

describe('cookies over https', () => {
  it('are bound to this very host, and out of reach of scripts and of other sites’ posts', async () => {
    const browser = open();
    const begun = await browser.post('/login');
    const shown = await logInFrom(browser, '/login', testPeople.patient);
    expect(shown.location).toBe('/my');
    const home = await browser.get('/my');
    const chosen = await browser.get('/my?language=en');
    const out = await browser.submit(home, '/logout');
    const attributes = '; Path=/; (Expires=[^;]+; )?HttpOnly; Secure; SameSite=Lax$';
    const set = [begun, shown, chosen, out].flatMap(({ headers }) => headers.getSetCookie());
    for (const name of ['login', 'session', 'language']) {
      const own = set.filter((line) => line.startsWith(`__Host-vardmote-${name}=`));
      expect([name, own.length > 0]).toEqual([name, true]);
      for (const line of own) expect(line).toMatch(new RegExp(`=[\\w-]*(; Max-Age=\\d+)?${attributes}`));
    }
    // Nothing is set beside these, and nothing for a whole domain.
    expect(set.filter((line) => !line.startsWith('__Host-') || /domain=/i.test(line))).toEqual([]);
    // The browser forgets it only where the attributes are those it was set with.
    expect(out.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-vardmote-session=; Path=\/; Expires=Thu, 01 Jan 1970[^;]*; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    // One that another page of the domain could set is none of ours.
    const shadowed = open();
    const secret = /__Host-vardmote-session=([\w-]{43})/.exec(shown.headers.get('set-cookie') ?? '')?.[1];
    shadowed.cookies.set('vardmote-session', secret ?? '');
    expect((await shadowed.get('/my')).status).toBe(401);
  });
});

describe('B3 bodies', () => {
  const posts = patientRoutes({} as PatientRouteDeps).filter(({ method }) => method === 'post');

  /** Says that a large form comes, sends none of it, and answers with the status; 0 where it is waited for. */
  const announce = (path: string, cookie: string | null): Promise<number> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(service.apiUrl);
      const sent = httpRequest({
        hostname,
        port,
        path: path.replaceAll(/\{\w+\}/g, 'a'.repeat(22)),
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '5000000',
          'sec-fetch-site': 'same-origin',
          'x-forwarded-for': `203.0.113.${100 + posts.findIndex((route) => route.path === path)}`,
          ...(cookie === null ? {} : { cookie: `__Host-vardmote-session=${cookie}` }),
        },
      });
      const settle = (status: number): void => {
        clearTimeout(patience);
        resolve(status);
        sent.destroy();
      };
      const patience = setTimeout(() => settle(0), 10_000);
      sent.on('response', ({ statusCode }) => settle(statusCode ?? 0));
      sent.on('error', reject);
      sent.flushHeaders();
    });

  it('B3 no form is waited for or held before it is clear that somebody is logged in', async () => {
    expect(posts.length).toBeGreaterThan(15);
    const statuses = await Promise.all(
      posts.flatMap(({ path, ...route }) => [
        announce(path, null),
        // What was typed goes on through the login, so that is read, once the session is known to be over.
        ...('savesTyped' in route ? [] : [announce(path, 'one-that-is-over')]),
      ]),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(await announce('/m/{code}', null)).toBe(200);
  });
});

describe('limits per address', () => {
  const guess = (forwardedFor: string): Promise<Shown> => {
    const guesser = open();
    guesser.cookies.set('__Host-vardmote-session', 'a-guess');
    return guesser.get('/my', { 'x-forwarded-for': forwardedFor });
  };
  const guessAll = async (addresses: string[]): Promise<number[]> => {
    const statuses: number[] = [];
    for (const address of addresses) statuses.push((await guess(address)).status);
    return statuses;
  };

  it('go by what the proxy has added, and not by what the caller claims before it', async () => {
    const forged = [1, 2, 3, 4, 5].map((number) => `203.0.113.${number}, 198.51.100.7`);
    expect(await guessAll(forged)).toEqual([401, 401, 401, 429, 429]);
    // Another caller is not held up by it, also where the first one’s address is claimed.
    expect(await guessAll(['198.51.100.7, 198.51.100.8'])).toEqual([401]);
    const rows = await raw.audit({ operation: 'limit.session-guesses' });
    expect(rows).toMatchObject([{ actor: 'stranger', allowed: false }]);
    expect(JSON.stringify(rows)).not.toContain('198.51.100');
  });

  it('count all of an IPv6 network as one, since whoever has it has every address of it', async () => {
    const network = ['2001:db8:1:1::1', '2001:db8:1:1::2', '2001:db8:1:1:ffff::3', '2001:db8:1:2::4'];
    expect(await guessAll(network)).toEqual([401, 401, 401, 429]);
    expect(await guessAll(['2001:db8:2:1::1'])).toEqual([401]);
  });

  it('B11 take the port off that some gateways write behind an address', async () => {
    const withPorts = ['203.0.113.77:50001', '203.0.113.77:50002', '203.0.113.77', '203.0.113.77:50003'];
    expect(await guessAll(withPorts)).toEqual([401, 401, 401, 429]);
    const six = ['[2001:db8:9::1]:443', '[2001:db8:9::1]:444', '2001:db8:9::2', '"[2001:db8:9::3]:445"'];
    expect(await guessAll(six)).toEqual([401, 401, 401, 429]);
    expect(await guessAll(['203.0.113.78:50001'])).toEqual([401]);
  });

  it('C8 one who guesses locks out nobody who is logged in behind the same address', async () => {
    const from = { 'x-forwarded-for': '203.0.113.90' };
    const browser = open();
    await logInFrom(browser, '/login', testPeople.patient);
    expect((await browser.get('/my', from)).status).toBe(200);
    const looked = jest.spyOn(service.records.sessions, 'use');
    expect(await guessAll(Array<string>(5).fill('203.0.113.90'))).toEqual([401, 401, 401, 429, 429]);
    // What is over the limit is not looked up.
    expect(looked).toHaveBeenCalledTimes(3);
    looked.mockRestore();
    expect((await browser.get('/my', from)).status).toBe(200);
  });

  it('C8 guesses that come all at once are no more than one after the other, at each door that tells of sessions', async () => {
    const looked = jest.spyOn(service.records.sessions, 'use');
    const doors: [string, (guesser: Visitor, from: Record<string, string>) => Promise<Shown>][] = [
      ['203.0.113.91', (guesser, from) => guesser.get('/my', from)],
      ['203.0.113.92', (guesser, from) => guesser.post('/logout', {}, from)],
      ['203.0.113.93', (guesser, from) => guesser.get('/login/callback?state=none', from)],
    ];
    for (const [address, open] of doors) {
      looked.mockClear();
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, number) => {
          const guesser = visitor(service.apiUrl);
          guesser.cookies.set('__Host-vardmote-session', `guess-${number}`);
          return open(guesser, { 'x-forwarded-for': address });
        }),
      );
      expect([address, looked.mock.calls.length]).toEqual([address, 3]);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(Array(9).fill('60'));
    }
    looked.mockRestore();
  });

  it('C8 as many right ones at once as like are all let in, and take no room from guesses', async () => {
    const from = { 'x-forwarded-for': '203.0.113.94' };
    const browsers = Array.from({ length: 6 }, open);
    for (const browser of browsers) {
      const { secret } = await service.records.sessions.start(
        { identity: { kind: 'personal-number', number: testPeople.patient }, name: null },
        new Date(),
      );
      browser.cookies.set('__Host-vardmote-session', secret);
    }
    const answers = await Promise.all(browsers.map((browser) => browser.get('/my', from)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await guessAll(Array<string>(4).fill('203.0.113.94'))).toEqual([401, 401, 401, 429]);
  });

  it('let one log out whose neighbours have logged in too often', async () => {
    const from = { 'x-forwarded-for': '198.51.100.20' };
    const browser = open();
    await logInFrom(browser, '/login', testPeople.patient);
    const page = await browser.get('/my', from);
    const statuses: number[] = [];
    for (let number = 0; number < 8; number += 1)
      statuses.push((await open().post('/login', {}, from)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await browser.post('/logout', { csrf }, from)).location).toBe('/logged-out');
  });

  it('count a guess at the way out too', async () => {
    const from = { 'x-forwarded-for': '198.51.100.30' };
    const statuses: number[] = [];
    for (let number = 0; number < 4; number += 1) {
      const guesser = open();
      guesser.cookies.set('__Host-vardmote-session', `guess-${number}`);
      statuses.push((await guesser.post('/logout', {}, from)).status);
    }
    expect(statuses).toEqual([303, 303, 303, 429]);
  });
});
