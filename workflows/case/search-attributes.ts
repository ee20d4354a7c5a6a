import type { Instant } from '../../rules/instant';
import { attributeKeys, dateOrNone, listOrNone, type AttributeValue } from '../search-attributes';
import type { CaseSnapshot } from './messages';

/** What a message case can be found by in the Web UI, as it stands. */
export function caseAttributes(
  clinicId: string,
  course: CaseSnapshot,
  nextDueAt: Instant | null,
): AttributeValue[] {
  return [
    { key: attributeKeys.clinic, value: clinicId },
    { key: attributeKeys.state, value: course.state },
    { key: attributeKeys.nextDueAt, value: dateOrNone(nextDueAt) },
    { key: attributeKeys.blockedBy, value: listOrNone(blocks(course)) },
  ];
}

/** What somebody has to do. */
const blocks = ({ clock, documentation }: CaseSnapshot): string[] => [
  ...(clock ? ['reply'] : []),
  ...(clock && clock.breachedAt !== null ? ['reply-overdue'] : []),
  ...(documentation?.state === 'waiting' ? ['documentation'] : []),
];
