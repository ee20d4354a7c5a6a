import { outcomeOf } from '../records/meetings';
import { recipientNumber, refusedTries } from '../use-cases/notice/admin-facts';
import { noticesNow } from '../use-cases/notice/notices-now';
import { msOf } from '../rules/instant';
import type { NoticeProgress } from '../workflows/meeting/messages';
import { gapWords, refusalWords, waitingWords } from '../workflows/meeting/words';
import type { Explained } from './explained';
import { readerLines, rowLine, section, workflowLines } from './explanation-lines';
import { clock } from './times';

/**
 * One page of plain text about one meeting: opaque ids, roles, states and times in Stockholm; nothing
 * personal (R8.3).
 */
export function explanation(all: Explained): string[] {
  const { meeting } = all;
  const { course, meetingId, clinicId } = meeting;
  const { time } = course;
  const outcome = outcomeOf(meeting);
  const result = outcome
    ? `: ${outcome.outcome} (${[`by ${outcome.decidedBy}`, ...outcome.because].join(', ')})`
    : '';
  return [
    `MEETING ${meetingId} of clinic ${clinicId}. Times are those of Stockholm; the Web UI’s are UTC, one hour less in winter and two in summer.`,
    `${course.state}${result}`,
    `${clock(time.startAt)} to ${clock(time.endAt)}, the door is open from ${clock(time.doorOpensAt)} to ${clock(time.doorClosesAt)}${time.startVersion > 1 ? `; moved ${time.startVersion - 1} times` : ''}`,
    ...section('WORKFLOW', workflowLines(all, course.happenings)),
    ...section(
      'WAITS FOR',
      all.waiting.map((each) => {
        const { what, help } = waitingWords(each, course.gates);
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
      noticesNow(meeting, all.ledger).flatMap((notice) => noticeLines(notice, all)),
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
    ...section('READ IN THE WEB UI BY', readerLines(all)),
    ...section(
      'SO FAR',
      course.happenings.map(
        ({ at, what, detail, startVersion }) =>
          `${clock(at)} ${what}${ofTime(startVersion)}${detail ? `: ${detail}` : ''}`,
      ),
    ),
  ];
}

const ofTime = (startVersion: number): string => (startVersion > 1 ? ` (time ${startVersion})` : '');

function noticeLines(notice: NoticeProgress, { meeting, ledger }: Explained): string[] {
  const { kind, startVersion, dueAt, lastUsefulAt, state, skip } = notice;
  const rows = ledger.filter((row) => row.kind === kind && row.occasion === startVersion);
  return [
    `${kind}${ofTime(startVersion)} due ${clock(dueAt)}, useful until ${clock(lastUsefulAt)}: ${state}${skip ? ` (${skip})` : ''}`,
    ...rows.map((row) => `  recipient ${recipientNumber(meeting, row.participantId)}: ${rowLine(row)}`),
  ];
}

function evidenceLines({ stays, confirmations, gaps }: Explained): string[] {
  const entries = [
    ...confirmations.map(({ at, moment, startVersion }) => ({
      at,
      line: `the clinic confirmed: ${moment}${ofTime(startVersion)}`,
    })),
    ...stays.map(({ joinedAt, leftAt, role, startVersion }) => ({
      at: joinedAt,
      line: `${role} in the room${ofTime(startVersion)} until ${leftAt === null ? 'now' : clock(leftAt)}`,
    })),
    ...gaps.map(({ kind, from, until }) => ({
      at: from,
      line: `GAP until ${clock(until)}: ${gapWords(kind)} (${kind})`,
    })),
  ];
  return entries.sort((a, b) => msOf(a.at) - msOf(b.at)).map(({ at, line }) => `${clock(at)} ${line}`);
}
