import { defaultPresentation } from '../../../rules/presentation';
import { createClinic, testSettingsBody, type CallAnswer, type TestClinic } from '../../support/clinic';
import { pngOf, undrawablePng } from '../../support/logo';
import { loggedIn, testPeople, visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { DAY, inMs, openDatabase } from '../helpers';

/** How a clinic shows itself: its colour, its logo, and what it tells of personal data (R8.6). */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
});
beforeEach(async () => {
  clinic = await createClinic(service);
});
afterAll(() => service.close());

const put = (presentation: object): Promise<CallAnswer> =>
  clinic.call('PUT', '/clinic/settings', {
    body: { ...testSettingsBody, presentation },
    role: 'operations-manager',
  });
const stored = async () => (await service.records.clinics.byId(clinic.clinicId)).settings.presentation;
const get = (path: string) => fetch(`${service.apiUrl}${path}`);

describe('what a clinic shows of itself', () => {
  it('is nothing of its own, where a body or an earlier release does not say it', async () => {
    const { presentation: _, ...others } = testSettingsBody;
    const answer = await clinic.call('PUT', '/clinic/settings', { body: others, role: 'operations-manager' });
    expect(answer).toMatchObject({ status: 200, body: { presentation: defaultPresentation } });
    const raw = await openDatabase(service);
    await raw.db
      .collection<{ _id: string }>('clinics')
      .updateOne({ _id: clinic.clinicId }, { $unset: { 'settings.presentation': 1 } as const });
    await raw.close();
    expect(await stored()).toEqual(defaultPresentation);
    for (const file of ['logo.png', 'colours.css'])
      expect((await get(`/assets/clinics/${clinic.clinicId}/${file}`)).status).toBe(404);
  });

  it.each([
    ['colour', '#7a7a7a'],
    ['colour', '#ffffff'],
    ['colour', 'red'],
    ['colour', '#0b4a57;}body{display:none'],
    ['colour', '#000'],
    ['logo', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.repeat(3)).toString('base64')],
    ['logo', 'no base64'],
    ['logo', ''],
    ['privacyNotice/sv', '\u200b \n'],
    ['controller', 'x'.repeat(301)],
  ])('is refused at %s: %s', async (field, value) => {
    const [name = '', language] = field.split('/');
    const given = language === undefined ? value : { sv: 'Text', en: 'Text', [language]: value };
    expect(await put({ [name]: given })).toMatchObject({
      status: 400,
      body: { errors: [{ field: `/body/presentation/${field}` }] },
    });
    expect(await stored()).toEqual(defaultPresentation);
  });

  it('has no logo that is a PNG by its chunks and cannot be drawn', async () => {
    const logo = (await undrawablePng()).toString('base64');
    expect(await put({ logo })).toMatchObject({
      status: 422,
      body: { title: 'picture-unreadable', errors: [{ field: '/body/presentation/logo' }] },
    });
    expect(await stored()).toEqual(defaultPresentation);
  });

  it('says why a colour or a logo is refused', async () => {
    const { body } = await put({ colour: '#808080', logo: (await pngOf(900, 20)).toString('base64') });
    expect((body as { errors: { message: string }[] }).errors.map(({ message }) => message)).toEqual([
      'must be darker: white text on it needs a contrast of at least 4.5:1',
      'must be at most 480 by 160 pixels',
    ]);
  });

  it('stands on its patients’ pages, from our own origin, and on none before login', async () => {
    const logo = await pngOf(240, 80);
    expect((await put({ colour: '#5B2C83', logo: logo.toString('base64') })).status).toBe(200);
    const patientId = await clinic.addPatient({
      personalNumber: testPeople.patient,
      birthDate: undefined,
      name: 'Tolvan Testperson',
    });
    const meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
    const browser = await loggedIn(service, testPeople.patient);
    const { text } = await browser.get(`/my/meetings/${meeting.patientParticipantId}`);
    const [, logoAddress] = /<img src="(\/assets\/clinics\/[^"]+)"/.exec(text) ?? [];
    const [, coloursAddress] = /<link rel="stylesheet" href="(\/assets\/clinics\/[^"]+)"/.exec(text) ?? [];
    const image = await get(logoAddress!);
    expect(image.headers.get('content-type')).toBe('image/png');
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Buffer.from(await image.arrayBuffer())).toEqual(logo);
    const colours = await get(coloursAddress!);
    expect(colours.headers.get('content-type')).toContain('text/css');
    expect(await colours.text()).toBe(':root{--band:#5B2C83}');
    expect(text).toContain('Inloggad som <strong>Tolvan Testperson</strong>');
    const before = await (await get('/m/1abcdefghijklmnopqrstuv')).text();
    expect(before).not.toContain('/assets/clinics/');
    expect(before).not.toContain('Inloggad');
  });
});

describe('R8.6 what is told of personal data and accessibility', () => {
  const pages = ['/about/privacy', '/about/accessibility', '/about/genuine'];

  it.each(['sv', 'en'])(
    'is there before login in %s, with the region and the support alone',
    async (language) => {
      for (const path of pages) {
        const response = await fetch(`${service.apiUrl}${path}`, {
          headers: { 'accept-language': language },
        });
        expect([path, response.status]).toEqual([path, 200]);
        const text = await response.text();
        expect(text).toContain(`<html lang="${language}"`);
        expect(text).toContain('Region Test');
        expect(text).toContain('010-000 00 12');
        expect(text).not.toContain('Testmottagningen');
        expect(text).not.toMatch(/undefined|null|\[object/);
      }
    },
  );

  it('names the authorities, and the service’s own address', async () => {
    expect(await (await get('/about/privacy')).text()).toContain('https://www.imy.se');
    expect(await (await get('/about/accessibility')).text()).toContain('https://www.digg.se/tdosanmalan');
    expect(await (await get('/about/genuine')).text()).toContain(new URL(service.apiUrl).host);
  });

  it('is linked from every page: before login, once logged in, and where nothing is', async () => {
    const stranger = visitor(service.apiUrl);
    const someone = await loggedIn(service, testPeople.patient);
    for (const shown of [
      await stranger.get('/m/1abcdefghijklmnopqrstuv'),
      await stranger.get('/login'),
      await stranger.get('/'),
      await stranger.get('/no-such-page'),
      await someone.get('/my'),
      await someone.get('/my/no-such-page'),
    ])
      for (const path of pages) expect(shown.text).toContain(`href="${path}"`);
  });

  it('is the clinic’s on its own pages: its name and number, who answers for it, or its own text', async () => {
    const browser = await loggedIn(service, testPeople.patient);
    const path = `/my/clinics/${clinic.clinicId}`;
    await put({ controller: 'Regionstyrelsen, Region Test', dataProtectionOfficer: 'dso@region.test' });
    const standard = (await browser.get(`${path}/privacy`)).text;
    for (const part of [
      'Testmottagningen',
      '010-000 00 11',
      'Regionstyrelsen, Region Test',
      'dso@region.test',
    ])
      expect(standard).toContain(part);
    await put({
      privacyNotice: { sv: '## Vårt eget\n\nSe <b>här</b>: https://region.test/gdpr.', en: 'Our own' },
      accessibilityStatement: { sv: 'Vår redogörelse', en: 'Our statement' },
    });
    const own = (await browser.get(`${path}/privacy`)).text;
    expect(own).toContain('<h2>Vårt eget</h2>');
    expect(own).toContain(
      'Se &lt;b>här&lt;/b>: <a class="address" href="https://region.test/gdpr" rel="noreferrer">',
    );
    expect(own).not.toContain('Rättslig grund');
    expect((await browser.get(`${path}/accessibility`)).text).toContain('Vår redogörelse');
    expect((await browser.get('/my/clinics/abcdefghijklmnopqrstuv/privacy')).status).toBe(404);
    expect((await visitor(service.apiUrl).get(`${path}/privacy`)).status).toBe(401);
  });
});

test('R2.3 before login every code shows the same page', async () => {
  const texts = await Promise.all(
    ['1abcdefghijklmnopqrstuv', '1zzzzzzzzzzzzzzzzzzzzzz', 'x'].map(async (code) =>
      (await get(`/m/${code}`)).text(),
    ),
  );
  expect(new Set(texts).size).toBe(1);
  expect(texts[0]).toContain('Region Test');
});
