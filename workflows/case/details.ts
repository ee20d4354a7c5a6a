import type { CaseHappening, CaseSnapshot, RunningClock } from './messages';

/** What the Temporal Web UI shows of a message case, in markdown: opaque ids, instants and states only (R8.3). */
export function caseDetails(snapshot: CaseSnapshot): string {
  const { state, clock, breaches, messages, happened, happenings } = snapshot;
  const late = breaches > 0 ? `, ${breaches} answered late or not at all` : '';
  return [
    `**${state}${clock ? ` · ${due(clock)}` : ''}**`,
    '',
    `${messages.patientSide} messages from the patient, ${messages.staff} from staff${late}`,
    '',
    ...section('Waiting for', waiting(snapshot)),
    ...section(
      happenings.length < happened ? `So far (the last ${happenings.length} of ${happened})` : 'So far',
      happenings.map(happening),
    ),
  ].join('\n');
}

const due = ({ deadlineAt, breachedAt }: RunningClock): string =>
  breachedAt === null ? `reply due before ${deadlineAt}` : `reply overdue since ${deadlineAt}`;

function waiting({ clock, documentation, notices, tells }: CaseSnapshot): string[] {
  return [
    ...(clock ? [`a reply to message ${clock.number} of ${clock.arrivedAt}, ${due(clock)}`] : []),
    ...(documentation?.state === 'waiting'
      ? [`the contact to be documented, reminded ${documentation.reminders} times`]
      : []),
    ...notices.map(({ burst, dueAt, state }) => `notice ${burst} to the patient, due ${dueAt}: ${state}`),
    ...tells.map(({ kind, dueAt, state }) => `e-mail to the clinic (${kind}), due ${dueAt}: ${state}`),
  ];
}

const section = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`), ''];

const happening = ({ at, what, detail }: CaseHappening): string =>
  `${at} ${what}${detail ? ` (${detail})` : ''}`;
