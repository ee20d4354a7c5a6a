import type { Instant } from '../../rules/instant';
import { attributeKeys, dateOrNone, listOrNone, type AttributeValue } from '../shared/search-attributes';
import type { MeetingSnapshot, Waiting } from './messages';
import { waitingFor } from './snapshot';
import type { NoticeTrouble } from '../shared/deliveries';

/** What a meeting can be found by in the Web UI, as it stands. */
export function meetingAttributes(
  clinicId: string,
  meeting: MeetingSnapshot,
  nextDueAt: Instant | null,
  { states, failedAt }: NoticeTrouble,
): AttributeValue[] {
  return [
    { key: attributeKeys.clinic, value: clinicId },
    { key: attributeKeys.state, value: meeting.state },
    { key: attributeKeys.startsAt, value: new Date(meeting.time.startAt) },
    { key: attributeKeys.nextDueAt, value: dateOrNone(nextDueAt) },
    { key: attributeKeys.outcome, value: meeting.outcome?.outcome ?? null },
    { key: attributeKeys.blockedBy, value: listOrNone(waitingFor(meeting).flatMap(blocks)) },
    { key: attributeKeys.smsTrouble, value: listOrNone(states) },
    { key: attributeKeys.smsFailedAt, value: dateOrNone(failedAt) },
  ];
}

/** What somebody has to do; what comes by itself blocks nothing. */
function blocks({ what }: Waiting): string[] {
  switch (what) {
    case 'consent':
    case 'form':
    case 'clinic':
    case 'staff-decision':
    case 'registration':
      return [what];
    case 'door':
    case 'people':
    case 'end':
    case 'notice':
      return [];
  }
}
