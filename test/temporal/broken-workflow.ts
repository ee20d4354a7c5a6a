/** A release whose code fails on every meeting: its task is tried again and again, and answers nobody. */
export function careMeeting(): Promise<void> {
  throw new Error('a release that should not have been');
}
