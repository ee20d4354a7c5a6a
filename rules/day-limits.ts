/**
 * The most that one person, who is not staff, sends in a day (UTC). It stops abuse and pages that run away.
 * Somebody near a limit is better helped by a call.
 */
export interface DayLimits {
  /** The most files that one person uploads in a day, sent or not. */
  filesPerPersonPerDay: number;
  /** The most megabytes (1,048,576 bytes) of them. */
  megabytesPerPersonPerDay: number;
  /** The most messages that one person sends in a day, in cases and beside the video. */
  messagesPerPersonPerDay: number;
}

/** For a clinic that says nothing of it. */
export const defaultDayLimits: DayLimits = {
  filesPerPersonPerDay: 100,
  megabytesPerPersonPerDay: 300,
  messagesPerPersonPerDay: 300,
};
