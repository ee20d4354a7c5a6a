import { DOCUMENTATION_OVERDUE_AFTER } from '../../rules/case';
import { desiredTask, type DesiredTask } from '../../rules/tasks';
import type { CaseHappening, CaseSnapshot } from '../../workflows/case/messages';

/**
 * The tasks that a case calls for, as they stand with this read model and what has happened since the one
 * before.
 */
export function caseTasks(course: CaseSnapshot, newHappenings: CaseHappening[]): DesiredTask[] {
  return [...answered(newHappenings), ...replyDue(course), ...documentContact(course)];
}

/** R6.3: what was answered is done, also where other messages have come and gone before this was saved. */
const answered = (newHappenings: CaseHappening[]): DesiredTask[] =>
  newHappenings.flatMap(({ what, clock }) =>
    what === 'answered' && clock !== null ? [desiredTask('reply-due', String(clock), 'done')] : [],
  );

/**
 * R6.1, R6.3: due at closing on the last weekday; a reminder with each warning, overdue when the deadline has
 * passed.
 */
function replyDue({ clock }: CaseSnapshot): DesiredTask[] {
  if (!clock) return [];
  return [
    desiredTask('reply-due', String(clock.number), 'open', {
      dueAt: clock.aimAt,
      reminders: clock.warned + clock.told,
      overdue: clock.breachedAt !== null,
    }),
  ];
}

/** R6.4: until it is done. */
function documentContact({ documentation }: CaseSnapshot): DesiredTask[] {
  if (!documentation) return [];
  const { state, reminders } = documentation;
  return [
    desiredTask('document-contact', 'contact', state === 'done' ? 'done' : 'open', {
      reminders,
      overdue: reminders >= DOCUMENTATION_OVERDUE_AFTER,
    }),
  ];
}
