import { outcomeOf } from '../records/meetings';
import { recipientNumber, refusedTries } from '../records/told';
import type { LedgerRow } from '../records/ledger';
import { msOf, toInstant } from '../rules/instant';
import type { NoticeProgress } from '../workflows/meeting/messages';
import { deliveryHelp, refusalWords, waitingWords } from '../workflows/meeting/words';
import type { Explained } from './explained';
import { clock } from './times';

/** More lines of one kind are left out, the oldest first. */
const MOST_LINES = 30;

/** One page of plain text about one meeting: opaque ids, roles, states and times in Stockholm; nothing personal (R8.3). */
export function explanation(all: Explained): string[] {
  const { meeting } = all;
  const { course, meetingId, clinicId } = meeting;
  const { time } = course;
  const outcome = outcomeOf(meeting);
  const result = outcome
    ? `: ${outcome.outcome} (${[`by ${outcome.decidedBy}`, ...outcome.because].join(', ')})`
    : '';
  return [
    `MEETING ${meetingId} of clinic ${clinicId}. Times are those of Stockholm.`,
    `${course.state}${result}`,
    `${clock(time.startAt)} to ${clock(time.endAt)}, the door is open from ${clock(time.doorOpensAt)} to ${clock(time.doorClosesAt)}${time.startVersion > 1 ? `; moved ${time.startVersion - 1} times` : ''}`,
    ...section('WORKFLOW', workflowLines(all)),
    ...section(
      'WAITS FOR',
      course.waitingFor.map((each) => {
        const { what, help } = waitingWords(each);
        return `${what}${each.until ? `, ${clock(each.until)}` : ''}${help ? ` -> ${help}` : ''}`;
      }),
    ),
    ...section(
      'WAS NOT LET IN',
      refusedTries(all.refused).map(({ role, reasons, times, lastAt, startVersion }) => {
        const words = reasons.map(refusalWords);
        const help = words.flatMap((each) => each.help ?? []).join('; ');
        return `${clock(lastAt)} ${role}${ofTime(startVersion)}, ${times === 1 ? 'once' : `${times} times`}: ${reasons.join(', ')} (${words.map(({ what }) => what).join('; ')})${help ? ` -> ${help}` : ''}`;
      }),
    ),
    ...section(
      'PLAN AND NOTICES',
      course.notices.flatMap((notice) => noticeLines(notice, all)),
    ),
    ...section('EVIDENCE', evidenceLines(all)),
    ...section(
      'TASKS OF STAFF',
      all.tasks.map(
        ({ kind, state, because, openedAt, dueAt }) =>
          `${kind}: ${state}${because.length > 0 ? ` (${because.join(', ')})` : ''}, opened ${clock(openedAt)}, due ${clock(dueAt)}`,
      ),
    ),
    ...section(
      'INVOICES',
      all.charges.flatMap(({ startVersion, course: charge }) =>
        charge.invoices.map(
          ({ invoiceId, state, cause, decision, amountOre }) =>
            `${invoiceId}${ofTime(startVersion)}: ${state}, ${decision.kind}${amountOre === null ? '' : ` ${amountOre} öre`}, for ${cause} (${decision.because.map(({ rule, reason }) => `${rule} ${reason}`).join(', ')})`,
        ),
      ),
    ),
    ...section('READ IN THE WEB UI BY', readers(all)),
    ...section(
      'SO FAR',
      course.happenings.map(
        ({ at, what, detail, startVersion }) =>
          `${clock(at)} ${what}${ofTime(startVersion)}${detail ? `: ${detail}` : ''}`,
      ),
    ),
  ];
}

function section(title: string, lines: string[]): string[] {
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [`… and ${left} before`, ...lines.slice(left)] : lines;
  return ['', title, ...(shown.length > 0 ? shown : ['nothing']).map((line) => `  ${line}`)];
}

const ofTime = (startVersion: number): string => (startVersion > 1 ? ` (time ${startVersion})` : '');

function workflowLines({ meeting, workflow, workflowVersion, commandWaits, link }: Explained): string[] {
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
  const behind = workflowVersion !== null && workflowVersion > meeting.course.version;
  if (behind)
    lines.push(
      `the database is behind it (${meeting.course.version} of ${workflowVersion}) -> is the database slow, or the worker?`,
    );
  if (commandWaits) lines.push('a command about it waits to be carried out; its notices wait for that');
  if (link !== null) lines.push(link);
  return lines;
}

function noticeLines(notice: NoticeProgress, { meeting, ledger }: Explained): string[] {
  const { kind, startVersion, dueAt, lastUsefulAt, state, skip } = notice;
  const rows = ledger.filter((row) => row.kind === kind && row.startVersion === startVersion);
  return [
    `${kind}${ofTime(startVersion)} due ${clock(dueAt)}, useful until ${clock(lastUsefulAt)}: ${state}${skip ? ` (${skip})` : ''}`,
    ...rows.map((row) => `  recipient ${recipientNumber(meeting, row.participantId)}: ${rowLine(row)}`),
  ];
}

function rowLine({ rowId, channel, state, reason, history }: LedgerRow): string {
  const way = channel === null ? '' : ` by ${channel === 'sms' ? 'SMS' : 'e-mail'}`;
  const help = deliveryHelp(state, reason);
  const course = history.map(
    (each) => `${each.state} ${clock(each.at).slice(11)}${each.reason ? ` ${each.reason}` : ''}`,
  );
  return `${state}${way}${reason ? ` (${reason})` : ''}${help ? ` -> ${help}` : ''} [${course.join(', ')}; row ${rowId}]`;
}

/** Who has had its payloads decoded, with their last time (R8.2). */
function readers({ decodes }: Explained): string[] {
  const last = new Map<string, string>();
  for (const { at, who } of decodes) {
    const name = who ?? 'nobody known';
    if (!last.has(name)) last.set(name, toInstant(at));
  }
  return [...last].map(([who, at]) => `${who}, last ${clock(at)}`);
}

function evidenceLines({ stays, confirmations }: Explained): string[] {
  const entries = [
    ...confirmations.map(({ at, moment, startVersion }) => ({
      at,
      line: `the clinic confirmed: ${moment}${ofTime(startVersion)}`,
    })),
    ...stays.map(({ joinedAt, leftAt, role, startVersion }) => ({
      at: joinedAt,
      line: `${role} in the room${ofTime(startVersion)} until ${leftAt === null ? 'now' : clock(leftAt)}`,
    })),
  ];
  return entries.sort((a, b) => msOf(a.at) - msOf(b.at)).map(({ at, line }) => `${clock(at)} ${line}`);
}
