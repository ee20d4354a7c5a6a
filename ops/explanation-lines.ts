import type { LedgerRow } from '../records/ledger';
import { toInstant, type Instant } from '../rules/instant';
import type { WorkflowLook } from '../temporal/inspect';
import type { CaseActivities } from '../workflows/case/activities';
import type { MeetingActivities } from '../workflows/meeting/activities';
import type { Happening } from '../workflows/meeting/messages';
import type { MeetingActivitiesOf01 } from '../workflows/meeting/of-0-1/activities';
import { deliveryHelp } from '../workflows/shared/deliveries';
import type { HandOverActivities } from '../workflows/shared/hand-over-contract';
import type { WorkflowFacts } from './workflow-facts';
import { clock } from './times';

/** More lines of one kind are left out, the oldest first. */
const MOST_LINES = 30;

/** A list under its title. */
export function section(title: string, lines: string[]): string[] {
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [`… and ${left} before`, ...lines.slice(left)] : lines;
  return ['', title, ...(shown.length > 0 ? shown : ['nothing']).map((line) => `  ${line}`)];
}

/**
 * How its workflow stands, and whether the database follows it.
 * @param own what happened by the read model that the database has
 */
export function workflowLines(
  { workflow, happenedLastAt, commandWaits, link }: WorkflowFacts,
  own: readonly Pick<Happening, 'at'>[],
): string[] {
  const lines: string[] = [];
  if (workflow === 'unavailable')
    lines.push('Temporal does not answer: what follows is what the database has');
  else if (workflow === null)
    lines.push('there is none: it was never started, or it ended longer ago than Temporal keeps them');
  else {
    const { status, runId, events, nextDueAt, pending, failedTasks, taskTrouble } = workflow;
    const due = nextDueAt ? `, something is due ${clock(nextDueAt.toISOString())}` : '';
    lines.push(`${status}, ${events} events${due}; run ${runId}`);
    if (endedByForce.has(status))
      lines.push(`it was ended by force or by an error -> nothing more comes by itself; staff go on by hand`);
    for (const { activity, attempt } of pending)
      lines.push(`waits for ${activity}, try ${attempt}${isRefused({ activity, attempt }) ? REFUSED : ''}`);
    if (failedTasks > 0)
      lines.push(
        taskTrouble === 'timed-out'
          ? `a worker took its work and did not answer, ${failedTasks} times by now -> is a worker frozen, or out of memory? restart it`
          : `its code fails, ${failedTasks} times by now -> replay it, and read the worker’s log`,
      );
    if (status === 'running' && happenedLastAt === null)
      lines.push('no worker answers for it -> does one run?');
    if (isBehind(pending, happenedLastAt, own))
      lines.push('the database is behind it -> is the database slow, or the worker?');
  }
  if (commandWaits)
    lines.push('a command about it waits to be carried out; notices that it may change wait for that');
  if (link !== null) lines.push(link);
  return lines;
}

type Pending = WorkflowLook['pending'];

/**
 * A save that is tried again, or something that happened and that nobody saves. The version alone says
 * nothing: a workflow that gives a notice is a step ahead, and saves that with what happens next.
 */
function isBehind(
  pending: Pending,
  happenedLastAt: Instant | null,
  own: readonly Pick<Happening, 'at'>[],
): boolean {
  const saves = pending.filter(({ activity }) => SAVES.has(activity));
  if (saves.length > 0) return saves.some(({ attempt }) => attempt > 1);
  return happenedLastAt !== null && happenedLastAt > (own.at(-1)?.at ?? '');
}

/** What saves a read model, in workflows of this version and of 0.1.0. */
const SAVES = new Set<string>([
  'saveMeeting' satisfies keyof MeetingActivities,
  'saveCase' satisfies keyof CaseActivities,
  'saveSnapshot' satisfies keyof MeetingActivitiesOf01,
]);
/** What hands a notice over, in the same. */
const HAND_OVERS = new Set<string>([
  'giveNotice' satisfies keyof HandOverActivities,
  'handOver' satisfies keyof HandOverActivities,
]);

/** A notice that is tried again and again: its row says why. */
const isRefused = ({ activity, attempt }: Pending[number]): boolean =>
  HAND_OVERS.has(activity) && attempt > 1;
const REFUSED = ' -> the provider or the mail server does not take it; the notice says why';
const endedByForce = new Set(['terminated', 'failed', 'timed-out', 'cancelled']);

/** Who has had its payloads decoded, with their last time (R8.2). */
export function readerLines({ decodes }: Pick<WorkflowFacts, 'decodes'>): string[] {
  const last = new Map<string, string>();
  for (const { at, who } of decodes) {
    const name = who ?? 'nobody known';
    if (!last.has(name)) last.set(name, toInstant(at));
  }
  return [...last].map(([who, at]) => `${who}, last ${clock(at)}`);
}

/** A row of the ledger, with all that it has been through. */
export function rowLine({ rowId, channel, state, reason, waits, history }: LedgerRow): string {
  const way = channel === null ? '' : ` by ${channel === 'sms' ? 'SMS' : 'e-mail'}`;
  const help = deliveryHelp(state, reason, waits);
  const course = history.map(
    (each) => `${each.state} ${clock(each.at).slice(11)}${each.reason ? ` ${each.reason}` : ''}`,
  );
  return `${state}${way}${reason ? ` (${reason})` : ''}${help ? ` -> ${help}` : ''} [${course.join(', ')}; row ${rowId}]`;
}
