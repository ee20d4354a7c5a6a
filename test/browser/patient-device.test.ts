import type { Page } from 'playwright-core';
import { waitUntil } from '../support/wait-until';
import { lookAt, openEyes, type Eyes, type Look } from './looks';
import { invite, logIn, type Invitation } from './patients';
import { inBrowser, startHarness, type Harness } from './harness';

/** The device test's page in each of its states, as all patients' pages are looked at (R4.5, E8). */
/** Each looks at the page in four windows. */
const PATIENCE_MS = 180_000;

inBrowser('the device test', () => {
  let harness: Harness;
  let visits: Eyes;
  const expectWell = (url: string, look?: Look): Promise<void> => lookAt(harness, visits, url, look);

  beforeAll(async () => {
    harness = await startHarness();
    visits = await openEyes(harness, 'patient', (context) => logIn(harness, context));
  });
  afterAll(() => harness.close());

  const ours = (invitation: Invitation, page = ''): string => `${harness.apiUrl}${invitation.path}${page}`;

  it(
    'the device test: before, when all works, and when the browser says no',
    async () => {
      const url = ours(await invite(harness.service), '/device');
      await expectWell(url);
      await expectWell(url, {
        needsScripts: true,
        picture: 'device-test',
        async prepare(page) {
          await page.getByRole('button', { name: 'Testa kameran' }).click();
          await page.getByText('Kameran fungerar.').waitFor();
          await page.getByRole('button', { name: 'Testa mikrofonen' }).click();
          await page.getByText('Mikrofonen fungerar.').waitFor();
          await page.getByRole('button', { name: 'Spela ett testljud' }).click();
          await page.getByRole('button', { name: 'Ja, jag hörde det' }).click();
          await page.getByText('Allt fungerar.').waitFor();
        },
      });
      await expectWell(url, {
        needsScripts: true,
        picture: 'device-refused',
        async prepare(page) {
          await refuseDevices(page, 'NotAllowedError');
          await page.getByRole('button', { name: 'Testa kameran' }).click();
          await page.locator('#camera-says').getByText('Webbläsaren får inte använda kameran').waitFor();
        },
      });
    },
    PATIENCE_MS,
  );

  it.each([
    ['NotAllowedError', 'Webbläsaren får inte använda'],
    ['NotFoundError', 'Vi hittar ingen'],
    ['NotReadableError', 'Något annat program använder'],
    ['TypeError', 'Det går inte i den här webbläsaren'],
  ])('R4.5 says what to do when the browser answers %s', async (name, words) => {
    const { page, errors } = visits.get('narrow')!;
    const invitation = await invite(harness.service);
    await page.goto(ours(invitation, '/device'));
    await refuseDevices(page, name);
    for (const button of ['Testa kameran', 'Testa mikrofonen']) {
      await page.getByRole('button', { name: button }).click();
    }
    for (const step of ['camera', 'microphone']) {
      await page.locator(`#${step}-says`).getByText(words).waitFor();
      expect(await page.locator(`[data-result=${step}]`).innerText()).toMatch(/Fungerar inte än/);
    }
    await page.getByRole('button', { name: 'Spela ett testljud' }).click();
    await page.getByRole('button', { name: 'Nej, jag hörde inget' }).click();
    await page.getByText('Höj volymen.').waitFor();
    expect(await page.locator('#all-work').innerText()).toBe('');
    await page.getByText('Mottagningen ser nu hur testet gick.').waitFor();
    const { meetingId, patientParticipantId } = invitation.meeting;
    await waitUntil(
      async () => (await harness.service.records.meetings.get(meetingId)).deviceTests,
      (tests) => tests?.[patientParticipantId]?.sound === 'fails',
    );
    expect((await harness.service.records.meetings.get(meetingId)).deviceTests).toMatchObject({
      [patientParticipantId]: { camera: 'fails', microphone: 'fails', sound: 'fails' },
    });
    expect(errors).toEqual([]);
  });

  it(
    'E8 R4.5 sound whose clock stands still is no silent microphone either, and a press begins it anew',
    async () => {
      const { page, errors } = visits.get('narrow')!;
      await page.goto(ours(await invite(harness.service), '/device'));
      // As after a call on a phone: the context says that it runs, and hears nothing until it is begun anew.
      await page.evaluate(`(() => {
      const real = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'currentTime');
      let stands = true;
      Object.defineProperty(BaseAudioContext.prototype, 'currentTime', {
        get() { return stands ? 1 : real.get.call(this); },
      });
      const { getByteTimeDomainData } = AnalyserNode.prototype;
      AnalyserNode.prototype.getByteTimeDomainData = function (samples) {
        return stands ? samples.fill(128) : getByteTimeDomainData.call(this, samples);
      };
      const { suspend } = AudioContext.prototype;
      AudioContext.prototype.suspend = function () { stands = false; return suspend.call(this); };
    })()`);
      const says = page.locator('#microphone-says');
      await page.getByRole('button', { name: 'Testa mikrofonen' }).click();
      await says.getByText('Webbläsaren har pausat ljudet').waitFor();
      expect(await page.locator('[data-result=microphone]').innerText()).toMatch(/Inte testat/);
      await page.locator('h1').click();
      await says.getByText('Mikrofonen fungerar.').waitFor({ timeout: 60_000 });
      expect(errors).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'E8 R4.5 a browser that pauses the sound is no silent microphone: it asks for a press, and then goes on',
    async () => {
      const { page, errors } = visits.get('narrow')!;
      await page.goto(ours(await invite(harness.service), '/device'));
      await page.evaluate(`(() => {
      const allowed = { now: false };
      window.allow = () => { allowed.now = true; };
      const { resume } = AudioContext.prototype;
      AudioContext.prototype.resume = function () {
        return allowed.now ? resume.call(this) : new Promise(() => undefined);
      };
      const Real = AudioContext;
      window.AudioContext = class extends Real {
        constructor() { super(); void this.suspend(); }
      };
    })()`);
      const says = page.locator('#microphone-says');
      await page.getByRole('button', { name: 'Testa mikrofonen' }).click();
      await says.getByText('Webbläsaren har pausat ljudet').waitFor();
      await page.getByRole('button', { name: 'Spela ett testljud' }).click();
      await page.locator('#sound-says').getByText('Webbläsaren har pausat ljudet').waitFor();
      // Longer than a microphone may be silent; then a few more looks.
      await page.evaluate(`(() => {
      const now = Date.now;
      Date.now = () => now() + 9000;
      return new Promise((resolve) => setTimeout(resolve, 300));
    })()`);
      expect(await says.innerText()).toMatch(/pausat ljudet/);
      expect(await page.locator('[data-result=microphone]').innerText()).toMatch(/Inte testat/);
      await page.evaluate('window.allow()');
      // A browser on a busy machine can pause it once more, or give no sound for a while: one tries again.
      await waitUntil(
        async () => {
          const isSilent = (await says.innerText()).includes('Vi hör ingenting');
          await (
            isSilent ? page.getByRole('button', { name: 'Testa mikrofonen' }) : page.locator('h1')
          ).click();
          return says.innerText();
        },
        (said) => said.includes('Mikrofonen fungerar.'),
        60_000,
      );
      expect(errors).toEqual([]);
    },
    PATIENCE_MS,
  );
});

/** Lets the browser answer as it does when camera or microphone cannot be had. */
const refuseDevices = (page: Page, name: string): Promise<void> =>
  page.evaluate(
    `navigator.mediaDevices.getUserMedia = () => Promise.reject(
      '${name}' === 'TypeError' ? new TypeError('no') : new DOMException('no', '${name}'))`,
  );
