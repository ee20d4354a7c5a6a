import type { Page } from 'playwright-core';
import { openDatabase } from '../api/helpers';
import { testPeople } from '../support/patient';
import { waitUntil } from '../support/wait-until';
import { invite, logIn, openAs, type Invitation } from './patients';
import { inBrowser, standOfFile, type Visit } from './harness';

/** R3.1: the form as it is filled in, with a connection that drops, a login that ends, and no scripts. */
inBrowser('a form', () => {
  const harness = standOfFile({ looksItself: true });

  const formPath = ({ path, formId }: Invitation): string => `${path}/forms/${formId ?? ''}`;
  async function open(invitation: Invitation, options = {}): Promise<Visit> {
    const visit = await openAs(harness, testPeople.patient, formPath(invitation), options);
    return visit;
  }
  const filled = ({ clinic, meeting, formId }: Invitation) =>
    harness.service.records.forms.readFilled(clinic.clinicId, meeting.meetingId, formId ?? '');
  const saved = (page: Page, which: string): Promise<string | null> =>
    waitUntil(
      () => page.locator('#saved').getAttribute('data-state'),
      (state) => state === which,
    );
  const why = (page: Page) => page.getByLabel('Vad vill du ta upp?');
  const check = (page: Page): Promise<void> =>
    page.getByRole('button', { name: 'Kontrollera svaren' }).click();
  const isChecking = (page: Page): Promise<void> =>
    page.getByRole('heading', { name: 'Kontrollera dina svar' }).waitFor();
  const send = async (page: Page): Promise<void> => {
    await check(page);
    await page.getByRole('button', { name: 'Skicka formuläret' }).click();
  };
  const isDone = (page: Page): Promise<void> =>
    page.getByRole('heading', { name: 'Formuläret är skickat' }).waitFor();

  it('R3.1 takes an answer of each type, opens the gate, and shows what was answered', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page, errors, origins } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    await why(page).fill('Ont i ryggen.\nSedan i våras.');
    await page.getByLabel('Hur mycket väger du (kg)?').fill('72,5');
    await page.getByLabel('Har slutat').check();
    await page.getByLabel('Vila').check();
    await page.getByLabel('Läkemedel').check();
    await page.getByLabel('År', { exact: true }).fill('2026');
    await page.getByLabel('Månad', { exact: true }).fill('5');
    await page.getByLabel('Dag', { exact: true }).fill('17');
    await page.getByLabel('Hur ont gör det, från 0 till 100?').selectOption('40');
    expect(await page.locator('.answered').innerText()).toBe('7 av 8 frågor besvarade');
    await check(page);
    await isChecking(page);
    expect(await page.locator('dl').innerText()).toMatch(/72,5[^]*Inget svar|Inget svar[^]*72,5/);
    expect(await page.locator('dl').innerText()).toContain('17 maj 2026');
    expect(await filled(invitation)).toBeNull();
    await page.getByRole('button', { name: 'Skicka formuläret' }).click();
    await isDone(page);
    expect((await filled(invitation))?.answers).toEqual({
      how: 7,
      why: 'Ont i ryggen.\nSedan i våras.',
      weight: 72.5,
      smokes: 'Har slutat',
      helps: ['Vila', 'Läkemedel'],
      since: '2026-05-17',
      pain: 40,
    });
    expect((await filled(invitation))?.answeredBy).toBe('patient');
    expect(await page.locator('dl').innerText()).toMatch(/72,5[^]*Vila, Läkemedel/);
    await page.goto(`${harness.apiUrl}${invitation.path}/room`);
    expect(await page.locator('#state').innerText()).toBe('Du kan gå in nu');
    expect(errors).toEqual([]);
    expect([...origins]).toEqual([harness.apiUrl]);
  });

  it('D1 an answer that is far too long is saved, told at its question, and put right', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    const long = 'å'.repeat(20_001);
    await why(page).fill(long);
    await saved(page, 'saved');
    await check(page);
    await page
      .locator('.problems')
      .getByText(/Skriv kortare, högst \d+ tecken/)
      .waitFor();
    expect(await why(page).inputValue()).toBe(long);
    expect(await filled(invitation)).toBeNull();
    await why(page).fill('Kort.');
    await saved(page, 'saved');
    await send(page);
    await isDone(page);
  });

  it('E6 an answer of a proxy is told as what it is, and later saves work', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    let status = 413;
    await page.route('**/draft', (route) =>
      route.fulfill({ status, contentType: 'text/html', body: '<h1>nginx</h1>' }),
    );
    await why(page).fill('Ett');
    await saved(page, 'too-much');
    status = 502;
    await why(page).fill('Två');
    await saved(page, 'away');
    // The page of a hotel's network, which says that all is well.
    status = 200;
    await why(page).fill('Tre');
    await saved(page, 'away');
    await page.unroute('**/draft');
    expect(await saved(page, 'saved')).toBe('saved');
  });

  it('tells what is wrong at each question and in a list that leads there, and loses nothing', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('Hur mycket väger du (kg)?').fill('mycket');
    await page.getByLabel('Vad ska vi kalla dig?').fill('x'.repeat(41));
    await check(page);
    await page.getByRole('heading', { name: 'Några svar behöver rättas.' }).waitFor();
    expect(await page.evaluate('document.activeElement.className')).toBe('problems');
    expect(await page.title()).toMatch(/^Fel: /);
    expect(await page.locator('.problems li').allInnerTexts()).toEqual([
      'Hur mår du i dag? – Välj ett svar.',
      'Vad vill du ta upp? – Svara på frågan.',
      'Vad ska vi kalla dig? – Skriv kortare, högst 40 tecken.',
      'Hur mycket väger du (kg)? – Skriv ett tal med siffror, till exempel 7 eller 7,5.',
    ]);
    const weight = page.getByLabel('Hur mycket väger du (kg)?');
    expect(await weight.inputValue()).toBe('mycket');
    expect(await weight.getAttribute('aria-invalid')).toBe('true');
    const described = (await weight.getAttribute('aria-describedby')) ?? '';
    expect(described.split(' ')).toContain('q-weight-problem');
    await page.locator('.problems a').last().click();
    expect(await page.evaluate('document.activeElement.id')).toBe('q-weight');
    expect(await filled(invitation)).toBeNull();
  });

  it('E2 Back after what was wrong asks for nothing to be sent again: no page is the answer to a post', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    const answers: [string, number][] = [];
    page.on('response', (response) => {
      if (response.request().isNavigationRequest())
        answers.push([response.request().method(), response.status()]);
    });
    await check(page);
    await page.locator('.problems').waitFor();
    await page.getByRole('button', { name: 'Spara och fortsätt senare' }).click();
    await page.getByText('sparat, men inte skickat').waitFor();
    expect(await page.evaluate('document.activeElement.className')).toContain('banner');
    expect(answers.filter(([method, status]) => method === 'POST' && status !== 303)).toEqual([]);
    await page.goBack();
    await page.locator('.problems').waitFor();
    await page.reload();
    await page.locator('.problems').waitFor();
  });

  it('says when it was saved, in one form of times', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await why(page).fill('Ont');
    await saved(page, 'saved');
    expect(await page.locator('#saved').innerText()).toMatch(/^Sparat kl\. \d\d\.\d\d$/);
    await page.reload();
    expect(await page.locator('#saved').innerText()).toMatch(/^Sparat kl\. \d\d\.\d\d$/);
  });

  it('E3 a second tab overwrites nothing that was sent: it is told, with scripts and without', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const first = (await open(invitation)).page;
    const second = (await open(invitation)).page;
    const plain = (await open(invitation, { javaScriptEnabled: false })).page;
    await first.getByLabel('7', { exact: true }).check();
    await why(first).fill('Det som gäller');
    await send(first);
    await isDone(first);
    const sent = await filled(invitation);

    await why(second).fill('Från den andra fliken');
    await saved(second, 'sent-elsewhere');
    await check(second);
    await waitUntil(
      () => second.evaluate('document.activeElement.id'),
      (id) => id === 'saved',
    );
    expect(await why(second).inputValue()).toBe('Från den andra fliken');
    await second.getByRole('link', { name: 'Se det som är skickat' }).click();
    await second.getByText('Det som gäller').waitFor();

    await plain.getByLabel('3', { exact: true }).check();
    await why(plain).fill('Utan skript');
    await check(plain);
    await plain.getByRole('heading', { name: 'Formuläret är redan skickat' }).waitFor();
    expect(await why(plain).inputValue()).toBe('Utan skript');
    expect(await filled(invitation)).toEqual(sent);
    // Knowing of it, one may change what was sent.
    await send(plain);
    await isDone(plain);
    expect((await filled(invitation))?.answers).toEqual({ how: 3, why: 'Utan skript' });
  });

  it('E3 what is sent is what was checked, though another tab changed it since', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const first = (await open(invitation)).page;
    await first.getByLabel('7', { exact: true }).check();
    await why(first).fill('Kontrollerat');
    await check(first);
    await isChecking(first);
    const second = (await open(invitation)).page;
    await why(second).fill('Ändrat sedan');
    await saved(second, 'saved');
    await first.getByRole('button', { name: 'Skicka formuläret' }).click();
    await first.getByRole('heading', { name: 'Svaren har ändrats' }).waitFor();
    expect(await filled(invitation)).toBeNull();
    await first.getByText('Ändrat sedan').waitFor();
    await first.getByRole('button', { name: 'Skicka formuläret' }).click();
    await isDone(first);
    expect((await filled(invitation))?.answers).toEqual({ how: 7, why: 'Ändrat sedan' });
  });

  it('is kept as one goes, and goes on on another device', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    await why(page).fill('Det jag skrev på telefonen');
    await saved(page, 'saved');
    const other = await open(invitation);
    expect(await why(other.page).inputValue()).toBe('Det jag skrev på telefonen');
    expect(await other.page.getByLabel('7', { exact: true }).isChecked()).toBe(true);
    // Each changes something else; neither undoes what the other did.
    await other.page.getByLabel('Vad ska vi kalla dig?').fill('Tolvan');
    await page.getByLabel('Vila').check();
    await saved(page, 'saved');
    await saved(other.page, 'saved');
    await page.reload();
    expect(await page.getByLabel('Vad ska vi kalla dig?').inputValue()).toBe('Tolvan');
    expect(await page.getByLabel('Vila').isChecked()).toBe(true);
    expect(await filled(invitation)).toBeNull();
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');
  });

  it('loses nothing on a dropped connection: it says so, is not sent meanwhile, and is saved when it is back', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.context().setOffline(true);
    await why(page).fill('Skrivet på tåget');
    await saved(page, 'offline');
    await check(page);
    await waitUntil(
      () => page.evaluate('document.activeElement.id'),
      (id) => id === 'saved',
    );
    expect(page.url()).toBe(`${harness.apiUrl}${formPath(invitation)}`);
    expect(await why(page).inputValue()).toBe('Skrivet på tåget');
    await page.context().setOffline(false);
    await saved(page, 'saved');
    const other = await open(invitation);
    expect(await why(other.page).inputValue()).toBe('Skrivet på tåget');
  });

  it('outlives a login that ends in the middle, with scripts and without', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    await saved(page, 'saved');
    await page.context().clearCookies();
    await why(page).fill('Skrivet efter att inloggningen tog slut');
    await saved(page, 'logged-out');
    await check(page);
    expect(await why(page).inputValue()).toBe('Skrivet efter att inloggningen tog slut');
    // Logged in again in another window: the same page goes on.
    await logIn(harness, page.context());
    await send(page);
    await isDone(page);
    expect((await filled(invitation))?.answers).toEqual({
      how: 7,
      why: 'Skrivet efter att inloggningen tog slut',
    });

    const second = await invite(harness.service, { withForm: true });
    const plain = (await open(second, { javaScriptEnabled: false })).page;
    await why(plain).fill('Sparat med knappen');
    await plain.getByRole('button', { name: 'Spara och fortsätt senare' }).click();
    await plain.getByText('Det du har skrivit är sparat, men inte skickat.').waitFor();
    await plain.context().clearCookies();
    await check(plain);
    await plain.getByRole('heading', { name: 'Logga in' }).waitFor();
    expect(await plain.locator('[name=returnTo]').getAttribute('value')).toBe(formPath(second));
    await logIn(harness, plain.context());
    await plain.goto(`${harness.apiUrl}${formPath(second)}`);
    expect(await why(plain).inputValue()).toBe('Sparat med knappen');
  });

  it('is sent once by a double press, and again with other answers after the back button', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    await why(page).fill('Först');
    await check(page);
    await page.getByRole('button', { name: 'Skicka formuläret' }).dblclick();
    await isDone(page);
    const first = await filled(invitation);
    expect(first?.answers.why).toBe('Först');
    await page.getByRole('link', { name: 'Till mitt möte' }).click();
    await page.waitForURL((url) => url.pathname === invitation.path);
    await page.goBack();
    await page.getByRole('link', { name: 'Ändra svaren' }).click();
    await why(page).fill('Sedan');
    await send(page);
    await waitUntil(
      async () => (await filled(invitation))?.answers.why,
      (answer) => answer === 'Sedan',
    );
    const database = await openDatabase(harness.service);
    const commands = await database.db.collection('commands').countDocuments({
      operation: 'form.fill-in',
      meetingId: invitation.meeting.meetingId,
    });
    await database.close();
    expect(commands).toBe(2);
  });

  it('is not asked for any more when the meeting is cancelled', async () => {
    const invitation = await invite(harness.service, { withForm: true });
    const { page } = await open(invitation);
    await page.getByLabel('7', { exact: true }).check();
    await saved(page, 'saved');
    await invitation.clinic.call('POST', `${invitation.meeting.path}/cancel`, { body: { by: 'clinic' } });
    await why(page).fill('För sent');
    await page.goto(`${harness.apiUrl}${formPath(invitation)}`, { waitUntil: 'load' }).catch(() => undefined);
    await page.getByRole('heading', { name: 'Formuläret behövs inte längre' }).waitFor();
    expect(await filled(invitation)).toBeNull();
  });
});
