import { inBrowser, startStand, type Stand } from './stand';

inBrowser('where the link in an SMS leads', () => {
  let stand: Stand;

  beforeAll(async () => {
    stand = await startStand();
  });
  afterAll(() => stand.close());

  it('is light: no script, and under 50 KB over the wire with its stylesheet', async () => {
    const { page, errors, origins } = await stand.open('about:blank');
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    let bytes = 0;
    cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    const types: string[] = [];
    page.on('request', (request) => types.push(request.resourceType()));
    await page.goto(`${stand.apiUrl}/m/1abcdefghijklmnopqrstuv`, { waitUntil: 'networkidle' });
    expect(types.filter((type) => type !== 'other').sort()).toEqual(['document', 'stylesheet', 'stylesheet']);
    expect(await page.locator('script').count()).toBe(0);
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(50_000);
    expect(errors).toEqual([]);
    expect([...origins]).toEqual([stand.apiUrl]);
  });

  it('R2.3 says the same whatever the code, one link from the other language, and is kept by nobody', async () => {
    const answers = await Promise.all(
      ['1abcdefghijklmnopqrstuv', 'x', '1'.repeat(200)].map((code) => fetch(`${stand.apiUrl}/m/${code}`)),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toMatch(/<html lang="sv">[^]*href="\?language=en" lang="en"[^]*e-legitimation/);
    for (const { status, headers } of answers) {
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-robots-tag')).toBe('noindex');
      expect(headers.get('set-cookie')).toBeNull();
    }
  });
});
