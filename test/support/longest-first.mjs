import { createRequire } from 'node:module';

// By `require`: its types and its module for `import` do not agree.
/** @type {typeof import('@jest/test-sequencer').default} */
const TestSequencer = createRequire(import.meta.url)('@jest/test-sequencer').default;

/** Far longer than the others, the longest first. */
const longest = [
  'local/start',
  'workflows/case/messages',
  'browser/patient-pages',
  'browser/home',
  'bench/bench',
  'api/schemathesis',
  'api/clinic/corrections',
  'races/races',
  'api/clinic/invoices',
  'faults/run',
  'workflows/meeting/lost-tasks',
];

/** @typedef {import('@jest/test-result').Test} Test */

/**
 * The longest test files go first: one that begins last is waited for alone, while the other worker has
 * nothing to do. Jest knows how long each took the last time, but not on a fresh machine.
 */
export default class LongestFirst extends TestSequencer {
  /** @override @param {Test[]} tests */
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

/** @param {Test} test */
function placeOf({ path }) {
  const index = longest.findIndex((each) => path.endsWith(`/test/${each}.test.ts`));
  return index === -1 ? longest.length : index;
}
