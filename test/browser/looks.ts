import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { overflowOf, violationsOn, type Harness, type Visit } from './harness';
import { keyboardFaults, smallTargets } from './page-checks';

/** Windows that look at every page, by their names. */
export type Eyes = Map<string, Visit> & { pictures: string };

/** How a page is looked at. */
export interface Look {
  /** What the browser tells of it in its console is expected here. */
  refused?: true;
  /** Brings the page into the state that is looked at. */
  prepare?: (page: Page) => Promise<void>;
  /** It does something only with scripts, beside what it says. */
  needsScripts?: true;
  /** The name of its picture in the documentation, with `PICTURES=1`. */
  picture?: string;
}

const windows: Record<string, BrowserContextOptions> = {
  narrow: { viewport: { width: 320, height: 700 }, colorScheme: 'light', bypassCSP: true },
  wide: {
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    bypassCSP: true,
  },
  plain: { viewport: { width: 390, height: 844 }, javaScriptEnabled: false },
  ...(process.env.PICTURES
    ? {
        phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
        desktop: { viewport: { width: 1280, height: 800 } },
      }
    : {}),
};

/**
 * Opens the windows, each logged in.
 * @param pictures the folder below docs/pictures that their pictures go to
 */
export async function openEyes(
  harness: Harness,
  pictures: string,
  logIn: (context: BrowserContext) => Promise<void>,
): Promise<Eyes> {
  const eyes = Object.assign(new Map<string, Visit>(), {
    pictures: path.join(__dirname, '../../docs/pictures', pictures),
  });
  for (const [name, options] of Object.entries(windows)) {
    const visit = await harness.open('about:blank', { locale: 'sv-SE', ...options });
    await logIn(visit.page.context());
    eyes.set(name, visit);
  }
  return eyes;
}

/**
 * Looks at a page in each window: what axe knows (WCAG 2.2 AA and more), the keyboard, fingers, narrow screens,
 * large text, dark and light, without scripts; and that nobody else was asked for anything.
 */
export async function lookAt(
  harness: Harness,
  eyes: Eyes,
  url: string,
  { refused, prepare, needsScripts, picture }: Look = {},
): Promise<void> {
  for (const [name, { page, errors, origins }] of eyes) {
    if (name === 'plain' && prepare && needsScripts) continue;
    origins.clear();
    await page.goto(url);
    await prepare?.(page);
    const heading = await page.locator('h1').innerText();
    const at = `${heading} (${name})`;
    expect([at, await page.locator('h1').count()]).toEqual([at, 1]);
    expect([at, [...origins]]).toEqual([at, [harness.apiUrl]]);
    expect([at, refused ? [] : errors]).toEqual([at, []]);
    errors.splice(0);
    switch (name) {
      case 'narrow':
        expect([at, await overflowOf(page)]).toEqual([at, 0]);
        expect([at, await violationsOn(page)]).toEqual([at, []]);
        expect([at, await smallTargets(page)]).toEqual([at, []]);
        await page.evaluate('document.documentElement.style.fontSize = "200%"');
        expect([`${at}, 200 %`, await overflowOf(page)]).toEqual([`${at}, 200 %`, 0]);
        break;
      case 'wide':
        expect([at, await violationsOn(page)]).toEqual([at, []]);
        expect([at, await keyboardFaults(page)]).toEqual([at, []]);
        break;
      case 'plain':
        expect([at, await page.locator('main').innerText()]).toEqual([at, expect.stringMatching(/\S/)]);
        break;
      default:
        if (picture) await takePicture(page, name, path.join(eyes.pictures, picture));
    }
  }
}

/** @param file without the device and the ending */
export async function takePicture(page: Page, device: string, file: string): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true });
  await page.evaluate(
    `Promise.all([...document.images].map((each) => { each.loading = 'eager'; return each.decode().catch(() => null); }))`,
  );
  // While it takes a picture of the whole page the browser forgets that it is a phone's.
  if (device === 'phone')
    await page.evaluate(
      "document.querySelectorAll('.camera').forEach((each) => { each.style.display = 'block'; })",
    );
  const taken = await page.screenshot({ fullPage: device === 'phone' });
  // In 256 colours, which pages of text hardly need: a third of the bytes.
  await sharp(taken).png({ palette: true, effort: 10 }).toFile(`${file}-${device}.png`);
}
