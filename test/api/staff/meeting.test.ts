import { randomId } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import { inStockholm } from '../../../rules/calendar/stockholm';
import {
  createClinic,
  suitable,
  testSettings,
  type TestClinic,
  type TestMeeting,
} from '../../support/clinic';
import { formIn, type Shown, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { readMeeting, tasksOf } from '../clinic/after-meetings';
import {
  DAY,
  HOUR,
  MINUTE,
  bornYearsAgo,
  inMs,
  openDatabase,
  testClock,
  type AuditRow,
  type RawDatabase,
} from '../helpers';

/** The meeting's page on the desk, and its acts: by the same commands as the API (R8.1; design, decision 18). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let nurse: StaffMember;
let stranger: StaffMember;
let booker: StaffMember;
let manager: StaffMember;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  nurse = await addStaff(service, clinic, { id: 'S001', name: 'Anna Ek' });
  stranger = await addStaff(service, clinic, { id: 'S002', name: 'Bo Berg' });
  booker = await addStaff(service, clinic, { id: 'R001', roles: ['booker'] });
  manager = await addStaff(service, clinic, { id: 'V001', roles: ['operations-manager'] });
  patientId = await clinic.addPatient({ name: 'Tolvan Testsson' });
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const at = (member: StaffMember): Promise<Visitor> => staffVisitor(service, member);
const book = (startAt: string, more: object = {}): Promise<TestMeeting> =>
  clinic.book({
    patientId,
    startAt,
    participants: [{ role: 'staff', staffId: nurse.staffIds[0] }],
    ...more,
  });
const pageOf = ({ meetingId }: TestMeeting, page = ''): string =>
  `/desk/meetings/${meetingId}${page && `/${page}`}`;
const read = (meeting: TestMeeting) => readMeeting(clinic, meeting);
const commandsOf = ({ meetingId }: TestMeeting, operation: string): Promise<number> =>
  raw.db.collection('commands').countDocuments({ meetingId, operation });
const auditOf = async (filter: object): Promise<AuditRow | undefined> => (await raw.audit(filter)).at(-1);
/** A day and a clock time as one types them. */
const typed = (name: string, instant: string): Record<string, string> => {
  const local = inStockholm(new Date(instant));
  return {
    [`${name}.year`]: local.toFormat('yyyy'),
    [`${name}.month`]: local.toFormat('M'),
    [`${name}.day`]: local.toFormat('d'),
    [`${name}.clock`]: local.toFormat('H.mm'),
  };
};
const asked = (path: string, fields: Record<string, string>): string =>
  `${path}?${new URLSearchParams(fields).toString()}`;
/** To the minute, as it is typed. */
const minuteFrom = (ms: number, now = new Date()): string =>
  new Date(Math.floor((now.getTime() + ms) / MINUTE) * MINUTE).toISOString();
/** Primary buttons, and links that look like one: the next step (docs/pages.md). The lock is hidden (R8.8). */
const primaries = ({ text }: Shown): string[] =>
  [
    ...(/<main[^]*?(?=<section id="lock")/.exec(text)?.[0] ?? '').matchAll(
      /<button type="submit"(?! class)[^>]*>([^]*?)<\/button>|<a [^>]*class="button"[^>]*>([^]*?)<\/a>/g,
    ),
  ].map(([, button, link]) => (button ?? link ?? '').replace(/<[^>]*>/g, ''));

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
    expect((await browser.get(`${pageOf(meeting)}?said=hacked&refused=hacked`)).text).not.toContain('hacked');
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

describe('cancel and move', () => {
  it('R5.3 says what it costs as a time line, then by when it came in, and cancels once', async () => {
    const meeting = await book(inMs(3 * DAY));
    clock.passMs(2 * DAY + 6 * HOUR);
    const browser = await at(nurse);
    const choice = await browser.get(pageOf(meeting, 'cancel'));
    expect(choice.text).toMatch(
      /Till \S+ \d+ \S+ kl\. \d\d\.\d\d<\/span>Det kostar patienten inget\..*Efter det<\/span>Det kostar patienten 400 kr\./su,
    );
    expect((await browser.get(pageOf(meeting, 'cancel/confirm'))).status).toBe(422);
    const clinics = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'clinic' }));
    expect(clinics.text).toContain('Det kostar patienten inget.');
    const now = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'patient' }));
    expect(now.text).toContain('Det kostar patienten 400 kr.');
    const saidBefore = minuteFrom(-12 * HOUR, clock.now());
    const earlier = { by: 'patient', when: 'earlier', ...typed('at', saidBefore) };
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), earlier));
    expect(confirm.text).toContain('Det kostar patienten inget.');
    const future = { ...earlier, ...typed('at', minuteFrom(HOUR, clock.now())) };
    expect((await browser.get(asked(pageOf(meeting, 'cancel/confirm'), future))).status).toBe(422);

    // Not by one press alone.
    expect((await browser.submit(confirm, pageOf(meeting, 'cancel'))).location).toBe(
      pageOf(meeting, 'cancel'),
    );
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(0);
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' })).location).toBe(
        pageOf(meeting, 'cancel/done'),
      );
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(1);
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'cancelled-in-time' });
    const receipt = await browser.get(pageOf(meeting, 'cancel/done'));
    expect(receipt.text).toContain('Mötet är avbokat');
    expect((await browser.get(pageOf(meeting, 'cancel'))).location).toBe(`${pageOf(meeting)}?refused=ended`);
  });

  it('R5.3 costs nothing that was not shown: what has changed since is shown first', async () => {
    const meeting = await book(inMs(DAY + 5 * MINUTE));
    const browser = await at(nurse);
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'patient' }));
    expect(confirm.text).toContain('Det kostar patienten inget.');
    clock.passMs(10 * MINUTE);
    const told = await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect(told.location).toBe(`${pageOf(meeting, 'cancel/confirm')}?by=patient&changed=yes`);
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(0);
    const page = await browser.get(told.location!);
    expect(page.text).toContain('Det här ändrades medan du läste');
    expect(page.text).toContain('Det kostar patienten 400 kr.');
    await browser.submit(page, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'cancelled-late' });
  });

  it('R5.3 a time of receipt before the booking is refused, and nothing is cancelled', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const fields = { by: 'patient', when: 'earlier', ...typed('at', minuteFrom(-DAY)) };
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), fields));
    const refused = await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect(refused.location).toBe(`${pageOf(meeting)}?refused=before-the-booking`);
    expect((await read(meeting)).outcome).toBeNull();
  });

  it('R1.5 moves to the time that was shown, once; what cannot be is told at its field', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const to = minuteFrom(5 * DAY);
    const fields = { ...typed('to', to), minutes: '45', agreed: 'yes', by: 'clinic' };
    for (const [wrong, words] of [
      [{ 'to.day': '32' }, 'Skriv dag och klockslag'],
      [{ 'to.clock': 'tio' }, 'Skriv dag och klockslag'],
      [typed('to', minuteFrom(-DAY)), 'Den tiden har redan varit.'],
      [{ minutes: '0' }, 'Skriv 1–480 minuter.'],
      [{ minutes: '' }, 'Skriv 1–480 minuter.'],
      [{ by: '' }, 'Välj vem som vill.'],
      [{ agreed: '' }, 'Välj om tiden är överenskommen.'],
    ] as const) {
      const page = await browser.get(asked(pageOf(meeting, 'move/confirm'), { ...fields, ...wrong }));
      expect([page.status, page.text]).toEqual([422, expect.stringContaining(words)]);
    }
    const confirm = await browser.get(asked(pageOf(meeting, 'move/confirm'), fields));
    expect(confirm.text).toContain('(45 minuter)');
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(confirm, pageOf(meeting, 'move'))).location).toBe(
        pageOf(meeting, 'move/done'),
      );
    expect(await commandsOf(meeting, 'meeting.rebook')).toBe(1);
    expect(await read(meeting)).toMatchObject({
      startAt: to,
      endAt: new Date(Date.parse(to) + 45 * MINUTE).toISOString(),
      startVersion: 2,
    });
    expect((await service.records.meetings.get(meeting.meetingId)).times.at(-1)).toMatchObject({
      setBy: 'clinic',
      agreed: true,
    });
    expect((await browser.get(pageOf(meeting, 'move/done'))).text).toContain('Mötet är flyttat');
  });

  it('R1.5 a patient’s late move says what it costs, and a meeting moved meanwhile is looked at first', async () => {
    const meeting = await book(inMs(2 * DAY));
    clock.passMs(DAY + HOUR);
    const browser = await at(nurse);
    const fields = {
      ...typed('to', minuteFrom(4 * DAY, clock.now())),
      minutes: '30',
      agreed: 'yes',
      by: 'patient',
    };
    const confirm = await browser.get(asked(pageOf(meeting, 'move/confirm'), fields));
    expect(confirm.text).toContain('Det kostar patienten 400 kr.');
    const body = { by: 'clinic', startAt: minuteFrom(3 * DAY, clock.now()) };
    expect((await clinic.call('POST', `${meeting.path}/rebook`, { body })).status).toBe(200);
    const told = await browser.submit(confirm, pageOf(meeting, 'move'));
    expect(told.location).toContain(`${pageOf(meeting, 'move/confirm')}?`);
    const page = await browser.get(told.location!);
    expect(page.text).toContain('Det här ändrades medan du läste');
    expect(page.text).not.toContain('Det kostar patienten 400 kr.');
    expect((await read(meeting)).startAt).toBe(body.startAt);
  });

  it('R1.6 times are offered and taken back one by one; a list that has changed is not overwritten', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const offered = async () => (await service.records.offeredTimes.of(meeting.meetingId))?.startAts ?? [];
    const [first, second] = [minuteFrom(5 * DAY), minuteFrom(6 * DAY)];
    const empty = await browser.get(pageOf(meeting, 'times'));
    const past = { do: 'add', ...typed('to', minuteFrom(-DAY)) };
    expect((await browser.submit(empty, pageOf(meeting, 'times'), past)).status).toBe(422);
    expect(await offered()).toEqual([]);
    const one = { do: 'add', ...typed('to', first) };
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(empty, pageOf(meeting, 'times'), one)).location).toBe(
        `${pageOf(meeting, 'times')}?said=times`,
      );
    expect(await offered()).toEqual([first]);
    const page = await browser.get(pageOf(meeting, 'times'));
    await browser.submit(page, pageOf(meeting, 'times'), { do: 'add', ...typed('to', second) });
    expect(await offered()).toEqual([first, second]);
    // Somebody else's page of before.
    const stale = await browser.submit(page, pageOf(meeting, 'times'), {
      do: first,
      formKey: randomId(),
    });
    expect(stale.location).toBe(`${pageOf(meeting, 'times')}?refused=seen-another`);
    expect(await offered()).toEqual([first, second]);
    const now = await browser.get(pageOf(meeting, 'times'));
    await browser.submit(now, pageOf(meeting, 'times'), { do: first });
    expect(await offered()).toEqual([second]);
  });
});

describe('by telephone', () => {
  it('R5.6 that somebody cannot get in is noted as of when they called', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const page = await browser.get(pageOf(meeting, 'tried'));
    const who = { participantId: meeting.patientParticipantId };
    const future = { ...who, when: 'earlier', ...typed('at', minuteFrom(HOUR)) };
    expect((await browser.submit(page, pageOf(meeting, 'tried'), future)).status).toBe(422);
    expect((await browser.submit(page, pageOf(meeting, 'tried'), { participantId: 'nobody' })).status).toBe(
      422,
    );
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toEqual([]);
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(page, pageOf(meeting, 'tried'), { ...who, when: 'now' })).location).toBe(
        `${pageOf(meeting)}?said=tried`,
      );
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toMatchObject([
      { reasons: ['said-so'], role: 'patient' },
    ]);
    expect((await browser.get(pageOf(meeting))).text).toContain(
      'Ringde och sa att det inte går att komma in.',
    );
  });

  it('R3.2, R7.1 the answer to the consent is saved, a child’s of 13 as its own alone', async () => {
    const [adult, young] = [
      await clinic.addPatient({ name: 'Svarar Testsson' }),
      await clinic.addPatient({ name: 'Liten Testsson', birthDate: bornYearsAgo(8) }),
    ];
    const meeting = await book(inMs(3 * DAY), { patientId: adult });
    const childs = await book(inMs(3 * DAY), {
      patientId: young,
      suitability: suitable({ child: true }),
    });
    const browser = await at(booker);
    const page = await browser.get(pageOf(meeting, 'consent'));
    expect(page.text).not.toContain('En vårdnadshavare');
    const unanswered = await browser.submit(page, pageOf(meeting, 'consent'));
    expect([unanswered.status, unanswered.text.includes('Välj ja eller nej.')]).toEqual([422, true]);
    const yes = await browser.submit(page, pageOf(meeting, 'consent'), { given: 'yes', givenBy: 'guardian' });
    expect(yes.location).toBe(`${pageOf(meeting)}?said=consent`);
    const consentOf = async (personId: string) =>
      (await service.records.people.find(clinic.clinicId, personId))?.careHistoryConsent;
    expect(await consentOf(adult)).toMatchObject({
      given: true,
      givenBy: 'person',
      recordedBy: 'staff-R001',
    });
    const stale = await browser.submit(page, pageOf(meeting, 'consent'), {
      given: 'no',
      formKey: randomId(),
    });
    expect(stale.location).toBe(`${pageOf(meeting, 'consent')}?refused=seen-another`);
    expect(await consentOf(adult)).toMatchObject({ given: true });

    const ofChild = await browser.get(pageOf(childs, 'consent'));
    expect((await browser.submit(ofChild, pageOf(childs, 'consent'), { given: 'no' })).status).toBe(422);
    await browser.submit(ofChild, pageOf(childs, 'consent'), { given: 'no', givenBy: 'guardian' });
    expect(await consentOf(young)).toMatchObject({ given: false, givenBy: 'guardian' });
    expect((await tasksOf(clinic, childs)).map(({ kind }) => kind)).toContain('consent-refused');
    expect((await browser.get(pageOf(childs))).text).toContain('Svarat nej om tidigare vård');
  });

  it('R3.1 a form is filled in with the patient; its answers are read by those who care, and that is logged', async () => {
    const formId = await clinic.addForm();
    const meeting = await book(inMs(3 * DAY), { formIds: [formId] });
    const byBooker = await at(booker);
    const path = pageOf(meeting, `forms/${formId}`);
    const page = await byBooker.get(path);
    const wrong = await byBooker.submit(page, path);
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Hur mår du?: Välj ett svar.')]);
    for (let press = 0; press < 2; press += 1)
      expect((await byBooker.submit(page, path, { 'q.how': '7' })).location).toBe(
        `${pageOf(meeting)}?said=form`,
      );
    expect(await commandsOf(meeting, 'form.fill-in')).toBe(1);
    const filled = () => service.records.forms.readFilled(clinic.clinicId, meeting.meetingId, formId);
    expect(await filled()).toMatchObject({ answers: { how: 7 }, answeredBy: 'staff-by-telephone' });

    // A page of before does not overwrite it unseen, and loses nothing that was typed.
    const stale = await byBooker.submit(page, path, { 'q.how': '3', formKey: randomId() });
    expect(stale.status).toBe(409);
    expect(stale.text).toMatch(/value="3"[^>]*checked/);
    expect(await filled()).toMatchObject({ answers: { how: 7 } });
    // Nor does an empty page tell what was answered.
    expect((await byBooker.get(path)).text).not.toMatch(/value="7"[^>]*checked/);

    const answers = `${path}/answers`;
    const own = await (await at(nurse)).get(answers);
    expect([own.status, own.text]).toEqual([200, expect.stringMatching(/Hur mår du\?<\/dt><dd>7/)]);
    expect(await auditOf({ operation: 'form.read-answers', subjectId: meeting.meetingId })).toMatchObject({
      staffId: 'staff-S001',
      personId: patientId,
      allowed: true,
    });
    for (const [member, staffId] of [
      [booker, 'staff-R001'],
      [stranger, 'staff-S002'],
    ] as const) {
      const refused = await (await at(member)).get(answers);
      expect([refused.status, refused.text.includes('Hur mår du?')]).toEqual([403, false]);
      expect(await auditOf({ operation: 'form.read-answers', staffId })).toMatchObject({ allowed: false });
    }
    const lead = await at(manager);
    const why = await lead.get(answers);
    expect([why.status, why.text.includes('Varför behöver du läsa det här?')]).toEqual([403, true]);
    const stated = await lead.submit(why, '/desk/reason', { reason: 'klagomål från patienten' });
    expect(stated.location).toBe(answers);
    expect((await lead.get(answers)).status).toBe(200);
    expect(await auditOf({ operation: 'form.read-answers', staffId: 'staff-V001' })).toMatchObject({
      reason: 'klagomål från patienten',
      allowed: true,
    });
    const assessed = await (await at(nurse)).get(pageOf(meeting, 'suitability'));
    expect(assessed.text).toContain('Mötet är anpassat till personen');
    expect((await (await at(stranger)).get(pageOf(meeting, 'suitability'))).status).toBe(403);
    // A form that was not given for this meeting is none.
    const elsewhere = await book(inMs(4 * DAY));
    expect((await byBooker.get(pageOf(elsewhere, `forms/${formId}`))).status).toBe(404);
    // What it is called may tell of the patient's health: not in a tab.
    expect(/<title>(.*)<\/title>/.exec(page.text)?.[1]).toMatch(/^Möte \d\d\.\d\d: Formulär – /);
  });
});

it('R4.2 staff hand over the link of one who gets no notices; it is nobody’s of the staff', async () => {
  const meeting = await book(inMs(3 * DAY), {
    participants: [{ role: 'staff', staffId: nurse.staffIds[0] }, { role: 'guest' }],
  });
  const guest = (await read(meeting)).participants.find(({ role }) => role === 'guest')!;
  const browser = await at(booker);
  const path = pageOf(meeting, `link/${guest.participantId}`);
  expect((await browser.get(pageOf(meeting))).text).toContain(`href="${path}"`);
  const { link } = (await clinic.call('GET', `${meeting.path}/participants/${guest.participantId}/link`))
    .body as { link: string };
  expect((await browser.get(path)).text).toContain(`<code>${link}</code>`);
  expect(await auditOf({ operation: 'meeting.read-link', staffId: 'staff-R001' })).toMatchObject({
    allowed: true,
  });
  for (const other of [meeting.staffParticipantId, meeting.meetingId])
    expect((await browser.get(pageOf(meeting, `link/${other}`))).status).toBe(404);
});

it('R4.2 who claims an invitation is approved once, and not twice', async () => {
  const meeting = await book(inMs(3 * DAY), {
    participants: [{ role: 'staff', staffId: nurse.staffIds[0] }, { role: 'guest' }],
  });
  const { meetingId } = meeting;
  const guest = (await read(meeting)).participants.find(({ role }) => role === 'guest')!;
  const about = { clinicId: clinic.clinicId, meetingId, participantId: guest.participantId };
  await service.records.claims.arrive(about, 'a-hash-of-a-login');
  const claim = (await service.records.claims.own(guest.participantId, 'a-hash-of-a-login'))!;
  const who = {
    identity: { kind: 'personal-number' as const, number: '199001012385' },
    name: 'Kim Anhörigsson',
  };
  await service.records.transaction((session) =>
    service.records.claims.ask(claim.claimId, who, inMs(0), session),
  );
  const browser = await at(nurse);
  expect((await browser.get(pageOf(meeting))).text).toContain('Ta ställning till vem som vill delta');
  const page = await browser.get(pageOf(meeting, 'claims'));
  expect(page.text).toContain('Kim Anhörigsson');
  const tampered = await browser.submit(page, pageOf(meeting, 'claims'), { do: 'both' });
  expect(tampered.status).toBe(404);
  const done = await browser.submit(page, pageOf(meeting, 'claims'), { do: 'approve' });
  expect(done.location).toBe(`${pageOf(meeting, 'claims')}?said=approved`);
  const late = await browser.submit(page, pageOf(meeting, 'claims'), {
    do: 'refuse',
    formKey: randomId(),
  });
  expect(late.location).toBe(`${pageOf(meeting, 'claims')}?refused=decided-already`);
  expect(await service.records.claims.ofMeeting(meetingId)).toMatchObject([{ state: 'approved' }]);
  expect((await browser.get(pageOf(meeting, 'claims'))).text).not.toContain('Kim Anhörigsson');
});
