import path from 'node:path';
import type { Page } from 'playwright-core';
import { demoStaff } from '../../local/demo-clinic';
import type { StaffMember } from '../../records/staff';
import { deskRoles } from '../../rules/staff';
import { openCase } from '../support/cases';
import { addStaff } from '../support/staff';
import { waitUntil } from '../support/wait-until';
import { logInStaff } from './at-desk';
import { bytesOf } from './page-checks';
import { lookAt, openEyes, takePicture, type Eyes, type Look } from './looks';
import { invite, logIn as logInPatient, mustCall, type Invitation } from './patients';
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

inBrowser('the desk’s pages', () => {
  let harness: Harness;
  let eyes: Eyes;
  let invitation: Invitation;
  const expectWell = (path: string, more?: Look): Promise<void> =>
    lookAt(harness, eyes, `${harness.apiUrl}${path}`, more);

  beforeAll(async () => {
    harness = await startHarness();
    invitation = await invite(harness.service, { withForm: true, ready: false });
    const member = await whoHolds(harness, invitation);
    eyes = await openEyes(harness, 'desk', (context) => logInStaff(harness, context, member));
  });
  afterAll(() => harness.close());

  it(
    'the day, the list of tasks, invoices, the inbox and people',
    async () => {
      await expectWell('/desk/today');
      await expectWell('/desk/tasks');
      await expectWell('/desk/invoices');
      await expectWell('/desk/inbox');
      await expectWell('/desk/people');
      await expectWell(`/desk/people/${invitation.patientId}`);
      await expectWell(`/desk/book?person=${invitation.patientId}`);
    },
    PATIENCE_MS,
  );

  it(
    'a meeting and what is done about it',
    async () => {
      const of = (page = ''): string => `/desk/meetings/${invitation.meeting.meetingId}${page}`;
      await expectWell(of());
      for (const page of ['/outcome', '/cancel', '/move', '/times', '/tried', '/suitability', '/consent'])
        await expectWell(of(page));
      await expectWell(of(`/forms/${invitation.formId ?? ''}`));
    },
    PATIENCE_MS,
  );

  it(
    'R4.4 the room, and its chat on a page of its own',
    async () => {
      const of = `/desk/meetings/${invitation.meeting.meetingId}/room`;
      const sent = { text: 'Kan ni läsa det här?' };
      await mustCall(invitation.clinic, 'POST', `${invitation.meeting.path}/chat`, sent);
      await expectWell(of);
      await expectWell(`${of}/chat`);
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
      await expectWell(`/desk/cases/${caseId}`);
      await expectWell(`/desk/cases/open/${invitation.patientId}`);
    },
    PATIENCE_MS,
  );

  it(
    'what the operations manager answers for',
    async () => {
      await expectWell('/desk/manage');
      for (const page of ['/staff', '/fees', '/log', '/settings']) await expectWell(`/desk/manage${page}`);
      await expectWell('/desk/me');
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
      // Each sees the other (call.test.ts looks at the pictures themselves).
      for (const [page, other] of [
        [nurse, 'Tolvan Testperson'],
        [patient, 'Anna Ek'],
      ] as const) {
        const tile = room(page).locator('#people .tile').filter({ hasText: other });
        await tile.locator('.instead').waitFor({ state: 'hidden' });
      }
      await nurse.locator('#who-is-here li', { hasText: 'Patient' }).getByText('I rummet').waitFor();
      if (process.env.PICTURES)
        await takePicture(nurse, 'desktop', path.join(__dirname, '../../docs/pictures/desk/call'));
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
