import type { Records } from '../records';
import type { Clinic } from '../records/clinics';
import type { Meeting } from '../records/meetings';
import type { Person } from '../records/people';

/**
 * What a request has read by the time that its command is carried out, to decide whether it may: read once
 * and handed on. It is as old as the request. A command that is taken up later brings nothing, and reads for
 * itself.
 */
export interface ReadBefore {
  clinic?: Clinic;
  meeting?: Meeting;
  people?: Person[];
}

/** What reading or taking over what was read needs. */
interface Reading {
  records: Pick<Records, 'clinics' | 'meetings' | 'people'>;
  readBefore?: ReadBefore;
}

/** The clinic, as its request has read it, or as it is now. */
export async function clinicOf({ records, readBefore }: Reading, clinicId: string): Promise<Clinic> {
  const clinic = readBefore?.clinic;
  return clinic?.clinicId === clinicId ? clinic : records.clinics.byId(clinicId);
}

/** The clinic's meeting, likewise; null where it has none of that id. */
export async function meetingOf(
  { records, readBefore }: Reading,
  clinicId: string,
  meetingId: string,
): Promise<Meeting | null> {
  const meeting = readBefore?.meeting;
  return meeting?.meetingId === meetingId && meeting.clinicId === clinicId
    ? meeting
    : records.meetings.find(clinicId, meetingId);
}

/** The clinic's person, likewise; null where it has none of that id. */
export async function personOf(
  { records, readBefore }: Reading,
  clinicId: string,
  personId: string,
): Promise<Person | null> {
  const known = readBefore?.people?.find(
    (person) => person.personId === personId && person.clinicId === clinicId,
  );
  return known ?? records.people.find(clinicId, personId);
}
