import { inStockholm } from '../../../rules/calendar/stockholm';
import { nextMobile, suitable } from '../../support/clinic';
import { startSkippedTime, stockholm, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/** The same notices by e-mail (R2.11), over the whole service with time skipped and a real SMTP server. */
let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(() => time.close());

const day = (daysLater: number): string =>
  inStockholm(time.now()).startOf('day').plus({ days: daysLater }).toISODate();

const deliveriesOf = async (path: string) =>
  (await time.clinic.call('GET', `${path}/timeline`)).body.deliveries as {
    kind: string;
    channel: string;
    state: string;
  }[];

it.each([
  ['without consent to SMS', 'sms', false],
  ['where the person prefers it', 'email', true],
])('R2.11 %s all four come by e-mail, and none by SMS', async (_why, noticesBy, smsConsent) => {
  const mobile = nextMobile();
  const email = `tolvan-${noticesBy}@example.com`;
  const patientId = await time.clinic.addPatient({ mobile, email, noticesBy }, smsConsent);
  await time.passTo(stockholm(`${day(1)}T13:00`));
  const startAt = stockholm(`${day(1)}T10:00`);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  await time.passTo(new Date(startAt.getTime() + 2 * 3_600_000));
  const deliveries = await waitUntil(
    () => deliveriesOf(meeting.path),
    (rows) => rows.length === 4 && rows.every(({ state }) => state === 'sent'),
  );
  expect(deliveries.map(({ kind, channel }) => `${kind} ${channel}`).sort()).toEqual([
    'booking email',
    'morning email',
    'soon email',
    'start email',
  ]);
  expect(time.service.sentTo(mobile)).toEqual([]);
  const mails = time.service.mailedTo(email);
  expect(mails.map(({ text }) => text.slice(0, 12))).toEqual([
    expect.stringMatching(/^Hej! Du har/),
    expect.stringMatching(/^Påminnelse/),
    expect.stringMatching(/^Ditt digita/),
    expect.stringMatching(/^Ditt digita/),
  ]);
  // R2.3: the mail says no more than the SMS: neither name nor clinic, and its subject nothing at all.
  expect(mails.map(({ subject }) => subject)).toEqual(mails.map(() => 'Digitalt möte'));
  expect(JSON.stringify(mails)).not.toMatch(/Tolvan Testperson|Testmottagningen/);
});

it('R2.11 a consent that is withdrawn in between moves the rest to e-mail; nothing comes twice', async () => {
  const mobile = nextMobile();
  const email = 'withdraws@example.com';
  const patientId = await time.clinic.addPatient({ mobile, email });
  await time.passTo(stockholm(`${day(1)}T13:00`));
  const startAt = stockholm(`${day(1)}T10:00`);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  await waitUntil(
    () => time.service.sentTo(mobile).length,
    (count) => count === 1,
  );
  await time.clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, {
    body: { given: false, source: 'asked' },
  });
  await time.passTo(new Date(startAt.getTime() + 2 * 3_600_000));
  await waitUntil(
    () => deliveriesOf(meeting.path),
    (rows) => rows.length === 4 && rows.every(({ state }) => state === 'sent' || state === 'delivered'),
  );
  expect(time.service.sentTo(mobile)).toHaveLength(1);
  expect(time.service.mailedTo(email)).toHaveLength(3);
});

it('R2.7 one mailbox hears once, however its address is written', async () => {
  const birthDate = inStockholm(time.now()).minus({ years: 7 }).toISODate();
  const guardian = { mobile: null, email: 'Family.Test@example.com', birthDate: '1985-01-01' };
  const personId = await time.clinic.addPatient(guardian, false);
  const child = { mobile: null, email: 'family.test@example.com', birthDate };
  const patientId = await time.clinic.addPatient(child, false);
  await time.passTo(stockholm(`${day(1)}T13:00`));
  const meeting = await time.clinic.book({
    patientId,
    startAt: stockholm(`${day(2)}T10:00`).toISOString(),
    suitability: suitable({ child: true }),
    participants: [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId },
    ],
  });
  const deliveries = await waitUntil(
    () => deliveriesOf(meeting.path),
    (rows) => rows.length === 2 && rows.every(({ state }) => state === 'sent' || state === 'skipped'),
  );
  expect(deliveries.map(({ state }) => state).sort()).toEqual(['sent', 'skipped']);
  expect([...time.service.mailedTo(guardian.email), ...time.service.mailedTo(child.email)]).toHaveLength(1);
});

it('R2.10 one whom neither reaches becomes a task, which goes when a later notice has reached them', async () => {
  const patientId = await time.clinic.addPatient({ email: 'fails@example.com' }, false);
  const startAt = new Date(time.now().getTime() + 72 * 3_600_000);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  const task = async () =>
    (
      (await time.clinic.call('GET', `${meeting.path}/tasks`)).body.items as { kind: string; state: string }[]
    ).find(({ kind }) => kind === 'nobody-reached');
  await time.passTo(new Date(time.now().getTime() + 13 * 3_600_000));
  expect(await waitUntil(task, (shown) => shown !== undefined)).toMatchObject({ state: 'open' });
  await time.clinic.call('PATCH', `/clinic/people/${patientId}`, { body: { email: 'works@example.com' } });
  await time.passTo(new Date(startAt.getTime() - 60_000));
  expect(await waitUntil(task, (shown) => shown?.state !== 'open')).toMatchObject({ state: 'withdrawn' });
});
