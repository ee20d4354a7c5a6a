import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** What is fetched or made, and no part of the house. */
const notOurs = new Set(['node_modules', 'dist', 'coverage', 'backups', 'certificates']);

/** All files of the house, by their paths from its root; folders with a dot hold no pages. */
function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name) || entry.name.startsWith('.')) return [];
    const file = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : [file];
  });
}

/** A page without its code: what stands there is no link. */
const withoutCode = (page: string): string =>
  page
    .replaceAll(/^ *```[^]*?^ *```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]<>#]/g, ''));

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(page).matchAll(/^#{1,6} +(.+)$/gm)) {
    const text = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/(?<![\p{L}\p{N}])_([^_]+)_(?![\p{L}\p{N}])/gu, '$1')
      .trim();
    const plain = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = plain;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${plain}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Where a page leads within the house: links, pictures, and what HTML in it names. */
const targetsOf = (page: string): string[] =>
  [...withoutCode(page).matchAll(/\]\(<?([^)\s>]+)|(?:src|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((target) => !/^[a-z]+:/.test(target));

/** @returns the links of the page that lead nowhere, as `page → target` */
function brokenLinks(
  file: string,
  read: (file: string) => string,
  exists: (file: string) => boolean,
): string[] {
  return targetsOf(read(file))
    .filter((target) => {
      const [to = '', anchor] = decodeURI(target).split('#');
      const there = to === '' ? file : path.posix.join(path.posix.dirname(file), to);
      if (!exists(there)) return true;
      return anchor !== undefined && there.endsWith('.md') && !anchorsOf(read(there)).has(anchor);
    })
    .map((target) => `${file} → ${target}`);
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const exists = (file: string): boolean => existsSync(path.join(root, file));

test('each link of a page leads to a file, and each anchor to a heading', () => {
  const pages = filesBelow('').filter((file) => file.endsWith('.md'));
  expect(pages).toContain('docs/house.md');
  expect(pages.flatMap((page) => targetsOf(read(page))).length).toBeGreaterThan(200);
  expect(pages.flatMap((page) => brokenLinks(page, read, exists))).toEqual([]);
});

test('each page that code or a setting file names is there', () => {
  const named = filesBelow('')
    .filter((file) => /\.(tsx?|mjs|js|yml|sh|mongodb|example)$|(^|\/)Dockerfile$/.test(file))
    .filter((file) => file !== 'test/house/links.test.ts')
    .flatMap((file) => [...read(file).matchAll(/\bdocs\/[\w-]+\.md\b/g)].map(([page]) => `${file}: ${page}`));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((each) => !exists(each.split(': ')[1] ?? ''))).toEqual([]);
});

test('docs/README.md lists each page of docs/', () => {
  const listed = new Set(targetsOf(read('docs/README.md')));
  const pages = readdirSync(path.join(root, 'docs')).filter((file) => file.endsWith('.md'));
  expect(pages.filter((page) => page !== 'README.md' && !listed.has(page))).toEqual([]);
});

test('a link to a file or a heading that is not there is found', () => {
  const pages: Record<string, string> = {
    'README.md': '# Top\n[a](docs/a.md#one-two) [b](docs/b.md) [c](docs/a.md#three) [d](#top) `[e](f.md)`',
    'docs/a.md':
      '## One, _two_\n```\n## Three\n```\n[up](../README.md#top) <img src="no.png"> [w](https://a.example/b)\n',
  };
  const found = Object.keys(pages).flatMap((page) =>
    brokenLinks(
      page,
      (file) => pages[file] ?? '',
      (file) => file in pages,
    ),
  );
  expect(found).toEqual(['README.md → docs/b.md', 'README.md → docs/a.md#three', 'docs/a.md → no.png']);
});
