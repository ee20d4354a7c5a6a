import { createClinic, type TestClinic } from '../../support/clinic';
import { problemsIn, readOf } from '../../support/desk-forms';
import { formIn, testPeople, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import type { StaffMember } from '../../../records/staff';
import { MINUTE, openDatabase, testClock, type RawDatabase } from '../helpers';

/** E2 What the desk answers a form with stands at an address of its own: to go back, or to reload, posts nothing. */
const clock = testClock();
let service: Service;
let raw: RawDatabase;
let clinic: TestClinic;
let nurse: StaffMember;
let desk: Visitor;

beforeAll(async () => {
  service = await startService({ workers: false, clock });
  raw = await openDatabase(service);
});
beforeEach(async () => {
  clock.release();
  clinic = await createClinic(service);
  nurse = await addStaff(service, clinic, { id: 'A1', roles: ['clinician'] });
  desk = await staffVisitor(service, nurse);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const wrong = { name: 'Tilde Testperson', number: '198112189875' };

/** Posts a form as it is, without going where it leads. */
async function posted(browser: Visitor, headers: Record<string, string> = {}) {
  const page = await browser.get('/desk/people/add');
  const response = await fetch(`${service.apiUrl}/desk/people/add`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      'sec-fetch-site': 'same-origin',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
    body: new URLSearchParams({ ...formIn(page, '/desk/people/add'), ...wrong }),
  });
  return { status: response.status, address: response.headers.get('location') ?? '' };
}

it('E2 a form with something wrong leads on to its page, which is the same however often it is asked for', async () => {
  const { status, address } = await posted(desk);
  expect([status, address]).toEqual([303, expect.stringMatching(/^\/desk\/answers\/[\w-]{22}$/)]);
  const people = await raw.db.collection('people').countDocuments();
  for (let times = 0; times < 2; times += 1) {
    const shown = await desk.get(address);
    expect([shown.status, Object.keys(problemsIn(shown))]).toEqual([422, ['number']]);
    expect(shown.text).toContain('value="Tilde Testperson"');
    expect(shown.headers.get('cache-control')).toContain('no-store');
  }
  expect(await raw.db.collection('people').countDocuments()).toBe(people);
  // From there one goes on as from the form itself.
  const right = await desk.submit(await desk.get(address), '/desk/people/add', {
    ...wrong,
    number: testPeople.patient,
    sms: 'asked',
  });
  expect(right.location).toMatch(/^\/desk\/people\/[\w-]{22}\?said=added$/);
  expect(await raw.audit({ operation: 'form.show-answer', clinicId: clinic.clinicId })).toHaveLength(3);
});

it('R8.1 it is shown to the same login alone, for ten minutes, and not with other roles', async () => {
  const { address } = await posted(desk);
  const colleague = await staffVisitor(
    service,
    await addStaff(service, clinic, { id: 'B1', roles: ['clinician'] }),
  );
  const another = await staffVisitor(service, nurse);
  for (const browser of [colleague, another]) {
    const none = await browser.get(address);
    expect([none.status, none.text.includes('Tilde')]).toEqual([404, false]);
  }
  const stranger = await fetch(`${service.apiUrl}${address}`, { headers: { accept: 'text/html' } });
  expect([stranger.status, (await stranger.text()).includes('Tilde')]).toEqual([401, false]);

  await raw.db
    .collection<{ _id: string }>('staff')
    .updateOne({ _id: nurse.memberId }, { $set: { roles: ['booker'] } });
  expect((await desk.get(address)).status).toBe(404);
  await raw.db
    .collection<{ _id: string }>('staff')
    .updateOne({ _id: nurse.memberId }, { $set: { roles: ['clinician'] } });
  expect((await desk.get(address)).status).toBe(422);
  clock.passMs(10 * MINUTE);
  const late = await desk.get(address);
  expect([late.status, readOf(late).includes('Tilde')]).toEqual([404, false]);
});

it('nothing of it can be read in the database', async () => {
  await posted(desk);
  const rows = await raw.db.collection<{ sealed: { buffer: Uint8Array } }>('answeredPages').find().toArray();
  expect(rows.length).toBeGreaterThan(0);
  for (const { sealed } of rows) {
    expect(sealed.buffer.byteLength).toBeGreaterThan(1_000);
    expect(Buffer.from(sealed.buffer).toString('latin1')).not.toContain('Tilde');
  }
});
