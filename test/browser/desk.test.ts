import type { BrowserContext } from 'playwright-core';
import { demoStaff } from '../../local/demo-clinic';
import type { StaffMember } from '../../records/staff';
import { deskRoles } from '../../rules/staff';
import { openCase } from '../support/cases';
import { addStaff } from '../support/staff';
import { waitUntil } from '../support/wait-until';
import { bytesOf } from './page-checks';
import { lookAt, openEyes, type Eyes, type Look } from './looks';
import { invite, logIn as logInPatient, type Invitation } from './patients';
import { inBrowser, standOfFile, startHarness, type Harness } from './harness';

/** Each looks at many pages, in three windows. */
const PATIENCE_MS = 240_000;

/** Makes the one who takes part in the invitation's meeting a member of staff, with every role. */
const whoHolds = (harness: Harness, { clinic }: Invitation, more: Partial<StaffMember> = {}) =>
  addStaff(harness.service, clinic, {
    id: 'S001',
    name: 'Anna Ek',
    shownName: 'Anna Ek',
    staffIds: ['clinician-1'],
    roles: [...deskRoles],
    ...more,
  });

/** Logs a browser in by a session made behind the login's back. */
async function logIn(harness: Harness, context: BrowserContext, member: StaffMember): Promise<void> {
  const { clinicId, memberId, login, name } = member;
  const value = await harness.service.records.staffSessions.start(
    { login: login ?? '', name, roles: null },
    { clinicId, memberId },
    harness.service.clock.now(),
  );
  await context.addCookies([{ name: 'vardmote-desk', value, url: harness.apiUrl, httpOnly: true, sameSite: 'Lax' }]);
}

inBrowser('the desk’s pages', () => {
  let harness: Harness;
  let eyes: Eyes;
  let invitation: Invitation;
  const look = (path: string, more?: Look): Promise<void> => lookAt(harness, eyes, `${harness.apiUrl}${path}`, more);

  beforeAll(async () => {
    harness = await startHarness();
    invitation = await invite(harness.service, { withForm: true, ready: false });
    const member = await whoHolds(harness, invitation);
    eyes = await openEyes(harness, 'desk', (context) => logIn(harness, context, member));
  });
  afterAll(() => harness.close());

  it(
    'the day, the list of tasks, invoices, the inbox and people',
    async () => {
      await look('/desk/today', { picture: 'today' });
      await look('/desk/tasks', { picture: 'tasks' });
      await look('/desk/invoices');
      await look('/desk/inbox');
      await look('/desk/people', { picture: 'people' });
      await look(`/desk/people/${invitation.patientId}`, { picture: 'person' });
      await look(`/desk/book?person=${invitation.patientId}`, { picture: 'book' });
    },
    PATIENCE_MS,
  );

  it(
    'a meeting and what is done about it',
    async () => {
      const of = (page = ''): string => `/desk/meetings/${invitation.meeting.meetingId}${page}`;
      await look(of(), { picture: 'meeting' });
      for (const page of ['/outcome', '/cancel', '/move', '/times', '/tried', '/suitability', '/consent'])
        await look(of(page));
      await look(of(`/forms/${invitation.formId ?? ''}`));
    },
    PATIENCE_MS,
  );

  it(
    'a message case',
    async () => {
      const { caseId } = await openCase(invitation.clinic, invitation.patientId, {
        subject: 'Utslag',
        text: 'Hur ser det ut i dag?',
      });
      await look(`/desk/cases/${caseId}`, { picture: 'case' });
      await look(`/desk/cases/open/${invitation.patientId}`);
    },
    PATIENCE_MS,
  );

  it(
    'what the operations manager answers for',
    async () => {
      await look('/desk/manage', { picture: 'manage' });
      for (const page of ['/staff', '/fees', '/log', '/settings']) await look(`/desk/manage${page}`);
      await look('/desk/me');
    },
    PATIENCE_MS,
  );

  it('weighs at most 60 KB where a page is seen for the first time', async () => {
    const { page } = eyes.get('wide')!;
    for (const path of ['/desk/today', `/desk/meetings/${invitation.meeting.meetingId}`, '/desk/manage/settings'])
      expect([path, (await bytesOf(page, `${harness.apiUrl}${path}`)) < 60_000]).toEqual([path, true]);
  });
});

inBrowser('a meeting held at the desk', () => {
  const harness = standOfFile({ looksItself: true });

  it('from the day’s list to registered: nurse and patient meet, each in a browser of their own', async () => {
    const invitation = await invite(harness.service, { ready: false });
    await whoHolds(harness, invitation, { login: demoStaff[1]!.login });
    const { page: nurse } = await harness.open(`${harness.apiUrl}/desk`, { locale: 'sv-SE' });
    await nurse.getByRole('button', { name: 'Logga in' }).click();
    await nurse.getByRole('button', { name: `Log in as ${demoStaff[1]!.name}` }).click();
    // She works at the demo clinic as well.
    await nurse.getByRole('button', { name: /Testmottagningen/ }).click();
    await nurse.getByRole('cell', { name: 'Tolvan Testperson' }).waitFor();
    await nurse.getByRole('row').filter({ hasText: 'Tolvan Testperson' }).getByRole('link').first().click();
    await nurse.getByRole('heading', { name: /Möte/ }).first().waitFor();

    const { page: patient } = await harness.open('about:blank', { locale: 'sv-SE' });
    await logInPatient(harness, patient.context());
    await patient.goto(`${harness.apiUrl}${invitation.path}/room`);
    await waitUntil(
      () => harness.service.records.meetings.get(invitation.meeting.meetingId),
      ({ course }) => course.state !== 'ended',
    );
  }, PATIENCE_MS);
});
