import { randomUUID } from 'node:crypto';
import { carryOut } from '../../../use-cases/carry-out';
import type { CommandDeps } from '../../../use-cases/command';
import { readCaseThread, readChat, usesChat } from '../../../use-cases/thread/read';
import type { Answer, Command } from '../../../records/commands';
import type { Actor } from '../../../rules/actor';
import { defaultCaseRules } from '../../../rules/case';
import { defaultNoticeRules } from '../../../rules/notices';
import { asPerson, openCase, patientWrites, smallPdf, type TestCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { createUnsentFiles } from '../../../worker/unsent-files';
import {
  DAY,
  expectProblem,
  HOUR,
  inMs,
  MINUTE,
  openDatabase,
  testClock,
  type RawDatabase,
  dayInStockholm,
  bornYearsAgo,
} from '../helpers';
import { threadOf, threadsKept, upload, type ShownThread } from '../threads';

/** Message cases and chats from end to end over HTTP (rules 6, R4.4). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

describe('the inbox', () => {
  it('R6.5 is in order of what is most urgent, and tells by whom it waits', async () => {
    const own = await createClinic(service);
    const quiet = await openCase(own, await own.addPatient());
    const [first, second] = [
      await openCase(own, await own.addPatient()),
      await openCase(own, await own.addPatient()),
    ];
    clock.passMs(4 * DAY);
    await patientWrites(service, clock, own, second, 'Senare.');
    clock.release();
    await patientWrites(service, clock, own, first, 'Först.');
    await own.call('PUT', `${second.path}/assignment`, {
      body: { staffId: 'clinician-2', from: 'clinician-1' },
    });
    const { body } = await own.call('GET', '/clinic/cases');
    const items = (body as { items: { caseId: string; reply: { deadlineAt: string } | null }[] }).items;
    expect(items.map(({ caseId }) => caseId)).toEqual([first.caseId, second.caseId, quiet.caseId]);
    expect(JSON.stringify(body)).not.toMatch(/Först|Senare|Uppföljning/);
    const mine = await own.call('GET', '/clinic/cases?assignedTo=clinician-2');
    expect((mine.body as { items: object[] }).items).toMatchObject([{ caseId: second.caseId }]);
    const watch = await own.call('GET', '/clinic/cases/waiting', { role: 'operations-manager' });
    expect(watch.body).toEqual({
      items: [
        { staffId: 'clinician-1', waiting: 1, breached: 0, firstDeadlineAt: items[0]!.reply!.deadlineAt },
        { staffId: 'clinician-2', waiting: 1, breached: 0, firstDeadlineAt: items[1]!.reply!.deadlineAt },
      ],
    });
  });

  it('R6.5 one takes a case, hands it over, and for one who is away the operations manager does it', async () => {
    const of = await openCase(clinic, await clinic.addPatient(), { assignTo: null });
    const assign = (body: object, staffId: string, role = 'clinician') =>
      clinic.call('PUT', `${of.path}/assignment`, { body, staffId, role });
    expectProblem(await assign({ staffId: 'b', from: null }, 'a'), 403);
    expect((await assign({ staffId: 'a', from: null }, 'a')).body).toMatchObject({ assignedTo: 'a' });
    // Two who take it at once: the second is told.
    expect((await assign({ staffId: 'b', from: null }, 'b')).body).toMatchObject({
      title: 'assigned-meanwhile',
    });
    expectProblem(await assign({ staffId: 'b', from: 'a' }, 'b'), 403);
    expect((await assign({ staffId: 'b', from: 'a' }, 'chefen', 'operations-manager')).status).toBe(200);
    expect((await assign({ staffId: 'c', from: 'b' }, 'b')).body).toMatchObject({ assignedTo: 'c' });
  });

  it('R8.1 is read by those who have or had the case, and by the operations manager for a reason', async () => {
    const of = await openCase(clinic, await clinic.addPatient(), { assignTo: 'a' });
    const read = (staffId: string, role = 'clinician', reason?: string) =>
      clinic.call('GET', `${of.path}/thread`, { staffId, role, ...(reason ? { reason } : {}) });
    // Who opened it, and who has it.
    expect([(await read('clinician-1')).status, (await read('a')).status]).toEqual([200, 200]);
    expectProblem(await read('b'), 403);
    expectProblem(await read('chefen', 'operations-manager'), 403);
    expect((await read('chefen', 'operations-manager', 'Bevakar vid frånvaro')).status).toBe(200);
    expectProblem(await read('bokaren', 'booker'), 403);
    const write = await clinic.call('POST', `${of.path}/messages`, { staffId: 'b', body: { text: 'Hej' } });
    expectProblem(write, 403);
    const rows = await raw.audit({ subjectId: of.caseId, operation: 'case.read-thread' });
    expect(rows.map(({ staffId, allowed }) => `${staffId} ${allowed}`)).toEqual([
      'clinician-1 true',
      'a true',
      'b false',
      'chefen false',
      'chefen true',
      'bokaren false',
    ]);
  });
});

describe('a thread', () => {
  it('R6.7 has what both wrote, in order; the same key twice is one message', async () => {
    const of = await openCase(clinic, await clinic.addPatient());
    const key = randomUUID();
    const reply = () =>
      clinic.call('POST', `${of.path}/messages`, {
        key,
        body: { text: 'Rad 1\r\nRad 2', asksForMore: true },
      });
    await patientWrites(service, clock, clinic, of, 'Det gör ont.');
    const [first, again] = [await reply(), await reply()];
    expect(again.body).toEqual(first.body);
    const { subject, messages } = await threadOf(clinic, of);
    expect(subject).toBe('Uppföljning');
    expect(messages.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'staff: Hur går det?',
      'patient: Det gör ont.',
      'staff: Rad 1\nRad 2',
    ]);
    expect(messages[1]!.writtenBy).toBe(`patient/${of.patientId}`);
  });

  it('R8.3 nothing that was written stands anywhere in the clear', async () => {
    const secret = 'Oförväxlingsbara besvär';
    const of = await openCase(clinic, await clinic.addPatient(), { subject: secret, text: secret });
    await patientWrites(service, clock, clinic, of, secret);
    for (const { name } of await raw.db.listCollections().toArray()) {
      const rows = await raw.db.collection(name).find().toArray();
      expect([name, JSON.stringify(rows).includes('förväxlingsbara')]).toEqual([name, false]);
    }
    expect(service.logLines.join()).not.toContain('förväxlingsbara');
  });
});

describe('R6.6, R7.1 the patient’s side', () => {
  const write = (of: TestCase, kind: 'patient' | 'guardian', personId: string) =>
    asPerson(service, clock, {
      clinicId: clinic.clinicId,
      actor: { kind, personId },
      operation: 'case.write',
      params: { caseId: of.caseId },
      body: { text: 'Hej', fileIds: [], asksForMore: false },
    });
  const open = (kind: 'patient' | 'guardian', personId: string, by = clinic, body: object = {}) =>
    asPerson(service, clock, {
      clinicId: by.clinicId,
      actor: { kind, personId },
      operation: 'case.open',
      body: { patientId: personId, guardianIds: [], subject: 'Fråga', text: 'Hej', assignTo: null, ...body },
    });

  it('another patient’s case is none, and nothing is kept', async () => {
    const of = await openCase(clinic, await clinic.addPatient());
    const stranger = await clinic.addPatient();
    const before = await threadsKept(raw);
    for (const kind of ['patient', 'guardian'] as const)
      expect((await write(of, kind, stranger)).status).toBe(404);
    // Nor does the patient act as a guardian.
    expect((await write(of, 'guardian', of.patientId)).status).toBe(404);
    expect(await threadsKept(raw)).toEqual(before);
    const careCase = await service.records.cases.get(of.caseId);
    const actor = { kind: 'patient' as const, personId: stranger };
    const deps = { records: service.records, temporal: service.temporal, clock };
    expect(await readCaseThread(deps, careCase, actor, 0)).toBeNull();
  });

  it('a guardian writes for a child of at most 12, and from the 13th birthday no more', async () => {
    const guardianId = await clinic.addPatient();
    const child = await clinic.addPatient({ birthDate: bornYearsAgo(10) });
    const of = await openCase(clinic, child, { guardianIds: [guardianId] });
    expect((await write(of, 'guardian', guardianId)).status).toBe(201);
    clock.passMs(3 * 366 * DAY);
    expect((await write(of, 'guardian', guardianId)).status).toBe(404);
    clock.release();
    const teenager = await clinic.addPatient({ birthDate: bornYearsAgo(14) });
    const body = { patientId: teenager, guardianIds: [guardianId], subject: 'x', text: 'x' };
    const refused = await clinic.call('POST', '/clinic/cases', { body });
    expect(expectProblem(refused, 422)).toMatchObject([
      { field: '/body/guardianIds/0', reason: 'not-entitled' },
    ]);
  });

  it('writes in a case that is closed no more, and is referred to 1177', async () => {
    const of = await openCase(clinic, await clinic.addPatient());
    await clinic.call('POST', `${of.path}/close`);
    const before = await threadsKept(raw);
    const answer = await write(of, 'patient', of.patientId);
    expect(answer).toMatchObject({
      status: 409,
      body: { title: 'no-ongoing-matter', detail: expect.stringContaining('1177') },
    });
    expect(await threadsKept(raw)).toEqual(before);
  });

  it('opens a case of its own where the clinic allows it, and not otherwise', async () => {
    expect(await open('patient', await clinic.addPatient())).toMatchObject({
      status: 409,
      body: { title: 'no-ongoing-matter' },
    });
    const allowing = await createClinic(service, {
      caseRules: { ...defaultCaseRules, patientsMayOpen: true },
    });
    const [one, other] = [await allowing.addPatient(), await allowing.addPatient()];
    const opened = await open('patient', one, allowing);
    expect(opened).toMatchObject({ status: 201, body: { state: 'waiting-for-reply', assignedTo: null } });
    expect((await open('patient', one, allowing, { patientId: other })).status).toBe(422);
  });

  it('R6.8 when it has read, the next message is a new burst', async () => {
    const of = await openCase(clinic, await clinic.addPatient());
    const careCase = await service.records.cases.get(of.caseId);
    const actor = { kind: 'patient' as const, personId: of.patientId };
    const deps = { records: service.records, temporal: service.temporal, clock };
    const thread = await readCaseThread(deps, careCase, actor, 0);
    expect(thread!.messages).toHaveLength(1);
    await waitUntil(
      () => service.temporal.caseStatus(of.caseId),
      ({ burst }) => burst!.over,
    );
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'En sak till.' } });
    expect((await service.temporal.caseStatus(of.caseId)).burst).toMatchObject({ number: 2 });
  });
});

describe('a message whose process died after its case had taken it, and before it was kept', () => {
  let quiet: TestClinic;
  beforeAll(async () => {
    quiet = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  });

  const deps = (): CommandDeps => {
    const { records, temporal } = service;
    return { records, temporal, clock, roomKey: testKeys.roomKey };
  };
  async function store(of: TestCase, actor: Actor, body: object): Promise<{ command: Command }> {
    const accepted = await service.records.commands.accept(
      randomUUID(),
      {
        clinicId: quiet.clinicId,
        operation: 'case.write',
        actor,
        reason: null,
        params: { caseId: of.caseId },
        body: { fileIds: [], asksForMore: false, ...body },
      },
      clock.now(),
    );
    if (accepted.kind !== 'carry-out') throw new Error(`not new: ${accepted.kind}`);
    return accepted;
  }

  /**
   * Stores the command and carries it out until then; no time passes for the reconciler, which would go on
   * with it.
   */
  async function diesWriting(
    of: TestCase,
    actor: Actor,
    body: { text: string; fileIds?: string[] },
  ): Promise<Command> {
    clock.holdAt(new Date());
    const { command } = await store(of, actor, body);
    const transaction = () => Promise.reject(new Error('the process died'));
    const dying = { ...deps(), records: { ...service.records, transaction } };
    await expect(carryOut(dying, command)).rejects.toThrow('the process died');
    return command;
  }
  const textsOf = async (of: TestCase): Promise<(string | null)[]> =>
    (await service.records.messages.list(of.caseId, 0, 100)).map(({ text }) => text);
  const lost = async ({ caseId }: TestCase): Promise<string[][]> =>
    (await service.records.tasks.ofCase(caseId)).flatMap(({ kind, state, because }) =>
      kind === 'message-lost' ? [[state, ...because]] : [],
    );
  const clinician = { kind: 'staff', staffId: 'clinician-1', role: 'clinician' } as const;

  it('R7.2 is kept, also where a guardian wrote it before the midnight of the 13th birthday', async () => {
    const guardianId = await quiet.addPatient();
    const child = await quiet.addPatient({ birthDate: bornYearsAgo(10) });
    const of = await openCase(quiet, child, { guardianIds: [guardianId] });
    await diesWriting(of, { kind: 'guardian', personId: guardianId }, { text: 'Det kliar.' });
    expect(await textsOf(of)).toEqual(['Hur går det?']);
    clock.passMs(3 * 366 * DAY);
    await waitUntil(
      () => textsOf(of),
      (texts) => texts.includes('Det kliar.'),
    );
    expect((await service.temporal.caseStatus(of.caseId)).messages).toEqual({ patientSide: 1, staff: 1 });
    expect(await lost(of)).toEqual([]);
  });

  it('R6.7 is kept with its file, which nobody else sends and which is not deleted meanwhile', async () => {
    const of = await openCase(quiet, await quiet.addPatient());
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const uploaded = await upload(service, quiet, `${of.path}/files`, sent);
    const { fileId } = uploaded.body as { fileId: string };
    await diesWriting(of, clinician, { text: 'Se bilagan.', fileIds: [fileId] });
    const other = await quiet.call('POST', `${of.path}/messages`, { body: { fileIds: [fileId] } });
    expect(expectProblem(other, 422)).toMatchObject([{ reason: 'unknown-file' }]);
    const later = { now: () => new Date(clock.now().getTime() + 2 * DAY) };
    await createUnsentFiles({ records: service.records, clock: later }).doAll();
    clock.passMs(MINUTE);
    await waitUntil(
      () => textsOf(of),
      (texts) => texts.includes('Se bilagan.'),
    );
    expect((await service.records.files.find(of.caseId, fileId))?.messageId).not.toBeNull();
    expect(await lost(of)).toEqual([]);
  });

  it('R6.7 is kept where its case has ended since', async () => {
    const of = await openCase(quiet, await quiet.addPatient({}, false));
    const command = await diesWriting(of, clinician, { text: 'Det ser bra ut.' });
    expect((await quiet.call('POST', `${of.path}/close`)).status).toBe(200);
    const contactOn = dayInStockholm(clock.now().toISOString());
    const documented = await quiet.call('POST', `${of.path}/documentation`, { body: { contactOn } });
    expect(documented.status).toBe(200);
    await waitUntil(
      () => service.records.cases.get(of.caseId),
      ({ course }) => course.state === 'ended',
    );
    // As where it had gone on anew before it ended: Temporal knows what a run was told as long as that run is
    // the last.
    const temporal = {
      ...service.temporal,
      staffWrites: () => Promise.resolve({ refused: 'not-running' as const }),
    };
    expect((await carryOut({ ...deps(), temporal }, command)).status).toBe(201);
    expect(await textsOf(of)).toEqual(['Hur går det?', 'Det ser bra ut.']);
    expect(await lost(of)).toEqual([]);
  });

  it('R6.3 and which cannot be kept is a task for staff, when it is given up', async () => {
    const of = await openCase(quiet, await quiet.addPatient());
    const command = await diesWriting(of, clinician, { text: 'Kom in.' });
    const { records } = service;
    const messages = { ...records.messages, seal: () => Promise.reject(new Error('no key')) };
    const later = { now: () => new Date(clock.now().getTime() + 2 * HOUR) };
    const failing = { ...deps(), records: { ...records, messages }, clock: later };
    // A4 Its age alone ends nothing.
    await expect(carryOut(failing, command)).rejects.toThrow('no key');
    expect(await lost(of)).toEqual([]);
    let came: Answer | null = null;
    for (let failures = 0; failures < 10 && came === null; failures += 1)
      came = await carryOut(failing, command).catch(() => null);
    expect(came).toMatchObject({ status: 500, body: { title: 'given-up' } });
    expect(await lost(of)).toEqual([['open', 'written-by-staff', 'given-up']]);
  });

  it('R6.6 one that a patient was told is received, and that is refused after, is a task too; one refused at once is none', async () => {
    const of = await openCase(quiet, await quiet.addPatient());
    const patient = { kind: 'patient', personId: of.patientId } as const;
    await quiet.call('POST', `${of.path}/close`);
    clock.holdAt(new Date());
    const write = async (personId: string, delayMs: number) => {
      const { command } = await store(of, { ...patient, personId }, { text: 'Hej' });
      const later = { now: () => new Date(clock.now().getTime() + delayMs) };
      return carryOut({ ...deps(), clock: later }, command);
    };
    expect((await write(of.patientId, 0)).status).toBe(409);
    // Nor may a stranger make work for others.
    expect((await write(await quiet.addPatient(), MINUTE)).status).toBe(404);
    expect(await lost(of)).toEqual([]);
    expect((await write(of.patientId, MINUTE)).status).toBe(409);
    expect(await lost(of)).toEqual([['open', 'written-by-patient-side', 'refused']]);
  });
});

describe('R4.4 the chat of a meeting', () => {
  it('is written from when the door opens, kept after the meeting, and starts no clock', async () => {
    const patientId = await clinic.addPatient();
    const guestId = await clinic.addPatient();
    const meeting = await clinic.book({
      patientId,
      startAt: inMs(HOUR),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guest', personId: guestId },
      ],
    });
    const chat = `${meeting.path}/chat`;
    const write = (text: string, staffId = 'clinician-1') =>
      clinic.call('POST', chat, { staffId, body: { text } });
    expect((await write('För tidigt')).body).toMatchObject({ title: 'too-early' });
    clock.passMs(50 * MINUTE);
    expectProblem(await write('Hej', 'clinician-2'), 403);
    expect((await write('Hör du mig?')).status).toBe(201);
    const fromPatient = await asPerson(service, clock, {
      clinicId: clinic.clinicId,
      actor: { kind: 'patient', personId: patientId },
      operation: 'meeting.write-chat',
      params: { meetingId: meeting.meetingId },
      body: { text: 'Ja.', fileIds: [], asksForMore: false },
    });
    expect(fromPatient.status).toBe(201);

    // Guests read and write only while they are in the meeting.
    const read = await service.records.meetings.get(meeting.meetingId);
    const guest = { kind: 'guest' as const, personId: guestId };
    const deps = { records: service.records, clock };
    expect(await readChat(deps, read, guest, 0)).toBeNull();
    const room = await roomOf(service, meeting.meetingId);
    const guestParticipant = read.participants.find(({ role }) => role === 'guest')!.participantId;
    await room.joined(guestParticipant, clock.now());
    expect((await readChat(deps, read, guest, 0))!.messages.map(({ text }) => text)).toEqual([
      'Hör du mig?',
      'Ja.',
    ]);
    await room.left(guestParticipant, clock.now());
    expect(await usesChat(deps, read, guest)).toBe(false);

    clock.passMs(5 * HOUR);
    expect((await write('För sent')).body).toMatchObject({ title: 'ended' });
    const { body } = await clinic.call('GET', chat);
    expect((body as ShownThread).messages.map(({ text }) => text)).toEqual(['Hör du mig?', 'Ja.']);
    expect((await readChat(deps, read, { kind: 'patient', personId: patientId }, 0))!.messages).toHaveLength(
      2,
    );
    expect((await clinic.call('GET', chat, { staffId: 'clinician-2' })).status).toBe(403);
    const tasks = await service.records.tasks.ofMeeting(meeting.meetingId);
    expect(tasks.map(({ kind }) => kind)).not.toContain('reply-due');
  });
});
