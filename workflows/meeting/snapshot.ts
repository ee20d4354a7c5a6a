import { gatesOpen } from '../../rules/gates';
import { minutesLater, msOf, type Instant } from '../../rules/instant';
import type { PlannedNotice } from '../../rules/notices';
import type { MeetingInput, MeetingSnapshot, NoticeProgress, Waiting } from './messages';

/** How long an unclear outcome waits for staff before the workflow ends with it as it is (ours; R5.6). */
const STAFF_DECISION_DAYS = 30;
const DAY_MINUTES = 24 * 60;

/** The read model that a meeting begins with, before its workflow has looked at anything. */
export function firstSnapshot(input: MeetingInput): MeetingSnapshot {
  const { meetingId, bookedAt, planned, gates } = input;
  const snapshot: MeetingSnapshot = {
    meetingId,
    version: 0,
    state: gatesOpen(gates) ? 'ready' : 'booked',
    time: planned.time,
    gates,
    notices: planned.notices.map((notice) => progressOf(notice, planned.time.startVersion)),
    outcome: null,
    somebodyIsIn: false,
    clinicReady: false,
    registration: null,
    waitingFor: [],
    happenings: [{ at: bookedAt, what: 'booked', startVersion: planned.time.startVersion }],
    closed: false,
  };
  return { ...snapshot, waitingFor: waitingFor(snapshot) };
}

/** What the clock alone brings first after the instant, of what is planned when a time is set. */
export function firstDueAfter(at: Instant, { time, notices }: MeetingSnapshot): Instant {
  const dues = notices.filter(({ state }) => state === 'planned').map(({ dueAt }) => dueAt);
  return [time.doorOpensAt, ...dues]
    .filter((due) => msOf(due) > msOf(at))
    .reduce((first, due) => (msOf(due) < msOf(first) ? due : first), time.endAt);
}

/** A planned notice at the beginning of its course. */
export const progressOf = (notice: PlannedNotice, startVersion: number): NoticeProgress => ({
  ...notice,
  startVersion,
  state: notice.skip ? 'skipped' : 'planned',
});

/**
 * When the outcome is decided from the evidence: at the booked end, or when one that runs over must leave its
 * room (R5.6).
 */
export const settlesAt = ({ state, somebodyIsIn, time }: MeetingSnapshot): Instant =>
  state === 'under-way' && somebodyIsIn ? time.doorClosesAt : time.endAt;

/** Until when staff can decide an unclear outcome. */
export const staffDecideUntil = ({ time }: MeetingSnapshot): Instant =>
  minutesLater(time.endAt, STAFF_DECISION_DAYS * DAY_MINUTES);

/** What has to happen next and by when; nothing once the course is over. */
export function waitingFor(meeting: MeetingSnapshot): Waiting[] {
  if (meeting.closed) return [];
  const { state, time, gates, notices, outcome, clinicReady, registration } = meeting;
  const waiting: Waiting[] = [];
  if (state !== 'ended' && !gates.consentGiven) waiting.push({ what: 'consent', until: time.startAt });
  if (state !== 'ended' && gates.formsMissing.length > 0) waiting.push({ what: 'form', until: time.startAt });
  if (state === 'booked' || state === 'ready') waiting.push({ what: 'door', until: time.doorOpensAt });
  if (state === 'door-open' && !clinicReady) waiting.push({ what: 'clinic', until: time.startAt });
  if (state === 'door-open') waiting.push({ what: 'people', until: time.endAt });
  if (state === 'under-way') waiting.push({ what: 'end', until: settlesAt(meeting) });
  if (outcome?.outcome === 'unclear')
    waiting.push({ what: 'staff-decision', until: staffDecideUntil(meeting) });
  if (registration?.state === 'waiting')
    waiting.push({ what: 'registration', until: registration.remindAt.at(-1) ?? null });
  for (const notice of notices) {
    if (notice.state === 'planned')
      waiting.push({ what: 'notice', until: notice.dueAt, notice: notice.kind });
  }
  return waiting;
}

/** The read model of a meeting that is over and whose workflow is gone: nothing more comes by itself. */
export const closedWithoutWorkflow = (meeting: MeetingSnapshot): MeetingSnapshot => ({
  ...meeting,
  version: meeting.version + 1,
  notices: meeting.notices.map((notice) =>
    notice.state === 'planned' || notice.state === 'under-way'
      ? { ...notice, state: 'dropped', skip: 'meeting-ended' }
      : notice,
  ),
  registration:
    meeting.registration?.state === 'waiting'
      ? { ...meeting.registration, state: 'given-up', remindAt: [] }
      : meeting.registration,
  waitingFor: [],
  closed: true,
});
