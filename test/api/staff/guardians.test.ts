import { createClinic, suitable, type TestClinic } from '../../support/clinic';
import { filledForm, problemsIn, readOf } from '../../support/desk-forms';
import { openCase } from '../../support/cases';
import { testPeople, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import type { DeskRole } from '../../../rules/staff';
import { bornYearsAgo, inMs, MINUTE, openDatabase, type RawDatabase } from '../helpers';

/** Staff stop a guardian on the desk, and see that one is stopped wherever they look (R7.3, R8.1, R8.2). */
let service: Service;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService({ workers: false });
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

let members = 0;
async function deskOf(clinic: TestClinic, roles: DeskRole[] = ['clinician']): Promise<Visitor> {
  members += 1;
  return staffVisitor(service, await addStaff(service, clinic, { id: `G${members}`, roles }));
}

const why = 'Barnet har berättat';

/** A child with a guardian in a meeting that the member of staff has. */
async function family(roles: DeskRole[] = ['clinician'], withMeeting = true) {
  const clinic = await createClinic(service, { doorOpensMinutesBefore: 60 });
  const desk = await deskOf(clinic, roles);
  const childId = await clinic.addPatient({ name: 'Bo Barnsson', birthDate: bornYearsAgo(8) }, false);
  const guardianId = await clinic.addPatient({
    name: 'Vera Vårdnad',
    personalNumber: testPeople.guardian,
    birthDate: undefined,
  });
  const meeting = withMeeting
    ? await clinic.book({
        patientId: childId,
        startAt: inMs(10 * MINUTE),
        suitability: suitable({ child: true }),
        participants: [
          { role: 'staff', staffId: `staff-G${members}` },
          { role: 'guardian', personId: guardianId },
        ],
      })
    : null;
  const address = `/desk/people/${childId}/guardians`;
  return { clinic, desk, childId, guardianId, meeting, address, person: `/desk/people/${childId}` };
}
const stopsOf = async ({ call }: TestClinic, personId: string) =>
  (await call('GET', `/clinic/people/${personId}`)).body.guardianStops as object[];

it.each([['booker'], ['clinician'], ['operations-manager']] as const)(
  'R7.3 a %s stops a guardian whom the clinic knows and lifts it again, each with a receipt and in the log',
  async (role) => {
    const { clinic, desk, childId, guardianId, address, person } = await family([role]);
    expect((await desk.get(person)).text).toContain(`href="${address}"`);
    const page = await desk.get(address);
    expect(readOf(page)).toMatch(/Vera Vårdnad.*Inte stoppad/);
    expect(await raw.audit({ operation: 'person.read', personId: guardianId })).toMatchObject([
      { subjectId: childId, loggedIn: true },
    ]);
    const stopped = await desk.submit(page, address, { guardian: guardianId, reason: why });
    expect([stopped.status, stopped.location]).toEqual([303, `${person}?said=stopped`]);
    const receipt = readOf(await desk.get(stopped.location!));
    expect(receipt).toMatch(/Vårdnadshavaren är stoppad.*En vårdnadshavare är stoppad/);
    expect(receipt).not.toContain(why);
    expect(await stopsOf(clinic, childId)).toMatchObject([{ guardianId, liftedAt: null }]);

    const after = await desk.get(address);
    expect(readOf(after)).toMatch(/Vera Vårdnad.*Stoppad sedan/);
    expect(readOf(after)).not.toContain(why);
    expect(after.text.includes(`${address}/reasons`)).toBe(role !== 'booker');
    const lifted = await desk.submit(after, `${address}/allow`);
    expect(lifted.location).toBe(`${person}?said=allowed`);
    expect(readOf(await desk.get(lifted.location!))).toContain('Stoppet är hävt.');
    expect(readOf(await desk.get(person))).not.toContain('En vårdnadshavare är stoppad');
    expect(await stopsOf(clinic, childId)).toMatchObject([{ liftedAt: expect.any(String) as string }]);
    for (const operation of ['person.stop-guardian', 'person.allow-guardian']) {
      const rows = await raw.audit({ operation, personId: childId });
      expect(rows.map(({ subjectId }) => subjectId)).toEqual([childId, guardianId]);
      expect(rows).toMatchObject([
        { role, loggedIn: true },
        { role, loggedIn: true },
      ]);
    }
    expect(await raw.audit({ operation: 'person.stop-guardian', personId: guardianId })).toEqual([]);
  },
);

it('R7.3 somebody is stopped by number before they take part in anything; what is wrong is told at its field', async () => {
  const { clinic, desk, childId, guardianId, address, person } = await family(['booker'], false);
  const page = await desk.get(address);
  expect(readOf(page)).toContain('Mottagningen känner inte till någon vårdnadshavare.');
  const problems = async (fields: Record<string, string>) => {
    const refused = await desk.submit(page, address, { number: '', reason: why, ...fields });
    return [refused.status, problemsIn(refused)];
  };
  const number = '19710116-9295';
  expect(await problems({})).toEqual([422, { number: 'Välj vem som ska stoppas, eller skriv numret.' }]);
  expect(await problems({ number, reason: ' ' })).toEqual([
    422,
    { reason: 'Skriv varför, med högst 300 tecken.' },
  ]);
  expect(Object.keys((await problems({ number, reason: 'x'.repeat(301) }))[1]!)).toEqual(['reason']);
  expect(await problems({ number: '19710116-9296' })).toEqual([
    422,
    { number: 'Numret stämmer inte. Kontrollera siffrorna.' },
  ]);
  expect(await problems({ number: testPeople.stranger })).toEqual([
    422,
    { number: 'Mottagningen har ingen person med det numret. Lägg till personen först.' },
  ]);
  expect(await stopsOf(clinic, childId)).toEqual([]);
  const kept = await desk.submit(page, address, { number: testPeople.stranger, reason: why });
  expect(filledForm(kept, address)).toMatchObject({ number: testPeople.stranger, reason: why });

  const stopped = await desk.submit(kept, address, { number, reason: why });
  expect(stopped.location).toBe(`${person}?said=stopped`);
  expect(await stopsOf(clinic, childId)).toMatchObject([{ guardianId }]);
  const twice = await desk.submit(await desk.get(address), address, { number, reason: 'Igen' });
  expect(twice.location).toBe(`${person}?said=stopped`);
  expect(await stopsOf(clinic, childId)).toHaveLength(1);
  // R7.10: in the guardian's own log nothing but that staff read who they are.
  const own = (await raw.audit({ personId: guardianId, clinicId: clinic.clinicId })).map(
    ({ operation }) => operation,
  );
  expect([...new Set(own)].sort()).toEqual(['person.add', 'person.read', 'person.record-sms-consent']);
});

it('R8.1 why is for those who care for the child; another clinic’s child and guardian are nobody’s', async () => {
  const { clinic, desk, childId, guardianId, address } = await family();
  await desk.submit(await desk.get(address), address, { guardian: guardianId, reason: why });
  const reasons = await desk.get(`${address}/reasons`);
  expect(readOf(reasons)).toMatch(/Vera Vårdnad.*Barnet har berättat/);
  expect(await raw.audit({ operation: 'person.read-guardian-stops', personId: childId })).toMatchObject([
    { allowed: true, loggedIn: true },
  ]);
  expect(await raw.audit({ operation: 'person.read-guardian-stops', personId: guardianId })).toEqual([]);
  expect((await (await deskOf(clinic, ['booker'])).get(`${address}/reasons`)).status).toBe(403);
  expect((await (await deskOf(clinic, ['clinician'])).get(`${address}/reasons`)).status).toBe(403);

  const elsewhere = await family();
  expect((await elsewhere.desk.get(address)).status).toBe(404);
  const page = await elsewhere.desk.get(elsewhere.address);
  const form = filledForm(page, elsewhere.address);
  const before = await stopsOf(clinic, childId);
  expect((await elsewhere.desk.post(address, { ...form, reason: why })).status).toBe(404);
  expect(await stopsOf(clinic, childId)).toEqual(before);
  const strange = await elsewhere.desk.submit(page, elsewhere.address, {
    guardian: guardianId,
    reason: why,
  });
  expect(strange.status).toBe(422);
  expect(await stopsOf(elsewhere.clinic, elsewhere.childId)).toEqual([]);
});

it('R7.3 the meeting’s page and the room mark who is stopped; in the room staff are told at once', async () => {
  const { clinic, desk, childId, guardianId, meeting, address } = await family();
  const { path, meetingId } = meeting!;
  const { participants } = await service.records.meetings.get(meetingId);
  const place = participants.find(({ personId }) => personId === guardianId)!.participantId;
  const roomPath = `/desk/meetings/${meetingId}/room`;
  const key = async () =>
    (
      JSON.parse((await desk.get(`${roomPath}/status`, { accept: 'application/json' })).text) as {
        key: string;
      }
    ).key;
  const room = await roomOf(service, meetingId);
  await room.joined(place, new Date());
  await waitUntil(
    async () => readOf(await desk.get(roomPath)),
    (text) => text.includes('I rummet'),
  );
  const before = await key();
  expect(readOf(await desk.get(roomPath))).not.toContain('Får inte delta');
  expect(readOf(await desk.get(`/desk/meetings/${meetingId}`))).not.toContain('stoppad');
  await desk.submit(await desk.get(address), address, { guardian: guardianId, reason: why });
  // The page asks for this key every few seconds, also in the call.
  expect(await key()).not.toBe(before);
  const shown = readOf(await desk.get(roomPath));
  expect(shown).toContain('Får inte delta');
  expect(shown).toContain('Någon som inte får delta är kvar i rummet.');
  expect(readOf(await desk.get(`/desk/meetings/${meetingId}`))).toContain(
    'Får inte delta: stoppad av personal',
  );
  // The clinic's system still reads who was booked.
  const read = (await clinic.call('GET', path)).body as { participants: { personId: string }[] };
  expect(read.participants.map(({ personId }) => personId)).toContain(guardianId);
  await room.left(place, new Date());
  await waitUntil(
    async () => readOf(await desk.get(roomPath)),
    (text) => !text.includes('Någon som inte får delta är kvar'),
  );
  await clinic.call('POST', `/clinic/people/${childId}/guardian-stops/lift`, { body: { guardianId } });
  expect(readOf(await desk.get(roomPath))).not.toContain('Får inte delta');
});

it('R7.3 a case marks a stopped guardian, and none is opened or booked with one', async () => {
  const { clinic, desk, childId, guardianId, address } = await family();
  const { caseId } = await openCase(clinic, childId, { guardianIds: [guardianId] });
  const form = `/desk/cases/open/${childId}`;
  expect(readOf(await desk.get(form))).toContain('Vera Vårdnad');
  const open = await desk.get(form);
  await desk.submit(await desk.get(address), address, { guardian: guardianId, reason: why });
  expect(readOf(await desk.get(`/desk/cases/${caseId}`))).toContain(
    'Vera Vårdnad (får inte längre läsa eller skriva)',
  );
  expect(readOf(await desk.get(form))).not.toContain('Vera Vårdnad');
  const fields = { subject: 'Fråga', text: 'Hej', guardians: guardianId };
  const chosen = await desk.submit(open, form, fields);
  const byNumber = await desk.submit(await desk.get(form), form, {
    subject: 'Fråga',
    text: 'Hej',
    guardianNumber: testPeople.guardian,
  });
  for (const refused of [chosen, byNumber]) {
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Vårdnadshavaren är stoppad för det här barnet. Välj någon annan.');
  }
  expect(
    await service.records.cases.ofPeople([{ clinicId: clinic.clinicId, personId: childId }], 9),
  ).toHaveLength(1);
});
