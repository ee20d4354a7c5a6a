import { BOOK_PATH } from '../people/paths';

/** Where a typed booking is looked at before it is made. */
export const CHECK_PATH = `${BOOK_PATH}/check`;
/** The form again, with what was typed. */
export const EDIT_PATH = `${BOOK_PATH}/edit`;
/** Adds somebody by number, or an invitation. */
export const ADD_PERSON_PATH = `${BOOK_PATH}/add-person`;
/** Makes the booking. */
export const CONFIRM_PATH = `${BOOK_PATH}/confirm`;
/** What came of it. */
export const donePath = (meetingId: string): string => `${BOOK_PATH}/done/${meetingId}`;
