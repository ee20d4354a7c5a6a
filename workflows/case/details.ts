import { deliveryLine, section, withHelp } from '../shared/details-lines';
import { ABOUT_UTC, utc } from '../shared/utc';
import type { CaseDelivery, CaseHappening, CaseNotice, CaseSnapshot, RunningClock, Tell } from './messages';
import type { CaseAdminView } from './admin-view';

/**
 * The text for the Temporal Web UI about a message case, in markdown. It says what the case waits for, what
 * can be done, and why a notice was not sent. It has opaque ids, instants and states only (R8.3).
 */
export function caseDetails(course: CaseSnapshot, adminView: Pick<CaseAdminView, 'deliveries'>): string {
  const { state, clock, breaches, messages, notices, happened, happenings } = course;
  const late = breaches > 0 ? `; ${breaches} answered late or not at all` : '';
  const last = happenings.length < happened ? ` (the last ${happenings.length} of ${happened})` : '';
  return [
    `**${state}${clock ? ` · ${due(clock)}` : ''}**`,
    '',
    ABOUT_UTC,
    '',
    `Messages: ${messages.patientSide} from the patient’s side, ${messages.staff} from staff${late}`,
    '',
    ...section('Waits for', waiting(course)),
    ...section('Notices', noticeLines(notices, adminView.deliveries)),
    ...section(`So far${last}`, happenings.map(happening)),
  ].join('\n');
}

const due = ({ deadlineAt, breachedAt }: RunningClock): string =>
  breachedAt === null ? `reply due before ${utc(deadlineAt)}` : `reply overdue since ${utc(deadlineAt)}`;

function waiting({ clock, documentation, tells }: CaseSnapshot): string[] {
  return [
    ...(clock
      ? [
          withHelp(
            `a reply to what came ${utc(clock.arrivedAt)}`,
            'staff reply; closing the case does not stop the clock',
          ),
        ]
      : []),
    ...(documentation?.state === 'waiting'
      ? [
          withHelp(
            `the contact to be documented, reminded ${documentation.reminders} times`,
            'staff say that it stands in the journal',
          ),
        ]
      : []),
    ...tells.map(tellLine),
  ];
}

const tellLine = ({ kind, dueAt, state }: Tell): string =>
  `an e-mail to the clinic (${kind}), due ${utc(dueAt)}: ${state}`;

/** Those that are to be told, and below where the last one stands with each recipient. */
const noticeLines = (notices: CaseNotice[], deliveries: CaseDelivery[]): string[] => [
  ...notices.map(({ burst, dueAt, state }) => `**message notice ${burst}** at ${utc(dueAt)}: ${state}`),
  ...deliveries.map((delivery) => `message notice ${delivery.burst}, ${deliveryLine(delivery)}`),
];

const happening = ({ at, what, detail }: CaseHappening): string =>
  `${utc(at)} ${what}${detail ? `: ${detail}` : ''}`;
