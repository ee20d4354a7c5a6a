import type { DeskRouteDeps } from '../../../api/staff/frame/route';
import { manageRoutes } from '../../../api/staff/manage/routes';
import type { StaffMember } from '../../../records/staff';
import { createClinic, type TestClinic } from '../../support/clinic';
import type { Shown, Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';

/** What the tests of the operations manager's pages have in common. */

/** A member of staff of a clinic, in a browser of their own. */
export interface AtDesk {
  member: StaffMember;
  browser: Visitor;
}

let lastId = 0;
/** One more member of a clinic's staff, logged in. */
export async function another(
  service: Service,
  clinic: TestClinic,
  more: Partial<StaffMember> = {},
): Promise<AtDesk> {
  lastId += 1;
  const member = await addStaff(service, clinic, { id: `M${lastId}`, ...more });
  return { member, browser: await staffVisitor(service, member) };
}

/** A clinic of its own, and its manager in a browser. */
export async function managed(service: Service): Promise<AtDesk & { clinic: TestClinic }> {
  const clinic = await createClinic(service);
  return {
    clinic,
    ...(await another(service, clinic, { roles: ['operations-manager'], name: 'Vera Chef' })),
  };
}

/** The rows of the manager's part of the desk. */
export const routesOf = (service: Service) => manageRoutes(service as unknown as DeskRouteDeps);

/** What stands in a field of a form that one sees; nothing where it is empty, or not there. */
export const typedIn = (page: Shown, name: string): string =>
  new RegExp(
    `<(?:input type="text"[^>]* name="${name}" value(?:="([^"]*)")?|textarea[^>]* name="${name}"[^>]*>([^<]*))`,
  )
    .exec(page.text)
    ?.slice(1)
    .find(Boolean) ?? '';

/** All that stands in the fields of a form that one sees, as browsers send it. */
export function allTypedIn(page: Shown): Record<string, string> {
  const unescaped = (text: string): string =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const texts = [...page.text.matchAll(/<input type="text"[^>]* name="(\w+)" value(?:="([^"]*)")?/g)];
  const areas = [...page.text.matchAll(/<textarea[^>]* name="(\w+)"[^>]*>([^<]*)/g)];
  const boxes = [...page.text.matchAll(/<input type="checkbox"[^>]* name="(\w+)" value="yes" checked/g)];
  return Object.fromEntries<string>([
    ...[...texts, ...areas].map(([, name = '', value = '']): [string, string] => [
      name,
      // As browsers send the ends of lines.
      unescaped(value).replaceAll('\n', '\r\n'),
    ]),
    ...boxes.map(([, name = '']): [string, string] => [name, 'yes']),
  ]);
}
