import { msOf, type Instant } from './instant';
import type { Changer } from './meeting';

const HOUR_MS = 3_600_000;

/**
 * Inside the cancellation notice: later than so many hours of elapsed time before the start. Exactly that
 * many is in time (R5.3).
 */
export function insideNotice(receivedAt: Instant, startAt: Instant, noticeHours: number): boolean {
  return msOf(startAt) - msOf(receivedAt) < noticeHours * HOUR_MS;
}

/** One time of a meeting: which it was, who set it, and whether that was inside the cancellation notice. */
export interface TimeThatWasSet {
  startVersion: number;
  setBy: Changer;
  setInsideNotice: boolean;
}

/**
 * Whether missing this time is free because of who set it when (R5.5). It is free if the clinic set it inside
 * the cancellation notice. It is also free if the clinic last did so, and the patient has moved the meeting
 * only within that notice since. A time that the patient chose outside of the notice ends this.
 */
export function setInsideNoticeByClinic(times: TimeThatWasSet[], startVersion: number): boolean {
  const back = times
    .filter((time) => time.startVersion <= startVersion)
    .sort((a, b) => b.startVersion - a.startVersion);
  const lastByClinic = back.findIndex(({ setBy }) => setBy === 'clinic');
  return lastByClinic >= 0 && back.slice(0, lastByClinic + 1).every(({ setInsideNotice }) => setInsideNotice);
}

/** What a cancellation is (R5.1): the clinic's own is never late (R1.5). */
export function cancellationOutcome(
  by: Changer,
  receivedAt: Instant,
  startAt: Instant,
  noticeHours: number,
): 'cancelled-by-clinic' | 'cancelled-late' | 'cancelled-in-time' {
  if (by === 'clinic') return 'cancelled-by-clinic';
  return insideNotice(receivedAt, startAt, noticeHours) ? 'cancelled-late' : 'cancelled-in-time';
}
