import { parseArgs } from 'node:util';
import { Problem } from '../local/checks.mjs';

const known = new Set([
  'busy',
  'result',
  'temporal',
  'namespace',
  'mongodb',
  'temporal-pids',
  'database-pids',
]);

/**
 * What of the command line is for the launcher; all else is for the measures.
 * @param {string[]} args
 */
export function optionsOf(args) {
  const isOurs = (/** @type {string} */ arg) => known.has(/^--([a-z-]+)/.exec(arg)?.[1] ?? '');
  const { values } = parseArgs({
    args: args.filter(isOurs),
    options: {
      busy: { type: 'boolean', default: false },
      result: { type: 'string' },
      temporal: { type: 'string' },
      namespace: { type: 'string', default: 'bench' },
      mongodb: { type: 'string' },
      'temporal-pids': { type: 'string', default: '' },
      'database-pids': { type: 'string', default: '' },
    },
  });
  if (values.mongodb !== undefined && !values.mongodb.includes('DATABASE')) {
    throw new Problem('--mongodb must have DATABASE where the name of a database goes.');
  }
  return {
    /** Measure although the machine has other work. */
    busy: values.busy,
    /** The file that the figures go to; null for the usual one. */
    result: values.result ?? null,
    /** `host:port` of a Temporal that runs already, whose namespace must be there; null to start one. */
    temporal: values.temporal ?? null,
    namespace: values.namespace,
    /** A MongoDB that runs already; null to start a database. */
    mongodb: values.mongodb ?? null,
    /** Processes of servers that run already on this machine; their children are theirs. */
    pids: { temporal: pidsOf(values['temporal-pids']), database: pidsOf(values['database-pids']) },
    rest: args.filter((arg) => !isOurs(arg)),
  };
}

/** @param {string} list */
const pidsOf = (list) => list.split(',').filter(Boolean).map(Number);
