import { bookingOf, createClinic, ofChild, type TestClinic } from '../../support/clinic';
import { CO_ORDINATION_NUMBER, loggedIn, testPeople } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, inMs, openDatabase, type RawDatabase } from '../helpers';

/** A person's number and birth date are added and replaced (R7.8, R7.2). */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService();
  raw = await openDatabase(service);
});
beforeEach(async () => {
  clinic = await createClinic(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const replace = (personId: string, body: object, options: { key?: string } = {}) =>
  clinic.call('PUT', `/clinic/people/${personId}/identity`, { body, ...options });
const read = async (personId: string) =>
  (await clinic.call('GET', `/clinic/people/${personId}`)).body as Record<string, unknown>;
const statusFor = async (personalNumber: string, path: string): Promise<number> =>
  (await (await loggedIn(service, personalNumber)).get(path)).status;

it('R7.8 who logs in with the new number reaches what was booked under the old one, which opens nothing', async () => {
  const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const { patientParticipantId } = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
  const address = `/my/meetings/${patientParticipantId}`;
  const before = await loggedIn(service, testPeople.patient);
  expect((await before.get(address)).status).toBe(200);
  expect(await statusFor(testPeople.relative, address)).toBe(404);

  const answer = await replace(patientId, { personalNumber: testPeople.relative });
  expect([answer.status, answer.body]).toEqual([
    200,
    expect.objectContaining({
      personId: patientId,
      personalNumber: testPeople.relative,
      identityKind: 'personal-number',
      birthDate: '1990-01-01',
    }),
  ]);
  expect(await statusFor(testPeople.relative, address)).toBe(200);
  // Who had logged in with the old one is out at once.
  expect((await before.get(address)).status).toBe(404);
  const found = (personalNumber: string) =>
    clinic.call('POST', '/clinic/people/search', { body: { personalNumber } });
  expect((await found(testPeople.relative)).body).toMatchObject({ personId: patientId });
  expect((await found(testPeople.patient)).status).toBe(404);
  expect(await raw.audit({ operation: 'person.replace-identity', personId: patientId })).toMatchObject([
    { allowed: true, actor: 'staff', staffId: 'clinician-1' },
  ]);
  expect(service.logLines.join('\n')).not.toContain(testPeople.relative);
});

it('R7.8 a newborn gets a number; a number that was wrong is taken away', async () => {
  const childId = await clinic.addPatient({ birthDate: '2017-01-01' });
  expect((await replace(childId, { personalNumber: testPeople.child })).body).toMatchObject({
    personalNumber: testPeople.child,
    birthDate: '2017-01-01',
  });
  expect((await replace(childId, { personalNumber: null, birthDate: '2017-01-02' })).body).toMatchObject({
    personalNumber: null,
    identityKind: null,
    birthDate: '2017-01-02',
  });
  // The number is free again.
  expect(await clinic.addPatient({ personalNumber: testPeople.child, birthDate: undefined })).not.toBe(
    childId,
  );
});

it.each([
  [
    'a number that another person of the clinic has',
    { personalNumber: testPeople.stranger },
    409,
    'person-known',
  ],
  [
    'another birth date than the number’s',
    { personalNumber: testPeople.relative, birthDate: '1990-01-02' },
    400,
    'wrong-input',
  ],
  ['neither number nor birth date', { personalNumber: null }, 400, 'wrong-input'],
  [
    'a birth date that is to come',
    { personalNumber: null, birthDate: inMs(3 * DAY).slice(0, 10) },
    422,
    'wrong-input',
  ],
  ['a wrong check digit', { personalNumber: '199001012384' }, 400, 'wrong-input'],
  ['no word about the number', { birthDate: '1990-01-01' }, 400, 'wrong-input'],
])('R7.8 refuses %s, and changes nothing', async (_, body, status, title) => {
  await clinic.addPatient({ personalNumber: testPeople.stranger, birthDate: undefined });
  const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const before = await read(personId);
  const answer = await replace(personId, body);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ title });
  expect(await read(personId)).toEqual(before);
});

it('R7.4 a co-ordination number that tells a part of the date asks for the date of one who may be a child', async () => {
  const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  expect((await replace(personId, { personalNumber: CO_ORDINATION_NUMBER })).body).toMatchObject({
    identityKind: 'co-ordination-number',
    birthDate: '1970-10-03',
  });
});

it('decision 6: the same key again gets the same answer, also after a later change', async () => {
  const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const body = { personalNumber: testPeople.relative };
  const first = await replace(personId, body, { key: 'one-and-the-same-key' });
  await clinic.call('PATCH', `/clinic/people/${personId}`, { body: { name: 'Tilde Testperson' } });
  const again = await replace(personId, body, { key: 'one-and-the-same-key' });
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(await read(personId)).toMatchObject({
    name: 'Tilde Testperson',
    personalNumber: testPeople.relative,
  });
});

it('two at once with one number: one person has it, the other is refused', async () => {
  const ids = await Promise.all([clinic.addPatient(), clinic.addPatient()]);
  const answers = await Promise.all(ids.map((id) => replace(id, { personalNumber: testPeople.relative })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const have = await Promise.all(ids.map(read));
  expect(have.filter(({ personalNumber }) => personalNumber === testPeople.relative)).toHaveLength(1);
});

it('R7.2 a birth date that makes the patient 13 asks anew what the guardian answered, and lets the guardian in no more', async () => {
  const guardianId = await clinic.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined });
  const patientId = await clinic.addPatient({ birthDate: '2017-01-01' });
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'guardian' },
  });
  const { body } = await clinic.call('POST', '/clinic/meetings', {
    body: bookingOf(ofChild(patientId, inMs(3 * DAY), { role: 'guardian', personId: guardianId })),
  });
  const { meetingId, participants } = body as {
    meetingId: string;
    participants: { role: string; participantId: string }[];
  };
  const guardian = participants.find(({ role }) => role === 'guardian')!.participantId;
  const consentGiven = async (): Promise<boolean> => {
    const read = (await clinic.call('GET', `/clinic/meetings/${meetingId}`)).body;
    return (read as { gates: { consentGiven: boolean } }).gates.consentGiven;
  };
  expect(await consentGiven()).toBe(true);
  expect(await statusFor(testPeople.guardian, `/my/meetings/${guardian}`)).toBe(200);

  expect((await replace(patientId, { personalNumber: null, birthDate: '2010-01-01' })).status).toBe(200);
  expect(await statusFor(testPeople.guardian, `/my/meetings/${guardian}`)).toBe(404);
  await waitUntil(consentGiven, (given) => !given);
});
