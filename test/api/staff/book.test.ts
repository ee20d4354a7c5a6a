import { createClinic } from '../../support/clinic';
import { filledForm, problemsIn, readOf, titleOf } from '../../support/desk-forms';
import { testPeople, type Shown } from '../../support/patient';
import { addStaff, staffVisitor } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { TemporalUnavailable } from '../../../temporal/gateway';
import { suitabilityQuestions } from '../../../rules/suitability';
import { clockChange, DAY, HOUR, inMs } from '../helpers';

import {
  type Fields,
  ADULT,
  CHECK,
  CHILD,
  CONFIRM,
  atDesk,
  confirm,
  fillIn,
  form,
  meetingOf,
  meetingsOf,
  raw,
  service,
  suits,
  tenIn,
  timeAt,
  withBookingDesk,
} from './book-desk';

/** A meeting is booked with the desk alone (R1.1–R1.3; issue 17). */
withBookingDesk();

it('R1.1 a meeting is booked: form, a look at all of it, receipt; the same form posted twice books once', async () => {
  const { clinic, desk, member } = await atDesk();
  const formId = await clinic.addForm();
  const patientId = await clinic.addPatient({ mobile: '+46701740605' });
  const page = await desk.get(form(patientId));
  expect(readOf(page)).toMatch(/Boka möte Tolvan Testperson Född 1980-05-17/);
  expect(filledForm(page, CHECK)).toMatchObject({
    staff: member.staffIds[0],
    duration: '30',
    feeCode: 'visit',
    correspondsToVisit: 'yes',
  });

  const looked = await fillIn(desk, patientId, { forms: formId, reference: 'PAS-1', duration: '45' });
  expect([looked.status, titleOf(looked)]).toEqual([200, 'Kontrollera bokningen – Digitalt vårdmöte']);
  const shown = readOf(looked);
  for (const part of [
    /kl\. 10\.00–10\.45 \(45 minuter\)/,
    /Personal Anna Ek, sjuksköterska/,
    /Formulär som ska fyllas i Inför mötet/,
    /Om patienten kommer \(Besök\) 300 kr/,
    /Om patienten uteblir \(Besök\) 400 kr/,
    /Patient, med sms till 070-174 06 05 Besked om tiden: /,
    /Påminnelse samma dag: .* kl\. 07\.00/,
    /Påminnelse strax före: .* kl\. 09\.45/,
    /När mötet börjar, .*kl\. 10\.00/,
    /Er egen referens PAS-1/,
  ])
    expect(shown).toMatch(part);
  expect(await meetingsOf(clinic)).toBe(0);
  expect(await raw.audit({ clinicId: clinic.clinicId, operation: 'meeting.book' })).toEqual([]);

  const booked = await confirm(desk, looked);
  expect([booked.status, booked.location]).toEqual([
    303,
    expect.stringMatching(/^\/desk\/book\/done\/[\w-]{22}$/),
  ]);
  expect((await confirm(desk, looked)).location).toBe(booked.location);
  expect(await meetingsOf(clinic)).toBe(1);
  expect(await meetingOf(clinic, booked)).toMatchObject({
    startAt: new Date(tenIn(3)).toISOString(),
    patientId,
    participants: [
      { role: 'patient', personId: patientId },
      { role: 'staff', staffId: member.staffIds[0] },
    ],
    formIds: [formId],
    terms: {
      agreed: true,
      toldOfFee: true,
      correspondsToVisit: true,
      feeCode: 'visit',
      interpreterNeeded: false,
    },
    reference: 'PAS-1',
    bookedBy: member.staffIds[0],
  });
  const receipt = await desk.get(booked.location!);
  expect(readOf(receipt)).toMatch(/Mötet är bokat .* kl\. 10\.00 Tolvan Testperson med Anna Ek/);
  expect(receipt.text).toContain(`href="/desk/meetings/${booked.location!.slice(-22)}"`);
  expect(await raw.audit({ clinicId: clinic.clinicId, operation: 'meeting.book' })).toContainEqual(
    expect.objectContaining({ personId: patientId, staffId: member.staffIds[0], loggedIn: true }),
  );
});

it('all that is wrong is told at its field, what was typed stays, and nothing is booked', async () => {
  const { clinic, desk, member } = await atDesk({ roles: ['booker'] });
  const patientId = await clinic.addPatient();
  const before = await raw.contents();
  const typed: Fields = {
    'date.year': '2027',
    'date.month': '2',
    'date.day': '30',
    clock: 'tio',
    duration: 'en timme',
    feeCode: '',
    reference: '19811218-9876',
    noticeHours: '-1',
    interpreterNeeded: 'yes',
  };
  const refused = await fillIn(desk, patientId, { ...typed, 'suits.enough-known': '' });
  expect(refused.status).toBe(422);
  expect(Object.keys(problemsIn(refused))).toEqual([
    'date',
    'clock',
    'duration',
    'feeCode',
    'addStaff',
    'suits.enough-known',
    'reference',
    'noticeHours',
  ]);
  expect(filledForm(refused, CHECK)).toMatchObject(typed);
  expect(readOf(refused)).toContain('Mötet är inte bokat än');

  const staffId = member.staffIds[0]!;
  const cases: [Fields, Record<string, RegExp>][] = [
    [{ clock: '25.00' }, { clock: /klockslag/ }],
    [timeAt(inMs(-2 * HOUR)), { date: /har redan varit/ }],
    [timeAt(tenIn(900)), { date: /mer än två år/ }],
    [{ interpreterNeeded: 'yes' }, { addRole: /lägg till tolken/ }],
    [{ addRole: 'guest' }, { addRole: /Tryck på Lägg till/ }],
    [{ addNumber: testPeople.relative }, { addRole: /Tryck på Lägg till/ }],
    [{ 'suits.enough-known': '' }, { 'suits.enough-known': /Svara/ }],
    [
      { 'suits.enough-known': 'no', 'suits.follow-up-possible': 'no' },
      {
        'suits.enough-known': /passar inte|inte passar/,
        'suits.follow-up-possible': /Erbjud annan vård/,
      },
    ],
    [{ addStaff: 'somebody-else' }, { addStaff: /finns inte/ }],
    [{ feeCode: 'no-such' }, { feeCode: /finns inte/ }],
    [{ forms: patientId }, { forms: /finns inte/ }],
  ];
  for (const [fields, problems] of cases) {
    const wrong = await fillIn(desk, patientId, { addStaff: staffId, ...fields });
    expect([wrong.status, Object.keys(problemsIn(wrong)).sort()]).toEqual([
      422,
      Object.keys(problems).sort(),
    ]);
    for (const [field, text] of Object.entries(problems)) expect(problemsIn(wrong)[field]).toMatch(text);
  }
  expect(await raw.contents()).toEqual(before);

  // The page behind the look refuses the same, should anything have changed on the way.
  const looked = await fillIn(desk, patientId, { addStaff: staffId });
  const late = await confirm(desk, looked, { 'suits.enough-known': 'no' });
  expect([late.status, Object.keys(problemsIn(late))]).toEqual([422, ['suits.enough-known']]);
  expect(await meetingsOf(clinic)).toBe(0);
  expect((await confirm(desk, await fillIn(desk, patientId, { addStaff: staffId }))).status).toBe(303);
});

it('R1.2 of a child more is asked, with a disability all; what is not asked is not kept', async () => {
  const { clinic, desk, member } = await atDesk();
  const patientId = await clinic.addPatient({ birthDate: inMs(-9 * 365 * DAY).slice(0, 10) }, false);
  const asked = await fillIn(desk, patientId);
  expect(Object.keys(problemsIn(asked)).sort()).toEqual([
    'suits.child-can-be-examined',
    'suits.child-needs-met',
    'suits.child-protected',
  ]);
  const disabled = await fillIn(desk, patientId, { ...suits(CHILD), disability: 'yes' });
  expect(Object.keys(problemsIn(disabled)).sort()).toEqual([
    'suits.able-to-take-part',
    'suits.maturity-assessed',
  ]);
  const looked = await fillIn(desk, patientId, { ...suits(9) });
  const booked = await confirm(desk, looked);
  const { meetingId } = (await meetingOf(clinic, booked)) as { meetingId: string };
  const assessed = await clinic.call('GET', `/clinic/meetings/${meetingId}/suitability`, {
    role: 'operations-manager',
    reason: 'a test',
  });
  expect(assessed.body).toEqual({
    assessedBy: member.staffIds[0],
    disability: false,
    answers: Object.fromEntries(suitabilityQuestions.slice(0, CHILD).map((question) => [question, true])),
  });
});

it('a time that does not exist is refused; of one that comes twice it is asked which', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient();
  const [spring, autumn] = [clockChange(3), clockChange(10)];
  const at = ({ year, month, day }: typeof spring, clock: string) => ({
    'date.year': year,
    'date.month': month,
    'date.day': day,
    clock,
  });
  const skipped = await fillIn(desk, patientId, at(spring, '02.30'));
  expect(problemsIn(skipped)).toEqual({ clock: expect.stringContaining('ställs fram') as string });
  const twice = await fillIn(desk, patientId, at(autumn, '02.30'));
  expect(problemsIn(twice)).toEqual({ which: expect.stringContaining('två gånger') as string });
  expect(readOf(twice)).toContain('Andra gången (vintertid)');

  const day = `${autumn.year}-10-${autumn.day}`;
  for (const [which, instant] of [
    ['first', `${day}T00:30:00.000Z`],
    ['second', `${day}T01:30:00.000Z`],
  ] as const) {
    const looked = await desk.post(CHECK, { ...filledForm(twice, CHECK), which });
    expect(looked.status).toBe(200);
    expect(await meetingOf(clinic, await confirm(desk, looked))).toMatchObject({ startAt: instant });
  }
});

it('R4.2 guardians come by number, an interpreter without a name; staff by their names', async () => {
  const { clinic, desk, member } = await atDesk();
  const doctor = await addStaff(service, clinic, {
    id: 'LÄK',
    staffIds: ['dr-bo'],
    name: 'Bo Berg',
    title: 'läkare',
  });
  await addStaff(service, clinic, {
    id: 'SLUT',
    staffIds: ['gone'],
    name: 'Har Slutat',
    isActive: false,
    login: null,
  });
  const patientId = await clinic.addPatient(
    { birthDate: inMs(-9 * 365 * DAY).slice(0, 10), name: 'Lilla' },
    false,
  );
  const guardianId = await clinic.addPatient({
    name: 'Maria Testperson',
    personalNumber: testPeople.guardian,
    birthDate: undefined,
    mobile: '+46701740606',
  });
  const opened = await desk.get(form(patientId));
  expect(opened.text).toContain('Bo Berg, läkare');
  expect(opened.text).not.toContain('Har Slutat');
  const typed = { ...filledForm(opened, CHECK), ...timeAt(tenIn(3)), ...suits(CHILD), clock: '13' };
  const add = (page: Fields, fields: Fields) => desk.post('/desk/book/add-person', { ...page, ...fields });

  for (const [fields, problem] of [
    [{ addRole: '', addNumber: '' }, 'addRole'],
    [{ addRole: 'guardian', addNumber: '' }, 'addNumber'],
    [{ addRole: 'guardian', addNumber: '19710116-9296' }, 'addNumber'],
    [{ addRole: 'relative', addNumber: testPeople.relative }, 'addNumber'],
  ] as const) {
    const refused = await add(typed, fields);
    expect([refused.status, Object.keys(problemsIn(refused))]).toEqual([422, [problem]]);
    expect(filledForm(refused, CHECK)).toMatchObject({ ...fields, clock: '13' });
  }
  const withGuardian = await add(typed, { addRole: 'guardian', addNumber: '19710116-9295' });
  expect(readOf(withGuardian)).toContain('Vårdnadshavare: Maria Testperson');
  const twice = await add(filledForm(withGuardian, CHECK), {
    addRole: 'relative',
    addNumber: '197101169295',
  });
  expect(Object.keys(problemsIn(twice))).toEqual(['addNumber']);
  const withInterpreter = await add(filledForm(withGuardian, CHECK), { addRole: 'interpreter' });
  expect(readOf(withInterpreter)).toContain('Tolk: utan namn än');
  const withDoctor = await desk.post(CHECK, {
    ...filledForm(withInterpreter, CHECK),
    addStaff: doctor.staffIds[0]!,
    do: 'add-staff',
  });
  expect(withDoctor.status).toBe(200);
  const looked = await desk.post(CHECK, { ...filledForm(withDoctor, CHECK), interpreterNeeded: 'yes' });
  const shown = readOf(looked);
  expect(shown).toContain('Personal Anna Ek, sjuksköterska; Bo Berg, läkare');
  expect(shown).toContain('Fler som deltar Vårdnadshavare: Maria Testperson; Tolk: utan namn än');
  expect(shown).toMatch(/Patient Får inga meddelanden: samtycke till sms saknas/);
  expect(shown).toContain('Vårdnadshavare: Maria Testperson, med sms till 070-174 06 06');

  const back = await desk.post('/desk/book/edit', filledForm(looked, '/desk/book/edit'));
  expect(filledForm(back, CHECK)).toMatchObject({
    clock: '13',
    interpreterNeeded: 'yes',
    staff: [member.staffIds[0], 'dr-bo'],
    people: [`guardian:${guardianId}`, 'interpreter:1'],
  });
  expect(await meetingOf(clinic, await confirm(desk, looked))).toMatchObject({
    participants: [
      { role: 'patient', personId: patientId },
      { role: 'staff', staffId: member.staffIds[0] },
      { role: 'staff', staffId: 'dr-bo' },
      { role: 'guardian', personId: guardianId },
      { role: 'interpreter', personId: null },
    ],
    terms: { interpreterNeeded: true },
  });
  const searches = await raw.audit({ clinicId: clinic.clinicId, operation: 'person.search' });
  expect(searches.map(({ personId }) => personId)).toContain(guardianId);
  const booked = await raw.audit({ clinicId: clinic.clinicId, operation: 'meeting.book' });
  expect(booked.map(({ personId }) => personId).sort()).toEqual([guardianId, patientId].sort());
});

it('R2.2 the answer about SMS is recorded with the booking, and what it changes is told before', async () => {
  const { clinic, desk, member } = await atDesk();
  const patientId = await clinic.addPatient({ mobile: '+46701740607' }, false);
  expect(readOf(await fillIn(desk, patientId))).toContain('samtycke till sms saknas');
  const looked = await fillIn(desk, patientId, { sms: 'asked' });
  expect(readOf(looked)).toContain('Patient, med sms till 070-174 06 07');
  const consentOf = async () =>
    ((await clinic.call('GET', `/clinic/people/${patientId}`)).body as { smsConsent: unknown }).smsConsent;
  expect(await consentOf()).toBeNull();
  expect((await confirm(desk, looked)).status).toBe(303);
  expect(await consentOf()).toMatchObject({ given: true, source: 'asked', recordedBy: member.staffIds[0] });
  const again = await fillIn(desk, patientId, { sms: 'no', ...timeAt(tenIn(5)) });
  expect(readOf(again)).toContain('samtycke till sms saknas');
  await confirm(desk, again);
  expect(await consentOf()).toMatchObject({ given: false });
});

it('R5.5 it is told before what costs nothing, and why', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient();
  const page = await desk.get(form(patientId));
  const looked = await desk.post(CHECK, {
    ...filledForm(page, CHECK),
    ...timeAt(inMs(2 * HOUR)),
    ...suits(ADULT),
  });
  const shown = readOf(looked);
  expect(shown).toMatch(/Om patienten kommer \(Besök\) Inget: tiden är inte överenskommen/);
  expect(shown).toMatch(/uteblir \(Besök\) Inget: .*inte fått veta avgiften.*hinner avboka/);
});

it('a booking at the same time as another is warned of before and after, with the way there', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient();
  const other = await clinic.book({ patientId, startAt: tenIn(3) });
  const looked = await fillIn(desk, patientId, { clock: '10.15' });
  const there = `href="/desk/meetings/${other.meetingId}"`;
  expect(looked.text).toContain(there);
  const booked = await confirm(desk, looked);
  const receipt = await desk.get(booked.location!);
  expect(receipt.text).toContain(there);
  expect(readOf(receipt)).toContain('Patienten har ett annat möte samtidigt');
  const apart = await confirm(desk, await fillIn(desk, patientId, { clock: '14' }));
  expect(readOf(await desk.get(apart.location!))).not.toContain('samtidigt');
});

it('decision 6: while Temporal is away a booking is kept, and the same form tells when it is made', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient();
  const looked = await fillIn(desk, patientId);
  const { startMeeting } = service.temporal;
  service.temporal.startMeeting = () => Promise.reject(new TemporalUnavailable(null));
  let received: Shown;
  try {
    received = await confirm(desk, looked);
  } finally {
    service.temporal.startMeeting = startMeeting;
  }
  expect(received.status).toBe(503);
  expect(readOf(received)).toMatch(/Bokningen är mottagen .*Boka inte igen/);
  const { formKey } = filledForm(looked, CONFIRM);
  expect(filledForm(received, CONFIRM)).toMatchObject({ formKey });
  const made = await waitUntil(
    () => confirm(desk, received),
    ({ status }) => status !== 503 && status !== 409,
  );
  expect(made.location).toMatch(/^\/desk\/book\/done\//);
  expect(await meetingsOf(clinic)).toBe(1);
});

it('R8.8 nobody with protected data is named in a booking', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient({
    name: 'Hemlig Testperson',
    personalNumber: testPeople.patient,
    birthDate: undefined,
    mobile: '+46701740605',
    protectedIdentity: true,
  });
  const looked = await fillIn(desk, patientId);
  const booked = await confirm(desk, looked);
  for (const page of [await desk.get(form(patientId)), looked, await desk.get(booked.location!)]) {
    expect(page.status).toBe(200);
    expect(readOf(page)).toContain('Skyddade personuppgifter');
    expect(page.text).not.toMatch(/Hemlig|1981|070-174|\+46701740605/);
  }
  expect(readOf(looked)).toContain('Får inga meddelanden: personuppgifterna är skyddade');
});

it('another clinic’s people are unknown; stale and tampered pages book nothing; no address tells who it is', async () => {
  const { clinic, desk } = await atDesk();
  const other = await createClinic(service);
  const theirs = await other.addPatient({ name: 'Annan Testperson' });
  const patientId = await clinic.addPatient();
  expect((await desk.get('/desk/book')).location).toBe('/desk/people');
  expect((await desk.get(form(theirs))).status).toBe(404);
  expect((await desk.get(form('nobody'))).status).toBe(404);

  const looked = await fillIn(desk, patientId);
  const typed = filledForm(looked, CONFIRM);
  const before = await raw.contents();
  const withOther = await desk.post(CONFIRM, { ...typed, people: `relative:${theirs}` });
  expect([withOther.status, Object.keys(problemsIn(withOther))]).toEqual([422, ['people']]);
  expect(withOther.text).not.toContain('Annan Testperson');
  expect((await desk.post(CONFIRM, { ...typed, person: theirs })).status).toBe(404);
  for (const [name, value] of [
    ['csrf', 'x'.repeat(43)],
    ['person', 'x'],
    ['people', 'patient:1'],
    ['which', 'third'],
    ['sms', 'always'],
  ] as const)
    expect((await desk.post(CONFIRM, { ...typed, [name]: value })).status).toBe(403);
  expect((await desk.post(CONFIRM, typed, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect(await raw.contents()).toEqual(before);

  const anew = await fillIn(desk, patientId);
  const booked = await confirm(desk, anew);
  const colleague = await staffVisitor(service, await addStaff(service, other, { id: 'ANNAN' }));
  expect((await colleague.get(booked.location!)).status).toBe(404);
  const changed = await confirm(desk, anew, { duration: '60' });
  expect(changed.status).toBe(409);
  expect(readOf(changed)).toContain('redan skickats med annat innehåll');
  expect(await meetingsOf(clinic)).toBe(1);
  expect(service.logLines.join('\n')).not.toMatch(/Tolvan|1980-05-17/);
});
