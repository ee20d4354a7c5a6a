import { mkdirSync } from 'node:fs';
import { defaultCaseRules } from '../../rules/case';
import { openCase } from '../support/cases';
import { createClinic } from '../support/clinic';
import { testPeople } from '../support/patient';
import { logIn, mustCall } from './patients';
import { inBrowser, overflowOf, startHarness, violationsOn, type Harness } from './harness';
import { testClock } from '../api/helpers';
import { keyboardFaults, smallTargets } from './page-checks';
import sharp from 'sharp';

inBrowser('looks', () => {
  let harness: Harness;
  const clock = testClock();
  beforeAll(async () => { harness = await startHarness(clock); });
  afterAll(() => harness.close());
  it('takes', async () => {
    mkdirSync('/tmp/looks', { recursive: true });
    const clinic = await createClinic(harness.service, { name: 'Vårdcentralen Eken', phone: '010-123 45 67', caseRules: { ...defaultCaseRules, patientsMayOpen: true } });
    const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined, name: 'Tolvan Testperson' });
    const open = async (subject: string) => {
      const of = await openCase(clinic, patientId, { subject, text: 'Hej! Hur ser utslaget ut i dag?\nSkicka gärna en bild.' });
      const [place] = (await harness.service.records.cases.get(of.caseId)).participants;
      return { of, my: `${harness.apiUrl}/my/cases/${place!.participantId}` };
    };
    const a = await open('Utslag på armen');
    const phone = await harness.open('about:blank', { locale: 'sv-SE', viewport: { width: 390, height: 844 }, bypassCSP: true });
    const desk = await harness.open('about:blank', { locale: 'sv-SE', viewport: { width: 1280, height: 800 }, bypassCSP: true, colorScheme: 'dark' });
    const plain = await harness.open('about:blank', { locale: 'sv-SE', viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    for (const v of [phone, desk, plain]) await logIn(harness, v.page.context(), testPeople.patient);
    const faults: unknown[] = [];
    const shoot = async (url: string, name: string, prepare?: (page: typeof phone.page) => Promise<void>) => {
      for (const [eye, { page }] of [['phone', phone], ['desk', desk], ['plain', plain]] as const) {
        if (url) await page.goto(url);
        if (prepare) await prepare(page);
        if (eye === 'phone') faults.push([name, 'axe', await violationsOn(page), await overflowOf(page), await smallTargets(page)]);
        if (eye === 'desk') faults.push([name, 'axe', await violationsOn(page), await keyboardFaults(page)]);
        await page.screenshot({ path: `/tmp/looks/${name}-${eye}.png`, fullPage: true });
      }
      const { page } = phone;
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 794, height: 1000 });
      await page.screenshot({ path: `/tmp/looks/${name}-print.png`, fullPage: true });
      await page.emulateMedia({ media: 'screen', forcedColors: 'active' });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: `/tmp/looks/${name}-forced.png`, fullPage: true });
      await page.emulateMedia({ media: null, forcedColors: null });
    };
    await shoot(a.my, 'case');
    const { page } = phone;
    await page.goto(a.my);
    await page.getByLabel('Ditt meddelande').fill('Det kliar mest på natten.');
    await page.getByLabel('Välj en bild').setInputFiles([{ name: 'Utslag.jpg', mimeType: 'image/jpeg', buffer: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#d8a48f' } }).jpeg().toBuffer() }, { name: 'bild.heic', mimeType: 'image/heic', buffer: Buffer.from('heic') }]);
    await page.locator('#file-problems li').waitFor();
    await page.screenshot({ path: `/tmp/looks/case-files-phone.png`, fullPage: true });
    await page.getByRole('button', { name: 'Skicka', exact: true }).click();
    await page.getByText('Ditt meddelande är skickat.').waitFor();
    await page.screenshot({ path: `/tmp/looks/case-sent-script-phone.png`, fullPage: true });
    await shoot(`${a.my}/sent`, 'case-sent');
    await shoot(a.my, 'case-empty', async (p) => { await p.getByLabel('Ditt meddelande').fill(''); await p.getByRole('button', { name: 'Skicka', exact: true }).click(); await p.locator('#problems').waitFor(); });
    await mustCall(clinic, 'POST', `${a.of.path}/messages`, { text: 'Har du bytt tvättmedel?', asksForMore: true });
    await shoot(a.my, 'case-answered');
    await shoot(`${harness.apiUrl}/my`, 'my');
    await shoot(`${harness.apiUrl}/my/new-case`, 'new-case');
    await shoot(`${harness.apiUrl}/my/new-case`, 'new-case-wrong', async (p) => { await p.getByRole('button', { name: 'Skicka', exact: true }).click(); await p.waitForURL('**/unsent'); });
    await shoot(`${harness.apiUrl}/my/cases/${'x'.repeat(22)}`, 'not-yours');
    await shoot(`${harness.apiUrl}/nothing`, 'nothing');
    await shoot(`${harness.apiUrl}/logged-out`, 'logged-out');
    await shoot(`${harness.apiUrl}/login`, 'login');
    await shoot(`${harness.apiUrl}/about/privacy`, 'privacy');
    await shoot(`${harness.apiUrl}/about/accessibility`, 'accessibility');
    await shoot(`${harness.apiUrl}/login/callback?state=x&code=x`, 'login-trouble');
    await mustCall(clinic, 'POST', `${a.of.path}/close`);
    await shoot(a.my, 'case-closed');
    console.log(JSON.stringify(faults.filter((f) => JSON.stringify((f as unknown[]).slice(2)).match(/[a-z]{3}/)), null, 1));
  }, 280_000);
});
