import type { Instant } from '../../rules/instant';
import type { NoticeTrouble } from '../shared/deliveries';
import { attributeKeys, dateOrNone, listOrNone, type AttributeValue } from '../shared/search-attributes';
import type { CaseSnapshot } from './messages';

/** What a message case can be found by in the Web UI, as it stands. */
export function caseAttributes(
  clinicId: string,
  course: CaseSnapshot,
  nextDueAt: Instant | null,
  { states, failedAt }: NoticeTrouble,
): AttributeValue[] {
  return [
    { key: attributeKeys.clinic, value: clinicId },
    { key: attributeKeys.state, value: course.state },
    { key: attributeKeys.nextDueAt, value: dateOrNone(nextDueAt) },
    { key: attributeKeys.blockedBy, value: listOrNone(blocks(course)) },
    { key: attributeKeys.smsTrouble, value: listOrNone(states) },
    { key: attributeKeys.smsFailedAt, value: dateOrNone(failedAt) },
  ];
}

/** What somebody has to do. */
const blocks = ({ clock, documentation }: CaseSnapshot): string[] => [
  ...(clock ? ['reply'] : []),
  ...(clock && clock.breachedAt !== null ? ['reply-overdue'] : []),
  ...(documentation?.state === 'waiting' ? ['documentation'] : []),
];
