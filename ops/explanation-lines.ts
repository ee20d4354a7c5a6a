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
    if (status === 'running' && workflowVersion === null)
      lines.push('no worker answers for it -> does one run?');
  }
  // While a notice is being handed over the workflow is a step ahead by itself: it saves that with what comes
  // of it.
  const handsOver =
    workflow !== null &&
    workflow !== 'unavailable' &&
    workflow.pending.some(({ activity }) => activity === 'handOver') &&
    !workflow.pending.some(({ activity }) => activity === 'saveSnapshot');
  const behind = workflowVersion !== null && workflowVersion > ownVersion && !handsOver;
  if (behind)
    lines.push(
      `the database is behind it (${ownVersion} of ${workflowVersion}) -> is the database slow, or the worker?`,
    );
  if (commandWaits)
    lines.push('a command about it waits to be carried out; notices that it may change wait for that');
  if (link !== null) lines.push(link);
  return lines;
}

/** A notice that is tried again and again: its row says why. */
const isRefused = ({ activity, attempt }: { activity: string; attempt: number }): boolean =>
  activity === 'handOver' && attempt > 1;
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
