import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { carryOut } from '../../../use-cases/carry-out';
import type { CommandDeps } from '../../../use-cases/command';
import { readCaseThread, readChat, usesChat } from '../../../use-cases/thread/read';
import type { Answer, Command } from '../../../records/commands';
import type { Actor } from '../../../rules/actor';
import { defaultCaseRules } from '../../../rules/case';
import { MOST_FILE_BYTES, MOST_UNSENT_FILES } from '../../../rules/files';
import { defaultNoticeRules } from '../../../rules/notices';
import { asPerson, openCase, patientWrites, smallPdf, type TestCase } from '../../support/cases';
import { createClinic, type CallAnswer, type TestClinic } from '../../support/clinic';
import { heicOf, zipOf } from '../../support/odd-files';
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
} from '../helpers';

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

/** How much of threads is kept: all else may change beside a test, as notices come to their ends. */
async function kept(): Promise<(number | undefined)[]> {
  const { counts } = await raw.contents();
  return ['cases', 'threads', 'messages', 'files', 'contents.files', 'contents.chunks'].map(
    (name) => counts[name],
  );
}

const bornYearsAgo = (years: number): string => inMs(-years * 365.25 * DAY - 30 * DAY).slice(0, 10);

/** Uploads as browsers do. */
async function upload(
  to: string,
  file: { name: string; type: string; content: Uint8Array },
  { key = randomUUID(), staffId = 'clinician-1', by = clinic } = {},
): Promise<CallAnswer> {
  const form = new FormData();
  form.append('file', new Blob([Uint8Array.from(file.content)], { type: file.type }), file.name);
  const response = await fetch(`${service.apiUrl}${to}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${by.apiKey}`,
      'acting-staff': staffId,
      'acting-role': 'clinician',
      'idempotency-key': key,
    },
    body: form,
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as never };
}
const picture = async (): Promise<{ name: string; type: string; content: Buffer }> => ({
  name: 'Utslag på armen.jpg',
  type: 'image/jpeg',
  content: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#b07050' } })
    .withExif({ IFD0: { Make: 'Kameratillverkaren' } })
    .jpeg()
    .toBuffer(),
});

const download = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.apiUrl}${path}`, {
    headers: {
      authorization: `Bearer ${clinic.apiKey}`,
      'acting-staff': 'clinician-1',
      'acting-role': 'clinician',
      ...headers,
    },
  });

interface ShownThread {
  subject: string;
  messages: {
    text: string | null;
    author: string;
    writtenBy: string;
    files: { fileId: string; name: string }[];
  }[];
}
const threadOf = async ({ path }: TestCase): Promise<ShownThread> =>
  (await clinic.call('GET', `${path}/thread`)).body as ShownThread;

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
    const { subject, messages } = await threadOf(of);
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
    const before = await kept();
    for (const kind of ['patient', 'guardian'] as const)
      expect((await write(of, kind, stranger)).status).toBe(404);
    // Nor does the patient act as a guardian.
    expect((await write(of, 'guardian', of.patientId)).status).toBe(404);
    expect(await kept()).toEqual(before);
    const about = await service.records.cases.get(of.caseId);
    const actor = { kind: 'patient' as const, personId: stranger };
    const deps = { records: service.records, temporal: service.temporal, clock };
    expect(await readCaseThread(deps, about, actor, 0)).toBeNull();
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
    const before = await kept();
    const answer = await write(of, 'patient', of.patientId);
    expect(answer).toMatchObject({
      status: 409,
      body: { title: 'no-ongoing-matter', detail: expect.stringContaining('1177') },
    });
    expect(await kept()).toEqual(before);
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
    const about = await service.records.cases.get(of.caseId);
    const actor = { kind: 'patient' as const, personId: of.patientId };
    const deps = { records: service.records, temporal: service.temporal, clock };
    const thread = await readCaseThread(deps, about, actor, 0);
    expect(thread!.messages).toHaveLength(1);
    await waitUntil(
      () => service.temporal.caseStatus(of.caseId),
      ({ burst }) => burst!.over,
    );
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'En sak till.' } });
    expect((await service.temporal.caseStatus(of.caseId)).burst).toMatchObject({ number: 2 });
  });
});

describe('files', () => {
  let of: TestCase;
  beforeAll(async () => {
    of = await openCase(clinic, await clinic.addPatient());
  });
  const to = (): string => `${of.path}/files`;

  it('R6.7 a picture is sent with a message and read again, and never run or cached', async () => {
    const sent = await picture();
    const uploaded = await upload(to(), sent);
    expect([uploaded.status, uploaded.body]).toMatchObject([
      201,
      { name: 'Utslag på armen.jpg', type: 'image/jpeg', hasPreview: true },
    ]);
    const { fileId } = uploaded.body as { fileId: string };
    expect((await clinic.call('POST', `${of.path}/messages`, { body: { fileIds: [fileId] } })).status).toBe(
      201,
    );
    expect((await threadOf(of)).messages.at(-1)).toMatchObject({
      text: null,
      files: [{ fileId, name: sent.name }],
    });

    const response = await download(`${to()}/${fileId}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': expect.stringMatching(/^attachment; filename=/),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    const content = Buffer.from(await response.arrayBuffer());
    expect(await sharp(content).metadata()).toMatchObject({ width: 900, height: 600 });
    expect(content.includes('Kameratillverkaren')).toBe(false);
    const small = Buffer.from(await (await download(`${to()}/${fileId}?preview=true`)).arrayBuffer());
    expect(await sharp(small).metadata()).toMatchObject({ width: 480, format: 'jpeg' });

    // Sealed with the patient's key, the name too, in GridFS.
    const chunks = await raw.db.collection('contents.chunks').find().toArray();
    expect(chunks.length).toBeGreaterThan(1);
    expect(JSON.stringify(await raw.db.collection('files').find().toArray())).not.toContain('Utslag');
    const stored = chunks.map(({ data }) => Buffer.from((data as { buffer: Uint8Array }).buffer));
    expect(stored.some((chunk) => chunk.includes('JFIF'))).toBe(false);

    // R6.4: the contact is documented when the pictures are handled, not before.
    await clinic.call('POST', `${of.path}/close`);
    const contactOn = dayInStockholm(inMs(0));
    const document = (picturesHandled: boolean) =>
      clinic.call('POST', `${of.path}/documentation`, { body: { contactOn, picturesHandled } });
    expect(expectProblem(await document(false), 422)).toMatchObject([{ reason: 'pictures-not-handled' }]);
    expect((await document(true)).body).toMatchObject({ documented: { picturesHandled: true } });
    of = await openCase(clinic, await clinic.addPatient());
  });

  it('a large file comes back as it was sent, over many parts', async () => {
    const content = Buffer.concat([Buffer.from(smallPdf), Buffer.alloc(3_000_000, 'abcdefg')]);
    const { body } = await upload(to(), { name: 'a.pdf', type: 'application/pdf', content });
    const { fileId } = body as { fileId: string };
    const response = await download(`${to()}/${fileId}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    // One part of it missing, nothing of it is taken for the whole.
    await raw.db
      .collection('contents.chunks')
      .updateOne({ files_id: `${fileId}:content` as never, n: 2 }, { $set: { data: Buffer.alloc(1_000) } });
    const broken = await download(`${to()}/${fileId}`)
      .then((each) => each.arrayBuffer())
      .then(
        (bytes) => bytes.byteLength,
        () => 'broken off',
      );
    expect(broken).not.toBe(content.length);
  });

  it('decision 6: the same key and content is one file; other content under the key is refused', async () => {
    const key = randomUUID();
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const [one, same] = [await upload(to(), sent, { key }), await upload(to(), sent, { key })];
    expect(same.body).toEqual(one.body);
    const other = { ...sent, content: Buffer.from(`${smallPdf} `) };
    expect((await upload(to(), other, { key })).body).toMatchObject({ title: 'idempotency-key-reused' });
  });

  it.each([
    [
      'a forged type',
      { name: 'a.jpg', type: 'image/jpeg', content: Buffer.from(smallPdf) },
      422,
      'type-forged',
    ],
    [
      'a web page',
      { name: 'a.html', type: 'text/html', content: Buffer.from('<script>1</script>') },
      422,
      'type-not-allowed',
    ],
    [
      'a path',
      { name: '../../etc/a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) },
      422,
      'name-with-path',
    ],
    ['nothing', { name: 'a.pdf', type: 'application/pdf', content: Buffer.alloc(0) }, 422, 'empty-file'],
    [
      'too much',
      { name: 'a.pdf', type: 'application/pdf', content: Buffer.alloc(MOST_FILE_BYTES + 1, smallPdf) },
      413,
      'too-large',
    ],
    [
      'what unpacks to a thousand times its size',
      { name: 'a.pdf', type: 'application/pdf', content: zipOf(50_000_000) },
      422,
      'type-not-allowed',
    ],
    [
      'an iPhone’s own kind of picture',
      { name: 'a.heic', type: 'image/heic', content: heicOf('heic') },
      422,
      'picture-heic',
    ],
  ])('refuses %s, with a reason, and keeps nothing', async (_what, file, status, reason) => {
    const before = await kept();
    const answer = await upload(to(), file);
    expect(expectProblem(answer, status)).toMatchObject([{ field: '/body/file', reason }]);
    expect(await kept()).toEqual(before);
  });

  it('refuses a picture of 10,000 by 10,000 pixels, with a reason, and keeps nothing', async () => {
    const before = await kept();
    const content = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: 'red' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const answer = await upload(to(), { name: 'a.png', type: 'image/png', content });
    expect(expectProblem(answer, 422)).toMatchObject([{ reason: 'picture-too-large' }]);
    expect(await kept()).toEqual(before);
  });

  it('refuses what is no form with one file', async () => {
    const before = await kept();
    const json = await clinic.call('POST', to(), { body: { file: 'x' } });
    expectProblem(json, 415);
    const form = new FormData();
    for (const name of ['a.pdf', 'b.pdf'])
      form.append('file', new Blob([smallPdf], { type: 'application/pdf' }), name);
    const two = await fetch(`${service.apiUrl}${to()}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${clinic.apiKey}`,
        'acting-staff': 'clinician-1',
        'acting-role': 'clinician',
        'idempotency-key': randomUUID(),
      },
      body: form,
    });
    expect([two.status, ((await two.json()) as { title: string }).title]).toEqual([
      422,
      'more-than-one-file',
    ]);
    expect(await kept()).toEqual(before);
  });

  it('one sends only what one has uploaded oneself, here, and once', async () => {
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const { fileId } = (await upload(to(), sent)).body as { fileId: string };
    const other = await openCase(clinic, await clinic.addPatient());
    const sendIn = (path: string, staffId = 'clinician-1') =>
      clinic.call('POST', `${path}/messages`, { staffId, body: { fileIds: [fileId] } });
    expect(expectProblem(await sendIn(other.path), 422)).toMatchObject([{ reason: 'unknown-file' }]);
    await clinic.call('PUT', `${of.path}/assignment`, { body: { staffId: 'b', from: 'clinician-1' } });
    expect(expectProblem(await sendIn(of.path, 'b'), 422)).toMatchObject([{ reason: 'unknown-file' }]);
    expect((await sendIn(of.path)).status).toBe(201);
    expectProblem(await sendIn(of.path), 422);
    // R8.1: nor is it read through another case.
    expect((await download(`${other.path}/files/${fileId}`)).status).toBe(404);
  });

  it('C5 what somebody has uploaded and not sent, or taken back, nobody else opens by its id', async () => {
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const { fileId } = (await upload(to(), sent, { staffId: 'b' })).body as { fileId: string };
    // The member of staff who takes part is not the one who uploaded it; nor is a patient's theirs.
    expect((await download(`${to()}/${fileId}`)).status).toBe(404);
    await raw.db
      .collection('files')
      .updateOne({ _id: fileId as never }, { $set: { uploadedBy: `patient/${of.patientId}` } });
    expect((await download(`${to()}/${fileId}`)).status).toBe(404);
    expect((await download(`${to()}/${fileId}?preview=true`)).status).toBe(404);
    await raw.db
      .collection('files')
      .updateOne({ _id: fileId as never }, { $set: { uploadedBy: 'clinician-1' } });
    expect((await download(`${to()}/${fileId}`)).status).toBe(200);
  });

  it('so many can wait to be sent, and no more', async () => {
    const other = await openCase(clinic, await clinic.addPatient());
    const sent = (index: number) => ({
      name: `${index}.pdf`,
      type: 'application/pdf',
      content: Buffer.from(smallPdf),
    });
    const waiting: string[] = [];
    for (let index = 0; index < MOST_UNSENT_FILES; index += 1)
      waiting.push(((await upload(`${other.path}/files`, sent(index))).body as { fileId: string }).fileId);
    const onceMore = () => upload(`${other.path}/files`, sent(99));
    expect(expectProblem(await onceMore(), 422)).toMatchObject([{ reason: 'too-many-unsent' }]);
    await clinic.call('POST', `${other.path}/messages`, { body: { fileIds: waiting.slice(0, 1) } });
    expect((await onceMore()).status).toBe(201);
  });

  it('one whose person was erased is not opened, and they get no new key by that', async () => {
    const other = await openCase(clinic, await clinic.addPatient());
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const { fileId } = (await upload(`${other.path}/files`, sent)).body as { fileId: string };
    const file = await service.records.files.find(other.caseId, fileId);
    const keys = raw.db.collection('personKeys');
    await keys.deleteOne({ _id: other.patientId as never });
    await expect(service.records.files.read(file!, 'content')).rejects.toThrow('no key');
    expect(await keys.countDocuments({ _id: other.patientId as never })).toBe(0);
  });

  it('what was never sent is deleted after a day, and what was sent is not', async () => {
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const [kept, unsent] = [await upload(to(), sent), await upload(to(), sent)].map(
      ({ body }) => (body as { fileId: string }).fileId,
    );
    await clinic.call('POST', `${of.path}/messages`, { body: { fileIds: [kept] } });
    clock.passMs(23 * HOUR);
    await createUnsentFiles({ records: service.records, clock }).doAll();
    expect((await download(`${to()}/${unsent}`)).status).toBe(200);
    clock.passMs(2 * HOUR);
    // One that an earlier try left half-way goes too, with its contents.
    await raw.db.collection('files').updateOne({ _id: unsent as never }, { $set: { state: 'deleting' } });
    expect((await download(`${to()}/${unsent}`)).status).toBe(404);
    await createUnsentFiles({ records: service.records, clock }).doAll();
    expect((await download(`${to()}/${unsent}`)).status).toBe(404);
    expect(await raw.db.collection('files').countDocuments({ _id: unsent as never })).toBe(0);
    expect((await download(`${to()}/${kept}`)).status).toBe(200);
    const ids = (await raw.db.collection('contents.files').find().toArray()).map(({ _id }) => String(_id));
    expect([ids.includes(`${kept}:content`), ids.includes(`${unsent}:content`)]).toEqual([true, false]);
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

  /** Stores the command and carries it out until then; no time passes for the reconciler, which would go on with it. */
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
    const uploaded = await upload(`${of.path}/files`, sent, { by: quiet });
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
    // As where it had gone on anew before it ended: Temporal knows what a run was told as long as that run is the last.
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
