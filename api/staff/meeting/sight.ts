import type { Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { ADULT_AGE } from '../../../rules/ages';
import { ageAt } from '../../../rules/calendar/age';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { msOf, type Instant } from '../../../rules/instant';
import { patientOf } from '../../../use-cases/notice/patient-of';
import { meetingOf } from '../../../use-cases/read-before';
import type { PageAnswer } from '../../frame/page-content';
import { refusalPage, refusalStatus } from '../frame/refusals';
import { DESK_PATH } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';

/** A meeting as every page about it needs it: with its patient, at this instant. */
export interface Sight {
  meeting: Meeting;
  patient: Person;
  now: Date;
  /** What stands at the patient's name may be shown: there is nothing protected, or it was opened (R8.8). */
  isOpen: boolean;
}

/**
 * Reads the meeting of the request, which access has let in, and shows it.
 * @param isOpen protected data was asked for by name, and that is logged
 */
export async function withSight(
  { records, clock }: Pick<DeskRouteDeps, 'records' | 'clock'>,
  request: DeskRequest,
  show: (sight: Sight) => PageAnswer | Promise<PageAnswer>,
  isOpen = false,
): Promise<PageAnswer> {
  const { clinicId } = request.clinic;
  const meetingId = request.params.meetingId ?? '';
  const meeting = await meetingOf({ records, readBefore: request.read }, clinicId, meetingId);
  if (!meeting) return noSuchPage(request);
  const patient = await patientOf(records.people, meeting);
  return show({ meeting, patient, now: clock.now(), isOpen: isOpen || !patient.protectedIdentity });
}

/** The meeting has nothing of that id. */
export const noSuchPage = ({ language }: DeskRequest): PageAnswer => ({
  page: refusalPage(language, 'not-found', `${DESK_PATH}/today`),
  status: refusalStatus['not-found'],
});

/** The member of staff takes part. */
export const takesPart = ({ meeting }: Pick<Sight, 'meeting'>, { staffIds }: StaffMember): boolean =>
  meeting.participants.some(({ staffId }) => staffId !== null && staffIds.includes(staffId));

/** Nobody asks a child about abuse or its home in a digital meeting (R7.6). */
export const isChild = ({ patient, now }: Pick<Sight, 'patient' | 'now'>): boolean =>
  ageAt(patient.personal.birthDate, now) < ADULT_AGE;

/** It is over, whatever it came to. */
export const isOver = ({ meeting }: Pick<Sight, 'meeting'>): boolean => meeting.course.state === 'ended';

/** The door is open for staff, who wait in the room for the others (R3.1, R3.3). */
export function isDoorOpen({ meeting, now }: Pick<Sight, 'meeting' | 'now'>): boolean {
  const { state, time } = meeting.course;
  return state !== 'ended' && isPast(time.doorOpensAt, now) && !isPast(time.doorClosesAt, now);
}

/** The instant has come. */
export const isPast = (at: Instant, now: Date): boolean => msOf(at) <= now.getTime();

/** Both are on one calendar day in Stockholm. */
export const isSameDay = (at: Instant, other: Date): boolean =>
  inStockholm(new Date(at)).hasSame(inStockholm(other), 'day');
