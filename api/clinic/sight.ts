import type { TaskKind } from '../../rules/tasks';
import type { meetingView } from '../../use-cases/meeting/view';
import type { personView } from '../../use-cases/person/view';
import type { taskView } from '../../use-cases/task/commands';
import type { timelineOf } from '../../use-cases/meeting/timeline';

/**
 * What is left of the API's answers for whoever sees status and contact only (R8.1): bookers, clinicians of
 * other patients than their own, and the operations manager without a stated reason. docs/access.md has the
 * table, field by field.
 */

type MeetingView = ReturnType<typeof meetingView>;
type TimelineView = Awaited<ReturnType<typeof timelineOf>>;
type PersonView = ReturnType<typeof personView>;
type TaskView = ReturnType<typeof taskView>;

/** A meeting without the evidence that its outcome rests on, and why that was corrected. */
export function meetingForStatus(meeting: MeetingView) {
  const { outcome, corrections } = meeting;
  return {
    ...meeting,
    outcome: outcome && without(outcome, 'because'),
    corrections: corrections.map((correction) => without(correction, 'reason')),
  };
}

/** What shows who came and who tried to, and what nobody could see. */
const evidence = new Set([
  'entered',
  'entry-refused',
  'logged-in',
  'login-begun',
  'joined-room',
  'left-room',
  'gap-began',
  'gap-ended',
]);

/** A timeline without evidence and refusals; each notice stays, for whoever calls the patient (R2.7). */
export function timelineForStatus(timeline: TimelineView): TimelineView {
  return {
    ...timeline,
    complete: false,
    happenings: timeline.happenings
      .filter(({ what }) => !evidence.has(what))
      .map((each) =>
        // The outcome without its reason.
        each.what === 'outcome-corrected' && each.detail !== null
          ? { ...each, detail: each.detail.split(' ')[0]! }
          : each,
      ),
  };
}

/** A person; of one with protected data nothing that tells who or where it is (R8.8). */
export const personForStatus = (person: PersonView) =>
  person.protectedIdentity
    ? { ...person, name: null, personalNumber: null, birthDate: null, mobile: null, email: null }
    : person;

/** Tasks whose reasons are what the evidence shows. */
const restsOnEvidence: ReadonlySet<TaskKind> = new Set<TaskKind>([
  'unclear-outcome',
  'doubtful-outcome',
  'clinic-absent',
]);

/** Whether anything of the task is care content. */
export const hasContent = ({ kind }: Pick<TaskView, 'kind'>): boolean => restsOnEvidence.has(kind);

/** A task without reasons that are evidence. */
export const taskForStatus = (task: TaskView) => (hasContent(task) ? without(task, 'because') : task);

/** Events without the evidence that an outcome rests on. */
export const eventsForStatus = (page: { items: { type: string; data: object }[] }) => ({
  ...page,
  items: page.items.map((event) =>
    event.type === 'meeting.outcome'
      ? { ...event, data: without(event.data as { because?: unknown }, 'because') }
      : event,
  ),
});

function without<Whole extends object, Key extends keyof Whole>(whole: Whole, key: Key): Omit<Whole, Key> {
  const { [key]: _left, ...rest } = whole;
  return rest;
}
