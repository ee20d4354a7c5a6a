import { gzipSync } from 'node:zlib';
import { stylesheetText } from '../../../api/frame/stylesheet';
import { readAsset } from '../../../api/pages/asset';
import { contrastOf } from '../../../rules/presentation';

/** The colours of a theme, by their tokens. */
function themes(): Record<'light' | 'dark', Record<string, string>> {
  const css = readAsset('api/frame/assets/1-tokens.css');
  const read = (part: string) =>
    Object.fromEntries(
      [...part.matchAll(/--([\w-]+): (#[0-9a-f]{3}(?:[0-9a-f]{3})?);/g)].map(([, name = '', value = '']) => [
        name,
        value.length === 4 ? value.replaceAll(/[0-9a-f]/g, '$&$&') : value,
      ]),
    );
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  return { light: read(light), dark: { ...read(light), ...read(dark) } };
}

test('weighs at most 12 KB packed, and has no address in it', () => {
  expect(gzipSync(stylesheetText, { level: 9 }).length).toBeLessThan(12_000);
  expect(stylesheetText).not.toMatch(/url\(|@import|\/\*/);
});

describe.each(Object.entries(themes()))('E1 in %s', (_, tokens) => {
  const grounds = ['page', 'surface', 'sunken'];
  const pairs = (names: string[], on: string[]): [string, string][] =>
    names.flatMap((name) => on.map((ground): [string, string] => [name, ground]));

  it.each([
    ...pairs(['ink', 'muted', 'link', 'danger', 'success', 'warning', 'primary'], ['page', 'surface']),
    ...pairs(['ink', 'muted', 'link'], ['sunken', 'tint', 'success-tint', 'warning-tint', 'danger-tint']),
    ...pairs(['on-primary'], ['primary', 'primary-strong']),
    ...pairs(['on-danger'], ['danger', 'danger-strong']),
    ['success', 'success-tint'],
    ['warning', 'warning-tint'],
    ['danger', 'danger-tint'],
    ['on-band', 'band'],
  ])('%s on %s can be read: 4.5:1', (text, ground) => {
    expect(contrastOf(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(['edge', 'primary', 'danger'], [...grounds, 'tint']))(
    'the border %s on %s is seen: 3:1',
    (edge, ground) => {
      expect(contrastOf(tokens[edge]!, tokens[ground]!)).toBeGreaterThanOrEqual(3);
    },
  );

  it.each([...grounds, 'tint', 'primary', 'danger', 'band', 'success-tint', 'warning-tint', 'danger-tint'])(
    'the focus is seen on %s: one of its two lines at 3:1',
    (ground) => {
      const seen = ['focus', 'focus-edge'].map((line) => contrastOf(tokens[line]!, tokens[ground]!));
      expect(Math.max(...seen)).toBeGreaterThanOrEqual(3);
    },
  );
});
