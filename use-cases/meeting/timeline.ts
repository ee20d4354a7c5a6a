import type { Records } from '../../records';
import { gapsOf } from '../../records/gaps-of';
import type { Meeting } from '../../records/meetings';
import { gapsThatCount } from '../../rules/gaps';
import type { Instant } from '../../rules/instant';
import { msOf } from '../../rules/instant';
import { pointsConfirmed, type ReadinessPoint } from '../../rules/readiness';
import { noticesNow } from '../notice/notices-now';

/** One thing that happened, in machine words. */
export interface TimelineEntry {
  at: Instant;
  what: string;
  startVersion: number;
  /** What it was about, likewise; an opaque id where it was somebody or a form. */
  detail: string | null;
  /** Of a confirmed room: each point that was confirmed, and how staff call the room (R4.7). */
  points?: readonly ReadinessPoint[];
  inRoom?: string | null;
}

/**
 * All that happened in a meeting, in order of time: its course, forms, tries, confirmations, who was in the
 * room, and where evidence can have been lost (R5.6). It has opaque ids and states only.
 */
export async function happeningsOf(records: Records, meeting: Meeting, now: Date): Promise<TimelineEntry[]> {
  const { meetingId, course, times } = meeting;
  const forms = await records.forms.filledFor(meetingId);
  const refused = await records.evidence.refusedEntries(meetingId);
  // Where evidence of the patient can have been lost (R5.6); of the time that the meeting has now.
  const gaps = gapsThatCount(course.time, await gapsOf(records, meeting, now));
  const confirmations = await records.evidence.confirmations(meetingId);
  const stays = (
    await Promise.all(
      times.map(async ({ startVersion }) =>
        (await records.evidence.stays(meetingId, startVersion)).map((stay) => ({ ...stay, startVersion })),
      ),
    )
  ).flat();
  const happenings: TimelineEntry[] = [
    ...course.happenings.map(({ at, what, startVersion, detail }) => ({
      at,
      what,
      startVersion,
      detail: detail ?? null,
    })),
    ...forms.map(({ recordedAt, formId, startVersion }) => ({
      at: recordedAt,
      what: 'form-filled-in',
      startVersion,
      detail: formId,
    })),
    ...refused.map(({ at, startVersion, reasons }) => {
      const login = (['logged-in', 'login-begun'] as const).find((sign) => reasons.includes(sign));
      return { at, what: login ?? 'entry-refused', startVersion, detail: login ? null : reasons.join(' ') };
    }),
    ...gaps.flatMap(({ kind, from, until }) => [
      { at: from, what: 'gap-began', startVersion: course.time.startVersion, detail: kind },
      { at: until, what: 'gap-ended', startVersion: course.time.startVersion, detail: kind },
    ]),
    ...confirmations.map(({ at, startVersion, moment, points, inRoom }) => ({
      at,
      what: 'clinic-confirmed',
      startVersion,
      detail: moment,
      ...(moment === 'before-opening' ? { points: pointsConfirmed(points), inRoom: inRoom ?? null } : {}),
    })),
    ...meeting.corrections.map(({ at, outcome, reason }) => ({
      at,
      what: 'outcome-corrected',
      startVersion: course.time.startVersion,
      detail: `${outcome} ${reason}`,
    })),
    ...(meeting.takeOvers ?? []).map(({ at, reason }) => ({
      at,
      what: 'taken-over',
      startVersion: course.time.startVersion,
      detail: reason,
    })),
    ...stays.flatMap(({ joinedAt, leftAt, startVersion, role }) => [
      { at: joinedAt, what: 'joined-room', startVersion, detail: role },
      ...(leftAt === null ? [] : [{ at: leftAt, what: 'left-room', startVersion, detail: role }]),
    ]),
  ];
  return happenings.sort((a, b) => msOf(a.at) - msOf(b.at));
}

/**
 * The same with the state of each notice at each phone. It answers "why did this patient not get an SMS?"
 * (R2.7).
 */
export async function timelineOf(records: Records, meeting: Meeting, now: Date) {
  const { meetingId } = meeting;
  const happenings = await happeningsOf(records, meeting, now);
  const deliveries = await records.ledger.ofMeeting(meetingId);
  return {
    meetingId,
    complete: true,
    happenings,
    notices: noticesNow(meeting, deliveries).map(
      ({ kind, startVersion, dueAt, lastUsefulAt, state, skip }) => ({
        kind,
        startVersion,
        dueAt,
        lastUsefulAt,
        state,
        skip,
      }),
    ),
    deliveries: deliveries.map(({ kind, occasion, participantId, channel, state, reason, history }) => ({
      kind,
      startVersion: occasion,
      participantId,
      channel,
      state,
      reason,
      history,
    })),
  };
}
