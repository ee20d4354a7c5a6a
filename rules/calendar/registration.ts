import { toInstant, type Instant } from '../instant';
import { openingsAfter } from './weekdays';

/**
 * At opening on so many weekdays after the meeting staff are reminded to register the visit, and then the
 * manager is told (ours).
 */
const REMINDERS = 6;
const OPENING = '08:00';

/**
 * When staff are reminded to register a visit; at the last of them the operations manager is told (R5.11).
 */
export const registrationReminders = (endAt: Instant): Instant[] =>
  openingsAfter(new Date(endAt), REMINDERS, OPENING).map(toInstant);
