import { withoutOtherLanguage } from '../../support/desk-forms';
import { randomId } from '../../../platform/keys/random-id';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { createClinic, suitable, testSettings, type TestMeeting } from '../../support/clinic';
import { formIn, type Shown } from '../../support/patient';
import { roomOf } from '../../support/room';
import { addStaff } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { DAY, MINUTE, bornYearsAgo, inMs } from '../helpers';
import {
  at,
  auditOf,
  book,
  booker,
  clinic,
  commandsOf,
  nurse,
  pageOf,
  patientId,
  primaries,
  raw,
  read,
  service,
  stranger,
  withMeetingDesk,
} from './meeting-desk';

/** The meeting's page on the desk, from its room to its registration: by the API's commands (R8.1; design, decision 18). */
withMeetingDesk();

describe('the page', () => {
  it('says whose meeting it is, who takes part, what lacks and what it waits for; nothing of it in the title', async () => {
    const formId = await clinic.addForm();
    const relative = await clinic.addPatient({ name: 'Kim Testsson' });
    const meeting = await book(inMs(3 * DAY), {
      formIds: [formId],
      participants: [
        { role: 'staff', staffId: nurse.staffIds[0] },
        { role: 'relative', personId: relative },
        { role: 'guest' },
      ],
    });
    const page = await (await at(nurse)).get(pageOf(meeting));
    expect(page.status).toBe(200);
    for (const words of [
      'Tolvan Testsson',
      'Född 1980-05-17',
      'Anna Ek, sjuksköterska',
      'Kim Testsson',
      'Svar om tidigare vård saknas',
      'Fyll i tillsammans',
      'Inbjudan är inte besvarad',
      'Patientens svar om tidigare vård',
      'Ett formulär som inte är ifyllt',
      'Mötet bokades',
      'Du bekräftar rummet samma dag som mötet.',
    ])
      expect(page.text).toContain(words);
    const start = inStockholm(new Date((await read(meeting)).startAt)).toFormat('HH.mm');
    expect(/<title>(.*)<\/title>/.exec(page.text)?.[1]).toBe(`Möte ${start} – Digitalt vårdmöte`);
    expect(primaries(page)).toEqual([]);
    expect(page.text.length).toBeLessThan(60_000);
    // R8.2: whoever is named on it can see that it was read, the relative too.
    const rows = await raw.audit({
      operation: 'meeting.read',
      subjectId: meeting.meetingId,
      staffId: 'staff-S001',
    });
    expect(rows.map(({ personId }) => personId).sort()).toEqual([patientId, relative].sort());
    expect(rows.every((row) => 'loggedIn' in row)).toBe(true);
  });

  it('R8.1 shows bookers status and contact, and no way to care content', async () => {
    const meeting = await book(inMs(3 * DAY), { formIds: [await clinic.addForm()] });
    const own = await (await at(nurse)).get(pageOf(meeting));
    expect(own.text).toContain(pageOf(meeting, 'suitability'));
    const page = await (await at(booker)).get(pageOf(meeting));
    expect(page.status).toBe(200);
    expect(page.text).toContain('Tolvan Testsson');
    expect(page.text).not.toMatch(/\/suitability|\/answers/);
  });

  it('R8.1 another clinic’s meeting is no meeting', async () => {
    const other = await createClinic(service);
    const foreign = await addStaff(service, other, {
      id: 'S001',
      roles: ['clinician', 'operations-manager'],
    });
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(foreign);
    for (const page of ['', 'cancel', 'suitability', 'claims', 'times'])
      expect((await browser.get(pageOf(meeting, page))).status).toBe(404);
    expect((await browser.get('/desk/meetings/aaaaaaaaaaaaaaaaaaaaaa')).status).toBe(404);
  });

  it('R7.6 says wherever the patient is under 18 what is never asked', async () => {
    const child = await clinic.addPatient({ name: 'Barn Testsson', birthDate: bornYearsAgo(15) });
    const meeting = await book(inMs(3 * DAY), {
      patientId: child,
      suitability: suitable({ child: true }),
    });
    const grown = await book(inMs(3 * DAY));
    const browser = await at(nurse);
    for (const page of ['', 'consent', 'backup'])
      expect((await browser.get(pageOf(meeting, page))).text).toContain('Fråga aldrig barn och unga om våld');
    expect((await browser.get(pageOf(grown))).text).not.toContain('Fråga aldrig barn och unga om våld');
  });

  it('R8.8 hides one with protected data until the name is asked for, which is logged', async () => {
    const protectedId = await clinic.addPatient({
      name: 'Skyddad Testsson',
      birthDate: '1975-03-04',
      protectedIdentity: true,
    });
    const meeting = await book(inMs(3 * DAY), { patientId: protectedId });
    const browser = await at(nurse);
    for (const page of ['', 'cancel', 'tried', 'consent', 'move']) {
      const shown = await browser.get(pageOf(meeting, page));
      expect(shown.text).toContain('Skyddade personuppgifter');
      expect(shown.text).not.toMatch(/Skyddad Testsson|1975-03-04|070174/);
    }
    const opened = await browser.get(pageOf(meeting, 'name'));
    expect(opened.text).toContain('Skyddad Testsson');
    expect(await auditOf({ operation: 'person.read', personId: protectedId })).toMatchObject({
      staffId: 'staff-S001',
      allowed: true,
    });
    const refused = await (await at(booker)).get(pageOf(meeting, 'name'));
    expect([refused.status, refused.text.includes('Skyddad Testsson')]).toEqual([403, false]);
    expect((await (await at(booker)).get(pageOf(meeting))).text).not.toContain(pageOf(meeting, 'name'));
  });

  it('R2.7 shows how each notice stands with each recipient, and what helps', async () => {
    // Without quiet hours, so that it holds at night.
    const awake = await createClinic(service, {
      noticeRules: { ...testSettings.noticeRules, quietHours: null },
    });
    const member = await addStaff(service, awake, { id: 'S001' });
    const silent = await awake.addPatient({ mobile: null, name: 'Utan Nummersson' }, false);
    const meeting = await awake.book({ patientId: silent, startAt: inMs(3 * DAY) });
    const browser = await at(member);
    const page = await waitUntil(
      () => browser.get(pageOf(meeting)),
      ({ text }) => text.includes('Får inte skickas'),
    );
    expect(page.text).toContain('Mobilnummer saknas.');
    expect(page.text).toContain('Lägg till ett mobilnummer eller en e-postadress.');

    const reached = await awake.book({ patientId: await awake.addPatient(), startAt: inMs(3 * DAY) });
    const told = await waitUntil(
      () => browser.get(pageOf(reached)),
      ({ text }) => text.includes('Framme'),
    );
    // The report by which it arrived is no reason why it did not.
    expect(told.text).not.toContain('kom inte fram');
  });
});

describe('from confirming the room to registering the visit', () => {
  it('R4.7 the room is confirmed by one press, once however often the form comes', async () => {
    const meeting = await book(inMs(10 * MINUTE));
    const browser = await at(nurse);
    const page = await browser.get(pageOf(meeting));
    expect(primaries(page)).toEqual(['Ja, allt stämmer']);
    for (const words of ['markerat som upptaget', 'namnskylt med titel', 'Ansiktet är belyst', 'på distans'])
      expect(page.text).toContain(words);
    const form = formIn(page, pageOf(meeting, 'readiness'));
    const stale = await browser.post(pageOf(meeting, 'readiness'), { ...form, csrf: 'x'.repeat(43) });
    expect([stale.status, (await read(meeting)).clinicReady]).toEqual([403, false]);

    for (let press = 0; press < 2; press += 1) {
      const done = await browser.post(pageOf(meeting, 'readiness'), form);
      expect([done.status, done.location]).toEqual([303, `${pageOf(meeting)}?said=ready`]);
    }
    expect(await commandsOf(meeting, 'meeting.confirm-readiness')).toBe(1);
    expect((await read(meeting)).clinicReady).toBe(true);
    expect(await service.records.evidence.confirmations(meeting.meetingId)).toMatchObject([
      { moment: 'before-opening', by: 'staff-S001' },
    ]);

    const ready = await browser.get(`${pageOf(meeting)}?said=ready`);
    expect(ready.text).toContain('Rummet är bekräftat.');
    expect(primaries(ready)).toEqual(['Gå in i mötet']);
    expect(ready.text).toContain(`href="${pageOf(meeting, 'room')}"`);
    // Who does not take part does not go in; a colleague can take it over.
    expect((await (await at(stranger)).get(pageOf(meeting))).text).toContain(pageOf(meeting, 'take-over'));
    expect(primaries(await (await at(booker)).get(pageOf(meeting)))).toEqual([]);
    // What is said is ours: nobody writes words into the page by its address.
    const hacked = await browser.get(`${pageOf(meeting)}?said=hacked&refused=hacked`);
    expect(withoutOtherLanguage(hacked)).not.toContain('hacked');
  });

  it('R4.7 each point is kept, and the room is remembered for the day, of the same member of staff', async () => {
    // Members of their own: what others have confirmed today is nobody else's.
    const [own, colleague] = [
      await addStaff(service, clinic, { id: 'S010', name: 'Cia Dal' }),
      await addStaff(service, clinic, { id: 'S011', name: 'Disa Ek' }),
    ];
    const participants = [own, colleague].map(({ staffIds }) => ({ role: 'staff', staffId: staffIds[0] }));
    const [first, second, third] = [
      await book(inMs(10 * MINUTE), { participants }),
      await book(inMs(11 * MINUTE), { participants }),
      await book(inMs(12 * MINUTE), { participants }),
    ];
    const browser = await at(own);
    const submit = (page: Shown, meeting: TestMeeting, fields: Record<string, string>) =>
      browser.submit(page, pageOf(meeting, 'readiness'), fields);
    const page = await browser.get(pageOf(first));
    const wrong = await submit(page, first, { inRoom: 'x'.repeat(61) });
    expect(wrong.location).toBe(`${pageOf(first, 'readiness')}?refused=no-room-name`);
    expect((await browser.get(wrong.location!)).text).toContain('Rummet är inte bekräftat än.');
    expect((await submit(page, first, { inRoom: ' Rum 3 ' })).location).toBe(`${pageOf(first)}?said=ready`);
    const confirmed = (meeting: TestMeeting) => service.records.evidence.confirmations(meeting.meetingId);
    const points = ['room', 'background', 'clothing', 'nameBadge', 'faceLit', 'upperBody', 'markedOccupied'];
    expect(await confirmed(first)).toMatchObject([{ by: 'staff-S010', inRoom: 'Rum 3', points }]);
    expect((await browser.get(pageOf(first))).text).toContain(
      'Personalen bekräftade: rummet (Rum 3, ingen annan hör eller ser, bakgrunden',
    );

    // The next one of the day: one press, which names the room. All the points stay a press away.
    for (const address of [pageOf(second), pageOf(second, 'readiness'), pageOf(second, 'room')]) {
      const again = await browser.get(address);
      expect(again.text).toMatch(/Du bekräftade rummet i dag kl\. \d\d\.\d\d: Rum 3\./);
      expect(again.text).toMatch(/<details><summary>Ett annat rum[^]*Ansiktet är belyst/);
    }
    const remembered = await browser.get(pageOf(second));
    expect(primaries(remembered)).toEqual(['Ja, samma rum och allt stämmer']);
    expect((await submit(remembered, second, {})).location).toBe(`${pageOf(second)}?said=ready`);
    expect(await confirmed(second)).toMatchObject([{ by: 'staff-S010', inRoom: 'Rum 3', points }]);
    // That all present are entitled is asked at each start all the same.
    expect((await browser.get(pageOf(second, 'room'))).text).toContain('Ja, alla har rätt att vara med');

    // Nothing of it is the colleague's, nor another day's.
    const others = await at(colleague);
    expect(primaries(await others.get(pageOf(third)))).toEqual(['Ja, allt stämmer']);
    await raw.db
      .collection('confirmations')
      .updateMany({ by: 'staff-S010' }, { $set: { day: '2020-01-01' } });
    expect(primaries(await browser.get(pageOf(third)))).toEqual(['Ja, allt stämmer']);

    // At a distance the closed door is a line of its own, in place of the mark at the room's door.
    await submit(await browser.get(pageOf(third)), third, { atDistance: 'yes' });
    expect(await confirmed(third)).toMatchObject([
      { inRoom: null, points: [...points.slice(0, -1), 'closedDoor'] },
    ]);
    const fourth = await book(inMs(13 * MINUTE), { participants });
    expect((await browser.get(pageOf(fourth))).text).toMatch(
      /Du bekräftade rummet i dag kl\. [\d.]+: på distans\./,
    );
  });

  it('R4.7 whoever confirms for a colleague is not taken to sit there', async () => {
    const helper = await addStaff(service, clinic, { id: 'S012', name: 'Eva Fors' });
    const browser = await at(helper);
    const meeting = await book(inMs(10 * MINUTE));
    await browser.submit(await browser.get(pageOf(meeting, 'readiness')), pageOf(meeting, 'readiness'), {
      inRoom: 'Rum 9',
    });
    expect((await read(meeting)).clinicReady).toBe(true);
    const next = await book(inMs(11 * MINUTE), {
      participants: [{ role: 'staff', staffId: helper.staffIds[0] }],
    });
    expect(primaries(await browser.get(pageOf(next)))).toEqual(['Ja, allt stämmer']);
  });

  it('R5.1, R5.11 the outcome is stated, then the visit registered, and both once', async () => {
    const meeting = await book(inMs(10 * MINUTE));
    const room = await roomOf(service, meeting.meetingId);
    expect(await room.joined(meeting.patientParticipantId, new Date())).toBe(204);
    const browser = await at(nurse);
    const choose = await browser.get(pageOf(meeting, 'outcome'));
    // What it rests on stands beside the choice.
    expect(choose.text).toContain('Kom in i rummet: Patient');
    expect((await browser.get(pageOf(meeting))).text).toContain('I rummet sedan kl.');
    const unchosen = await browser.submit(choose, pageOf(meeting, 'outcome'));
    expect([unchosen.status, unchosen.text.includes('Välj vad mötet blev.')]).toEqual([422, true]);
    const early = await browser.submit(choose, pageOf(meeting, 'outcome'), { outcome: 'no-show' });
    expect(early.location).toBe(`${pageOf(meeting)}?refused=too-early`);
    expect((await browser.get(early.location!)).text).toContain('Det är för tidigt för det.');
    expect((await read(meeting)).outcome).toBeNull();

    const again = await browser.get(pageOf(meeting, 'outcome'));
    const done = await browser.submit(again, pageOf(meeting, 'outcome'), { outcome: 'completed' });
    expect(done.location).toBe(`${pageOf(meeting)}?said=outcome`);
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'completed' });
    const page = await browser.get(done.location!);
    expect(primaries(page)).toEqual(['Ja, i PAS och journalen']);
    const form = formIn(page, pageOf(meeting, 'registered'));
    for (let press = 0; press < 2; press += 1)
      expect((await browser.post(pageOf(meeting, 'registered'), form)).location).toBe(
        `${pageOf(meeting)}?said=registered`,
      );
    expect(await commandsOf(meeting, 'meeting.register-visit')).toBe(1);
    expect((await read(meeting)).registration).toMatchObject({ state: 'registered' });
    const over = await browser.get(pageOf(meeting));
    expect(over.text).toContain('Besöket är registrerat i PAS och journalen.');
    expect(primaries(over)).toEqual([]);
    // Of a visit that is registered nothing is stated anew.
    const late = await browser.submit(again, pageOf(meeting, 'outcome'), {
      outcome: 'clinic-absent',
      formKey: randomId(),
    });
    expect(late.location).toBe(`${pageOf(meeting)}?refused=ended`);
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'completed' });
  });

  it('R5.1 a correction is made with the evidence before one’s eyes, and not over another’s', async () => {
    const meeting = await book(inMs(10 * MINUTE));
    const browser = await at(nurse);
    expect((await browser.get(pageOf(meeting, 'correct'))).location).toBe(
      `${pageOf(meeting)}?refused=not-ended`,
    );
    const state = await browser.get(pageOf(meeting, 'outcome'));
    await browser.submit(state, pageOf(meeting, 'outcome'), { outcome: 'completed' });
    const page = await browser.get(pageOf(meeting, 'correct'));
    expect(page.text).toContain('Vad som har hänt');
    const nothing = await browser.submit(page, pageOf(meeting, 'correct'));
    expect(nothing.status).toBe(422);
    for (const words of ['Välj vad mötet blev.', 'Välj ett skäl.']) expect(nothing.text).toContain(words);
    const noWay = await browser.submit(page, pageOf(meeting, 'correct'), {
      outcome: 'back-up-routine',
      reason: 'wrong-entry',
    });
    expect([noWay.status, noWay.text.includes('Välj ett sätt som passar patienten.')]).toEqual([422, true]);
    expect((await read(meeting)).corrections).toEqual([]);

    const fields = { outcome: 'clinic-absent', reason: 'wrong-entry' };
    const corrected = await browser.submit(page, pageOf(meeting, 'correct'), fields);
    expect(corrected.location).toMatch(/\?(said=corrected|refused=not-carried-out-yet)$/);
    const second = await browser.submit(page, pageOf(meeting, 'correct'), {
      outcome: 'no-show',
      reason: 'other',
      formKey: randomId(),
    });
    expect(second.location).toBe(`${pageOf(meeting)}?refused=corrected-meanwhile`);
    expect((await service.records.meetings.get(meeting.meetingId)).corrections).toMatchObject([
      { outcome: 'clinic-absent', was: 'completed', by: 'staff-S001', reason: 'wrong-entry' },
    ]);
    const shown = await waitUntil(
      () => browser.get(pageOf(meeting)),
      ({ text }) => text.includes('href="/desk/invoices/'),
    );
    expect(shown.text).toContain('href="/desk/tasks/');
    expect(shown.text).toMatch(/Rättat .* av Anna Ek: från Genomfört till Mottagningen kom inte/);
  });

  it('R4.7, R5.1 what was meant for another time of the meeting is not done for this one', async () => {
    const meeting = await book(inMs(10 * MINUTE));
    const browser = await at(nurse);
    const [page, outcome, backUp] = [
      await browser.get(pageOf(meeting)),
      await browser.get(pageOf(meeting, 'outcome')),
      await browser.get(pageOf(meeting, 'backup')),
    ];
    const body = { by: 'clinic', startAt: inMs(12 * MINUTE) };
    expect((await clinic.call('POST', `${meeting.path}/rebook`, { body })).status).toBe(200);
    for (const [shown, to, fields] of [
      [page, 'readiness', {}],
      [outcome, 'outcome', { outcome: 'completed' }],
      [backUp, 'backup', { way: 'telephone' }],
    ] as const)
      expect((await browser.submit(shown, pageOf(meeting, to), fields)).location).toBe(
        `${pageOf(meeting)}?refused=moved-meanwhile`,
      );
    expect(await read(meeting)).toMatchObject({ clinicReady: false, outcome: null, startVersion: 2 });
  });

  it('R4.6 the back-up routine is switched to in a way that suits the person, and in no other', async () => {
    const deaf = await clinic.addPatient({ name: 'Döv Testsson', unsuitableWays: ['telephone'] });
    const meeting = await book(inMs(10 * MINUTE), { patientId: deaf });
    const browser = await at(nurse);
    const page = await browser.get(pageOf(meeting, 'backup'));
    expect(page.text).toContain('Passar inte patienten: telefon.');
    expect(page.text).not.toContain('value="telephone"');
    expect((await browser.submit(page, pageOf(meeting, 'backup'))).status).toBe(422);
    const forged = await browser.submit(page, pageOf(meeting, 'backup'), { way: 'telephone' });
    expect(forged.location).toBe(`${pageOf(meeting)}?refused=does-not-suit-the-person`);
    expect((await read(meeting)).outcome).toBeNull();
    const again = await browser.get(pageOf(meeting, 'backup'));
    const done = await browser.submit(again, pageOf(meeting, 'backup'), { way: 'text-thread' });
    expect(done.location).toBe(`${pageOf(meeting)}?said=backup`);
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'back-up-routine', way: 'text-thread' });
  });
});
