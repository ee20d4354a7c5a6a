import { randomId } from '../../../platform/keys/random-id';
import { suitable } from '../../support/clinic';
import { tasksOf } from '../clinic/after-meetings';
import { DAY, HOUR, bornYearsAgo, inMs } from '../helpers';
import {
  at,
  auditOf,
  book,
  booker,
  clinic,
  commandsOf,
  manager,
  minuteFrom,
  nurse,
  pageOf,
  patientId,
  read,
  service,
  stranger,
  typed,
  withMeetingDesk,
} from './meeting-desk';

/** What staff do about a meeting for one who calls, or whom they let take part (R8.1; design, decision 18). */
withMeetingDesk();

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
