import type { Page } from 'playwright-core';
import { testPeople as localPeople } from '../../local/identity-provider/people';
import { DAY, openDatabase, testClock } from '../api/helpers';
import { waitUntil } from '../support/wait-until';
import { invite, mustCall, type Invitation } from './patients';
import { inBrowser, standOfFile, type Visit } from './harness';

const [patient, relative, stranger] = localPeople as [
  (typeof localPeople)[number],
  (typeof localPeople)[number],
  (typeof localPeople)[number],
];

/**
 * What a patient meets from the link in an SMS to the video and out again, in a phone’s browser, by the real
 * login.
 */
inBrowser('the whole way in', () => {
  const clock = testClock();
  const harness = standOfFile({ clock, looksItself: true });

  async function phone(url: string): Promise<Visit> {
    const visit = await harness.open(url, {
      locale: 'sv-SE',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    return visit;
  }

  /** The link in the newest SMS of an invitation, at the address that this stand has. */
  async function linkOf({ clinic, patientId }: Invitation): Promise<string> {
    const person = await harness.service.records.people.find(clinic.clinicId, patientId);
    const messages = await waitUntil(
      () => harness.service.sentTo(person?.personal.mobile?.number ?? ''),
      (all) => all.some(({ message }) => message.includes('/m/')),
    );
    const [, link = ''] = /(\/m\/[\w-]+)/.exec(messages.map(({ message }) => message).join(' ')) ?? [];
    return `${harness.apiUrl}${link}`;
  }

  async function logIn(page: Page, who: { name: string }): Promise<void> {
    await page.getByRole('button', { name: 'Logga in med e-legitimation' }).click();
    await page.getByRole('button', { name: `Log in as ${who.name}` }).click();
  }

  it('from the SMS by login, consent, form and device test into the room, and out to what it costs', async () => {
    const invitation = await invite(harness.service, {
      consent: false,
      withForm: true,
      personalNumber: patient.personalNumber,
    });
    const link = await linkOf(invitation);
    const { page, errors, origins } = await phone(link);
    expect(await page.locator('main').innerText()).not.toMatch(/Testmottagningen|\d\d[.:]\d\d/);
    await logIn(page, patient);

    await page.getByRole('heading', { name: 'Mitt möte' }).waitFor();
    expect(page.url()).toBe(`${harness.apiUrl}${invitation.path}`);
    await page.getByText('Testmottagningen').first().waitFor();
    await page.getByRole('link', { name: 'Svara på frågan om tidigare vård' }).click();
    await page.getByLabel('Ja, mottagningen får se uppgifterna').check();
    await page.getByRole('button', { name: 'Skicka svaret' }).click();
    await page.getByRole('heading', { name: 'Tack, ditt svar är sparat' }).waitFor();
    const { people } = harness.service.records;
    const person = await people.find(invitation.clinic.clinicId, invitation.patientId);
    expect(person?.careHistoryConsent).toMatchObject({
      given: true,
      recordedBy: `patient/${invitation.patientId}`,
    });
    // The receipt leads on to what is next.
    await page.getByRole('link', { name: 'Fyll i formuläret' }).click();
    await page.getByLabel('3', { exact: true }).check();
    await page.getByLabel('Vad vill du ta upp?').fill('Jag sover dåligt.');
    await page.getByRole('button', { name: 'Kontrollera svaren' }).click();
    await page.getByRole('button', { name: 'Skicka formuläret' }).click();
    await page.getByRole('heading', { name: 'Formuläret är skickat' }).waitFor();

    await page.getByRole('link', { name: 'Till mitt möte' }).click();
    await page.getByText('2 av 3 klara').waitFor();
    await page.getByRole('link', { name: 'Testa kamera, mikrofon och ljud' }).click();
    await page.getByRole('button', { name: 'Testa kameran' }).click();
    await page.getByText('Kameran fungerar.').waitFor();

    await page.getByRole('link', { name: 'Till mitt möte' }).click();
    await page.locator('main a.button', { hasText: 'Gå in i mötet' }).click();
    await page.getByRole('button', { name: 'Gå in i mötet' }).click();
    const room = page.frameLocator('#call iframe');
    await room.locator('#state', { hasText: 'Du är i mötet.' }).waitFor();
    await room.getByRole('button', { name: 'Lämna mötet' }).click();
    await page.getByRole('link', { name: 'Klar' }).click();
    await page.waitForURL(/\/afterwards$/);
    expect(errors).toEqual([]);
    expect([...origins].sort()).toEqual([harness.apiUrl, harness.homeUrl].sort());

    const [stay] = await waitUntil(
      () => harness.service.records.evidence.stays(invitation.meeting.meetingId, 1),
      (stays) => stays.length === 1 && stays[0]?.leftAt !== null,
    );
    expect(stay?.role).toBe('patient');
    // The meeting goes on: one who left by mistake goes in again.
    await page.reload();
    await page.getByRole('link', { name: 'Gå in igen' }).waitFor();
    const { answers } = (await harness.service.records.forms.readFilled(
      invitation.clinic.clinicId,
      invitation.meeting.meetingId,
      invitation.formId ?? '',
    ))!;
    expect(answers).toEqual({ how: 3, why: 'Jag sover dåligt.' });
    // The phone keeps a cookie that ends, and nothing else.
    expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).toBe('[{},{}]');
  });

  it('from the home page’s own button, whose SMS the outbox has', async () => {
    const sent = () => harness.service.sentTo('+46701740605');
    const before = sent().length;
    const { page, errors } = await harness.open(harness.homeUrl, { locale: 'sv-SE' });
    await page.getByRole('button', { name: 'Book one to log in to' }).click();
    await page.locator('#live').waitFor();
    const sms = await waitUntil(
      () =>
        sent()
          .slice(before)
          .find(({ message }) => message.includes('/m/')),
      (message) => message !== undefined,
    );
    // The workers of the tests write another public address into their SMS.
    const { pathname } = new URL(/https?:\/\/\S+/.exec(sms!.message)![0]);
    await page.goto(`${harness.apiUrl}${pathname}`);
    await logIn(page, patient);
    await page.getByRole('heading', { name: 'Mitt möte' }).waitFor();
    expect(page.url()).toMatch(/\/my\/meetings\/[\w-]{22}$/);
    expect(await page.innerText('main')).toContain('Demomottagningen');
    expect(errors).toEqual([]);
  });

  it('logs out, and asks for a login after it', async () => {
    const { page, errors } = await phone(`${harness.apiUrl}/my`);
    await logIn(page, stranger);
    await page.getByText('Du har inga digitala möten här').waitFor();
    await page.getByRole('button', { name: 'Logga ut', exact: true }).click();
    await page.getByRole('heading', { name: 'Du är utloggad' }).waitFor();
    await page.goto(`${harness.apiUrl}/my`);
    await page.getByRole('heading', { name: 'Logga in' }).waitFor();
    // The 401 that asks for a login is no fault of the page's.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  it('refuses the wrong person kindly, shows nothing, writes it down, and lets the right one log in instead', async () => {
    const invitation = await invite(harness.service, { personalNumber: patient.personalNumber });
    const { page } = await phone(await linkOf(invitation));
    await logIn(page, stranger);
    await page.getByRole('heading', { name: 'Det här mötet är inte ditt' }).waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/Testmottagningen|Tolvan/);
    const database = await openDatabase(harness.service);
    const rows = await database.audit({ subjectId: invitation.meeting.meetingId, allowed: false });
    await database.close();
    expect(rows.length).toBeGreaterThan(0);
    await page.goto(`${harness.apiUrl}${invitation.path}/room`);
    await page.getByRole('heading', { name: 'Det här mötet är inte ditt' }).waitFor();
    expect(await harness.service.records.evidence.stays(invitation.meeting.meetingId, 1)).toEqual([]);
    await page.getByRole('button', { name: 'Logga in som någon annan' }).click();
    await logIn(page, patient);
    await page.waitForURL(/\/my/);
    await page.goto(`${harness.apiUrl}${invitation.path}`);
    await page.getByRole('heading', { name: 'Mitt möte' }).waitFor();
  });

  it('R4.2 lets a relative in as themselves, who sees the way in and not the patient’s forms', async () => {
    const invitation = await invite(harness.service, {
      withForm: true,
      personalNumber: patient.personalNumber,
    });
    const { personId } = (await mustCall(invitation.clinic, 'POST', '/clinic/people', {
      name: relative.name,
      personalNumber: relative.personalNumber,
    })) as { personId: string };
    const meeting = await invitation.clinic.book({
      patientId: invitation.patientId,
      startAt: new Date(Date.now() + 10 * 60_000).toISOString(),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'relative', personId },
      ],
      formIds: [invitation.formId],
    });
    const { participants } = await harness.service.records.meetings.get(meeting.meetingId);
    const path = `/my/meetings/${participants.find(({ role }) => role === 'relative')?.participantId ?? ''}`;
    const { page } = await phone(`${harness.apiUrl}${path}/room`);
    await logIn(page, relative);
    await page.waitForURL(`**${path}/room`);
    await page.getByText('Patienten har något kvar att fylla i').waitFor();
    await page.goto(`${harness.apiUrl}${path}/forms/${invitation.formId ?? ''}`);
    expect(await page.locator('h1').innerText()).toBe('Det här kan du inte göra');
  });

  it('R4.2 lets a guest wait whom nobody knows yet, and goes on by itself when staff approve', async () => {
    const { clinic, meeting } = await invite(harness.service, {
      personalNumber: patient.personalNumber,
      participants: [{ role: 'guest' }],
    });
    const { participants } = await harness.service.records.meetings.get(meeting.meetingId);
    const { participantId } = participants.find(({ role }) => role === 'guest')!;
    const guest = `${meeting.path}/participants/${participantId}`;
    const { link } = (await mustCall(clinic, 'GET', `${guest}/link`)) as { link: string };
    const { page, errors } = await phone(`${harness.apiUrl}${new URL(link).pathname}`);
    await logIn(page, relative);
    await page.getByRole('button', { name: 'Tala om för mottagningen att det är jag' }).click();
    await page.getByRole('heading', { name: 'Mottagningen kontrollerar vem du är' }).waitFor();
    const { items } = (await mustCall(clinic, 'GET', `${meeting.path}/claims`)) as {
      items: { claimId: string }[];
    };
    const decision = { claimId: items[0]!.claimId, approved: true };
    await mustCall(clinic, 'POST', `${guest}/claim`, decision);
    await page.waitForURL(`${harness.apiUrl}/my/meetings/${participantId}`);
    await page.getByRole('heading', { name: 'Digitalt möte' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('leads by a link whose meeting is long over to the list of one’s meetings, and says so', async () => {
    const invitation = await invite(harness.service, { personalNumber: patient.personalNumber });
    const link = await linkOf(invitation);
    clock.passMs(40 * DAY);
    const { page } = await phone(link);
    await logIn(page, patient);
    await page.waitForURL(/\/my\/link-ended$/);
    expect(await page.getByRole('status').innerText()).toMatch(/^Länken leder inte till något möte längre/);
    clock.release();
  });

  it('says of a link that nobody has only that it leads nowhere, after a login', async () => {
    const { page } = await phone(`${harness.apiUrl}/m/1${'A'.repeat(22)}`);
    await logIn(page, stranger);
    await page.waitForURL(/\/my\/link-ended$/);
    expect(await page.locator('main').innerText()).not.toMatch(/Testmottagningen/);
  });
});
