import type { LedgerRow } from '../records/ledger';
import { toInstant } from '../rules/instant';
import { deliveryHelp } from '../workflows/shared/deliveries';
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

/** How its workflow stands, and whether the database follows it. */
export function workflowLines(
  { workflow, workflowVersion, commandWaits, link }: WorkflowFacts,
  ownVersion: number,
): string[] {
  const lines: string[] = [];
  if (workflow === 'unavailable')
    lines.push('Temporal does not answer: what follows is what the database has');
  else if (workflow === null)
    lines.push('there is none: it was never started, or it ended longer ago than Temporal keeps them');
  else {
    const { status, runId, events, nextDueAt, pending, failedTasks } = workflow;
    const due = nextDueAt ? `, something is due ${clock(nextDueAt.toISOString())}` : '';
    lines.push(`${status}, ${events} events${due}; run ${runId}`);
    for (const { activity, attempt } of pending) lines.push(`waits for ${activity}, try ${attempt}`);
    if (failedTasks > 0)
      lines.push(`its code fails, ${failedTasks} times by now -> replay it, and read the worker’s log`);
    if (status === 'running' && workflowVersion === null)
      lines.push('no worker answers for it -> does one run?');
  }
  const behind = workflowVersion !== null && workflowVersion > ownVersion;
  if (behind)
    lines.push(
      `the database is behind it (${ownVersion} of ${workflowVersion}) -> is the database slow, or the worker?`,
    );
  if (commandWaits) lines.push('a command about it waits to be carried out; its notices wait for that');
  if (link !== null) lines.push(link);
  return lines;
}

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
export function rowLine({ rowId, channel, state, reason, history }: LedgerRow): string {
  const way = channel === null ? '' : ` by ${channel === 'sms' ? 'SMS' : 'e-mail'}`;
  const help = deliveryHelp(state, reason);
  const course = history.map(
    (each) => `${each.state} ${clock(each.at).slice(11)}${each.reason ? ` ${each.reason}` : ''}`,
  );
  return `${state}${way}${reason ? ` (${reason})` : ''}${help ? ` -> ${help}` : ''} [${course.join(', ')}; row ${rowId}]`;
}
