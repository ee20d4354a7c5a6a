import type { Case } from '../../records/cases';
import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import type { Instant } from '../../rules/instant';

/** When the plan has a notice; null where the meeting's course does not name it. */
export const dueAtOf = (
  { kind, occasion }: Pick<LedgerRow, 'kind' | 'occasion'>,
  { course }: Pick<Meeting, 'course'>,
): Instant | null =>
  course.notices.find((notice) => notice.kind === kind && notice.startVersion === occasion)?.dueAt ?? null;

/** When the notice of a burst was due; null where the case's course does not name it any more. */
export const caseDueAtOf = (
  { occasion }: Pick<LedgerRow, 'occasion'>,
  { course }: Pick<Case, 'course'>,
): Instant | null => course.notices.find((notice) => notice.burst === occasion)?.dueAt ?? null;
