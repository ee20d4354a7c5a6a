import { msOf, type Instant } from './instant';
import type { Changer } from './meeting';

const HOUR_MS = 3_600_000;

/**
 * Inside the cancellation notice: later than so many hours of elapsed time before the start. Exactly that
 * many is in time (R5.3).
 */
export function insideCancellationNotice(receivedAt: Instant, startAt: Instant, hours: number): boolean {
  return msOf(startAt) - msOf(receivedAt) < hours * HOUR_MS;
}

/** What says how long before the start a cancellation is still in time, in hours (R5.3). */
interface HasCancellationNotice {
  cancellationNoticeHours: number;
}

/** The same as the API and the database have it: there the field is called `noticeHours`. */
export type WithNoticeHours<T extends HasCancellationNotice> = Omit<T, 'cancellationNoticeHours'> & {
  noticeHours: number;
};

/** For the API and the database. */
export const withNoticeHours = <T extends HasCancellationNotice>({
  cancellationNoticeHours,
  ...others
}: T): WithNoticeHours<T> => ({ ...others, noticeHours: cancellationNoticeHours });

/** From the API and the database. */
export const fromNoticeHours = <T extends { noticeHours: number }>({
  noticeHours,
  ...others
}: T): Omit<T, 'noticeHours'> & HasCancellationNotice => ({
  ...others,
  cancellationNoticeHours: noticeHours,
});

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
export function setInsideCancellationNoticeByClinic(times: TimeThatWasSet[], startVersion: number): boolean {
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
  cancellationNoticeHours: number,
): 'cancelled-by-clinic' | 'cancelled-late' | 'cancelled-in-time' {
  if (by === 'clinic') return 'cancelled-by-clinic';
  return insideCancellationNotice(receivedAt, startAt, cancellationNoticeHours)
    ? 'cancelled-late'
    : 'cancelled-in-time';
}
