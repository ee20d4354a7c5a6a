import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { loggedIn, testPeople, type Shown, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { DAY, dayInStockholm, HOUR, inMs } from '../helpers';

/** R4.5: what the patient's device test came to is seen by staff, at the desk and over the API. */
let service: Service;
let clinic: TestClinic;
let patientId: string;
let patient: Visitor;
let desk: Visitor;

beforeAll(async () => {
  service = await startService({ staffProvider: () => Promise.resolve('http://127.0.0.1:9') });
  clinic = await createClinic(service);
  patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined }, false);
  patient = await loggedIn(service, testPeople.patient);
  desk = await staffVisitor(service, await addStaff(service, clinic, { id: 'S001' }));
});
afterAll(() => service.close());

const json = { accept: 'application/json' };
const book = (startAt = inMs(4 * HOUR)) =>
  clinic.book({ patientId, startAt, participants: [{ role: 'staff', staffId: 'staff-S001' }] });
const pageOf = ({ patientParticipantId }: TestMeeting): string =>
  `/my/meetings/${patientParticipantId}/device`;
/** Posts as the page's script does: all fields of the page's own form. */
async function tell(meeting: TestMeeting, results: Record<string, string>): Promise<Shown> {
  const page = await patient.get(pageOf(meeting));
  const fields = Object.fromEntries(
    [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
  return patient.post(pageOf(meeting), { ...fields, ...results }, json);
}
const testsOf = async ({ path }: TestMeeting): Promise<unknown> =>
  (await clinic.call('GET', path)).body.deviceTests;
/** What Today says of the device of the meeting. */
async function lightOf(meeting: TestMeeting, startAt: string, language = 'sv'): Promise<string> {
  desk.cookies.set('vardmote-language', language);
  const { text } = await desk.get(`/desk/today?day=${dayInStockholm(startAt)}&show=all`);
  const row = text.slice(text.indexOf(`data-live="now" data-meeting="${meeting.meetingId}"`));
  return /(?:Enhet|Device): [^<]*/.exec(row)?.[0] ?? '';
}

it('R4.5 staff see whether camera, microphone and sound work, in Today, in the meeting and over the API', async () => {
  const startAt = inMs(4 * HOUR);
  const meeting = await book(startAt);
  expect(await testsOf(meeting)).toEqual([]);
  expect(await lightOf(meeting, startAt)).toBe('Enhet: ej provad');
  expect((await tell(meeting, { camera: 'fails' })).status).toBe(200);
  expect(await testsOf(meeting)).toEqual([
    {
      participantId: meeting.patientParticipantId,
      camera: 'fails',
      microphone: 'not-tested',
      sound: 'not-tested',
      testedAt: expect.any(String) as string,
    },
  ]);
  const shown = await desk.get(`/desk/meetings/${meeting.meetingId}`);
  expect(shown.text).toContain('Enhet: kameran fungerar inte');
  expect(shown.text).toMatch(/kamera fungerar inte, mikrofon ej provat, ljud ej provat\.[^<]*Provat/);

  // The last one stands, and is one of the participant's: there is no history of tries.
  await tell(meeting, { camera: 'works', microphone: 'works', sound: 'works' });
  expect(await testsOf(meeting)).toMatchObject([{ camera: 'works', microphone: 'works', sound: 'works' }]);
  expect(await lightOf(meeting, startAt)).toBe('Enhet: fungerar');
  expect(await lightOf(meeting, startAt, 'en')).toBe('Device: works');
  const { course } = await service.records.meetings.get(meeting.meetingId);
  expect(JSON.stringify(course)).not.toContain('microphone');
});

it('R4.5 R1.5 a test of before the move is still shown, with its day', async () => {
  const meeting = await book(inMs(5 * HOUR));
  await tell(meeting, { camera: 'works', microphone: 'works', sound: 'works' });
  const startAt = inMs(3 * DAY);
  await clinic.call('POST', `${meeting.path}/rebook`, { body: { by: 'clinic', startAt } });
  expect(await lightOf(meeting, startAt)).toBe('Enhet: fungerar');
  const yesterday = new Date(Date.now() - DAY).toISOString();
  await service.records.meetings.noteDeviceTest(meeting.meetingId, meeting.patientParticipantId, {
    camera: 'works',
    microphone: 'works',
    sound: 'not-tested',
    testedAt: yesterday,
  });
  const light = await service.records.meetings.get(meeting.meetingId);
  expect(light.deviceTests?.[meeting.patientParticipantId]?.testedAt).toBe(yesterday);
  const shown = await desk.get(`/desk/meetings/${meeting.meetingId}`);
  expect(shown.text).toMatch(/Enhet: delvis provad \([^)]*dag \d+ [^)]*\)/);
});

it('R4.5 R8.1 nothing but the three answers is kept, of nobody’s but one’s own meeting, and of none that is over', async () => {
  const meeting = await book(inMs(6 * HOUR));
  const told = await tell(meeting, { camera: 'works', label: 'FaceTime HD', deviceId: 'abc' });
  expect(told.status).toBe(200);
  const { deviceTests } = await service.records.meetings.get(meeting.meetingId);
  expect(Object.keys(deviceTests![meeting.patientParticipantId]!).sort()).toEqual([
    'camera',
    'microphone',
    'sound',
    'testedAt',
  ]);
  expect((await tell(meeting, { camera: 'FaceTime HD' })).status).toBe(403);
  // Without the page's own token nothing is taken.
  expect((await tell(meeting, { csrf: 'x', camera: 'fails' })).status).toBe(403);
  const stranger = await loggedIn(service, testPeople.stranger);
  expect((await stranger.post(pageOf(meeting), { camera: 'fails' }, json)).status).toBe(403);
  expect(await testsOf(meeting)).toMatchObject([{ camera: 'works' }]);
  await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
  expect((await tell(meeting, { camera: 'fails' })).status).toBe(409);
  expect(await testsOf(meeting)).toMatchObject([{ camera: 'works' }]);
});

it('R4.5 the page says that the clinic sees it, and asks for no press more', async () => {
  const meeting = await book(inMs(7 * HOUR));
  const { text } = await patient.get(pageOf(meeting));
  expect(text).toContain('Mottagningen ser om det fungerade');
  const form = /<form[^>]*id="device-results"[^]*?<\/form>/.exec(text)?.[0] ?? '';
  expect(form).toContain('name="camera" value="not-tested"');
  expect(form).not.toContain('<button');
});
