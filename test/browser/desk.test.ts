import type { BrowserContext, Page } from 'playwright-core';
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
  await context.addCookies([
    { name: 'vardmote-desk', value, url: harness.apiUrl, httpOnly: true, sameSite: 'Lax' },
  ]);
}

inBrowser('the desk’s pages', () => {
  let harness: Harness;
  let eyes: Eyes;
  let invitation: Invitation;
  const look = (path: string, more?: Look): Promise<void> =>
    lookAt(harness, eyes, `${harness.apiUrl}${path}`, more);

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
    for (const path of [
      '/desk/today',
      `/desk/meetings/${invitation.meeting.meetingId}`,
      '/desk/manage/settings',
    ])
      expect([path, (await bytesOf(page, `${harness.apiUrl}${path}`)) < 60_000]).toEqual([path, true]);
  });
});

inBrowser('a meeting held at the desk', () => {
  const harness = standOfFile({ looksItself: true });

  it(
    'R4.7 R5.1 R5.11 from the day’s list to registered: nurse and patient meet, each in a browser of their own',
    async () => {
      const invitation = await invite(harness.service, { ready: false });
      const { meetingId } = invitation.meeting;
      await whoHolds(harness, invitation, { login: demoStaff[1]!.login });
      const { page: nurse, errors } = await harness.open(`${harness.apiUrl}/desk`, { locale: 'sv-SE' });
      await nurse.getByRole('button', { name: 'Logga in' }).click();
      await nurse.getByRole('button', { name: `Log in as ${demoStaff[1]!.name}` }).click();
      // She works at the demo clinic as well.
      await nurse.getByRole('button', { name: /Testmottagningen/ }).click();
      // The page that asked her to log in was answered so.
      expect(errors.splice(0)).toEqual([expect.stringContaining('401')]);

      await nurse.getByRole('row').filter({ hasText: 'Tolvan Testperson' }).getByRole('link').first().click();
      await nurse.waitForURL(`${harness.apiUrl}/desk/meetings/${meetingId}`);
      expect(await nurse.title()).not.toContain('Tolvan');
      await nurse.getByRole('button', { name: 'Ja, allt stämmer' }).click();
      await nurse.getByRole('link', { name: 'Gå in i mötet' }).click();
      await nurse.getByRole('button', { name: 'Gå in i mötet' }).click();
      const room = (page: Page) => page.frameLocator('#call iframe');
      await room(nurse).locator('#state', { hasText: 'Du är i mötet.' }).waitFor();

      const { page: patient } = await harness.open('about:blank', { locale: 'sv-SE' });
      await logInPatient(harness, patient.context());
      await patient.goto(`${harness.apiUrl}${invitation.path}/room`);
      await patient.getByRole('button', { name: 'Gå in i mötet' }).click();
      await room(patient).locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
      await waitUntil(
        () => harness.service.records.meetings.get(meetingId),
        ({ course }) => course.state === 'under-way',
      );
      // No other patient is on the screen during a call (R8.8).
      expect(await nurse.getByRole('link', { name: 'Dagens möten' }).isVisible()).toBe(false);

      await nurse.locator('#end-for-all').click();
      await nurse.locator('#sure').getByRole('button', { name: 'Avsluta för alla' }).click();
      await nurse.waitForURL(/\/outcome$/);
      await nurse.getByLabel('Genomfört').check();
      await nurse.getByRole('button', { name: 'Spara' }).click();
      await nurse.getByRole('button', { name: 'Ja, i PAS och journalen' }).click();
      const { course } = await waitUntil(
        () => harness.service.records.meetings.get(meetingId),
        ({ course: now }) => now.registration?.state === 'registered',
      );
      expect(course.outcome).toMatchObject({ outcome: 'completed', decidedBy: 'staff' });
      expect(errors).toEqual([]);
    },
    PATIENCE_MS,
  );
});
