import { DESK_PATH } from '../frame/paths';

/** Where people are found. */
export const PEOPLE_PATH = `${DESK_PATH}/people`;
/** Where a person is added. */
export const ADD_PATH = `${PEOPLE_PATH}/add`;
/** The same form with the number that was searched for, which stands in no address (R8.3). */
export const ADD_FOUND_PATH = `${ADD_PATH}/number`;
/** Where a meeting is booked. */
export const BOOK_PATH = `${DESK_PATH}/book`;

/** Where a meeting is booked for the person. */
export const bookPathFor = (personId: string): string => `${BOOK_PATH}?person=${personId}`;
/** Where the clinic opens a message case with the person. */
export const openCasePath = (personId: string): string => `${DESK_PATH}/cases/open/${personId}`;
