import { parseArgs } from 'node:util';
import { isBlank, pasted, plain } from '../rules/typed';
import { check } from './operations/check';
import { explain } from './operations/explain';
import { find } from './operations/find';
import { history } from './operations/history';
import { links } from './operations/links';
import { nudge } from './operations/nudge';
import { replay } from './operations/replay';
import { resend } from './operations/resend';
import type { Operation, CliOptions } from './operation';

/** All that the operator's command can do. */
export const operations: readonly Operation[] = [find, explain, nudge, resend, history, replay, check, links];

export const usage = [
  'npm run ops -- OPERATION …        (deployed: node dist/ops/main.js OPERATION …)',
  '',
  ...operations.map((each) => `  ${`${each.name} ${each.usage}`.padEnd(44)} ${each.about}`),
  '',
  '  --operator NAME    who you are; what you read and do stands in the audit log under this name',
  '  --reason TEXT      why; for what changes something, and for the audit log. No names or numbers of patients',
  '  --yes              does not ask, for scripts',
  '',
  'A MEETING or CASE is its id, or its workflow’s. Exit codes: 0 done, 1 not possible, refused or something is wrong, 2 wrongly called.',
].join('\n');

/** The command was called in a way that means nothing. */
export class WronglyCalled extends Error {
  constructor(message: string) {
    super(`${message}\n\n${usage}`);
    this.name = 'WronglyCalled';
  }
}

/**
 * What the operator asks for; null for help.
 * @throws WronglyCalled
 */
export function parseCommand(args: string[]): { operation: Operation; options: CliOptions } | null {
  const { values, positionals } = parsed(args);
  const [name, about, ...rest] = positionals;
  if (values.help || name === undefined || name === 'help') return null;
  const operation = operations.find((each) => each.name === name);
  if (!operation) throw new WronglyCalled(`There is no operation ${name}.`);
  if (rest.length > 0) throw new WronglyCalled(`${name} takes no ${rest.join(' ')}.`);
  if (operation.ofMeeting && about === undefined) throw new WronglyCalled(`${name} which meeting?`);
  const options: CliOptions = {
    meetingId: about === undefined ? null : plain(about).replace(/^meeting-/, ''),
    clinic: values.clinic === undefined ? null : plain(values.clinic),
    at: values.at === undefined ? null : pasted(values.at),
    day: values.day === undefined ? null : pasted(values.day),
    cases: values.cases ?? false,
    rows: (values.row ?? []).map(plain),
    file: values.file ?? null,
    operator: values.operator === undefined ? null : plain(values.operator),
    reason: values.reason ?? null,
    yes: values.yes ?? false,
  };
  const isNamed =
    options.operator !== null && /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{1,59}$/u.test(options.operator);
  const mustBeNamed = operation.isRecorded || (operation === replay && options.file === null);
  if (mustBeNamed && !isNamed)
    throw new WronglyCalled('Say who you are: --operator NAME, of letters and digits.');
  if (operation.changes && isBlank(options.reason ?? '')) throw new WronglyCalled(`Say why: --reason TEXT.`);
  return { operation, options };
}

/**
 * An id of ours can begin with a dash, and is no option then: it is joined to the option before it, or named
 * as the workflow's.
 */
function withoutDashes(args: string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1);
    if (!/^-[\w-]{21}(:|$)/.test(arg)) return [...joined, arg];
    if (last !== undefined && /^--(clinic|row)$/.test(last))
      return [...joined.slice(0, -1), `${last}=${arg}`];
    return [...joined, `meeting-${arg}`];
  }, []);
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args: withoutDashes(args),
      allowPositionals: true,
      options: {
        clinic: { type: 'string' },
        at: { type: 'string' },
        day: { type: 'string' },
        cases: { type: 'boolean' },
        row: { type: 'string', multiple: true },
        file: { type: 'string' },
        operator: { type: 'string' },
        reason: { type: 'string' },
        yes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new WronglyCalled(error instanceof Error ? error.message : String(error));
  }
}
