import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { testPeople as localPeople } from '../../local/identity-provider/people';
import { openCase, smallPdf, type TestCase } from '../support/cases';
import { createClinic, testSettings, type TestClinic } from '../support/clinic';
import { waitUntil } from '../support/wait-until';
import { focusedIn } from './page-checks';
import { invite, logIn, mustCall, openAs } from './patients';
import { inBrowser, startHarness, type Harness, type Visit } from './harness';

const patient = localPeople[0]!;

/** What a patient meets of a message case and of a meeting's chat, in a phone's browser (rules 6, R4.4). */
inBrowser('a message case', () => {
  let harness: Harness;
  let clinic: TestClinic;
  let patientId: string;
  const visits: Visit[] = [];
  beforeAll(async () => {
    harness = await startHarness();
    clinic = await createClinic(harness.service, {
      name: 'Testmottagningen',
      // At whatever time of day this runs.
      noticeRules: { ...testSettings.noticeRules, quietHours: null },
    });
    patientId = await clinic.addPatient({ personalNumber: patient.personalNumber, birthDate: undefined });
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    for (const { page } of visits.splice(0)) await page.context().close();
  });

  type MyCase = TestCase & { my: string };
  async function newCase(body: object = {}): Promise<MyCase> {
    const of = await openCase(clinic, patientId, body);
    const [place] = (await harness.service.records.cases.get(of.caseId)).participants;
    return { ...of, my: `/my/cases/${place!.participantId}` };
  }
  async function open(of: { my: string }, options = {}): Promise<Visit> {
    const visit = await openAs(harness, patient.personalNumber, of.my, {
      viewport: { width: 390, height: 844 },
      ...options,
    });
    visits.push(visit);
    return visit;
  }
  const staffWrite = (of: TestCase, text: string): Promise<unknown> =>
    mustCall(clinic, 'POST', `${of.path}/messages`, { text });
  const texts = async (threadId: string): Promise<(string | null)[]> =>
    (await harness.service.records.messages.list(threadId, 0, 100)).map(({ text }) => text);
  const field = (page: Page) => page.getByLabel('Ditt meddelande');
  const send = (page: Page): Promise<void> =>
    page.getByRole('button', { name: 'Skicka', exact: true }).click();
  const shown = (page: Page, text: string): Promise<void> =>
    page.locator('#messages').getByText(text).waitFor();
  const picture = async (name = 'Utslag.jpg') => ({
    name,
    mimeType: 'image/jpeg',
    buffer: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#b07050' } })
      .jpeg()
      .toBuffer(),
  });

  it('R6.8 from the SMS by login to the case; writes with a picture; the answer comes without a reload', async () => {
    const of = await newCase({ subject: 'Utslag på armen' });
    const person = await harness.service.records.people.find(clinic.clinicId, patientId);
    const messages = await waitUntil(
      () => harness.service.sentTo(person?.personal.mobile?.number ?? ''),
      (all) => all.some(({ message }) => message.includes('/m/')),
    );
    const [, link = ''] = /(\/m\/[\w-]+)/.exec(messages.map(({ message }) => message).join(' ')) ?? [];
    const visit = await harness.open(`${harness.apiUrl}${link}`, {
      locale: 'sv-SE',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    visits.push(visit);
    const { page, errors, origins } = visit;
    // The link by itself opens nothing.
    expect(await page.locator('main').innerText()).not.toMatch(/Utslag|Testmottagningen/);
    await page.getByRole('button', { name: 'Logga in med e-legitimation' }).click();
    await page.getByRole('button', { name: `Log in as ${patient.name}` }).click();

    await page.getByRole('heading', { name: 'Utslag på armen' }).waitFor();
    expect(page.url()).toBe(`${harness.apiUrl}${of.my}`);
    await shown(page, 'Hur går det?');
    expect(await page.getByRole('link', { name: '112' }).getAttribute('href')).toBe('tel:112');
    await field(page).fill('Det kliar fortfarande.');
    await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await picture());
    await page.getByRole('img', { name: 'Liten bild av Utslag.jpg' }).waitFor();
    expect(await texts(of.caseId)).toEqual(['Hur går det?']);
    await send(page);
    await shown(page, 'Det kliar fortfarande.');
    await page.getByText('Ditt meddelande är skickat.').waitFor();
    await page.getByText(/Mottagningen svarar senast \w+dag \d+ \w+\./).waitFor();
    expect(await field(page).inputValue()).toBe('');
    expect(await texts(of.caseId)).toEqual(['Hur går det?', 'Det kliar fortfarande.']);

    const before = page.url();
    await page.evaluate('window.isSamePage = true');
    await staffWrite(of, 'Smörj två gånger om dagen.');
    await shown(page, 'Smörj två gånger om dagen.');
    await page.getByText('Nytt meddelande från Testmottagningen').waitFor();
    await page.getByText('Mottagningen har svarat.').waitFor();
    expect([page.url(), await page.evaluate('window.isSamePage')]).toEqual([before, true]);

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /Öppna Utslag.jpg/ }).click();
    expect((await download).suggestedFilename()).toBe('Utslag.jpg');
    expect(errors).toEqual([]);
    expect([harness.apiUrl, harness.homeUrl]).toEqual(expect.arrayContaining([...origins]));
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');
  });

  it('E6 an answer of a proxy is told as what it is, and the chosen file goes or stays by that', async () => {
    const of = await newCase();
    const { page } = await open(of);
    let status = 413;
    const isPost = (url: URL): boolean => url.pathname === of.my;
    await page.route(isPost, (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status, contentType: 'text/html', body: '<h1>nginx</h1>' })
        : route.fallback(),
    );
    await field(page).fill('Med bild');
    const choose = page.getByLabel('Välj en bild eller en PDF');
    await choose.setInputFiles(await picture());
    await page.getByText('Filen är för stor och är inte längre vald').waitFor();
    expect(await choose.inputValue()).toBe('');
    status = 502;
    await choose.setInputFiles(await picture());
    await page.getByText('Den är fortfarande vald.').waitFor();
    expect(await choose.inputValue()).not.toBe('');
    await page.unroute(isPost);
    await send(page);
    await shown(page, 'Med bild');
    const all = await harness.service.records.messages.list(of.caseId, 0, 10);
    expect(all.at(-1)?.fileIds).toHaveLength(1);
  });

  it('tells what is wrong with a file beside its field, and loses no text', async () => {
    const of = await newCase();
    const { page } = await open(of);
    await field(page).fill('Det här får inte försvinna');
    await page
      .getByLabel('Välj en bild eller en PDF')
      .setInputFiles([
        { name: 'bild.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(smallPdf) },
        await picture('rätt.jpg'),
      ]);
    const problems = page.locator('#file-problems');
    await problems.getByText('är inte det som namnet säger').waitFor();
    expect(await field(page).inputValue()).toBe('Det här får inte försvinna');
    expect(await page.evaluate('document.activeElement.id')).toBe('file-problems');
    // What was right goes along, unless one says no.
    await page.getByRole('checkbox', { name: /rätt.jpg/ }).uncheck();
    await send(page);
    await shown(page, 'Det här får inte försvinna');
    const sent = await harness.service.records.messages.list(of.caseId, 0, 10);
    expect(sent.map(({ fileIds }) => fileIds)).toEqual([[], []]);
  });

  it('says what is missing, and is sent once by a double press', async () => {
    const of = await newCase();
    const { page, errors } = await open(of);
    await send(page);
    await page.getByRole('heading', { name: 'Meddelandet är inte skickat än' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('problems');
    await field(page).fill('En gång');
    await page.getByRole('button', { name: 'Skicka', exact: true }).dblclick();
    await shown(page, 'En gång');
    expect(await texts(of.caseId)).toEqual(['Hur går det?', 'En gång']);
    expect(errors.filter((each) => !each.includes('422'))).toEqual([]);
  });

  it('keeps what is half written, and goes on when one has logged in again in another window', async () => {
    const of = await newCase();
    const { page } = await open(of);
    await field(page).fill('Halvskrivet');
    await page.getByText(/^Sparat kl\. \d\d\.\d\d$/).waitFor();
    await page.reload();
    expect(await field(page).inputValue()).toBe('Halvskrivet');
    await page.context().clearCookies();
    await field(page).fill('Halvskrivet och mer');
    await page.locator('#written').getByText('Du är inte längre inloggad.').waitFor();
    await send(page);
    await page.locator('#written').getByText('Du är inte längre inloggad.').waitFor();
    expect(await texts(of.caseId)).toEqual(['Hur går det?']);
    await logIn(harness, page.context(), patient.personalNumber);
    await send(page);
    await shown(page, 'Halvskrivet och mer');
    expect(await texts(of.caseId)).toEqual(['Hur går det?', 'Halvskrivet och mer']);
  });

  it('asks now and then where events do not come through', async () => {
    const of = await newCase();
    const visit = await harness.open('about:blank', { locale: 'sv-SE' });
    visits.push(visit);
    const { page } = visit;
    await logIn(harness, page.context(), patient.personalNumber);
    await page.route('**/events', (route) => route.abort());
    await page.goto(`${harness.apiUrl}${of.my}`);
    await shown(page, 'Hur går det?');
    await staffWrite(of, 'Kom det fram?');
    await shown(page, 'Kom det fram?');
    expect(await page.locator('#thread-said').getAttribute('data-state')).toBe('new');
  });

  it('asks for nothing while nobody sees the page, and shows what came when somebody does', async () => {
    const of = await newCase();
    const [hidden, seen] = [await open(of), await open(of)];
    const hide = (yes: boolean): Promise<unknown> =>
      hidden.page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${yes} });
         document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await shown(hidden.page, 'Hur går det?');
    await hide(true);
    const asked: string[] = [];
    hidden.page.on('request', (request) => asked.push(request.url()));
    await staffWrite(of, 'Medan ingen ser');
    await shown(seen.page, 'Medan ingen ser');
    expect(asked).toEqual([]);
    await hide(false);
    await shown(hidden.page, 'Medan ingen ser');
  });

  it('shows that the matter is over, keeps what was being written, and refers to 1177', async () => {
    const of = await newCase();
    const { page } = await open(of);
    await field(page).fill('Hann inte skicka');
    await mustCall(clinic, 'POST', `${of.path}/close`);
    await page.getByText('Här går det inte att skriva längre').waitFor();
    expect(await page.locator('#text').inputValue()).toBe('Hann inte skicka');
    expect(await page.locator('#text').getAttribute('readonly')).not.toBeNull();
    await page.getByRole('link', { name: '1177.se' }).waitFor();
    expect(await texts(of.caseId)).toEqual(['Hur går det?']);
  });

  it('works without scripts: a picture is added and shown, and the message sent', async () => {
    const of = await newCase();
    const { page } = await open(of, { javaScriptEnabled: false });
    await field(page).fill('Utan skript');
    await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await picture());
    await page.getByRole('button', { name: 'Lägg till och visa bilden' }).click();
    await page.getByRole('checkbox', { name: /Utslag.jpg/ }).waitFor();
    expect(await field(page).inputValue()).toBe('Utan skript');
    await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await picture('En till.jpg'));
    await send(page);
    await page.waitForURL(`**${of.my}/sent`);
    await shown(page, 'Utan skript');
    expect(await page.getByRole('link', { name: /^Liten bild|Öppna/ }).count()).toBe(2);
    expect(await texts(of.caseId)).toEqual(['Hur går det?', 'Utan skript']);
  });

  it('E2 without scripts what is not sent stands behind a redirect: reloading sends nothing, and it has the focus', async () => {
    const of = await newCase();
    const { page } = await open(of, { javaScriptEnabled: false });
    await field(page).fill('x'.repeat(10_001));
    await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await picture());
    await send(page);
    await page.waitForURL(`**${of.my}/unsent`);
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.reload();
    expect(posts).toEqual([]);
    expect(await focusedIn(page)).toMatchObject({ name: 'Meddelandet är inte skickat än' });
    expect(await field(page).inputValue()).toHaveLength(10_001);
    // Its file has come, and goes along with the next try.
    expect(await page.getByRole('checkbox', { name: /Utslag.jpg/ }).isChecked()).toBe(true);
    await field(page).fill('Kort');
    await send(page);
    await page.waitForURL(`**${of.my}/sent`);
    expect(await focusedIn(page)).toMatchObject({
      role: 'status',
      text: expect.stringContaining('Ditt meddelande är skickat.') as string,
    });
    const all = await harness.service.records.messages.list(of.caseId, 0, 10);
    expect(all.map(({ text, fileIds }) => [text, fileIds.length])).toEqual([
      ['Hur går det?', 0],
      ['Kort', 1],
    ]);
    await page.goto(`${harness.apiUrl}${of.my}/unsent`);
    expect(await field(page).inputValue()).toBe('');
    expect(await page.locator('#problems').count()).toBe(0);
  });

  it('chooses a file in our own words, with the keyboard, and shows where the focus is', async () => {
    const of = await newCase();
    const { page } = await open(of);
    const choose = page.getByLabel('Välj en bild eller en PDF');
    await field(page).focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('choose');
    expect(
      await page.locator('label[for=choose]').evaluate((label) => getComputedStyle(label).outlineStyle),
    ).toBe('solid');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(await picture());
    await page.getByRole('checkbox', { name: /Utslag.jpg/ }).waitFor();
    // The field is pressed by pressing the button that it lies over.
    const second = page.waitForEvent('filechooser').then(() => true);
    // The form is put anew when the picture is there: a press in that very moment meets nothing.
    await waitUntil(
      async () => {
        await page.locator('label[for=choose]').click({ force: true });
        return Promise.race([second, new Promise((resolve) => setTimeout(resolve, 1_000))]);
      },
      (opened) => opened === true,
    );
    const [opacity, ...widths] = await choose.evaluate((input) => [
      getComputedStyle(input).opacity,
      ...[input, input.parentElement!.querySelector('label')!].map(
        (each) => each.getBoundingClientRect().width,
      ),
    ]);
    expect(opacity).toBe('0');
    expect(new Set(widths).size).toBe(1);
  });

  it('R6.2 the steps of a message: sent, with the clinic, answered; nobody says that it was read', async () => {
    const of = await newCase();
    const { page } = await open(of);
    const steps = page.getByRole('list', { name: 'Ditt senaste meddelande' }).getByRole('listitem');
    expect(await steps.count()).toBe(0);
    await field(page).fill('Det kliar.');
    await send(page);
    await shown(page, 'Det kliar.');
    const told = (): Promise<(string | null)[]> =>
      steps.evaluateAll((all) => all.map((each) => `${each.getAttribute('class')} ${each.textContent}`));
    expect(await told()).toEqual(['done Skickat (Klart)', 'now Hos mottagningen', 'ahead Besvarat']);
    await staffWrite(of, 'Smörj.');
    await page.getByText('Mottagningen har svarat.').waitFor();
    expect((await told()).map((step) => step?.split(' ')[0])).toEqual(['done', 'done', 'done']);
    expect(await page.locator('main').innerText()).not.toMatch(/läst/);
  });

  it('prints all that was written and no navigation, and says the same in forced colours', async () => {
    const of = await newCase({ subject: 'Utslag på armen' });
    const { page } = await open(of);
    await field(page).fill('Det kliar.');
    await send(page);
    await shown(page, 'Det kliar.');
    await page.emulateMedia({ media: 'print' });
    const printed = await page.locator('body').innerText();
    for (const words of [
      'Utslag på armen',
      'Testmottagningen',
      'Mottagningen svarar senast',
      'Hos mottagningen',
      'Hur går det?',
      'Det kliar.',
      'Är det akut? Ring 112.',
      'Teknisk support',
    ])
      expect(printed).toContain(words);
    for (const words of ['Logga ut', 'In English', 'Mina möten', 'Välj en bild', 'Till alla mina'])
      expect(printed).not.toContain(words);
    expect(await page.getByRole('button').count()).toBe(0);
    await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
    const dots = await page
      .locator('.steps .dot')
      .evaluateAll((all) => all.map((dot) => getComputedStyle(dot).backgroundColor));
    expect(dots).toHaveLength(3);
    expect(dots[0]).not.toBe(dots[2]);
    await page.getByLabel('Välj en bild eller en PDF').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const label = page.locator('label[for=choose]');
    expect(await label.evaluate((each) => getComputedStyle(each).outlineStyle)).toBe('solid');
    await page.emulateMedia({ media: null, forcedColors: null });
  });

  it('R4.4 the chat stands beside the video, goes on without leaving it, and is read afterwards', async () => {
    const invitation = await invite(harness.service, { personalNumber: patient.personalNumber });
    const { meeting } = invitation;
    const { page, errors } = await open(
      { my: `${invitation.path}/room` },
      {
        viewport: { width: 1280, height: 800 },
      },
    );
    await page.getByRole('button', { name: 'Gå in i mötet' }).click();
    const room = page.frameLocator('#call iframe');
    await room.locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
    await field(page).fill('Hör ni mig?');
    await send(page);
    await shown(page, 'Hör ni mig?');
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
    await mustCall(invitation.clinic, 'POST', `${meeting.path}/chat`, { text: 'Ja. Skicka gärna en bild.' });
    await shown(page, 'Ja. Skicka gärna en bild.');
    await page.getByText('Skicka en bild eller en PDF').click();
    await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await picture());
    await page.getByRole('checkbox', { name: /Utslag.jpg/ }).waitFor();
    await send(page);
    await page.getByRole('link', { name: /Öppna Utslag.jpg/ }).waitFor();
    // Still in the call.
    await room.locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
    expect(errors).toEqual([]);
    expect(await texts(meeting.meetingId)).toEqual(['Hör ni mig?', 'Ja. Skicka gärna en bild.', null]);

    await mustCall(invitation.clinic, 'POST', `${meeting.path}/outcome`, { outcome: 'completed' });
    await page.goto(`${harness.apiUrl}${invitation.path}`);
    await page.getByRole('link', { name: 'Chatten från mötet' }).click();
    await shown(page, 'Ja. Skicka gärna en bild.');
  });
});
