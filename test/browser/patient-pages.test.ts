import path from 'node:path';
import type { Page, Request } from 'playwright-core';
import sharp from 'sharp';
import { defaultCaseRules } from '../../rules/case';
import { parseIdentity } from '../../rules/personal-number';
import { DAY, testClock } from '../api/helpers';
import { openCase, type TestCase } from '../support/cases';
import { createClinic, type TestClinic } from '../support/clinic';
import { testPeople } from '../support/patient';
import { waitUntil } from '../support/wait-until';
import { lookAt, openEyes, takePicture, type Eyes, type Look } from './looks';
import { bytesOf, focusedIn } from './page-checks';
import { giveConsent, invite, logIn, mustCall, type Invitation } from './patients';
import { inBrowser, overflowOf, startHarness, violationsOn, type Harness } from './harness';

/**
 * Every patients' page, in each of its states: what axe knows (WCAG 2.2 AA and more), the keyboard, fingers,
 * narrow screens, large text, dark and light, and what it weighs. `PICTURES=1` takes the pictures of the
 * documentation on the way.
 */
/** Each looks at many pages, in four windows. */
const PATIENCE_MS = 180_000;

inBrowser('the patients’ pages', () => {
  const clock = testClock();
  let harness: Harness;
  let visits: Eyes;
  const expectWell = (url: string, look?: Look): Promise<void> => lookAt(harness, visits, url, look);

  beforeAll(async () => {
    harness = await startHarness(clock);
    visits = await openEyes(harness, 'patient', (context) => logIn(harness, context));
  });
  afterAll(() => harness.close());

  const ours = (invitation: Invitation, page = ''): string => `${harness.apiUrl}${invitation.path}${page}`;
  const form = (invitation: Invitation): string => ours(invitation, `/forms/${invitation.formId ?? ''}`);

  /** A message case of the one who has logged in. */
  async function myCase({ patientsMayOpen = false } = {}): Promise<{
    clinic: TestClinic;
    of: TestCase;
    my: string;
  }> {
    const caseRules = { ...defaultCaseRules, patientsMayOpen };
    const clinic = await createClinic(harness.service, { name: 'Testmottagningen', caseRules });
    const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    const of = await openCase(clinic, patientId, {
      subject: 'Utslag på armen',
      text: 'Hej! Hur ser utslaget ut i dag?\nSkicka gärna en bild.',
    });
    const [place] = (await harness.service.records.cases.get(of.caseId)).participants;
    return { clinic, of, my: `/my/cases/${place!.participantId}` };
  }
  const pictureOfSkin = async () => ({
    name: 'Utslag.jpg',
    mimeType: 'image/jpeg',
    buffer: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#d8a48f' } })
      .jpeg()
      .toBuffer(),
  });

  it(
    'before a login: the link, and what asks for one',
    async () => {
      const { page } = visits.get('narrow')!;
      const types: string[] = [];
      const note = (request: Request): number => types.push(request.resourceType());
      page.on('request', note);
      await page.goto(`${harness.apiUrl}/m/1abcdefghijklmnopqrstuv`, { waitUntil: 'networkidle' });
      page.off('request', note);
      expect(types.filter((type) => type !== 'other').sort()).toEqual(['document', 'stylesheet']);
      expect(await page.locator('script').count()).toBe(0);
      await expectWell(`${harness.apiUrl}/m/1abcdefghijklmnopqrstuv`, { picture: 'link' });
      await expectWell(`${harness.apiUrl}/login`);
      await expectWell(`${harness.apiUrl}/logged-out`);
      await expectWell(`${harness.apiUrl}/my/meetings/${'x'.repeat(22)}`, {
        refused: true,
        picture: 'not-yours',
      });
      await expectWell(`${harness.apiUrl}/my/nothing/of/the/kind`, { refused: true });
    },
    PATIENCE_MS,
  );

  it(
    'all of mine, preparation, notices, help, and what it costs',
    async () => {
      const invitation = await invite(harness.service, { consent: false, startsInMinutes: 3 * 24 * 60 });
      await expectWell(`${harness.apiUrl}/my`, { picture: 'my-meetings' });
      await expectWell(ours(invitation, '/preparation'), { picture: 'preparation' });
      await expectWell(ours(invitation, '/notices'), { picture: 'notices' });
      await expectWell(ours(invitation, '/notices/kept'));
      await expectWell(ours(invitation, '/no-entry'), { picture: 'no-entry' });
      await expectWell(ours(invitation, '/no-entry/told'));
      await expectWell(ours(invitation, '/afterwards'));
    },
    PATIENCE_MS,
  );

  it(
    'R3.2 the consent: asked, not answered, given, and taken back',
    async () => {
      const invitation = await invite(harness.service, { consent: false, startsInMinutes: 3 * 24 * 60 });
      await expectWell(ours(invitation, '/consent'), { picture: 'consent' });
      await expectWell(ours(invitation, '/consent/unanswered'));
      await giveConsent(invitation.clinic, invitation.patientId);
      for (const page of ['', '/withdraw', '/changed']) await expectWell(ours(invitation, `/consent${page}`));
      await expectWell(ours(invitation, '/consent/answered'), { picture: 'consent-answered' });
      await expectWell(ours(invitation), { picture: 'my-meeting-days-ahead' });
    },
    PATIENCE_MS,
  );

  it(
    'R1.5 R1.6 what can be changed: the choice, the times, what confirms, and the receipt',
    async () => {
      const invitation = await invite(harness.service, { startsInMinutes: 3 * 24 * 60 });
      await expectWell(ours(invitation, '/change'));
      await expectWell(ours(invitation, '/change/move/taken'));
      const startAts = [4, 5, 6].map((days) => new Date(Date.now() + days * DAY).toISOString());
      await mustCall(invitation.clinic, 'PUT', `${invitation.meeting.path}/offered-times`, { startAts });
      await expectWell(ours(invitation, '/change'), { picture: 'change' });
      await expectWell(ours(invitation, '/change/move'), { picture: 'change-times' });
      await expectWell(ours(invitation, '/change/cancel'), { picture: 'change-cancel' });
      await expectWell(ours(invitation, '/change/move'), {
        picture: 'change-confirm',
        async prepare(page) {
          await page.locator('.choice-list a').first().click();
          await page.getByRole('heading', { name: 'Vill du byta till den här tiden?' }).waitFor();
        },
      });
      // Booked in good time, and inside the notice by now.
      clock.holdAt(new Date(Date.now() - 3 * DAY));
      const late = await invite(harness.service, { startsInMinutes: 10 * 60 });
      clock.release();
      await expectWell(ours(late, '/change/cancel'), { picture: 'change-late' });
      expect(await visits.get('narrow')!.page.locator('main').innerText()).toContain('Det kostar 400 kr.');
      await expectWell(ours(late, '/change/cancel/changed'));
      const { page } = visits.get('plain')!;
      await page.goto(ours(late, '/change/cancel'));
      await page.getByRole('button', { name: 'Ja, avboka mötet' }).click();
      await page.waitForURL(/\/change\/done$/);
      await expectWell(ours(late, '/change/done'), { picture: 'change-done' });
      // E2: what is answered to a post is never a page, so that a reload and the way back ask nothing.
      const { page: reader } = visits.get('narrow')!;
      await reader.goto(ours(late, '/change/done'));
      expect(await reader.evaluate('document.activeElement.className')).toContain('receipt');
      await expectWell(ours(late), { picture: 'my-meeting-cancelled' });
    },
    PATIENCE_MS,
  );

  it(
    'afterwards: what is proposed to be billed, and objecting',
    async () => {
      const invitation = await invite(harness.service);
      await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/outcome`, {
        outcome: 'completed',
      });
      await waitUntil(
        async () => {
          const { items } = await mustCall(invitation.clinic, 'GET', `${invitation.meeting.path}/invoices`);
          return (items as unknown[]).length;
        },
        (count) => count === 1,
      );
      await expectWell(ours(invitation, '/afterwards'), { picture: 'afterwards' });
      await expectWell(ours(invitation));
      await expectWell(ours(invitation, '/room'));
      await expectWell(ours(invitation, '/change'));
    },
    PATIENCE_MS,
  );

  it(
    'my meeting, with things left to do and without',
    async () => {
      const todo = await invite(harness.service, { consent: false, withForm: true });
      await expectWell(ours(todo), { picture: 'my-meeting' });
      await expectWell(ours(await invite(harness.service)), { picture: 'my-meeting-open' });
    },
    PATIENCE_MS,
  );

  it(
    'R4.2 an invitation: who comes, waits, and is refused',
    async () => {
      const { clinic, meeting } = await invite(harness.service, {
        personalNumber: testPeople.stranger,
        participants: [{ role: 'guest' }],
      });
      const { participants } = await harness.service.records.meetings.get(meeting.meetingId);
      const { participantId } = participants.find(({ role }) => role === 'guest')!;
      const { records } = harness.service;
      const who = { identity: parseIdentity(testPeople.patient)!, name: 'Tolvan Testperson' };
      const { session } = await records.sessions.start(who, new Date());
      const about = { clinicId: clinic.clinicId, meetingId: meeting.meetingId, participantId };
      await records.claims.arrive(about, session.loginHash);
      const url = `${harness.apiUrl}/my/invitations/${participantId}`;
      await expectWell(url, { picture: 'invited' });
      const { page } = visits.get('plain')!;
      await page.goto(url);
      await page.getByRole('button', { name: 'Tala om för mottagningen att det är jag' }).click();
      await expectWell(url, { picture: 'invited-waits' });
      const { page: waiting } = visits.get('narrow')!;
      await waiting.clock.install();
      await waiting.goto(url);
      // E5: as a browser translates it.
      await waiting.evaluate('document.querySelector("h1").textContent = "Die Klinik prüft, wer Sie sind"');
      const looks = async (): Promise<void> => {
        const looked = waiting.waitForResponse(url);
        await waiting.clock.runFor(5_000);
        await looked;
      };
      await looks();
      await looks();
      expect(await waiting.locator('h1').innerText()).toMatch(/^Die Klinik/);
      const { items } = (await mustCall(clinic, 'GET', `${meeting.path}/claims`)) as {
        items: { claimId: string }[];
      };
      await mustCall(clinic, 'POST', `${meeting.path}/participants/${participantId}/claim`, {
        claimId: items[0]!.claimId,
        approved: false,
      });
      await looks();
      await waiting.getByRole('heading', { name: 'Mottagningen har inte godkänt' }).waitFor();
      await waiting.clock.resume();
      await expectWell(url);
    },
    PATIENCE_MS,
  );

  it(
    'the refusals and troubles that stand on no page of a meeting',
    async () => {
      await expectWell(`${harness.apiUrl}/my/link-ended`);
      await expectWell(`${harness.apiUrl}/login/callback?state=x&code=x`, { refused: true });
      const protectedOne = await invite(harness.service);
      await mustCall(protectedOne.clinic, 'PATCH', `/clinic/people/${protectedOne.patientId}`, {
        protectedIdentity: true,
      });
      await expectWell(ours(protectedOne), { refused: true });
    },
    PATIENCE_MS,
  );

  it(
    'the form: empty, with problems, and filled in',
    async () => {
      const invitation = await invite(harness.service, { withForm: true });
      await expectWell(form(invitation), { picture: 'form' });
      await expectWell(form(invitation), {
        refused: true,
        picture: 'form-problems',
        async prepare(page) {
          await page.getByLabel('Hur mycket väger du (kg)?').fill('mycket');
          await page.getByRole('button', { name: 'Kontrollera svaren' }).click();
          await page.locator('.problems').waitFor();
        },
      });
      await expectWell(form(invitation), {
        picture: 'form-check',
        async prepare(page) {
          await page.getByLabel('7', { exact: true }).check();
          await page.getByLabel('Vad vill du ta upp?').fill('Ont i ryggen');
          await page.getByLabel('Hur mycket väger du (kg)?').fill('72,5');
          await page.getByRole('button', { name: 'Kontrollera svaren' }).click();
          await page.getByRole('heading', { name: 'Kontrollera dina svar' }).waitFor();
        },
      });
      await expectWell(`${form(invitation)}/saved`);
      await expectWell(`${form(invitation)}/check-again`);
      await mustCall(
        invitation.clinic,
        'PUT',
        `${invitation.meeting.path}/forms/${invitation.formId ?? ''}/answers`,
        {
          answers: { how: 7, why: 'Ont i ryggen' },
          answeredBy: 'patient',
        },
      );
      await expectWell(form(invitation), { picture: 'form-done' });
      await expectWell(`${form(invitation)}/sent-elsewhere`);
      await expectWell(`${form(invitation)}/received`);
    },
    PATIENCE_MS,
  );

  it(
    'a message case: new, with what is wrong, with a picture, waiting, late and closed',
    async () => {
      const { clinic, of, my } = await myCase();
      const url = `${harness.apiUrl}${my}`;
      const { participants, patientId } = await harness.service.records.cases.get(of.caseId);
      const { participantId } = participants[0]!;
      const draft = { meetingId: of.caseId, formId: 'message', participantId, patientId };
      // What the other eyes have half written, and added, in the same form.
      const removeDraft = (): Promise<void> => harness.service.records.formDrafts.remove(draft);
      await expectWell(`${harness.apiUrl}/my`, { picture: 'my-meetings' });
      await expectWell(url, { picture: 'case' });
      await expectWell(url, {
        refused: true,
        picture: 'case-problems',
        async prepare(page) {
          await page.getByLabel('Ditt meddelande').fill('Det kliar.');
          await page
            .getByLabel('Välj en bild eller en PDF')
            .setInputFiles([{ name: 'bild.heic', mimeType: 'image/heic', buffer: Buffer.from('heic') }]);
          // With scripts the file is taken at once; what is sent then goes without it.
          if (await page.getByRole('button', { name: 'Lägg till' }).isVisible())
            await page.getByRole('button', { name: 'Lägg till' }).click();
          await page.locator('#file-problems').getByText('bild.heic').waitFor();
        },
      });
      await expectWell(url, {
        refused: true,
        async prepare(page) {
          await page.getByLabel('Ditt meddelande').fill('');
          await page.getByRole('button', { name: 'Skicka', exact: true }).click();
          await page.locator('#problems').waitFor();
        },
      });
      await expectWell(url, {
        picture: 'case-picture',
        async prepare(page) {
          await removeDraft();
          await page.reload();
          await page.getByLabel('Ditt meddelande').fill('Så här ser det ut i dag.');
          await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await pictureOfSkin());
          if (await page.getByRole('button', { name: 'Lägg till' }).isVisible())
            await page.getByRole('button', { name: 'Lägg till' }).click();
          await page.getByRole('checkbox', { name: 'Utslag.jpg' }).waitFor();
        },
      });
      const { page } = visits.get('narrow')!;
      await removeDraft();
      await page.goto(url);
      await page.getByLabel('Välj en bild eller en PDF').setInputFiles(await pictureOfSkin());
      await page.getByRole('checkbox', { name: 'Utslag.jpg' }).waitFor();
      await page.getByLabel('Ditt meddelande').fill('Det kliar mest på natten.');
      await page.getByRole('button', { name: 'Skicka', exact: true }).click();
      await page.getByText('Ditt meddelande är skickat.').waitFor();
      await removeDraft();
      await expectWell(`${url}/sent`, { picture: 'case-sent' });
      await expectWell(`${url}/received`);
      await mustCall(clinic, 'POST', `${of.path}/messages`, {
        text: 'Har du bytt tvättmedel?',
        asksForMore: true,
      });
      await expectWell(`${url}?language=en`);
      await expectWell(`${url}?language=sv`);
      await mustCall(clinic, 'POST', `${of.path}/close`);
      await expectWell(url, { picture: 'case-closed' });
      await expectWell(`${harness.apiUrl}/my/cases/${'x'.repeat(22)}`, { refused: true });
    },
    PATIENCE_MS,
  );

  it(
    'a case of one’s own: where one can open it, with what is missing, and where one cannot',
    async () => {
      await myCase({ patientsMayOpen: true });
      await expectWell(`${harness.apiUrl}/my/new-case`, { picture: 'new-case' });
      await expectWell(`${harness.apiUrl}/my/new-case`, {
        refused: true,
        async prepare(page) {
          await page.getByRole('button', { name: 'Skicka', exact: true }).click();
          await page.locator('.problems').waitFor();
        },
      });
      const { page } = visits.get('narrow')!;
      for (const told of ['received', 'sent-before']) {
        await expectWell(`${harness.apiUrl}/my/new-case/${told}`);
        await page.goto(`${harness.apiUrl}/my/new-case/${told}`);
        // A banner that takes the focus is what is read out first.
        const text = await page.locator('.banner').innerText();
        const focused = await focusedIn(page);
        expect([told, focused.role, focused.text.trim()]).toEqual([told, 'status', text.trim()]);
      }
    },
    PATIENCE_MS,
  );

  it(
    'the chat on a page of its own: before, while and after one can write there',
    async () => {
      const early = await invite(harness.service, { startsInMinutes: 25, doorOpensMinutesBefore: 15 });
      await expectWell(ours(early, '/chat'));
      const open = await invite(harness.service);
      await mustCall(open.clinic, 'POST', `${open.meeting.path}/chat`, {
        text: 'Vi ser dig, men hör dig inte.',
      });
      await expectWell(ours(open, '/chat'), { picture: 'chat' });
      await mustCall(open.clinic, 'POST', `${open.meeting.path}/cancel`, { by: 'clinic' });
      await expectWell(ours(open, '/chat'));
    },
    PATIENCE_MS,
  );

  it(
    'the way into the meeting, in each state that it has',
    async () => {
      const early = await invite(harness.service, { startsInMinutes: 25, doorOpensMinutesBefore: 15 });
      await expectWell(ours(early, '/room'), { picture: 'room-early' });
      await expectWell(ours(await invite(harness.service, { consent: false, withForm: true }), '/room'));
      await expectWell(ours(await invite(harness.service, { ready: false }), '/room'));
      const open = await invite(harness.service);
      await expectWell(ours(open, '/room'), { picture: 'room-open' });
      await mustCall(open.clinic, 'POST', `${open.meeting.path}/outcome`, {
        outcome: 'back-up-routine',
        way: 'telephone',
      });
      await expectWell(ours(open, '/room'), { picture: 'room-back-up' });
      const cancelled = await invite(harness.service);
      await mustCall(cancelled.clinic, 'POST', `${cancelled.meeting.path}/cancel`, { by: 'clinic' });
      await expectWell(ours(cancelled, '/room'));
      await expectWell(form({ ...cancelled, formId: 'x' }), { refused: true });
    },
    PATIENCE_MS,
  );

  it(
    'the room itself, and where it does not answer',
    async () => {
      const invitation = await invite(harness.service);
      for (const [name, { page, errors, origins }] of visits) {
        if (name === 'plain') continue;
        await page.goto(ours(invitation, '/room'));
        await page.route(`${harness.homeUrl}/room/*`, (route) => route.abort());
        await page.getByRole('button', { name: 'Gå in i mötet' }).click();
        await page.getByRole('heading', { name: 'Videorummet svarar inte' }).waitFor();
        await expectWellAsItIs(name, page, 'room-failed');
        await page.unroute(`${harness.homeUrl}/room/*`);
        errors.splice(0);
        await page.getByRole('button', { name: 'Försök igen' }).click();
        await page.frameLocator('#call iframe').locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
        await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/chat`, {
          text: `Välkommen (${name})`,
        });
        await page.locator('#messages').getByText(`Välkommen (${name})`).waitFor({ state: 'attached' });
        await expectWellAsItIs(name, page, 'room');
        if (!(await page.locator('#messages').isVisible()))
          await page.getByRole('button', { name: /^Chatt/ }).click();
        await page.locator('#messages').getByText(`Välkommen (${name})`).waitFor();
        await expectWellAsItIs(name, page, 'room-chat');
        await page.getByRole('button', { name: 'Lämna', exact: true }).click();
        await page.getByRole('heading', { name: 'Du har lämnat mötet' }).waitFor();
        await expectWellAsItIs(name, page, 'room-left');
        expect([harness.homeUrl, harness.apiUrl]).toEqual(expect.arrayContaining([...origins]));
        expect(errors).toEqual([]);
      }
    },
    PATIENCE_MS,
  );

  async function expectWellAsItIs(name: string, page: Page, picture: string): Promise<void> {
    if (name === 'phone' || name === 'desktop') {
      await takePicture(page, name, path.join(visits.pictures, picture));
      return;
    }
    expect([name, await violationsOn(page)]).toEqual([name, []]);
    expect([name, await overflowOf(page)]).toEqual([name, 0]);
  }

  it(
    'weigh at most 50 KB over the wire when they are seen for the first time',
    async () => {
      const invitation = await invite(harness.service, { withForm: true });
      const weights: Record<string, number> = {};
      const { page } = await harness.open('about:blank', { locale: 'sv-SE' });
      await logIn(harness, page.context(), testPeople.patient);
      for (const url of [
        `${harness.apiUrl}/m/1abcdefghijklmnopqrstuv`,
        `${harness.apiUrl}/my`,
        ours(invitation),
        ours(invitation, '/change'),
        form(invitation),
        ours(invitation, '/device'),
        ours(invitation, '/room'),
        ours(invitation, '/chat'),
        `${harness.apiUrl}${(await myCase()).my}`,
        `${harness.apiUrl}/my/new-case`,
      ]) {
        weights[url] = await bytesOf(page, url);
      }
      await page.context().close();
      for (const [url, bytes] of Object.entries(weights)) {
        expect([url, bytes > 3_000, bytes < 50_000, bytes]).toEqual([url, true, true, bytes]);
      }
    },
    PATIENCE_MS,
  );
});
