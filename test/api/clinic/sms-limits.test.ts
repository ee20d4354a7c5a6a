import { openDatabase, rightBodies, type Ids } from '../helpers';
import {
  createClinic,
  nextMobile,
  testSettingsBody,
  type CallAnswer,
  type TestClinic,
} from '../../support/clinic';
import { startService, type Service } from '../../support/service';

/** A clinic's limits on its SMS: the caps, and whether it takes numbers abroad. */
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
});
beforeEach(async () => {
  clinic = await createClinic(service);
});
afterAll(() => service.close());

const { smsPerNumberPerDay, smsPerDay, foreignNumbers, ...others } = testSettingsBody;
const defaults = { smsPerNumberPerDay: 20, smsPerDay: 2_000, foreignNumbers: false };
const put = (body: object): Promise<CallAnswer> =>
  clinic.call('PUT', '/clinic/settings', { body, role: 'operations-manager' });
const read = async (): Promise<object> => (await clinic.call('GET', '/clinic/settings')).body as object;

describe('the limits in a clinic’s settings', () => {
  it('are kept as they are given', async () => {
    const given = { ...others, smsPerNumberPerDay: 7, smsPerDay: 700, foreignNumbers: true };
    expect(await put(given)).toMatchObject({ status: 200, body: given });
    expect(await read()).toEqual(given);
  });

  it('are the defaults where a body does not say them, and the answer says which', async () => {
    expect(await put(others)).toMatchObject({ status: 200, body: defaults });
    expect(await read()).toEqual({ ...others, ...defaults });
  });

  it('are the defaults for a clinic of an earlier release', async () => {
    const raw = await openDatabase(service);
    const unset = {
      'settings.smsPerNumberPerDay': 1,
      'settings.smsPerDay': 1,
      'settings.foreignNumbers': 1,
    } as const;
    await raw.db
      .collection<{ _id: string }>('clinics')
      .updateOne({ _id: clinic.clinicId }, { $unset: unset });
    await raw.close();
    expect(await read()).toEqual({ ...others, ...defaults });
    expect((await service.records.clinics.byId(clinic.clinicId)).settings).toMatchObject(defaults);
  });
});

describe('a mobile number of another country', () => {
  const abroad = '+1 202 555 0143';
  const kept = '+12025550143';
  const add = (mobile: string): Promise<CallAnswer> =>
    clinic.call('POST', '/clinic/people', { body: { ...rightBodies['person.add']!({} as Ids), mobile } });
  const change = (personId: string, body: object): Promise<CallAnswer> =>
    clinic.call('PATCH', `/clinic/people/${personId}`, { body });
  const refused = {
    status: 422,
    body: {
      title: 'foreign-number',
      errors: [
        {
          field: '/body/mobile',
          reason: 'foreign-number',
          message: expect.stringMatching(/foreignNumbers in PUT \/clinic\/settings/) as string,
        },
      ],
    },
  };

  it('is refused with what to do, until the clinic has said that it takes such', async () => {
    expect(await add(abroad)).toMatchObject(refused);
    const personId = await clinic.addPatient();
    expect(await change(personId, { mobile: abroad })).toMatchObject(refused);
    expect((await clinic.call('GET', `/clinic/people/${personId}`)).body).not.toMatchObject({ mobile: kept });

    await put({ ...others, foreignNumbers: true });
    expect(await add(abroad)).toMatchObject({ status: 201, body: { mobile: kept } });
    expect(await change(personId, { mobile: abroad })).toMatchObject({ status: 200, body: { mobile: kept } });
  });

  it('stays, and can be changed to a Swedish one, where the clinic takes no more of them', async () => {
    await put({ ...others, foreignNumbers: true });
    const { body } = await add(abroad);
    const { personId } = body as { personId: string };
    await put({ ...others, foreignNumbers: false });
    // A system that sends all that it knows changes a name with the number that was there.
    expect(await change(personId, { name: 'Tolvan Nytt', mobile: abroad })).toMatchObject({
      status: 200,
      body: { name: 'Tolvan Nytt', mobile: kept },
    });
    expect(await change(personId, { mobile: '+1 202 555 0144' })).toMatchObject(refused);
    const swedish = nextMobile();
    expect(await change(personId, { mobile: swedish })).toMatchObject({
      status: 200,
      body: { mobile: swedish },
    });
  });

  it.each([
    ['a premium number', '+1 900 555 1234'],
    ['a satellite phone', '+881 612345678'],
    ['a landline', '+39 06 12345678'],
  ])('is never %s', async (_, mobile) => {
    await put({ ...others, foreignNumbers: true });
    expect(await add(mobile)).toMatchObject({ status: 400, body: { errors: [{ field: '/body/mobile' }] } });
  });
});
