import { deliveryLine, section, withHelp } from '../shared/details-lines';
import { utc, ABOUT_UTC } from '../shared/utc';
import type { Happening, MeetingSnapshot, NoticeProgress, RefusedTry, Waiting } from './messages';
import type { NoticeDelivery } from '../shared/deliveries';
import type { MeetingAdminView } from './admin-view';
import { refusalWords, waitingWords, type Words } from './words';

/**
 * What the Temporal Web UI shows of a meeting, in markdown: what it waits for, who was not let in and why,
 * and why a notice was not sent, each with what can be done. Opaque ids, instants, roles and states only
 * (R8.3).
 */
export function meetingDetails(meeting: MeetingSnapshot, adminView: MeetingAdminView): string {
  return [
    `**${headline(meeting)}**`,
    '',
    ABOUT_UTC,
    '',
    // Those notices that wait for their time stand with the others.
    ...section(
      'Waits for',
      meeting.waitingFor.filter(({ what }) => what !== 'notice').map((each) => waiting(each, meeting.gates)),
    ),
    ...section('Was not let in', adminView.refused.map(refused)),
    ...section('Notices', noticeLines(meeting.notices, adminView.deliveries)),
    ...section('So far', meeting.happenings.map(happening)),
  ].join('\n');
}

function headline({ state, time, outcome }: MeetingSnapshot): string {
  const moved = time.startVersion > 1 ? ` (moved ${time.startVersion - 1} times)` : '';
  const result = outcome
    ? `: ${outcome.outcome} (${[`by ${outcome.decidedBy}`, ...outcome.because].join(', ')})`
    : '';
  return `${state}${result} · ${utc(time.startAt)} to ${utc(time.endAt)}${moved}`;
}

function waiting(each: Waiting, gates: MeetingSnapshot['gates']): string {
  const { what, help } = waitingWords(each, gates);
  return withHelp(each.until ? `${what}, ${before(each)} ${utc(each.until)}` : what, help);
}

const before = ({ what }: Waiting): string => {
  switch (what) {
    case 'door':
    case 'notice':
      return 'at';
    case 'end':
    case 'people':
      return 'at the latest';
    case 'consent':
    case 'form':
    case 'clinic':
    case 'staff-decision':
    case 'registration':
      return 'until';
  }
};

function refused({ role, reasons, times, lastAt }: RefusedTry): string {
  const words = reasons.map(refusalWords);
  const why = words.map(({ what }, index) => `${what} (\`${reasons[index] ?? ''}\`)`).join('; ');
  const often = times > 1 ? `, ${times} times` : '';
  return withHelp(`${utc(lastAt)} **${role}**${often}: ${why}`, helpOf(words));
}

const helpOf = (words: Words[]): string => words.flatMap(({ help }) => help ?? []).join('; ');

/** Each notice of the plan, and below it where it stands with each recipient. */
function noticeLines(notices: NoticeProgress[], deliveries: NoticeDelivery[]): string[] {
  return notices.flatMap((notice) => [
    noticeLine(notice),
    ...deliveries
      .filter(({ kind, startVersion }) => kind === notice.kind && startVersion === notice.startVersion)
      .map((delivery) => `\u00a0\u00a0${deliveryLine(delivery)}`),
  ]);
}

function noticeLine({ kind, startVersion, dueAt, state, skip }: NoticeProgress): string {
  const ofTime = startVersion > 1 ? ` (of time ${startVersion})` : '';
  return `**${kind}**${ofTime} at ${utc(dueAt)}: ${state}${skip ? ` (\`${skip}\`)` : ''}`;
}

function happening({ at, what, startVersion, detail }: Happening): string {
  const ofTime = startVersion > 1 ? ` (time ${startVersion})` : '';
  return `${utc(at)} ${what}${ofTime}${detail ? `: ${detail}` : ''}`;
}
