import { demo } from '../../local/demo-clinic';
import { waitUntil } from '../support/wait-until';
import { inBrowser, startStand, violationsOn, type Stand, type Visit } from './stand';

inBrowser('the patient’s way in', () => {
  let stand: Stand;
  let visit: Visit;

  beforeAll(async () => {
    stand = await startStand();
    // axe is put into the pages; their own policy would stop it.
    visit = await stand.open(stand.homeUrl, {
      bypassCSP: true,
      locale: 'sv-SE',
      viewport: { width: 360, height: 740 },
    });
  });
  afterAll(() => stand.close());

  it('goes from the SMS in the outbox through a real login to the meeting, without anything that axe finds', async () => {
    const { page, errors } = visit;
    await page.getByRole('button', { name: 'Book one to log in to' }).click();
    await page.locator('#live').waitFor();
    const sms = await waitUntil(
      () => Promise.resolve(stand.service.sentTo('+46701740605').at(0)),
      (message) => message !== undefined,
    );
    // The workers of the tests write another public address into their SMS.
    const { pathname } = new URL(/https?:\/\/\S+/.exec(sms!.message)![0]);
    await page.goto(`${stand.apiUrl}${pathname}`);
    expect(await violationsOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Logga in med e-legitimation' }).click();
    await page.getByRole('button', { name: 'Log in as Tolvan Tolvansson' }).click();
    await page.getByRole('heading', { name: 'Mitt möte' }).waitFor();
    expect(page.url()).toMatch(/\/my\/meetings\/[\w-]{22}$/);
    const meeting = page.url();
    expect(await page.innerText('main')).toContain('Demomottagningen');
    const wrong: Record<string, string[]> = {};
    for (const path of ['', '/consent', '/change', '/no-entry', '/notices', '/preparation', '/afterwards']) {
      await page.goto(`${meeting}${path}`);
      wrong[path] = await violationsOn(page);
    }
    await page.goto(`${stand.apiUrl}/my`);
    wrong['/my'] = await violationsOn(page);
    expect(wrong).toEqual(Object.fromEntries(Object.keys(wrong).map((path) => [path, []])));
    await page.goto(`${meeting}/consent`);
    await page.getByRole('button', { name: 'Ja, mottagningen får se' }).click();
    await page.getByText('Du har sagt ja').waitFor();
    const person = await stand.service.records.people.find(demo.clinicId, demo.patientId);
    expect(person?.careHistoryConsent).toMatchObject({
      given: true,
      recordedBy: `patient/${demo.patientId}`,
    });
    expect(errors).toEqual([]);
  });

  it('stops at the policies of the real pages, and logs out', async () => {
    const { page, errors } = await stand.open(`${stand.apiUrl}/my`, { locale: 'sv-SE' });
    await page.getByRole('button', { name: 'Logga in med e-legitimation' }).click();
    await page.getByRole('button', { name: 'Log in as Robin Annansson' }).click();
    await page.getByText('Du har inga digitala möten här').waitFor();
    await page.getByRole('button', { name: 'Logga ut', exact: true }).click();
    await page.getByRole('heading', { name: 'Du är utloggad' }).waitFor();
    await page.goto(`${stand.apiUrl}/my`);
    await page.getByRole('heading', { name: 'Logga in' }).waitFor();
    // The 401 that asks for a login is no fault of the page's.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });
});
