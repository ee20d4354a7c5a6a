import { msOf, type Instant } from './instant';
import type { MeetingState, MeetingTerms, MeetingTime, ParticipantRole } from './meeting';

/** One stay of one participant in the room; `leftAt` is null for one who is still there. */
export interface Stay {
  participantId: string;
  role: ParticipantRole;
  joinedAt: Instant;
  leftAt: Instant | null;
}

/** A gap no longer than this between two stays is a reconnection, not an absence (ours). */
export const RECONNECT_TOLERANCE_SECONDS = 60;

/** Somebody around the patient: where one of them tries or cannot get in, it is a sign that the patient tried (R5.6). */
export const isAroundPatient = (role: ParticipantRole): boolean => role !== 'staff' && role !== 'interpreter';

/**
 * Whose presence is the patient's (R5.6): up to 12 the guardian's or the child's, from 13 the child's own.
 */
export const isPatientSide = (role: ParticipantRole, guardianActs: boolean): boolean =>
  role === 'patient' || (role === 'guardian' && guardianActs);

const endOf = (stay: Stay): number => (stay.leftAt === null ? Infinity : msOf(stay.leftAt));

/** Somebody of the one group was in the room at the same time as somebody of the other. */
export function haveMet(one: Stay[], other: Stay[]): boolean {
  return one.some((a) =>
    other.some((b) => Math.max(msOf(a.joinedAt), msOf(b.joinedAt)) <= Math.min(endOf(a), endOf(b))),
  );
}

/** The stays together cover the whole time from one instant to another, reconnections aside. */
export function coverWithoutGap(stays: Stay[], from: Instant, until: Instant): boolean {
  const toleranceMs = RECONNECT_TOLERANCE_SECONDS * 1000;
  let begunAt = Infinity;
  let coveredUntil = -Infinity;
  for (const stay of [...stays].sort((a, b) => msOf(a.joinedAt) - msOf(b.joinedAt))) {
    if (msOf(stay.joinedAt) > coveredUntil + toleranceMs) begunAt = msOf(stay.joinedAt);
    if (begunAt > msOf(from)) return false;
    coveredUntil = Math.max(coveredUntil, endOf(stay));
    if (coveredUntil >= msOf(until)) return true;
  }
  return false;
}

/** Clocks differ, and looking once too often does no harm. */
const NEAR_THE_END_MS = 5 * 60_000;

/**
 * Whether what is now known of the room can change the course of the meeting before its booked end: that it is under way, or that one that
 * ran over is over. The rest is looked at when the outcome is settled (R5.6), and need not wake the workflow.
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
