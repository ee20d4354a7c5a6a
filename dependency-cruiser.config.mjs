/**
 * How the house stands: which folder may import which, from the ground up. `npm run lint` checks it, imports
 * of types included. What is not listed is refused, so that a new direction is a decision and not an
 * accident. See docs/house.md.
 */

/** What outside systems are reached by. */
const outside = ['integrations', 'jitsi', 'files'];
/** What both processes and use cases stand on. */
const ground = ['rules', 'platform', 'workflows', 'records', 'temporal'];

/** A folder and the folders below it that it may import. */
const layers = /** @type {Record<string, string[]>} */ ({
  rules: [],
  platform: [],
  workflows: ['rules'],
  integrations: ['rules', 'platform'],
  jitsi: ['rules', 'platform'],
  files: ['rules', 'platform'],
  records: ['rules', 'platform', 'workflows'],
  temporal: ['rules', 'platform', 'workflows'],
  'use-cases': [...ground, ...outside],
  activities: [...ground, 'integrations', 'use-cases'],
  health: ['rules', 'platform', 'records', 'temporal', 'integrations'],
  api: [...ground, ...outside, 'use-cases', 'health'],
  worker: [...ground, ...outside, 'use-cases', 'activities', 'health'],
  codec: ['platform', 'records', 'temporal'],
  ops: [...ground, 'integrations', 'use-cases', 'health', 'worker', 'api'],
});
/** What stands around the service may import all of it; nothing of the service imports these. */
const around = ['local', 'faults', 'bench', 'docs', 'test'];

/** What a workflow's folder shows to others; the rest of it runs in workers only. */
const contracts =
  '(messages|snapshot|facts|activities|task-queues|search-attributes|deliveries|hand-over-contract|refused|utc)[.]ts$';

/** @param {string[]} folders */
const inside = (folders) => `^(${folders.join('|')})/`;

/**
 * Started before anything is installed or built: plain JavaScript that shares the launcher's helpers in
 * local/.
 */
const launchers = '[.]mjs$';

const directions = Object.entries(layers).map(([folder, below]) => ({
  name: `${folder}-imports-only-what-is-below`,
  comment: `${folder}/ may import only: ${below.join(', ') || 'nothing of ours'}.`,
  severity: /** @type {const} */ ('error'),
  from: { path: inside([folder]), pathNot: launchers },
  to: {
    path: inside([...Object.keys(layers), ...around]),
    pathNot: inside([folder, ...below]),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Files that import each other can only be read together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...directions,
    {
      name: 'frame-is-nobodys',
      comment: 'api/frame/ is what patients’ and staff’s pages share: it knows neither.',
      severity: 'error',
      from: { path: '^api/frame/' },
      to: { path: '^api/(patient|staff|clinic|hooks)/' },
    },
    {
      name: 'config-for-entry-points',
      comment: 'Only a process’s entry point reads settings; it hands them in.',
      severity: 'error',
      from: { pathNot: [inside(around), '(^|/)main[.]ts$', '^ops/'] },
      to: { path: '^config[.]ts$' },
    },
    {
      name: 'workflows-by-contract',
      comment: 'Of workflows/ only the contracts may be imported here.',
      severity: 'error',
      from: { path: inside(['temporal', 'records', 'use-cases', 'activities', 'api']) },
      to: { path: '^workflows/', pathNot: contracts },
    },
    {
      name: 'no-workflow-imports-another',
      comment: 'What two domains share is in workflows/shared/.',
      severity: 'error',
      from: { path: '^workflows/(meeting|case|invoice|shared)/' },
      to: { path: '^workflows/(meeting|case|invoice)/', pathNot: '^workflows/$1/' },
    },
    {
      name: 'no-calendar-in-workflows',
      comment: 'Wall-clock rules are decided outside of workflows: time zone data would enter their replay.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^rules/calendar/' },
    },
    {
      name: 'no-node-in-workflows',
      comment: 'Node built-ins do not exist in the workflow sandbox.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'checker-shares-no-code',
      comment: 'What judges the service shares no code with it.',
      severity: 'error',
      from: { path: '^faults/checker/' },
      to: { path: '^(?!faults/checker/)', dependencyTypesNot: ['core', 'npm', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|[.]vardmote)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types are gone once compiled: they are looked at before.
    tsPreCompilationDeps: true,
  },
};
