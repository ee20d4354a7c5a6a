import { startStand, violationsOn, overflowOf, type Stand } from './stand';
let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.close());
it('shots', async () => {
  const dir = process.env.SHOTS ?? '/tmp/shots';
  const first = await stand.open(stand.homeUrl, { bypassCSP: true });
  const sizes = { desk: { width: 1280, height: 900 }, phone: { width: 320, height: 700 } };
  const shoot = async (name: string, url: string) => {
    for (const [size, viewport] of Object.entries(sizes))
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, errors, origins } = await stand.open(url, { viewport, colorScheme, bypassCSP: true });
        await page.screenshot({ path: `${dir}/${name}-${size}-${colorScheme}.png`, fullPage: true });
        console.log(
          name,
          size,
          colorScheme,
          await overflowOf(page),
          errors,
          [...origins],
          (await violationsOn(page)).join('\n'),
        );
        await page.context().close();
      }
  };
  await shoot('empty', stand.homeUrl);
  await shoot('landing', `${stand.apiUrl}/m/abc`);
  await shoot('front', `${stand.apiUrl}/`);
  await first.page.click('text=Book a demo meeting');
  await first.page.waitForTimeout(3000);
  await shoot('booked', first.page.url());
  await first.page.click('#act-patient-comes');
  await shoot('refused', first.page.url());
  await stand.openDoors(120);
  await first.page.click('text=Book a demo meeting');
  for (const a of ['consent', 'form', 'patient-comes', 'staff-comes']) {
    await first.page.click('#act-' + a);
    await first.page.waitForTimeout(700);
  }
  await shoot('underway', first.page.url());
  await first.page.click('#act-cancel');
  await first.page.waitForTimeout(3000);
  await shoot('ended', first.page.url());
  await first.page.click('text=Book a demo meeting');
  await first.page.click('#act-cancel');
  await first.page.waitForTimeout(3000);
  await shoot('ended2', first.page.url());
  await shoot('outbox', `${stand.homeUrl}/outbox`);
}, 120000);
