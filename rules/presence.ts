import { msOf, type Instant } from './instant';
import type { MeetingState, MeetingTerms, MeetingTime, ParticipantRole } from './meeting';

/** One stay of one participant in the room; `leftAt` is null for one who is still there. */
export interface Stay {
  participantId: string;
  role: ParticipantRole;
  joinedAt: Instant;
  leftAt: Instant | null;
}

/**
 * A gap no longer than this is a reconnection, not an absence (ours): between two stays, and at both ends of
 * a time (R5.6).
 */
export const RECONNECT_TOLERANCE_SECONDS = 60;

/**
 * Somebody around the patient: where one of them tries or cannot get in, it is a sign that the patient tried
 * (R5.6).
 */
export const isAroundPatient = (role: ParticipantRole): boolean => role !== 'staff' && role !== 'interpreter';

/**
 * Whose presence is the patient's (R5.6): up to 12 the guardian's or the child's, from 13 the child's own.
 */
export const isPatientSide = (role: ParticipantRole, guardianActs: boolean): boolean =>
  role === 'patient' || (role === 'guardian' && guardianActs);

const endOf = (stay: Stay): number => (stay.leftAt === null ? Infinity : msOf(stay.leftAt));

/**
 * Somebody of the one group was in the room at the same time as somebody of the other (R5.6). Who leaves in
 * the second in which the other comes has met nobody: their times only touch.
 */
export function haveMet(one: Stay[], other: Stay[]): boolean {
  return one.some((a) =>
    other.some((b) => Math.max(msOf(a.joinedAt), msOf(b.joinedAt)) < Math.min(endOf(a), endOf(b))),
  );
}

/**
 * Whether the stays together cover the time from one instant to another (R5.6). The tolerance of a
 * reconnection holds between two stays, and at both ends too. So somebody who comes that much late, or leaves
 * that much early, was there. Of a short time the tolerance is a
 * quarter at most, and at least half of any time must have been seen: what nobody saw is no evidence (ours).
 */
export function coverWithoutGap(stays: Stay[], from: Instant, until: Instant): boolean {
  const spanMs = msOf(until) - msOf(from);
  const toleranceMs = Math.min(RECONNECT_TOLERANCE_SECONDS * 1000, spanMs / 4);
  let coveredUntil = msOf(from);
  let seenMs = 0;
  for (const stay of [...stays].sort((a, b) => msOf(a.joinedAt) - msOf(b.joinedAt))) {
    // Who had left when the time began, or came when it was over, says nothing of it.
    if (endOf(stay) <= msOf(from) || msOf(stay.joinedAt) >= msOf(until)) continue;
    if (msOf(stay.joinedAt) > coveredUntil + toleranceMs) return false;
    const seenFrom = Math.max(coveredUntil, msOf(stay.joinedAt));
    coveredUntil = Math.max(coveredUntil, endOf(stay));
    seenMs += Math.max(0, Math.min(coveredUntil, msOf(until)) - seenFrom);
  }
  return seenMs > 0 && seenMs >= spanMs / 2 && coveredUntil >= msOf(until) - toleranceMs;
}

/** Clocks differ, and looking once too often does no harm. */
const NEAR_THE_END_MS = 5 * 60_000;

/**
 * Whether the new facts about the room can change the meeting's state before its booked end: it is under way,
 * or a meeting that ran over is over. Everything else is read when the outcome is settled (R5.6), and need
 * not wake the workflow.
 */
export function changesCourse(
  { state, time }: { state: MeetingState; time: MeetingTime },
  stays: Stay[],
  now: Instant,
): boolean {
  if (state === 'ended') return false;
  if (msOf(now) >= msOf(time.endAt) - NEAR_THE_END_MS) return true;
  return state !== 'under-way' && new Set(stays.map(({ participantId }) => participantId)).size > 1;
}

/** Whether an interpreter was needed and seen in the room (R5.1). */
export function interpreterSeen(
  { interpreterNeeded }: Pick<MeetingTerms, 'interpreterNeeded'>,
  stays: Stay[],
): 'not-needed' | 'came' | 'never-came' {
  if (!interpreterNeeded) return 'not-needed';
  return stays.some(({ role }) => role === 'interpreter') ? 'came' : 'never-came';
}
