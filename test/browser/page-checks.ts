import type { Page } from 'playwright-core';

/**
 * What one can get to on a page, told shortly: `button Skicka`. Of radio buttons of one name the keyboard
 * gets to one.
 */
const reachable = `(() => {
  const seen = new Set();
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, iframe')]
    .filter((each) => each.checkVisibility() && !each.disabled)
    .filter((each) => {
      if (each.type !== 'radio') return true;
      const known = seen.has(each.name);
      seen.add(each.name);
      return !known;
    })
    .map((each) => (each.type === 'radio' ? 'radio ' + each.name : told(each)));
})()`;

const told = `function told(each) {
  const name = each.type === 'radio' ? each.name : (each.innerText || each.name || each.id || '').trim().slice(0, 60);
  return (each.type === 'radio' ? 'radio' : each.tagName.toLowerCase()) + ' ' + name;
}`;

/** What the keyboard does not get to, or gets to without showing where it is (WCAG 2.1.1, 2.4.7). */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const expected = await page.evaluate<string[]>(`(() => { ${told} return ${reachable}; })()`);
  await page.evaluate(
    'document.activeElement.blur(), window.getSelection().removeAllRanges(), window.scrollTo(0, 0)',
  );
  const reached = new Set<string>();
  const unseen = new Set<string>();
  for (let tabs = 0; tabs < expected.length + 10; tabs += 1) {
    await page.keyboard.press('Tab');
    const [name, isSeen] = await page.evaluate<[string, boolean]>(`(() => {
      ${told}
      const each = document.activeElement;
      // Where a whole row is a link's, the row shows it.
      const shown = [each, each.closest('.tasks > li')].filter(Boolean).some((seen) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(seen);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
      }) || getComputedStyle(each).boxShadow !== 'none';
      return [told(each), shown || each === document.body];
    })()`);
    reached.add(name);
    if (!isSeen) unseen.add(name);
  }
  return [
    ...expected.filter((name) => !reached.has(name)).map((name) => `not reached: ${name}`),
    ...[...unseen].map((name) => `focus not seen: ${name}`),
  ];
}

/** What is too small for a finger (WCAG 2.5.8: 24 by 24 CSS pixels, links within a sentence aside). */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    ${told}
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter((each) => each.checkVisibility() && !each.matches('.skip-link'))
      .map((each) => each.closest('label') || each)
      .filter((each) => !(each.tagName === 'A' && each.closest('p, li') && each.closest('p, li').innerText.trim() !== each.innerText.trim()))
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width < 24 || height < 24;
      })
      .map((each) => 'too small: ' + told(each) + ' ' + JSON.stringify(each.getBoundingClientRect()));
  })()`);

/** Everything that comes over the wire for a page that is seen for the first time, in bytes. */
export async function bytesOf(page: Page, url: string): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url, { waitUntil: 'load' });
  await cdp.detach();
  return bytes;
}

/** What has the focus, as those hear it who use a screen reader: from the accessibility tree. */
export async function focusedIn(page: Page): Promise<{ role: string; name: string; text: string }> {
  const cdp = await page.context().newCDPSession(page);
  const { nodes } = await cdp.send('Accessibility.getFullAXTree');
  await cdp.detach();
  const textOf = (nodeId: string): string => {
    const node = nodes.find((each) => each.nodeId === nodeId);
    if (!node) return '';
    if (node.role?.value === 'StaticText') return String(node.name?.value ?? '');
    return (node.childIds ?? []).map(textOf).join(' ');
  };
  const isFocused = (node: (typeof nodes)[number]): boolean =>
    node.role?.value !== 'RootWebArea' &&
    (node.properties ?? []).some(({ name, value }) => name === 'focused' && value.value === true);
  const focused = nodes.find(isFocused);
  if (!focused) throw new Error('nothing has the focus');
  return {
    role: String(focused.role?.value),
    name: String(focused.name?.value ?? ''),
    text: textOf(focused.nodeId),
  };
}
