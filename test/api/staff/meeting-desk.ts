import type { StaffMember } from '../../../records/staff';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import type { Shown, Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { readMeeting } from '../clinic/after-meetings';
import { MINUTE, openDatabase, testClock, type AuditRow, type RawDatabase } from '../helpers';

// What `withMeetingDesk` sets before the tests of a file.
export const clock = testClock();
export let service: Service;
export let clinic: TestClinic;
export let raw: RawDatabase;
export let patientId: string;
export let nurse: StaffMember;
export let stranger: StaffMember;
export let booker: StaffMember;
export let manager: StaffMember;

export const at = (member: StaffMember): Promise<Visitor> => staffVisitor(service, member);
export const book = (startAt: string, more: object = {}): Promise<TestMeeting> =>
  clinic.book({
    patientId,
    startAt,
    participants: [{ role: 'staff', staffId: nurse.staffIds[0] }],
    ...more,
  });
export const pageOf = ({ meetingId }: TestMeeting, page = ''): string =>
  `/desk/meetings/${meetingId}${page && `/${page}`}`;
export const read = (meeting: TestMeeting) => readMeeting(clinic, meeting);
export const commandsOf = ({ meetingId }: TestMeeting, operation: string): Promise<number> =>
  raw.db.collection('commands').countDocuments({ meetingId, operation });
export const auditOf = async (filter: object): Promise<AuditRow | undefined> =>
  (await raw.audit(filter)).at(-1);
/** A day and a clock time as one types them. */
export const typed = (name: string, instant: string): Record<string, string> => {
  const local = inStockholm(new Date(instant));
  return {
    [`${name}.year`]: local.toFormat('yyyy'),
    [`${name}.month`]: local.toFormat('M'),
    [`${name}.day`]: local.toFormat('d'),
    [`${name}.clock`]: local.toFormat('H.mm'),
  };
};
export const asked = (path: string, fields: Record<string, string>): string =>
  `${path}?${new URLSearchParams(fields).toString()}`;
/** To the minute, as it is typed. */
export const minuteFrom = (ms: number, now = new Date()): string =>
  new Date(Math.floor((now.getTime() + ms) / MINUTE) * MINUTE).toISOString();
/** Primary buttons, and links that look like one: the next step (docs/pages.md). The lock is hidden (R8.8). */
export const primaries = ({ text }: Shown): string[] =>
  [
    ...(/<main[^]*?(?=<section id="lock")/.exec(text)?.[0] ?? '').matchAll(
      /<button type="submit"(?! class)[^>]*>([^]*?)<\/button>|<a [^>]*class="button"[^>]*>([^]*?)<\/a>/g,
    ),
  ].map(([, button, link]) => (button ?? link ?? '').replace(/<[^>]*>/g, ''));

/** A service with a clinic, a patient, and a member of staff in each role; for a whole test file. */
export function withMeetingDesk(): void {
  beforeAll(async () => {
    service = await startService({ clock });
    clinic = await createClinic(service);
    raw = await openDatabase(service);
    nurse = await addStaff(service, clinic, { id: 'S001', name: 'Anna Ek' });
    stranger = await addStaff(service, clinic, { id: 'S002', name: 'Bo Berg' });
    booker = await addStaff(service, clinic, { id: 'R001', roles: ['booker'] });
    manager = await addStaff(service, clinic, { id: 'V001', roles: ['operations-manager'] });
    patientId = await clinic.addPatient({ name: 'Tolvan Testsson' });
  });
  afterEach(() => clock.release());
  afterAll(async () => {
    await raw.close();
    await service.close();
  });
}
