import type { StaffMember } from '../../../records/staff';
import { openCase, type TestCase } from '../../support/cases';
import type { TestClinic } from '../../support/clinic';
import type { Shown, Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { write, type SentFile } from '../patient/case-pages';

/** The desk's pages of message cases, as a browser without scripts reads and posts them. */

/** Somebody at the desk. */
export interface AtDesk {
  member: StaffMember;
  browser: Visitor;
  /** The reference that their acts are under. */
  staffId: string;
}

/** Records a member of staff and logs them in. */
export async function atDesk(
  service: Service,
  clinic: TestClinic,
  given: Parameters<typeof addStaff>[2],
): Promise<AtDesk> {
  const member = await addStaff(service, clinic, given);
  return { member, browser: await staffVisitor(service, member), staffId: member.staffIds[0]! };
}

/** A case's page on the desk. */
export const desk = ({ caseId }: Pick<TestCase, 'caseId'>, page = ''): string =>
  `/desk/cases/${caseId}${page && `/${page}`}`;

/** A case of a patient, with that member of staff or with nobody. */
export const caseWith = (
  clinic: TestClinic,
  patientId: string,
  assignTo: string | null,
  body: object = {},
): Promise<TestCase> => openCase(clinic, patientId, { assignTo, ...body });

/** Opens the thread and posts its form, as it stands on that page. */
export function reply(
  browser: Visitor,
  page: Shown,
  of: TestCase,
  fields: Record<string, string | string[]>,
  files: SentFile[] = [],
): Promise<Shown> {
  const [, seen = ''] = /name="seen" value="(\d+)"/.exec(page.text) ?? [];
  return write(browser, page, desk(of, 'thread'), { seen, do: 'send', ...fields }, files);
}

/** States why care content is read, on the page that asks for it. */
export async function stateReason(
  browser: Visitor,
  path: string,
  reason = 'Bevakar vid frånvaro',
): Promise<Shown> {
  const asked = await browser.get(path);
  const stated = await browser.submit(asked, '/desk/reason', { reason });
  return browser.get(stated.location ?? '');
}
