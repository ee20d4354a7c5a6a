import type { MeetingSnapshot, NoticeProgress, Waiting } from './messages';

/** What the Temporal Web UI shows of a meeting, in markdown: opaque ids, instants and states only (R8.3). */
export function meetingDetails(meeting: MeetingSnapshot): string {
  return [
    `**${headline(meeting)}**`,
    '',
    ...section('Waiting for', meeting.waitingFor.map(waiting)),
    ...section('Notices', meeting.notices.map(notice)),
    ...section(
      'So far',
      meeting.happenings.map(({ at, what, detail }) => `${at} ${what}${detail ? ` (${detail})` : ''}`),
    ),
  ].join('\n');
}

function headline({ state, time, outcome }: MeetingSnapshot): string {
  const moved = time.startVersion > 1 ? `, start version ${time.startVersion}` : '';
  const result = outcome
    ? `: ${outcome.outcome} (${[outcome.decidedBy, ...outcome.because].join(', ')})`
    : '';
  return `${state}${result} · ${time.startAt} to ${time.endAt}${moved}`;
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`), ''];

function waiting({ what, until, notice }: Waiting): string {
  return `${notice ? `${notice} notice` : what}${until ? `, until ${until}` : ''}`;
}

function notice({ kind, startVersion, dueAt, state, skip }: NoticeProgress): string {
  return `${kind} (start version ${startVersion}), due ${dueAt}: ${state}${skip ? `, ${skip}` : ''}`;
}
