import { msOf, type Instant } from './instant';
import type { Changer } from './meeting';

const HOUR_MS = 3_600_000;

/**
 * Inside the cancellation notice: later than so many hours of elapsed time before the start. Exactly that many is in time
 * (R5.3).
 */
export function insideNotice(receivedAt: Instant, startAt: Instant, noticeHours: number): boolean {
  return msOf(startAt) - msOf(receivedAt) < noticeHours * HOUR_MS;
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
