/** The notices a meeting can send: the four of R2.1, and those of a change and a cancellation (R2.8). */
export const noticeKinds = ['booking', 'change', 'cancellation', 'morning', 'soon', 'start'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The languages that notices are written in (R2.3). */
export const languages = ['sv', 'en'] as const;
export type Language = (typeof languages)[number];
