import { hashOfCode } from '../../../records/links';
import { LOGIN_MINUTES } from '../../../records/logins';
import { SESSION_IDLE_MINUTES, SESSION_MINUTES } from '../../../records/sessions';
import { parseIdentity } from '../../../rules/personal-number';
import { DAY, inMs, MINUTE, openDatabase, testClock, type RawDatabase } from '../helpers';
import type { TestClinic, TestMeeting } from '../../support/clinic';
import { logInFrom, onwardsOf, passProvider, testIdentityProvider } from '../../support/identity-provider';
import {
  CO_ORDINATION_NUMBER,
  formIn,
  testPeople,
  visitor,
  type Shown,
  type Visitor,
} from '../../support/patient';
import type { Service } from '../../support/service';
import { linkTo, startForLogins } from './login-by-link';

/** The way in: a link that says nothing, a login by a real OpenID provider, a session. */
const clock = testClock();
const provider = testIdentityProvider();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let meeting: TestMeeting;
let link: string;

beforeAll(async () => {
  ({ service, clinic, meeting, link } = await startForLogins(clock, provider));
  raw = await openDatabase(service);
});
afterEach(() => {
  clock.release();
  provider.setAway(false);
  provider.challengeAt(null);
});
afterAll(async () => {
  provider.close();
  await raw.close();
  await service.close();
});

const open = (): Visitor => visitor(service.apiUrl);
const pageOf = (page: string): string => `/my/meetings/${meeting.patientParticipantId}${page}`;

describe('the link', () => {
  it('R2.3 says the same for every code, there or not, in the language of choice', async () => {
    const all = [link, '/m/1abcdefghijklmnopqrstuv', '/m/x', `/m/${'1'.repeat(200)}`];
    const shown = await Promise.all(all.map((path) => open().get(path)));
    expect(new Set(shown.map(({ text }) => text)).size).toBe(1);
    expect(shown[0]!.text).not.toContain('Testmottagningen');
    expect(shown[0]!.text).toMatch(/<html lang="sv">[^]*href="\?language=en" lang="en"[^]*e-legitimation/);
    for (const { status, headers } of shown) {
      const kept = ['cache-control', 'x-robots-tag', 'set-cookie'].map((name) => headers.get(name));
      expect([status, ...kept]).toEqual([200, 'no-store', 'noindex', null]);
    }

    const browser = open();
    const switched = await browser.get(`${link}?language=en`);
    expect(switched.location).toBe(link);
    expect((await browser.get(link)).text).toContain('<html lang="en">');
  });

  it('opened twenty times by GET and HEAD uses nothing up and changes nothing', async () => {
    const everything = async (): Promise<string> => {
      const names = (await raw.db.listCollections().toArray()).map(({ name }) => name).sort();
      const rows = await Promise.all(
        names.map((name) => raw.db.collection(name).find().sort({ _id: 1 }).toArray()),
      );
      return JSON.stringify(rows);
    };
    const before = await everything();
    for (let times = 0; times < 20; times += 1) {
      const shown = await open().get(link);
      expect(shown.status).toBe(200);
      expect(shown.headers.get('set-cookie')).toBeNull();
      const head = await fetch(`${service.apiUrl}${link}`, { method: 'HEAD' });
      expect(head.status).toBe(200);
    }
    expect(await everything()).toBe(before);
    const shown = await logInFrom(open(), link, testPeople.patient);
    expect(shown.location).toBe(pageOf(''));
  });

  it('decision 7: its code stands in no collection and no log, also after it was used', async () => {
    const code = link.slice('/m/'.length);
    await logInFrom(open(), link, testPeople.patient);
    const names = (await raw.db.listCollections().toArray()).map(({ name }) => name);
    for (const name of names)
      expect(JSON.stringify(await raw.db.collection(name).find().toArray())).not.toContain(code);
    expect(service.logLines.join('\n')).not.toContain(code);
    expect(await service.records.links.find(hashOfCode(code))).toEqual({
      meetingId: meeting.meetingId,
      participantId: meeting.patientParticipantId,
    });
  });

  it.each([').', '%20Hej', '.', '%22', '%0A', '/', '%E2%80%9D', '-Hej', '%E2%80%8B'])(
    'D11 leads to its meeting with %s stuck to its end',
    async (after) => {
      expect((await logInFrom(open(), `${link}${after}`, testPeople.patient)).location).toBe(pageOf(''));
    },
  );

  it('D11 the address of a page too, and one with a letter too many is nobody’s', async () => {
    const browser = open();
    await logInFrom(browser, link, testPeople.patient);
    for (const after of ['.', ').', '%20Hej', '%22'])
      expect((await browser.get(`${pageOf('')}${after}`)).status).toBe(200);
    expect((await browser.get(`${pageOf('')}x`)).status).toBe(404);
  });

  it('follows the meeting, and stops when it is long over', async () => {
    const browser = open();
    expect((await logInFrom(browser, link, testPeople.patient)).location).toBe(pageOf(''));
    clock.passMs(3 * DAY + 29 * DAY);
    expect((await logInFrom(open(), link, testPeople.patient)).location).toBe(pageOf(''));
    clock.passMs(2 * DAY);
    expect((await logInFrom(open(), link, testPeople.patient)).location).toBe('/my/link-ended');
  });
});

describe('the login', () => {
  it('leads from the link to the meeting, with cookies that scripts and other sites never get', async () => {
    const browser = open();
    const shown = await logInFrom(browser, link, testPeople.patient);
    expect(shown.status).toBe(303);
    const cookies = shown.headers.getSetCookie();
    expect(cookies.find((each) => each.startsWith('vardmote-session='))).toMatch(
      /^vardmote-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await browser.get(shown.location ?? '')).text).toContain('Testmottagningen');
    for (const name of ['referrer-policy', 'cache-control', 'x-robots-tag'])
      expect([name, shown.headers.get(name)]).toEqual([
        name,
        { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }[name],
      ]);
  });

  it('asks the provider with PKCE, state and nonce, new each time, and for a fresh login', async () => {
    const asked = await Promise.all(
      [1, 2].map(async () => new URL(onwardsOf(await open().post(link))).searchParams),
    );
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(asked[0]!.get(name)).not.toBe(asked[1]!.get(name));
    expect(Object.fromEntries(asked[0]!)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      prompt: 'login',
      client_id: 'vardmote',
    });
    expect(asked[0]!.toString()).not.toContain(link.slice(3));
  });

  it('starts a session of its own and ends the one that the browser came with', async () => {
    const browser = open();
    await logInFrom(browser, link, testPeople.patient);
    const before = new Map(browser.cookies);
    await logInFrom(browser, link, testPeople.patient);
    expect(browser.cookies.get('vardmote-session')).not.toBe(before.get('vardmote-session'));
    const old = open();
    for (const [name, value] of before) old.cookies.set(name, value);
    expect((await old.get(pageOf(''))).status).toBe(401);
  });

  it('R4.2 somebody else is refused kindly, and it is written down as no sign of the patient’s', async () => {
    const browser = open();
    const shown = await logInFrom(browser, link, testPeople.stranger);
    const page = await browser.get(shown.location ?? '');
    expect(page.status).toBe(404);
    expect(page.text).toContain('Det här mötet är inte ditt');
    expect(page.text).not.toMatch(/Testmottagningen|Patientsson|010-000 00 11/);
    const rows = await raw.audit({ subjectId: meeting.meetingId, actor: 'stranger' });
    expect(rows.at(-1)).toMatchObject({ allowed: false, operation: 'my.meeting', clinicId: clinic.clinicId });
    expect(JSON.stringify(rows)).not.toContain(testPeople.stranger);
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toEqual([]);
    // Beside the header's way out, the page has one that goes on to another login.
    expect(page.text).toContain('<input type="hidden" name="again" value="yes"');
    const out = await browser.submit(page, '/logout', { again: 'yes' });
    expect(out.location).toBe('/login');
  });

  it('F3 R7.4 a co-ordination number cannot log in, and hears what to do', async () => {
    // A right one: it is refused by the rule, not because it is no number.
    expect(parseIdentity(CO_ORDINATION_NUMBER)?.kind).toBe('co-ordination-number');
    const browser = open();
    const shown = await logInFrom(browser, link, CO_ORDINATION_NUMBER);
    expect(shown.status).toBe(403);
    expect(shown.text).toContain('personnummer');
    expect(browser.cookies.has('vardmote-session')).toBe(false);
  });

  it('that is stopped says so, and begins again to the same meeting', async () => {
    const browser = open();
    const begun = await browser.post(link);
    const stopped = await browser.get(await passProvider(begun, null));
    expect(stopped.text).toContain('Inloggningen avbröts');
    const shown = await logInFrom(browser, '/login', testPeople.patient, formIn(stopped, '/login'));
    expect(shown.location).toBe(pageOf(''));
  });

  it('answers nobody twice, and no other browser', async () => {
    const browser = open();
    const answer = await passProvider(await browser.post(link), testPeople.patient);
    const other = await open().get(answer);
    expect([other.status, other.text]).toEqual([400, expect.stringContaining('annan webbläsare')]);
    // The other one has used nothing up.
    expect((await browser.get(answer)).location).toBe(pageOf(''));
    expect((await browser.get(answer)).location).toBe('/my');
    browser.cookies.delete('vardmote-session');
    const replayed = await browser.get(answer);
    expect([replayed.status, replayed.text]).toEqual([400, expect.stringContaining('för lång tid')]);
    expect(browser.cookies.has('vardmote-session')).toBe(false);
  });

  it('goes on in two tabs at once, each to its own', async () => {
    const second = await clinic.book({
      patientId: (await clinic.call('GET', meeting.path)).body.patientId as string,
      startAt: inMs(4 * DAY),
    });
    const browser = open();
    const one = await browser.post(link);
    const two = await browser.post(await linkTo(service, second, second.patientParticipantId));
    const [first, last] = [
      await browser.get(await passProvider(one, testPeople.patient)),
      await browser.get(await passProvider(two, testPeople.patient)),
    ];
    expect(first.location).toBe(pageOf(''));
    expect(last.location).toBe(`/my/meetings/${second.patientParticipantId}`);
    expect((await browser.get(pageOf(''))).status).toBe(200);
  });

  it('that took too long is begun again', async () => {
    const browser = open();
    const answer = await passProvider(await browser.post(link), testPeople.patient);
    clock.passMs((LOGIN_MINUTES + 1) * MINUTE);
    const shown = await browser.get(answer);
    expect([shown.status, shown.text]).toEqual([400, expect.stringContaining('för lång tid')]);
  });

  it('of an answer that was tampered with fails', async () => {
    const browser = open();
    const answer = new URL(await passProvider(await browser.post(link), testPeople.patient));
    answer.searchParams.set('code', 'another-code');
    const shown = await browser.get(answer.href);
    expect([shown.status, shown.text]).toEqual([403, expect.stringContaining('lyckades inte')]);
    expect(browser.cookies.has('vardmote-session')).toBe(false);
    for (const query of ['', '?state=x', '?code=x', '?error=access_denied'])
      expect((await browser.get(`/login/callback${query}`)).status).toBe(400);
  });

  it('while the provider is down says so and what to do, before and after', async () => {
    const browser = open();
    const answer = await passProvider(await browser.post(link), testPeople.patient);
    provider.setAway(true);
    const shown = await browser.get(answer);
    expect([shown.status, shown.text]).toEqual([503, expect.stringContaining('fungerar inte')]);
    expect(shown.headers.get('retry-after')).toBe('5');
    provider.setAway(false);
    const again = await logInFrom(browser, '/login', testPeople.patient, formIn(shown, '/login'));
    expect(again.location).toBe(pageOf(''));
  });

  it('goes on to the page that asked for it, and to no other site', async () => {
    const browser = open();
    const asked = await browser.get(pageOf('/consent'));
    expect(asked.status).toBe(401);
    const shown = await logInFrom(browser, '/login', testPeople.patient, formIn(asked, '/login'));
    expect(shown.location).toBe(pageOf('/consent'));
    for (const returnTo of ['https://evil.example/my', '//evil.example', '/my/../login', '/clinic/settings'])
      expect((await logInFrom(open(), '/login', testPeople.patient, { returnTo })).location).toBe('/my');
  });

  it('cannot be begun from another site', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }] as Record<
      string,
      string
    >[])
      expect((await open().post(link, {}, headers)).status).toBe(403);
  });
});

describe('what was typed when the login had ended', () => {
  const typedIn = {
    mobile: '070-174 06 97',
    email: 'typed@example.org',
    noticesBy: 'email',
    language: 'en',
  };
  const ownPerson = async () => {
    const { patientId } = (await clinic.call('GET', meeting.path)).body as { patientId: string };
    return (await clinic.call('GET', `/clinic/people/${patientId}`)).body as { email: string | null };
  };
  /** Posts the page of one's notices when its login has ended. */
  async function postTooLate(browser: Visitor): Promise<Shown> {
    await logInFrom(browser, link, testPeople.patient);
    const page = await browser.get(pageOf('/notices'));
    clock.passMs((SESSION_IDLE_MINUTES + 1) * MINUTE);
    return browser.submit(page, pageOf('/notices'), typedIn);
  }

  it('goes on through the login, and is saved by a press and not before', async () => {
    const browser = open();
    const asked = await postTooLate(browser);
    expect([asked.status, asked.text]).toEqual([401, expect.stringContaining('Det du skrev finns kvar')]);
    const back = await logInFrom(browser, '/login', testPeople.patient, formIn(asked, '/login'));
    expect([back.status, back.text]).toEqual([200, expect.stringContaining('Du är inloggad igen')]);
    expect((await ownPerson()).email).toBeNull();
    expect(JSON.stringify(await raw.db.collection('logins').find().toArray())).not.toContain('typed@');

    const saved = await browser.submit(back, pageOf('/notices'));
    // R2.13: the number and the address that were typed wait for their codes.
    expect(saved.location).toBe(pageOf('/notices/code'));
    expect((await browser.get(pageOf('/notices/code'))).text).toContain('typed@example.org');
    expect(await ownPerson()).toMatchObject({
      email: null,
      language: 'en',
      noticesBy: 'email',
    });
  });

  it('also where the login has to be begun again', async () => {
    const browser = open();
    const asked = await postTooLate(browser);
    const begun = await browser.post('/login', formIn(asked, '/login'));
    const stopped = await browser.get(await passProvider(begun, null));
    const back = await logInFrom(browser, '/login', testPeople.patient, formIn(stopped, '/login'));
    expect(formIn(back, pageOf('/notices'))).toMatchObject({ mobile: '070-174 06 97' });
  });

  it('is shown to nobody else, and taken from no page but ours of the login that ended', async () => {
    const browser = open();
    const asked = await postTooLate(browser);
    const other = await logInFrom(browser, '/login', testPeople.stranger, formIn(asked, '/login'));
    expect([other.status, other.location, other.text]).toEqual([
      303,
      pageOf('/notices'),
      expect.not.stringContaining('070-174'),
    ]);
    const forged = open();
    forged.cookies.set('vardmote-session', 'x'.repeat(43));
    const shown = await forged.post(pageOf('/notices'), { ...typedIn, csrf: 'y'.repeat(43) });
    expect(shown.status).toBe(401);
    expect(shown.text).not.toContain('typed@example.org');
    for (const typed of [
      '{',
      '{"path":"https://evil.example/","fields":[]}',
      '{"path":"/my","fields":[["a"]]}',
    ]) {
      const returnTo = pageOf('/notices');
      const back = await logInFrom(open(), '/login', testPeople.patient, { returnTo, typed });
      expect(back.location).toBe(returnTo);
    }
  });
});

describe('the session', () => {
  let browser: Visitor;
  const read = (): Promise<Shown> => browser.get(pageOf(''));
  beforeEach(async () => {
    browser = open();
    await logInFrom(browser, link, testPeople.patient);
  });

  it('ends when it is not used, and is kept alive by use for so long only', async () => {
    clock.passMs((SESSION_IDLE_MINUTES - 1) * MINUTE);
    expect((await read()).status).toBe(200);
    clock.passMs((SESSION_IDLE_MINUTES - 1) * MINUTE);
    expect((await read()).status).toBe(200);
    clock.passMs((SESSION_IDLE_MINUTES + 1) * MINUTE);
    expect((await read()).status).toBe(401);

    await logInFrom(browser, link, testPeople.patient);
    for (let minutes = 0; minutes < SESSION_MINUTES - 10; minutes += 10) {
      clock.passMs(10 * MINUTE);
      expect((await read()).status).toBe(200);
    }
    clock.passMs(11 * MINUTE);
    expect((await read()).status).toBe(401);
  });

  it('is in the database without the secret, the number and the name', async () => {
    const rows = JSON.stringify(await raw.db.collection('sessions').find().toArray());
    expect(rows).not.toContain(browser.cookies.get('vardmote-session'));
    expect(rows).not.toMatch(new RegExp(`${testPeople.patient}|Tolvan|Testperson`));
  });

  it('ends here, or everywhere at once', async () => {
    const elsewhere = open();
    await logInFrom(elsewhere, link, testPeople.patient);
    const third = open();
    await logInFrom(third, link, testPeople.patient);
    const out = await browser.submit(await read(), '/logout');
    expect(out.location).toBe('/logged-out');
    expect((await read()).status).toBe(401);
    expect((await elsewhere.get(pageOf(''))).status).toBe(200);
    await elsewhere.submit(await elsewhere.get(pageOf('')), '/logout', { everywhere: 'yes' });
    expect((await third.get(pageOf(''))).status).toBe(401);
  });

  it('is ended by no form of another site’s', async () => {
    expect((await browser.post('/logout')).status).toBe(403);
    expect((await browser.post('/logout', { csrf: 'x'.repeat(43) })).status).toBe(403);
    expect((await browser.post('/logout', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await read()).status).toBe(200);
  });

  it('guesses at it are limited and written down, whatever X-Forwarded-For says', async () => {
    const guess = (number: number): Promise<Shown> => {
      const guesser = open();
      guesser.cookies.set('vardmote-session', `guess-${number}`);
      return guesser.get(pageOf(''), { 'x-forwarded-for': `203.0.113.${number}` });
    };
    const answers: number[] = [];
    for (let number = 0; number < 24; number += 1) answers.push((await guess(number)).status);
    expect(answers.filter((status) => status === 429).length).toBeGreaterThanOrEqual(3);
    expect(answers.at(-1)).toBe(429);
    expect(await raw.audit({ operation: 'limit.session-guesses' })).toMatchObject([
      { actor: 'stranger', allowed: false, clinicId: null },
    ]);
    // Who has a session is not held up by it.
    expect((await read()).status).toBe(200);
  });
});

it('guesses at links are limited and written down, though each of them comes after a login', async () => {
  const goals: (string | null)[] = [];
  for (let number = 0; number < 5; number += 1) {
    const { status, location } = await logInFrom(
      open(),
      `/m/1${'A'.repeat(21)}${number}`,
      testPeople.stranger,
    );
    goals.push(status === 303 ? location : String(status));
  }
  const nowhere = '/my/link-ended';
  expect(goals).toEqual([nowhere, nowhere, nowhere, '429', '429']);
  expect(await raw.audit({ operation: 'limit.link-guesses' })).toMatchObject([
    { actor: 'stranger', allowed: false },
  ]);
  // Who has a link is not held up by it.
  expect((await logInFrom(open(), link, testPeople.patient)).location).toBe(pageOf(''));
});
