import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const PAGE = 'docs/rules-in-short.md';
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Code, settings, scripts and pages; the page itself and what tries this test are no citations. */
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(tsx?|mjs|js|css|yml|sh|md|example|conf)$/.test(file))
  .filter((file) => file !== PAGE && file !== 'test/house/rules.test.ts');

/**
 * The rules and decisions that a text cites: `R5.3`, `decision 4`, `decisions 1 and 11`, also over two lines.
 */
function cited(text: string): string[] {
  const oneLine = text.replaceAll(/\n\s*(\*|\/\/|#|-)?\s*/g, ' ');
  const rules = [...oneLine.matchAll(/\bR\d+\.\d+\b/g)].map(([rule]) => rule);
  const decisions = [...oneLine.matchAll(/\bdecisions? (\d+(?:(?:, | and )\d+)*)/gi)].flatMap(
    ([, numbers = '']) => numbers.split(/, | and /).map((number) => `decision ${number}`),
  );
  return [...rules, ...decisions];
}

/** What the page has a line for. */
const linesOf = (page: string): string[] =>
  [...page.matchAll(/^- \*\*(R\d+\.\d+|decision \d+)\*\* \S/gm)].map(([, name = '']) => name);

test('each rule and each decision that is cited has its line on the page', () => {
  const lines = new Set(linesOf(read(PAGE)));
  const all = files.flatMap((file) => cited(read(file)).map((name) => ({ file, name })));

  expect(all.length).toBeGreaterThan(1_000);
  expect(all.filter(({ name }) => !lines.has(name))).toEqual([]);
});

test('each line of the page is of something that is cited, and stands once', () => {
  const all = new Set(files.flatMap((file) => cited(read(file))));
  const lines = linesOf(read(PAGE));

  expect(lines.filter((name) => !all.has(name))).toEqual([]);
  expect(lines).toEqual([...new Set(lines)]);
});

test('citations are found, also over two lines and of several', () => {
  expect(cited('/** (R5.3; design,\n * decision 4), see R12.10 */')).toEqual([
    'R5.3',
    'R12.10',
    'decision 4',
  ]);
  expect(cited('decisions 10 and 18; decision 6, 7: it')).toEqual([
    'decision 10',
    'decision 18',
    'decision 6',
    'decision 7',
  ]);
  expect(cited('SE0000000000-R001, a decision of 3')).toEqual([]);
  expect(linesOf('- **R1.1** a\n- **decision 2** b\n- **R1.2**\n')).toEqual(['R1.1', 'decision 2']);
});
