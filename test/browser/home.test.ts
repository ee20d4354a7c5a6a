import type { BrowserContextOptions, Page } from 'playwright-core';
import { waitUntil } from '../support/wait-until';
import { inBrowser, overflowOf, standOfFile, violationsOn } from './harness';

/** The home page of `npm start` as a newcomer meets it, over the whole service. */
inBrowser('the home page', () => {
  const harness = standOfFile();

  async function open(url = harness.homeUrl, options: BrowserContextOptions = {}): Promise<Page> {
    const visit = await harness.open(url, options);
    return visit.page;
  }

  /** Books with the page's own button; the door opens so long before the start. */
  async function book(page: Page, doorOpensMinutesBefore = 2): Promise<void> {
    await harness.openDoors(doorOpensMinutesBefore);
    await page.getByRole('button', { name: 'Book a demo meeting' }).click();
    await page.locator('#live').waitFor();
  }

  const press = (page: Page, action: string): Promise<void> => page.locator(`#act-${action}`).click();
  const said = (page: Page, words: RegExp): Promise<string> => shows(page, '.said', words);
  const heading = (page: Page, words: RegExp): Promise<string> => shows(page, '#state', words);
  const waits = (page: Page): Promise<string> => page.locator('section[aria-labelledby=waits]').innerText();
  const shows = (page: Page, selector: string, words: RegExp): Promise<string> =>
    waitUntil(
      () => page.locator(selector).innerText(),
      (text) => words.test(text),
    );
  /** Changes with each loading of a page, and only then. */
  const loadedAt = (page: Page): Promise<number> => page.evaluate('performance.timeOrigin');

  it('books a meeting, shows its SMS by itself, and says in words why nobody is let in yet', async () => {
    const page = await open();
    await book(page);
    const loaded = await loadedAt(page);
    expect(await heading(page, /./)).toBe('Booked');
    expect(await waits(page)).toMatch(/consent[^]*form[^]*door[^]*SMS “start”/);
    await shows(page, '.phone', /Hej! Du har ett digitalt möte[^]*delivered/);
    await press(page, 'patient-comes');
    expect(await said(page, /Not let in/)).toMatch(/too-early.*“Dörren har inte öppnat än\./);
    await shows(page, '.timeline', /entry refused/);
    expect(await loadedAt(page)).toBe(loaded);
  });

  it('F2 one can be the demo’s patient: the SMS has its link, and who logs in there is that person', async () => {
    const page = await open();
    await book(page);
    const first = page.url();
    await page.locator('.phone a').first().waitFor();
    // The last one that was booked is whom one can be, and an earlier one again by its button.
    await page.goto(harness.homeUrl);
    await book(page);
    await page.goto(first);
    await page.getByRole('button', { name: 'Be this patient' }).waitFor();
    expect(await page.locator('.phone a').count()).toBe(0);
    await press(page, 'be-patient');
    const link = page.locator('.phone a').first();
    await link.waitFor();
    // The workers of the tests write another public address into their SMS.
    const { pathname } = new URL((await link.getAttribute('href')) ?? '');
    await page.goto(`${harness.apiUrl}${pathname}`);
    await page
      .getByRole('button', { name: /Logga in med e-legitimation|Log in with e-identification/ })
      .click();
    await page.getByRole('button', { name: 'Log in as Demopatienten' }).click();
    await page.locator('.who', { hasText: 'Demomottagningen' }).waitFor();
  });

  it('closes the gates by consent and form, also after a no', async () => {
    const page = await open();
    await book(page);
    await press(page, 'refuse-consent');
    await said(page, /has said no/);
    await press(page, 'consent');
    await said(page, /has consented/);
    await waitUntil(
      () => waits(page),
      (text) => !/consent/.test(text) && /form/.test(text),
    );
    await press(page, 'form');
    await said(page, /form is filled in/);
    await heading(page, /^Ready$/);
    expect(await waits(page)).not.toMatch(/consent|form/);
    expect(await page.locator('#act-consent, #act-form').count()).toBe(0);
    // The button is gone: the focus is where it is told what came of it, and not at the page's beginning.
    expect(await page.evaluate('document.activeElement.className')).toBe('said');
  });

  it('lets patient and clinic into the room, and out of it', async () => {
    const page = await open();
    await book(page, 120);
    await press(page, 'consent');
    await said(page, /has consented/);
    await press(page, 'form');
    await heading(page, /The door is open/);
    await press(page, 'patient-comes');
    expect(await said(page, /Not let in/)).toMatch(/clinic-not-ready/);
    await press(page, 'staff-confirms');
    await said(page, /has confirmed/);
    await press(page, 'patient-comes');
    await said(page, /now in the room/);
    await press(page, 'staff-comes');
    await heading(page, /Under way/);
    await press(page, 'patient-leaves');
    await said(page, /Has left/);
    await press(page, 'patient-leaves');
    expect(await said(page, /not in/)).toBe('Is not in the room.');
  });

  it('moves and cancels it, with an SMS for each, and shows what is proposed to be charged', async () => {
    const page = await open();
    await book(page);
    await shows(page, '.phone', /Hej!/);
    await press(page, 'move');
    await shows(page, '.phone', /Ny tid/);
    await press(page, 'cancel');
    await heading(page, /Ended: cancelled late/);
    await shows(page, '.phone', /är avbokat/);
    expect(await shows(page, 'section[aria-labelledby=fee]', /./)).toMatch(/Nothing.*\(R5\.5\)/s);
    expect(await page.locator('#live button').count()).toBe(0);
  });

  it('works without a script: each button is a form, and the page tells the same', async () => {
    const page = await open(harness.homeUrl, { javaScriptEnabled: false });
    await book(page, 120);
    for (const [action, words] of [
      ['patient-comes', /consent-missing, form-missing, clinic-not-ready/],
      ['consent', /has consented/],
      ['form', /form is filled in/],
      ['staff-confirms', /has confirmed/],
      ['patient-comes', /now in the room/],
      ['cancel', /is cancelled/],
    ] as const) {
      await press(page, action);
      expect(await page.locator('.said').innerText()).toMatch(words);
    }
    expect(await page.locator('#state').innerText()).toMatch(/^Ended/);
    await waitUntil(
      async () => {
        await page.reload();
        return page.locator('.phone').innerText();
      },
      (text) => /är avbokat/.test(text),
    );
  });

  it('is worked by keyboard, and refreshing moves neither focus nor scrolling', async () => {
    const page = await open(harness.homeUrl, { viewport: { width: 320, height: 500 } });
    await book(page);
    const buttons = await page.locator('button').evaluateAll((all) => all.map(({ id }) => id));
    const reached: string[] = [];
    for (let tabs = 0; tabs < 30; tabs += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate('document.activeElement.tagName === "BUTTON"')) {
        reached.push(await page.evaluate<string>('document.activeElement.id'));
      }
    }
    expect(reached).toEqual(expect.arrayContaining(buttons));

    await page.locator('#act-form').focus();
    await page.evaluate('window.focusedBefore = document.activeElement');
    const scrolled = await page.evaluate<number>('scrollY');
    expect(scrolled).toBeGreaterThan(0);
    // The button before it goes, the clocks and the phone change.
    const before = await waits(page);
    await fetch(`${page.url().replace('?meeting=', 'demo/')}/consent`, {
      method: 'POST',
      redirect: 'manual',
    });
    await waitUntil(
      () => page.locator('#act-consent').count(),
      (count) => count === 0,
    );
    await shows(page, '.phone', /delivered/);
    await waitUntil(
      () => waits(page),
      (text) => text !== before,
    );
    expect(await page.evaluate('document.activeElement === window.focusedBefore')).toBe(true);
    await page.keyboard.press('Enter');
    await said(page, /form is filled in/);
  });

  it('says that a meeting is not there', async () => {
    const page = await open(`${harness.homeUrl}/?meeting=no-such-meeting`);
    expect(await page.getByRole('status').innerText()).toMatch(/cannot be shown/);
  });

  it('F1 leads to the outbox, the documentation and the workflow in the Web UI, in its own namespace', async () => {
    const page = await open();
    await book(page);
    const hrefs = await page
      .locator('a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    expect(hrefs).toEqual(
      expect.arrayContaining([
        '/outbox',
        '/mail',
        `${harness.apiUrl}/docs`,
        `http://localhost:8233/namespaces/test/workflows/meeting-${new URL(page.url()).searchParams.get('meeting')}`,
      ]),
    );
    await page.goto(`${harness.homeUrl}/outbox`);
    await shows(page, '#phones', /Hej! Du har/);
  });

  it('opens a message case, and is the clinic in it', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Open a message case' }).click();
    await page.locator('#live').waitFor();
    expect(await heading(page, /./)).toBe('Message case: opened');
    expect(await page.locator('section[aria-labelledby=thread]').innerText()).toContain('Hur har det gått');
    await shows(page, '.phone', /nytt meddelande/);
    expect(await page.locator('.phone').innerText()).not.toContain('Hur har det gått');
    await press(page, 'reply');
    await said(page, /has written/);
    await press(page, 'close');
    await heading(page, /closed/);
    await press(page, 'document');
    await heading(page, /ended/);
    expect(await page.locator('#live button').count()).toBe(0);
    expect(await overflowOf(page)).toBe(0);
    expect(await violationsOn(page)).toEqual([]);
  });

  it('is accessible in every state, light and dark, and never wider than 320 px', async () => {
    const worker = await open();
    const pages: [string, string][] = [
      ['home', harness.homeUrl],
      ['landing page', `${harness.apiUrl}/m/1abc`],
      ['front page', harness.apiUrl],
    ];
    const found: string[] = [];
    async function look(name: string, url: string): Promise<void> {
      for (const colorScheme of ['light', 'dark'] as const) {
        const viewport = { width: colorScheme === 'light' ? 320 : 1280, height: 800 };
        const page = await open(url, { viewport, colorScheme, bypassCSP: true });
        await page
          .locator('details')
          .evaluateAll((all) => all.forEach((each) => each.setAttribute('open', '')));
        expect([name, await overflowOf(page)]).toEqual([name, 0]);
        found.push(...(await violationsOn(page)).map((violation) => `${name}, ${colorScheme}: ${violation}`));
      }
    }
    for (const [name, url] of pages) await look(name, url);
    await book(worker);
    await shows(worker, '.phone', /delivered/);
    await press(worker, 'patient-comes');
    await said(worker, /Not let in/);
    await look('booked and refused', worker.url());
    await press(worker, 'consent');
    await said(worker, /has consented/);
    await press(worker, 'form');
    await heading(worker, /Ready/);
    await look('ready', worker.url());
    await press(worker, 'cancel');
    await shows(worker, 'section[aria-labelledby=fee]', /Nothing/);
    await look('ended', worker.url());
    await look('outbox', `${harness.homeUrl}/outbox`);
    await harness.service.mailer.send({
      to: 'tolvan.okand@example.org',
      subject: 'Digitalt möte',
      text: 'Hej! Läs mer: https://mote.example/m/1abc',
      messageKey: 'row-1',
    });
    await look('mailboxes', `${harness.homeUrl}/mail`);
    await look('parts', `${harness.homeUrl}/parts`);
    await look('receipt', `${harness.homeUrl}/parts/receipt`);
    expect(found).toEqual([]);
  }, 120_000);
});
