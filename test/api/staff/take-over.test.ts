import { decodeJwt } from 'jose';
import type { Meeting } from '../../../records/meetings';
import { randomId } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import { meetingWorkflowId } from '../../../temporal/ids';
import { commands } from '../../../use-cases';
import { carryOut } from '../../../use-cases/carry-out';
import { createClinic, type CallAnswer, type TestClinic, type TestMeeting } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { formIn, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import {
  DAY,
  dayInStockholm,
  expectProblem,
  HOUR,
  inMs,
  MINUTE,
  openDatabase,
  type RawDatabase,
} from '../helpers';

/** A member of staff takes over a meeting, or gets a colleague's day (R1.7; issue 17, item 3). */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let siv: StaffMember;
let lo: StaffMember;
let booker: StaffMember;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  patientId = await clinic.addPatient({ name: 'Tolvan Testsson' }, false);
  const add = (id: string, name: string, more: Partial<StaffMember>) =>
    addStaff(service, clinic, { id, name, shownName: name, ...more });
  siv = await add('S001', 'Siv Sköterska', { staffIds: ['siv', 'siv-2'] });
  lo = await add('L001', 'Lo Läkare', { staffIds: ['lo', 'lo-2'], title: 'läkare' });
  booker = await add('R001', 'Rut Mottagare', { staffIds: ['rut'], roles: ['booker'] });
  await add('S002', 'Slutat Nyss', { staffIds: ['left'], isActive: false });
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const book = (startAt = inMs(3 * DAY), ...staffIds: string[]): Promise<TestMeeting> =>
  clinic.book({
    patientId,
    startAt,
    participants: (staffIds.length > 0 ? staffIds : ['siv']).map((staffId) => ({ role: 'staff', staffId })),
  });
const take = (
  { path }: TestMeeting,
  body: { from: string; to: string; reason?: string },
  options: { staffId?: string; role?: string; key?: string } = {},
): Promise<CallAnswer> =>
  clinic.call('POST', `${path}/take-over`, {
    staffId: body.to,
    ...options,
    body: { reason: 'absent', ...body },
  });
const read = ({ meetingId }: TestMeeting): Promise<Meeting> => service.records.meetings.get(meetingId);
const staffOf = async (meeting: TestMeeting): Promise<(string | null)[]> =>
  (await read(meeting)).participants.filter(({ role }) => role === 'staff').map(({ staffId }) => staffId);
const tasksOf = async ({ meetingId }: TestMeeting) =>
  (await service.records.tasks.ofMeeting(meetingId)).filter(({ kind }) => kind === 'meeting-taken-over');
const eventsOf = ({ meetingId }: TestMeeting) =>
  raw.db
    .collection<{ _id: string; data: object }>('events')
    .find({ subject: meetingId, type: 'meeting.taken-over' })
    .toArray();

describe('R1.7 a meeting is taken over', () => {
  it('for oneself: the place, the content and the tasks are the new one’s; all is logged and told', async () => {
    const meeting = await book();
    const before = await read(meeting);
    const history = service.client.workflow.getHandle(meetingWorkflowId(meeting.meetingId));
    const answer = await take(meeting, { from: 'siv', to: 'lo', reason: 'delayed' });
    expect(answer.status).toBe(200);
    const after = await read(meeting);
    expect(after.participants).toEqual(
      before.participants.map((each) => (each.staffId === 'siv' ? { ...each, staffId: 'lo' } : each)),
    );
    const told = { participantId: meeting.staffParticipantId, reason: 'delayed' };
    expect((answer.body as { takeOvers: unknown }).takeOvers).toEqual([
      { ...told, from: 'siv', to: 'lo', by: 'lo', at: expect.any(String) as string },
    ]);
    const [row] = await raw.audit({ operation: 'meeting.take-over', subjectId: meeting.meetingId });
    expect(row).toMatchObject({ staffId: 'lo', personId: patientId, reason: 'delayed', allowed: true });
    expect(await eventsOf(meeting)).toMatchObject([{ data: { meetingId: meeting.meetingId, ...told } }]);
    expect(await tasksOf(meeting)).toMatchObject([{ state: 'open', because: ['delayed'] }]);
    const { body: timeline } = await clinic.call('GET', `${meeting.path}/timeline`, { staffId: 'lo' });
    expect((timeline as { happenings: object[] }).happenings).toContainEqual(
      expect.objectContaining({ what: 'taken-over', detail: 'delayed' }),
    );
    // Its workflow knows no staff, and has heard of nothing.
    const { events } = await history.fetchHistory();
    expect(events!.filter((each) => each.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);

    const content = `${meeting.path}/suitability`;
    expect((await clinic.call('GET', content, { staffId: 'lo' })).status).toBe(200);
    expectProblem(await clinic.call('GET', content, { staffId: 'siv' }), 403);
  });

  it('by who gives it to somebody else: the manager has nothing to look at; tasks go with it', async () => {
    const meeting = await book();
    const [task] = await raw.db
      .collection<{ _id: string }>('tasks')
      .find({ meetingId: meeting.meetingId })
      .toArray();
    expect(task).toBeUndefined();
    await service.records.transaction(async (session) => {
      await service.records.tasks.save(
        { clinicId: clinic.clinicId, patientId, meetingId: meeting.meetingId },
        (['nobody-reached', 'consent-refused', 'clinic-absent'] as const).map((kind) => ({
          kind,
          occasion: '1',
          state: 'open',
          dueAt: null,
          because: [],
          invoiceId: null,
          reminders: 0,
          overdue: false,
        })),
        new Date(),
        session,
      );
    });
    const all = await service.records.tasks.ofMeeting(meeting.meetingId);
    const [mine, anothers] = all;
    await service.records.tasks.assign(clinic.clinicId, mine!.taskId, 'siv');
    await service.records.tasks.assign(clinic.clinicId, anothers!.taskId, 'rut');
    expect((await take(meeting, { from: 'siv', to: 'lo' }, { staffId: 'rut', role: 'booker' })).status).toBe(
      200,
    );
    const byId = new Map(
      (await service.records.tasks.ofMeeting(meeting.meetingId)).map((each) => [
        each.taskId,
        each.assignedTo,
      ]),
    );
    expect([mine, anothers, all[2]].map((each) => byId.get(each!.taskId))).toEqual(['lo', 'rut', null]);
    expect(await tasksOf(meeting)).toEqual([]);
    expect(await eventsOf(meeting)).toHaveLength(1);
  });

  it('with effect at once: who was let in is not at the next entry, who has it now is', async () => {
    const meeting = await book(inMs(5 * MINUTE));
    const enter = async (staffId: string) =>
      (
        await clinic.call('POST', `${meeting.path}/entry`, {
          staffId,
          body: { participantId: meeting.staffParticipantId, identityChecked: 'known-to-staff' },
        })
      ).body as { admitted: boolean; reasons?: string[]; room?: { token: string } };
    expect((await enter('siv')).admitted).toBe(true);
    expect((await enter('lo')).reasons).toEqual(['not-entitled']);
    expect((await take(meeting, { from: 'siv', to: 'lo' })).status).toBe(200);
    expect((await enter('siv')).reasons).toEqual(['not-entitled']);
    const entered = await enter('lo');
    expect(decodeJwt(entered.room!.token)).toMatchObject({
      context: { user: { name: 'Lo Läkare, läkare', moderator: true } },
    });
    // Staff who are refused are no sign that the patient tried (R5.6).
    const refused = await service.records.evidence.refusedEntries(meeting.meetingId);
    expect(new Set(refused.map(({ role }) => role))).toEqual(new Set(['staff']));
  });

  it.each([
    ['nobody of that reference takes part', { from: 'nobody', to: 'lo' }, {}, 422, 'unknown-participant'],
    ['it would stay whose it is', { from: 'siv', to: 'siv' }, {}, 422, 'nothing-changes'],
    [
      'it would stay whose it is, by another reference',
      { from: 'siv', to: 'siv-2' },
      {},
      422,
      'nothing-changes',
    ],
    ['the other takes part already', { from: 'siv', to: 'bo' }, {}, 422, 'person-twice'],
    ['the other has left the clinic', { from: 'siv', to: 'left' }, { role: 'booker' }, 422, 'staff-left'],
    [
      'a clinician gives a colleague’s to a third',
      { from: 'siv', to: 'lo' },
      { staffId: 'bo' },
      403,
      'not-your-meeting',
    ],
  ])('not where %s', async (_name, body, options, status, title) => {
    const meeting = await book(inMs(3 * DAY), 'siv', 'bo');
    // The booking's own notice may still be on its way, and changes what is next to tell.
    const kept = async () => ({ ...(await read(meeting)), noticeBy: null });
    const before = await kept();
    const answer = await take(meeting, body, options);
    expectProblem(answer, status);
    expect(answer.body).toMatchObject({ title });
    expect(await kept()).toEqual(before);
    expect([await tasksOf(meeting), await eventsOf(meeting)]).toEqual([[], []]);
  });

  it('a clinician hands over their own', async () => {
    const meeting = await book();
    expect((await take(meeting, { from: 'siv', to: 'lo' }, { staffId: 'siv' })).status).toBe(200);
    expect(await staffOf(meeting)).toEqual(['lo']);
    expect(await tasksOf(meeting)).toEqual([]);
  });

  it('not once it is over', async () => {
    const meeting = await book();
    await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
    const cancelled = await take(meeting, { from: 'siv', to: 'lo' });
    expectProblem(cancelled, 409);
    expect(cancelled.body).toMatchObject({ title: 'cancelled' });
    expect(await staffOf(meeting)).toEqual(['siv']);
    const held = await book(inMs(5 * MINUTE));
    const body = { outcome: 'back-up-routine', way: 'telephone' };
    expect((await clinic.call('POST', `${held.path}/outcome`, { body })).status).toBe(200);
    expect((await take(held, { from: 'siv', to: 'lo' })).body).toMatchObject({ title: 'ended' });
    expect(await staffOf(held)).toEqual(['siv']);
  });

  it('by one of two at once; the other hears that somebody has it', async () => {
    const meeting = await book();
    const answers = await Promise.all(
      ['lo', 'bo'].map((to) => take(meeting, { from: 'siv', to }, { staffId: to })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({
      title: 'taken-over-meanwhile',
    });
    expect((await read(meeting)).takeOvers).toHaveLength(1);
    expect(await eventsOf(meeting)).toHaveLength(1);
  });

  it('B4 not without end: the record of the meeting stays small', async () => {
    const meeting = await book();
    for (let time = 0; time < 50; time += 1) {
      const [from, to] = time % 2 === 0 ? ['siv', 'lo'] : ['lo', 'siv'];
      expect((await take(meeting, { from: from, to: to })).status).toBe(200);
    }
    const refused = await take(meeting, { from: 'siv', to: 'lo' });
    expect([refused.status, refused.body]).toMatchObject([409, { title: 'taken-over-too-often' }]);
    expect((await read(meeting)).takeOvers).toHaveLength(50);
  });

  it('once, also where the command comes or runs twice', async () => {
    const meeting = await book();
    const key = 'the-same-take-over';
    for (let time = 0; time < 2; time += 1)
      expect((await take(meeting, { from: 'siv', to: 'lo' }, { key })).status).toBe(200);
    // A process that died before it answered: the command is carried out again.
    const { records, temporal, clock } = service;
    const actor = { kind: 'staff' as const, staffId: 'lo', role: 'clinician' };
    const accepted = await records.commands.accept(
      'a-run-that-dies',
      {
        clinicId: clinic.clinicId,
        operation: 'meeting.take-over',
        actor,
        reason: null,
        params: { meetingId: meeting.meetingId },
        body: { from: 'lo', to: 'bo', reason: 'other' },
      },
      clock.now(),
    );
    if (accepted.kind !== 'carry-out') throw new Error(accepted.kind);
    const deps = { records, temporal, clock, roomKey: testKeys.roomKey };
    const run = () => commands['meeting.take-over'](deps, accepted.command as never);
    expect((await run()).status).toBe(200);
    expect((await run()).status).toBe(200);
    expect((await carryOut(deps, accepted.command)).status).toBe(200);
    expect(await staffOf(meeting)).toEqual(['bo']);
    expect((await read(meeting)).takeOvers).toHaveLength(2);
    expect(await eventsOf(meeting)).toHaveLength(2);
    expect(await tasksOf(meeting)).toHaveLength(1);
  });
});

describe('on the desk', () => {
  const pathOf = ({ meetingId }: TestMeeting): string => `/desk/meetings/${meetingId}/take-over`;

  it('a clinician takes a colleague’s meeting over in two presses', async () => {
    const meeting = await book(inMs(3 * DAY), 'siv', 'bo');
    const browser = await staffVisitor(service, lo);
    const page = await browser.get(pathOf(meeting));
    expect(page.status).toBe(200);
    expect(page.text).toContain('Siv Sköterska, sjuksköterska');
    expect(page.text).toContain('Tolvan Testsson');
    expect(/<title>[^<]*<\/title>/.exec(page.text)![0]).not.toContain('Tolvan');
    expect(formIn(page, pathOf(meeting))).toMatchObject({ to: lo.memberId });

    const lacking = await browser.submit(page, pathOf(meeting), { from: 'siv' });
    expect(lacking.status).toBe(422);
    expect(lacking.text).toContain('Välj ett skäl.');
    expect(lacking.text).toMatch(/value="siv"[^>]* checked/);
    expect(await staffOf(meeting)).toEqual(['siv', 'bo']);

    const done = await browser.submit(page, pathOf(meeting), { from: 'siv', reason: 'absent' });
    expect(done.location).toBe(`${pathOf(meeting)}?said=taken-over`);
    expect((await browser.get(done.location!)).text).toContain('Lo Läkare, läkare');
    expect(await staffOf(meeting)).toEqual(['lo', 'bo']);
    // What lacked its reason was a try too.
    expect(
      await raw.audit({ operation: 'meeting.take-over', subjectId: meeting.meetingId, loggedIn: true }),
    ).toMatchObject(
      [null, 'absent'].map((reason) => ({ staffId: 'lo', personId: patientId, reason, allowed: true })),
    );
    expect(await tasksOf(meeting)).toHaveLength(1);

    // A colleague whose page was opened before.
    const late = await browser.post(pathOf(meeting), {
      ...formIn(page, pathOf(meeting)),
      formKey: randomId(),
      from: 'siv',
      reason: 'absent',
    });
    expect(late.location).toBe(`${pathOf(meeting)}?refused=taken-over-meanwhile`);
  });

  it('a clinician can give nobody else’s to a third, whatever the form says', async () => {
    const meeting = await book();
    const third = await addStaff(service, clinic, { id: 'X001', staffIds: ['third'] });
    const browser = await staffVisitor(service, lo);
    const page = await browser.get(pathOf(meeting));
    expect(page.text).not.toContain(third.memberId);
    const refused = await browser.submit(page, pathOf(meeting), { to: third.memberId, reason: 'absent' });
    expect(refused.location).toBe(`${pathOf(meeting)}?refused=not-your-meeting`);
    expect((await browser.get(refused.location!)).text).toContain('Du kan ta över mötet själv');
    expect(await staffOf(meeting)).toEqual(['siv']);
  });

  it('shows no name of a patient with protected data, nor a form once the meeting is over', async () => {
    const hidden = await clinic.addPatient({ name: 'Skyddad Testsson', protectedIdentity: true }, false);
    const meeting = await clinic.book({
      patientId: hidden,
      startAt: inMs(2 * DAY),
      participants: [{ role: 'staff', staffId: 'siv' }],
    });
    const browser = await staffVisitor(service, booker);
    const { text } = await browser.get(pathOf(meeting));
    expect(text).toContain('Skyddade personuppgifter');
    expect(text).not.toContain('Skyddad Testsson');
    await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
    const over = await browser.get(pathOf(meeting));
    expect(over.text).toContain('Mötet är slut');
    expect(over.text).not.toContain(`action="${pathOf(meeting)}"`);
  });

  it('a booker gives a colleague’s whole day to a stand-in; what is half done is told', async () => {
    const day = dayInStockholm(inMs(20 * DAY));
    const noon = new Date(`${day}T11:00:00Z`).toISOString();
    const at = (hours: number): string => inMs(hours * HOUR, new Date(noon));
    const [first, second, third] = [await book(at(-2)), await book(at(-1)), await book(at(0), 'siv-2')];
    const clash = await book(at(-1), 'lo');
    const otherDay = await book(inMs(21 * DAY, new Date(noon)));
    const browser: Visitor = await staffVisitor(service, booker);
    const day1 = await browser.get(`/desk/take-over?day=${day}`);
    expect(day1.text).toContain('Vem ersätts?');
    expect(day1.text).not.toContain('Tolvan Testsson');

    const address = `/desk/take-over?day=${day}&from=${siv.memberId}&to=${lo.memberId}`;
    const page = await browser.get(address);
    for (const meeting of [first, second, third])
      expect(page.text).toMatch(new RegExp(`value="${meeting.meetingId}/siv(-2)?"[^>]* checked`));
    for (const meeting of [clash, otherDay]) expect(page.text).not.toContain(meeting.meetingId);
    expect(page.text.match(/Ersättaren har ett annat möte samtidigt/g)).toHaveLength(1);

    const fields = {
      reason: 'absent',
      meetings: [`${first.meetingId}/siv`, `${second.meetingId}/siv`, `${third.meetingId}/siv-2`],
    };
    const lacking = await browser.submit(page, '/desk/take-over', { meetings: [] });
    expect(lacking.status).toBe(422);
    expect(lacking.text).toContain('Välj minst ett möte.');

    // One of them is cancelled while the page lies open.
    await clinic.call('POST', `${second.path}/cancel`, { body: { by: 'clinic' } });
    const given = await browser.submit(page, '/desk/take-over', fields);
    const [path, query] = given.location!.split('?');
    expect([given.status, path, Object.fromEntries(new URLSearchParams(query))]).toEqual([
      303,
      '/desk/take-over',
      { day, from: siv.memberId, to: lo.memberId, done: '2', notDone: '1', refused: 'cancelled' },
    ]);
    const told = await browser.get(given.location!);
    expect(told.text).toContain('2 möten är överlämnade.');
    expect(told.text).toContain('Mötet är avbokat.');
    expect(told.text).toContain('Siv Sköterska, sjuksköterska har inga möten kvar den här dagen.');
    expect(await Promise.all([first, second, third, otherDay].map(staffOf))).toEqual([
      ['lo'],
      ['siv'],
      ['lo'],
      ['siv'],
    ]);
    for (const meeting of [first, third])
      expect(await raw.audit({ operation: 'meeting.take-over', subjectId: meeting.meetingId })).toMatchObject(
        [{ staffId: 'rut', personId: patientId, reason: 'absent' }],
      );

    // The same form again is the same commands.
    expect((await browser.submit(page, '/desk/take-over', fields)).location).toBe(given.location);
    expect((await read(first)).takeOvers).toHaveLength(1);
  });

  it('another clinic’s meeting that is typed into the form is nobody’s', async () => {
    const elsewhere = await createClinic(service);
    const theirs = await elsewhere.addPatient({}, false);
    const meeting = await elsewhere.book({
      patientId: theirs,
      startAt: inMs(20 * DAY),
      participants: [{ role: 'staff', staffId: 'siv' }],
    });
    const own = await book(inMs(20 * DAY));
    const browser = await staffVisitor(service, booker);
    const day = dayInStockholm(inMs(20 * DAY));
    const page = await browser.get(`/desk/take-over?day=${day}&from=${siv.memberId}&to=${lo.memberId}`);
    const given = await browser.submit(page, '/desk/take-over', {
      reason: 'absent',
      meetings: [`${meeting.meetingId}/siv`, 'x', `${own.meetingId}/siv`],
    });
    expect(given.location).toContain('done=1&notDone=2&refused=not-found');
    expect([await staffOf(meeting), await staffOf(own)]).toEqual([['siv'], ['lo']]);
    expect((await raw.audit({ clinicId: clinic.clinicId })).map(({ personId }) => personId)).not.toContain(
      theirs,
    );
  });
});
