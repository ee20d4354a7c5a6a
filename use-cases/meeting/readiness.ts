import type { Evidence } from '../../records/evidence';
import type { Meeting } from '../../records/meetings';

/**
 * Staff have confirmed room, background, clothing and name badge for the time that the meeting has now
 * (R4.7).
 */
export async function isClinicReady(
  evidence: Pick<Evidence, 'confirmations'>,
  { meetingId, course }: Pick<Meeting, 'meetingId' | 'course'>,
): Promise<boolean> {
  // What the course knows of this time stays so.
  return (
    course.clinicReady ||
    (await evidence.confirmations(meetingId)).some(
      ({ moment, startVersion }) => moment === 'before-opening' && startVersion === course.time.startVersion,
    )
  );
}
