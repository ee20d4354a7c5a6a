import { openCase, type TestCase } from '../../support/cases';
import { testSettings, type TestClinic } from '../../support/clinic';
import { formIn, type Shown, type Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import type { TestClock } from '../helpers';
import { startForPatient } from './my-pages';

/**
 * Patients' pages of message cases and of meetings' chats, as a browser without scripts reads and posts them.
 */

/**
 * A clinic that gives notices at any hour: a case ends when its last notice has gone, which else waits for
 * the morning (R2.9).
 */
export const startForCases = (clock: TestClock): ReturnType<typeof startForPatient> =>
  startForPatient(clock, {
    name: 'Testmottagningen',
    noticeRules: { ...testSettings.noticeRules, quietHours: null },
  });

/** A case, and the address of one's own page of it. */
export type OwnCase = TestCase & { my: string };

/** The case as one of that role in it has it. */
export async function own({ records }: Service, of: Promise<TestCase>, role = 'patient'): Promise<OwnCase> {
  const made = await of;
  const { participants } = await records.cases.get(made.caseId);
  const place = participants.find((each) => each.role === role)!;
  return { ...made, my: `/my/cases/${place.participantId}` };
}
/** A case of that patient. */
export const ownCase = (
  service: Service,
  clinic: TestClinic,
  patientId: string,
  body: object = {},
): Promise<OwnCase> => own(service, openCase(clinic, patientId, body));

/** A file as a form sends it. */
export interface SentFile {
  name: string;
  type: string;
  content: Uint8Array | string;
}

/** Posts the form of a page with files, as browsers do: its hidden fields first. */
export function write(
  browser: Visitor,
  page: Shown,
  address: string,
  fields: Record<string, string | string[]>,
  files: SentFile[] = [],
): Promise<Shown> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...formIn(page, address), ...fields }))
    for (const each of [value].flat()) form.append(name, each);
  for (const { name, type, content } of files)
    form.append('file', new Blob([content as never], { type }), name);
  return browser.post(address, form);
}

/** The same of a form that is not sent: what it says stands on the page behind the redirect (E2). */
export async function writeInVain(...posted: Parameters<typeof write>): Promise<Shown> {
  const [browser, , address] = posted;
  const answer = await write(...posted);
  expect([answer.status, answer.location?.replace(/#.*/, '')]).toEqual([303, `${address}/unsent`]);
  return browser.get(`${address}/unsent`);
}
/** The browser's cookies, as a request carries them. */
export const cookiesOf = (browser: Visitor): string =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** What has been written in the case so far. */
export const texts = async ({ records }: Service, { caseId }: TestCase): Promise<(string | null)[]> =>
  (await records.messages.list(caseId, 0, 100)).map(({ text }) => text);
