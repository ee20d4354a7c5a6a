import { demo } from '../../local/demo-clinic';
import { writeEvents } from '../support/events';
import { waitUntil } from '../support/wait-until';
import { inBrowser, overflowOf, startHarness, violationsOn, type Harness } from './harness';

/** The receiver's page over the whole service: from the outbox by the worker to the PAS that verifies. */
inBrowser('the receiver of events', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  const write = (numbers: number[]): Promise<void> =>
    writeEvents(harness.service.records, demo.clinicId, 'demo-meeting', numbers, new Date());

  it('shows by itself what comes, with its signature, and what is tampered with as refused', async () => {
    const { page, errors, origins } = await harness.open(harness.homeUrl);
    await page.getByRole('link', { name: 'Events to the PAS' }).click();
    await page.getByText('No event has come yet').waitFor();
    await write([1, 2]);
    const items = page.locator('#meetings li');
    await waitUntil(
      () => items.allInnerTexts(),
      (texts) => texts.length === 2 && texts.every((text) => text.includes('signature holds')),
    );
    expect(await page.locator('.sequence').allInnerTexts()).toEqual(['1', '2']);
    await page.getByRole('button', { name: 'Tamper with the newest one' }).click();
    await page.getByText('signature refused: No matching signature found').waitFor();

    await page.getByRole('button', { name: 'Refuse: answer 500' }).click();
    await write([3]);
    await page.getByText('answered 500').waitFor();
    await page.getByRole('button', { name: 'Take events' }).click();
    // Tried again after five seconds.
    await page.getByText('came 2 times').waitFor();
    expect(errors).toEqual([]);
    expect([harness.homeUrl, harness.apiUrl]).toEqual(expect.arrayContaining([...origins]));
  });

  it('works without a script', async () => {
    const { page } = await harness.open(`${harness.homeUrl}/receiver`, { javaScriptEnabled: false });
    expect(await page.locator('#meetings li').count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Be slow' }).click();
    expect(await page.locator('#mood-slow').getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Take events' }).click();
    expect(await page.locator('#mood-takes').getAttribute('aria-pressed')).toBe('true');
  });

  it.each(['light', 'dark'] as const)('is accessible, in %s and on a phone', async (colorScheme) => {
    const { page } = await harness.open(`${harness.homeUrl}/receiver`, {
      colorScheme,
      bypassCSP: true,
      viewport: { width: 360, height: 740 },
    });
    await page.locator('summary').first().click();
    expect(await violationsOn(page)).toEqual([]);
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  });
});
