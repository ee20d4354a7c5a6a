import { looksLikeToken } from '../support/looks-like-token';
import type { Page } from 'playwright-core';
import { createClinic, suitable } from '../support/clinic';
import { testPeople } from '../support/patient';
import { waitUntil } from '../support/wait-until';
import { giveConsent, invite, logIn, mustCall, openAs, type Invitation } from './patients';
import { inBrowser, standOfFile } from './harness';

/**
 * From the waiting page into the stand-in's room and out, with a real browser's fake camera (R3.4, R4.6;
 * decision 7).
 */
inBrowser('the way into the room', () => {
  const harness = standOfFile();

  async function open(path: string, options = {}): Promise<Page> {
    const visit = await openAs(harness, testPeople.patient, path, options);
    return visit.page;
  }
  const state = (page: Page, words: RegExp): Promise<string> =>
    waitUntil(
      () => page.locator('#state').innerText(),
      (text) => words.test(text),
    );
  const room = (page: Page) => page.frameLocator('#call iframe');
  const isIn = (page: Page): Promise<void> =>
    room(page).locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
  const stays = ({ meeting }: Invitation) => harness.service.records.evidence.stays(meeting.meetingId, 1);
  const enter = (page: Page): Promise<void> => page.getByRole('button', { name: 'Gå in i mötet' }).click();

  const frameOf = (page: Page) => page.frames().at(-1)!;
  /** As if the room told of it, in Jitsi's envelope; it is the first room that the page has shown. */
  const tell = (page: Page, [name, data]: [string, object?]): Promise<void> =>
    frameOf(page).evaluate(
      `parent.postMessage(${JSON.stringify(
        JSON.stringify({
          postis: true,
          scope: 'jitsi_meet_external_api_1',
          method: 'message',
          params: { type: 'event', data: { name, ...data } },
        }),
      )}, '*')`,
    );
  const reloadFrame = (page: Page): Promise<void> => frameOf(page).evaluate('location.reload()');

  it('R3.4 leads in at a press, tells who is there, and out to the page of afterwards', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    await state(page, /gå in nu/);
    expect(await stays(invitation)).toEqual([]);
    await enter(page);
    await isIn(page);
    await room(page).getByText('Tolvan Testperson (du)').waitFor();
    await room(page).locator('#camera').waitFor();
    await waitUntil(
      () =>
        room(page)
          .locator('#camera')
          .evaluate((video) => (video as unknown as { videoWidth: number }).videoWidth),
      (width) => width > 0,
    );
    expect(await stays(invitation)).toMatchObject([{ role: 'patient', leftAt: null }]);
    // Nothing of the token in an address of ours, a page that we send or a storage: only the room's own frame
    // has it.
    expect(page.url()).toBe(`${harness.apiUrl}${invitation.path}/room`);
    expect(looksLikeToken(await (await page.request.get(page.url())).text())).toBe(false);
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');

    await room(page).getByRole('button', { name: 'Lämna mötet' }).click();
    await page.getByRole('heading', { name: 'Du har lämnat mötet' }).waitFor();
    await page.getByRole('link', { name: 'Klar' }).click();
    await page.waitForURL(/\/afterwards$/);
    await waitUntil(
      () => stays(invitation),
      ([stay]) => stay?.leftAt !== null,
    );
  });

  it('R3.3 waits with a countdown and opens by itself; the room then asks before it shows one', async () => {
    const invitation = await invite(harness.service, { ready: false });
    const page = await open(`${invitation.path}/room`);
    await state(page, /gör sig redo/);
    await waitUntil(
      () => page.locator('.countdown').innerText(),
      (text) => /^\d:\d\d$|^9:\d\d$/.test(text),
    );
    expect(await page.locator('#enter').count()).toBe(0);
    await invitation.clinic.confirmReady(invitation.meeting);
    await room(page).getByRole('button', { name: 'Gå med' }).waitFor();
    expect(await stays(invitation)).toEqual([]);
    await room(page).getByRole('button', { name: 'Gå med' }).click();
    await isIn(page);
  });

  it('a login in another tab breaks no page that waits: it goes on as that login', async () => {
    const invitation = await invite(harness.service, { ready: false });
    const page = await open(`${invitation.path}/room`);
    await state(page, /gör sig redo/);
    const token = () => page.locator('[name=csrf]').first().inputValue();
    const before = await token();
    await logIn(harness, page.context());
    await waitUntil(token, (now) => now !== before);
    await invitation.clinic.confirmReady(invitation.meeting);
    await room(page).getByRole('button', { name: 'Gå med' }).waitFor();
    expect(await page.locator('#failed').isVisible()).toBe(false);
  });

  it('R4.6 shows the back-up routine within seconds, in the way that staff chose, and while one is in the room', async () => {
    const invitation = await invite(harness.service);
    const waiting = await open(`${invitation.path}/room`);
    const inside = await open(`${invitation.path}/room`);
    await state(waiting, /gå in nu/);
    await enter(inside);
    await isIn(inside);
    await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/outcome`, {
      outcome: 'back-up-routine',
      way: 'telephone',
    });
    for (const page of [waiting, inside]) {
      await state(page, /annat sätt/);
      expect(await page.locator('#live').innerText()).toMatch(/Mottagningen ringer dig/);
      expect(await page.locator('#call').isVisible()).toBe(false);
    }
  });

  it('R7.3 R7.10 a guardian who is stopped is out of the call within seconds, and sees what a stranger sees', async () => {
    const clinic = await createClinic(harness.service, { doorOpensMinutesBefore: 60 });
    const childId = await clinic.addPatient({ birthDate: '2019-05-17' }, false);
    const guardianId = await clinic.addPatient(
      { personalNumber: testPeople.guardian, birthDate: undefined },
      false,
    );
    await giveConsent(clinic, childId);
    const meeting = await clinic.book({
      patientId: childId,
      startAt: new Date(Date.now() + 10 * 60_000).toISOString(),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guardian', personId: guardianId },
      ],
      suitability: suitable({ child: true }),
    });
    await clinic.confirmReady(meeting);
    const { participants } = await harness.service.records.meetings.get(meeting.meetingId);
    const { participantId } = participants.find(({ role }) => role === 'guardian')!;
    const { page, errors } = await openAs(harness, testPeople.guardian, `/my/meetings/${participantId}/room`);
    await state(page, /gå in nu/);
    await enter(page);
    await isIn(page);
    await mustCall(clinic, 'POST', `/clinic/people/${childId}/guardian-stops`, {
      guardianId,
      reason: 'Efter samtal med barnet',
    });
    await page.getByRole('heading', { name: 'Det här mötet är inte ditt' }).waitFor();
    expect(await page.locator('#call').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toMatch(/stopp/i);
    await waitUntil(
      () => harness.service.records.evidence.stays(meeting.meetingId, 1),
      ([stay]) => stay !== undefined && stay.leftAt !== null,
    );
    // What the browser says of an address that is nobody's.
    expect(errors.splice(0).filter((error) => !error.includes('404'))).toEqual([]);
  });

  it('E4 shows a move and a cancellation on the open page, in a live region that stood there before its text', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    await state(page, /gå in nu/);
    await page.evaluate('(document.getElementById("live").wasThere = true, undefined)');
    const { path } = invitation.meeting;
    await mustCall(invitation.clinic, 'POST', `${path}/rebook`, {
      by: 'clinic',
      startAt: new Date(Date.now() + 50 * 3_600_000).toISOString(),
    });
    await state(page, /tidig/);
    expect(await page.locator('#live').innerText()).toMatch(/flyttats[^]*Mötet börjar/);
    await mustCall(invitation.clinic, 'POST', `${path}/cancel`, { by: 'clinic' });
    await state(page, /avbokat/);
    expect(await page.locator('.countdown').count()).toBe(0);
    const live = page.locator('#live');
    expect(await live.getAttribute('aria-live')).toBe('polite');
    expect(await live.evaluate((region) => (region as unknown as { wasThere?: boolean }).wasThere)).toBe(
      true,
    );
  });

  it('E11 asks one address for the door and the chat, and seldom while the start is far', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).pathname.replace(invitation.path, '')));
    const status = async (of: Invitation) =>
      (await (await page.request.get(`${harness.apiUrl}${of.path}/room/status`)).json()) as {
        askAgainMs: number;
      };
    expect((await status(invitation)).askAgainMs).toBe(3_000);
    await enter(page);
    await isIn(page);
    await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/chat`, { text: 'Välkommen' });
    await page.locator('#messages').getByText('Välkommen').waitFor();
    expect([...asked].filter((path) => path.endsWith('/status'))).toEqual(['/room/status']);

    const far = await invite(harness.service, { startsInMinutes: 180, ready: false });
    expect((await status(far)).askAgainMs).toBe(15_000);
    const soon = await invite(harness.service, { startsInMinutes: 62, ready: false });
    expect((await status(soon)).askAgainMs).toBeLessThan(6_500);
    await mustCall(far.clinic, 'POST', `${far.meeting.path}/cancel`, { by: 'clinic' });
    expect((await status(far)).askAgainMs).toBe(15_000);
  });

  it('R3.1, R3.2 says what is left to do, and goes on when it is done', async () => {
    const invitation = await invite(harness.service, { consent: false, withForm: true });
    const page = await open(`${invitation.path}/room`);
    await state(page, /kvar att göra/);
    expect(await page.locator('#live a').allInnerTexts()).toEqual([
      'Svara på frågan om tidigare vård och läkemedel',
      'Fyll i formuläret',
    ]);
    await giveConsent(invitation.clinic, invitation.patientId);
    await waitUntil(
      () => page.locator('#live a').allInnerTexts(),
      (texts) => texts.length === 1,
    );
    await mustCall(
      invitation.clinic,
      'PUT',
      `${invitation.meeting.path}/forms/${invitation.formId ?? ''}/answers`,
      { answers: { how: 7, why: 'Ont' }, answeredBy: 'staff-by-telephone' },
    );
    await room(page).getByRole('button', { name: 'Gå med' }).waitFor();
  });

  it('says so where the room’s host does not answer, and what happens next; then it can be tried again', async () => {
    const invitation = await invite(harness.service);
    const visit = await openAs(harness, testPeople.patient, `${invitation.path}/room`);
    const { page } = visit;
    await page.route(`${harness.homeUrl}/room/*`, (route) => route.abort());
    await enter(page);
    await page.getByRole('heading', { name: 'Videorummet svarar inte' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H2');
    expect(await page.locator('#failed').innerText()).toMatch(/Mottagningen ringer dig/);
    await page.unroute(`${harness.homeUrl}/room/*`);
    await page.getByRole('button', { name: 'Försök igen' }).click();
    await isIn(page);
    expect(await page.locator('#failed').isVisible()).toBe(false);
    // The browser itself tells of what was not loaded.
    expect(visit.errors.splice(0).filter((error) => !/ERR_FAILED/.test(error))).toEqual([]);
  });

  it('C1 R8.3 the room’s host runs no script in the page: it is in a frame that is shut in, by the page’s policy too', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    const { 'content-security-policy': policy = '' } = (await page.request.get(page.url())).headers();
    expect(policy).toMatch(/(^|; )script-src 'self'(;|$)/);
    expect(policy).toContain(`frame-src ${harness.homeUrl};`);
    await enter(page);
    await isIn(page);
    const scripts = await page.evaluate<string[]>('[...document.scripts].map(({ src }) => src)');
    expect(scripts.map((src) => new URL(src).origin)).toEqual(scripts.map(() => harness.apiUrl));
    const frame = page.locator('#call iframe');
    expect(await frame.getAttribute('sandbox')).toBe('allow-scripts allow-same-origin allow-forms');
    const allowed = (await frame.getAttribute('allow')) ?? '';
    expect(allowed.split('; ').every((each) => each.endsWith(` ${harness.homeUrl}`))).toBe(true);
    expect(await frame.getAttribute('title')).toBe('Videomötet');
    // What is no window of the room is not heard, whatever it says.
    await page.evaluate(`window.postMessage(JSON.stringify({
      postis: true, scope: 'jitsi_meet_external_api_1', method: 'message',
      params: { type: 'event', data: { name: 'video-ready-to-close' } },
    }), '*')`);
    expect(await page.locator('#call').isVisible()).toBe(true);
    await isIn(page);
  });

  it('the picture fills the page; large buttons switch microphone and camera, and say which is on', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    expect(await page.locator('#bar').isVisible()).toBe(false);
    await enter(page);
    await isIn(page);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('IFRAME');
    expect(await page.getByRole('banner').isVisible()).toBe(false);
    for (const [name, pressed] of [
      ['Mikrofon', '#mute'],
      ['Kamera', '#camera-off'],
    ] as const) {
      const button = page.getByRole('switch', { name });
      expect(await button.getAttribute('aria-checked')).toBe('true');
      expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(56);
      await button.click();
      await waitUntil(
        () => button.getAttribute('aria-checked'),
        (checked) => checked === 'false',
      );
      expect(await button.innerText()).toMatch(/av$/);
      expect(await room(page).locator(pressed).getAttribute('aria-pressed')).toBe('true');
      // Switched in the room itself, it shows here too.
      await room(page).locator(pressed).click();
      await waitUntil(
        () => button.getAttribute('aria-checked'),
        (checked) => checked === 'true',
      );
    }
    await tell(page, ['participant-joined', { id: 'a', displayName: 'Anna Ek, sjuksköterska' }]);
    await page.locator('#people').getByText('Anna Ek, sjuksköterska').waitFor();
    expect(await page.locator('#alone').isVisible()).toBe(false);
    await tell(page, ['display-name-change', { id: 'a', displayname: 'Anna Ek, läkare' }]);
    await page.locator('#people').getByText('Anna Ek, läkare').waitFor();
    await tell(page, ['participant-left', { id: 'a' }]);
    await page.locator('#alone').waitFor();
    await tell(page, ['camera-error', { type: 'NotAllowedError' }]);
    await page.locator('#blocked').getByText('Kameran går inte att använda.').waitFor();
  });

  it('leaving asks: in again, or done, and says what happens now; a silent room is left too', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    const leave = (): Promise<void> => page.getByRole('button', { name: 'Lämna', exact: true }).click();
    const hasLeft = (): Promise<void> => page.getByRole('heading', { name: 'Du har lämnat mötet' }).waitFor();
    await enter(page);
    await isIn(page);
    await leave();
    await hasLeft();
    expect(await page.evaluate('document.activeElement.innerText')).toBe('Du har lämnat mötet');
    expect(await page.locator('#left').innerText()).toMatch(/Gå in igen[^]*behöver du inte göra något mer/);
    expect(await page.locator('#call').isVisible()).toBe(false);
    await page.locator('#left').getByRole('button', { name: 'Gå in igen' }).click();
    await isIn(page);
    expect(await page.locator('#left').isVisible()).toBe(false);
    await frameOf(page).evaluate('window.fetch = () => new Promise(() => undefined)');
    await leave();
    await hasLeft();
  });

  it('no empty box while it opens, and the chat is a sheet that marks what is unread', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`, { viewport: { width: 390, height: 844 } });
    // Each stands there, empty, before it has anything to say: else it is not read out.
    expect(await page.locator('#notices [role=status]').allInnerTexts()).toEqual(Array(6).fill(''));
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    await page.route(`${harness.homeUrl}/room/*`, async (route) => {
      await held;
      await route.continue();
    });
    await enter(page);
    await page.getByText('Öppnar videomötet').waitFor();
    go();
    await isIn(page);
    expect(await page.locator('#opening').isVisible()).toBe(false);
    const sheet = page.locator('#chat');
    const button = page.getByRole('button', { name: /^Chatt/ });
    expect(await sheet.isVisible()).toBe(false);
    await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/chat`, { text: 'Hör du mig?' });
    await page.locator('#unread').getByText('nytt meddelande').waitFor();
    expect(await button.locator('.count').innerText()).toMatch(/^1/);
    expect(await sheet.isVisible()).toBe(false);
    await button.click();
    await sheet.getByText('Hör du mig?').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('text');
    expect(await button.locator('.count').isVisible()).toBe(false);
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    // It covers nothing of the bar.
    const [below, bar] = [await sheet.boundingBox(), await page.locator('#bar').boundingBox()];
    expect(below!.y + below!.height).toBeLessThanOrEqual(bar!.y + 1);
    await page.keyboard.press('Escape');
    expect(await sheet.isVisible()).toBe(false);
    expect(await page.evaluate('document.activeElement.id')).toBe('open-chat');
  });

  it('one waits with one’s own picture and a level, which are given back before the room asks for them', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    const picture = page.locator('#self-picture');
    const start = page.getByRole('button', { name: 'Visa min bild' });
    // Where the browser has allowed it before, it starts by itself, perhaps this moment.
    await start.click({ timeout: 2_000 }).catch(() => undefined);
    await page.getByText('Bara du ser den här bilden.').waitFor();
    expect(await picture.isVisible()).toBe(true);
    await waitUntil(
      () => page.locator('#self-meter').evaluate((meter) => (meter as unknown as { value: number }).value),
      (level) => level > 0,
    );
    await page.evaluate('window.track = document.getElementById("self-picture").srcObject.getTracks()[0]');
    await enter(page);
    await isIn(page);
    expect(await page.evaluate('window.track.readyState')).toBe('ended');
    expect(await picture.isVisible()).toBe(false);
  });

  it.each([
    ['elsewhere', 'från en annan enhet', (page: Page) => tell(page, ['video-ready-to-close'])],
    [
      'removed',
      'Du är inte kvar',
      (page: Page) => tell(page, ['participant-kicked-out', { kicked: { local: true } }]),
    ],
    ['ended', 'har avslutats', (page: Page) => tell(page, ['video-conference-left'])],
    [
      'ended',
      'har avslutats',
      (page: Page) =>
        tell(page, ['error-occurred', { error: { name: 'conference.destroyed', isFatal: false } }]),
    ],
    ['ended', 'har avslutats', (page: Page) => reloadFrame(page)],
  ])('E9 %s: out of the call with words, and in again', async (_, words, happens) => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    await enter(page);
    await isIn(page);
    await happens(page);
    await page.locator('#out').getByText(words).waitFor();
    expect(await page.evaluate('document.activeElement.innerText')).toContain(words);
    expect(await page.locator('#call').isVisible()).toBe(false);
    expect(await page.locator('#call iframe').count()).toBe(0);
    expect(page.url()).toBe(`${harness.apiUrl}${invitation.path}/room`);
    await page.locator('#out').getByRole('button', { name: 'Gå in igen' }).click();
    await isIn(page);
    expect(await page.locator('#out').isVisible()).toBe(false);
  });

  it('E9 somebody else is taken out: one’s own call goes on', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    await enter(page);
    await isIn(page);
    await tell(page, ['participant-kicked-out', { kicked: { local: false } }]);
    await tell(page, ['error-occurred', { error: { name: 'gum.not_found', isFatal: false } }]);
    await tell(page, ['something-new-of-jitsi', {}]);
    expect(await page.locator('#call').isVisible()).toBe(true);
    await room(page).getByRole('button', { name: 'Lämna mötet' }).click();
    await page.getByRole('heading', { name: 'Du har lämnat mötet' }).waitFor();
  });

  it('works in two tabs: the second takes over, and the meeting goes on in it', async () => {
    const invitation = await invite(harness.service);
    const first = await open(`${invitation.path}/room`);
    await enter(first);
    await isIn(first);
    const second = await first.context().newPage();
    await second.goto(first.url());
    await enter(second);
    await isIn(second);
    await first.locator('#out').getByText('från en annan enhet eller flik').waitFor();
    expect(await first.locator('#call').isVisible()).toBe(false);
    const both = await waitUntil(
      () => stays(invitation),
      (all) => all.filter(({ leftAt }) => leftAt !== null).length === 1,
    );
    expect(both).toHaveLength(2);
  });

  it('comes back after the back button and a reload with a fresh token', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`);
    await enter(page);
    await isIn(page);
    expect(await page.getByRole('link', { name: 'Testa kamera' }).isVisible()).toBe(false);
    await page.goto(`${harness.apiUrl}${invitation.path}/no-entry`);
    await page.goBack();
    await state(page, /gå in nu/);
    await enter(page);
    await isIn(page);
    await page.reload();
    await state(page, /gå in nu/);
    await enter(page);
    await isIn(page);
  });

  it('leads in by a form alone, to a tab that holds the token in no request and no history of ours', async () => {
    const invitation = await invite(harness.service);
    const page = await open(`${invitation.path}/room`, { javaScriptEnabled: false });
    expect(await page.locator('noscript').first().innerHTML()).toMatch(/refresh|JavaScript/);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await enter(page);
    await page.waitForURL(/\/room\/[a-z2-7]{32}/);
    expect(asked.filter((url) => looksLikeToken(url.split('#')[0] ?? ''))).toEqual([]);
    expect(page.url()).toMatch(/#jwt=%22eyJ/);
  });

  it('without scripts shows by itself how it stands', async () => {
    const invitation = await invite(harness.service, { ready: false });
    const page = await open(`${invitation.path}/room`, { javaScriptEnabled: false });
    await state(page, /gör sig redo/);
    await invitation.clinic.confirmReady(invitation.meeting);
    expect(await state(page, /gå in nu/)).toBe('Du kan gå in nu');
  });
});
