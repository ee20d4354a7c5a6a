import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { defaultNoticeRules } from '../../../rules/notices';
import { mustBe, tasksOf } from './after-meetings';
import { DAY, inMs } from '../helpers';

/** R2.11 at the clinic's API: an address, what the person prefers, and by which way each notice went. */
let service: Service;
let clinic: TestClinic;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterAll(() => service.close());

let addresses = 0;
const nextAddress = (): string => `patient-${(addresses += 1)}@example.org`;

interface Delivery {
  kind: string;
  channel: string | null;
  state: string;
  reason: string | null;
}
const deliveriesOf = async ({ path }: TestMeeting): Promise<Delivery[]> =>
  (await clinic.call('GET', `${path}/timeline`)).body.deliveries as Delivery[];

/** Books, and waits until the notice of it has come to an end. */
async function bookingNotice(patientId: string): Promise<{ meeting: TestMeeting; notice: Delivery }> {
  const meeting = await clinic.book({ patientId, startAt: inMs(10 * DAY) });
  const [notice] = await waitUntil(
    () => deliveriesOf(meeting),
    ([first]) => first !== undefined && first.state !== 'planned' && first.state !== 'handing-over',
  );
  return { meeting, notice: notice! };
}

describe('a person’s record', () => {
  it('has address, preference and the ways that do not suit, as given and changed', async () => {
    const email = nextAddress();
    const personId = await clinic.addPatient({ email, noticesBy: 'email', unsuitableWays: ['telephone'] });
    const read = async () => (await clinic.call('GET', `/clinic/people/${personId}`)).body as object;
    expect(await read()).toMatchObject({ email, noticesBy: 'email', unsuitableWays: ['telephone'] });
    const change = { noticesBy: 'sms', unsuitableWays: ['video-telephony', 'telephone'] };
    await mustBe(200, clinic.call('PATCH', `/clinic/people/${personId}`, { body: change }));
    expect(await read()).toMatchObject({ email, ...change });
    await mustBe(200, clinic.call('PATCH', `/clinic/people/${personId}`, { body: { email: null } }));
    expect(await read()).toMatchObject({ email: null, ...change });
  });

  it('has SMS, and no way that does not suit, unless told otherwise', async () => {
    const personId = await clinic.addPatient();
    const { body } = await clinic.call('GET', `/clinic/people/${personId}`);
    expect(body).toMatchObject({ email: null, noticesBy: 'sms', unsuitableWays: [] });
  });
});

describe('R2.11 the notice of a booking', () => {
  it('goes by e-mail to one who gave an address and no consent to SMS', async () => {
    const [email, mobile] = [nextAddress(), nextMobile()];
    const { meeting, notice } = await bookingNotice(await clinic.addPatient({ email, mobile }, false));
    expect(notice).toMatchObject({ kind: 'booking', channel: 'email', state: 'sent' });
    expect([service.mailedTo(email).length, service.sentTo(mobile).length]).toEqual([1, 0]);
    // Taken by the mail server, it counts as reached (R2.10).
    expect(await tasksOf(clinic, meeting)).toEqual([]);
  });

  it('goes by e-mail to one who prefers it, and R2.7 not by SMS too', async () => {
    const [email, mobile] = [nextAddress(), nextMobile()];
    const { notice } = await bookingNotice(await clinic.addPatient({ email, mobile, noticesBy: 'email' }));
    expect(notice).toMatchObject({ channel: 'email', state: 'sent' });
    expect([service.mailedTo(email).length, service.sentTo(mobile).length]).toEqual([1, 0]);
  });

  it('goes by SMS to one who has both and prefers neither', async () => {
    const [email, mobile] = [nextAddress(), nextMobile()];
    const { notice } = await bookingNotice(await clinic.addPatient({ email, mobile }));
    expect(notice.channel).toBe('sms');
    expect([service.mailedTo(email).length, service.sentTo(mobile).length]).toEqual([0, 1]);
  });

  it('goes by SMS to one who prefers e-mail and gave no address', async () => {
    const mobile = nextMobile();
    const { notice } = await bookingNotice(await clinic.addPatient({ mobile, noticesBy: 'email' }));
    expect(notice.channel).toBe('sms');
    expect(service.sentTo(mobile)).toHaveLength(1);
  });

  it('R2.2 goes nowhere without consent and address, and says so', async () => {
    const mobile = nextMobile();
    const { notice } = await bookingNotice(await clinic.addPatient({ mobile }, false));
    expect(notice).toMatchObject({ channel: null, state: 'no-consent' });
    expect(service.sentTo(mobile)).toEqual([]);
  });

  it('R7.5 goes nowhere where identity is protected', async () => {
    const [email, mobile] = [nextAddress(), nextMobile()];
    const patientId = await clinic.addPatient({ email, mobile, protectedIdentity: true });
    const { notice } = await bookingNotice(patientId);
    expect(notice).toMatchObject({ channel: null, state: 'skipped', reason: 'protected-identity' });
    expect([service.mailedTo(email).length, service.sentTo(mobile).length]).toEqual([0, 0]);
  });

  it('R2.3 says as little by e-mail: no name, and the clinic’s neither', async () => {
    const email = nextAddress();
    const name = 'Hjördis Oförväxlingsbar';
    await bookingNotice(await clinic.addPatient({ email, name }, false));
    const [mail] = service.mailedTo(email);
    expect(JSON.stringify(mail)).not.toMatch(/Hjördis|Oförväxlingsbar|Testmottagningen/);
  });
});

it('R2.8, R2.11 each notice goes the way that stands when it is sent', async () => {
  const [email, mobile] = [nextAddress(), nextMobile()];
  const patientId = await clinic.addPatient({ email, mobile }, false);
  const { meeting } = await bookingNotice(patientId);
  await mustBe(
    200,
    clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, { body: { given: true, source: '1177' } }),
  );
  await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
  const deliveries = await waitUntil(
    () => deliveriesOf(meeting),
    (all) =>
      all.some(({ kind, state }) => kind === 'cancellation' && (state === 'sent' || state === 'delivered')),
  );
  expect(deliveries.map(({ kind, channel }) => `${kind} ${channel}`).sort()).toEqual([
    'booking email',
    'cancellation sms',
  ]);
  expect([service.mailedTo(email).length, service.sentTo(mobile).length]).toEqual([1, 1]);
});
