import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { MOST_FILE_BYTES, MOST_UNSENT_FILES } from '../../../rules/files';
import { openCase, smallPdf, type TestCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { heicOf, zipOf } from '../../support/odd-files';
import { startService, type Service } from '../../support/service';
import { createUnsentFiles } from '../../../worker/unsent-files';
import {
  expectProblem,
  HOUR,
  inMs,
  openDatabase,
  testClock,
  type RawDatabase,
  dayInStockholm,
} from '../helpers';
import { picture, threadOf, threadsKept, upload } from '../threads';

/** Files of message cases from end to end over HTTP (R6.7). */
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

const download = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.apiUrl}${path}`, {
    headers: {
      authorization: `Bearer ${clinic.apiKey}`,
      'acting-staff': 'clinician-1',
      'acting-role': 'clinician',
      ...headers,
    },
  });

describe('files', () => {
  let of: TestCase;
  beforeAll(async () => {
    of = await openCase(clinic, await clinic.addPatient());
  });
  const to = (): string => `${of.path}/files`;

  it('R6.7 a picture is sent with a message and read again, and never run or cached', async () => {
    const sent = await picture('Utslag på armen.jpg');
    const uploaded = await upload(service, clinic, to(), sent);
    expect([uploaded.status, uploaded.body]).toMatchObject([
      201,
      { name: 'Utslag på armen.jpg', type: 'image/jpeg', hasPreview: true },
    ]);
    const { fileId } = uploaded.body as { fileId: string };
    expect((await clinic.call('POST', `${of.path}/messages`, { body: { fileIds: [fileId] } })).status).toBe(
      201,
    );
    expect((await threadOf(clinic, of)).messages.at(-1)).toMatchObject({
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
    const { body } = await upload(service, clinic, to(), { name: 'a.pdf', type: 'application/pdf', content });
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
    const [one, same] = [
      await upload(service, clinic, to(), sent, { key }),
      await upload(service, clinic, to(), sent, { key }),
    ];
    expect(same.body).toEqual(one.body);
    const other = { ...sent, content: Buffer.from(`${smallPdf} `) };
    expect((await upload(service, clinic, to(), other, { key })).body).toMatchObject({
      title: 'idempotency-key-reused',
    });
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
    const before = await threadsKept(raw);
    const answer = await upload(service, clinic, to(), file);
    expect(expectProblem(answer, status)).toMatchObject([{ field: '/body/file', reason }]);
    expect(await threadsKept(raw)).toEqual(before);
  });

  it('refuses a picture of 10,000 by 10,000 pixels, with a reason, and keeps nothing', async () => {
    const before = await threadsKept(raw);
    const content = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: 'red' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const answer = await upload(service, clinic, to(), { name: 'a.png', type: 'image/png', content });
    expect(expectProblem(answer, 422)).toMatchObject([{ reason: 'picture-too-large' }]);
    expect(await threadsKept(raw)).toEqual(before);
  });

  it('refuses what is no form with one file', async () => {
    const before = await threadsKept(raw);
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
    expect(await threadsKept(raw)).toEqual(before);
  });

  it('one sends only what one has uploaded oneself, here, and once', async () => {
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const { fileId } = (await upload(service, clinic, to(), sent)).body as { fileId: string };
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
    const { fileId } = (await upload(service, clinic, to(), sent, { staffId: 'b' })).body as {
      fileId: string;
    };
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
      waiting.push(
        ((await upload(service, clinic, `${other.path}/files`, sent(index))).body as { fileId: string })
          .fileId,
      );
    const onceMore = () => upload(service, clinic, `${other.path}/files`, sent(99));
    expect(expectProblem(await onceMore(), 422)).toMatchObject([{ reason: 'too-many-unsent' }]);
    await clinic.call('POST', `${other.path}/messages`, { body: { fileIds: waiting.slice(0, 1) } });
    expect((await onceMore()).status).toBe(201);
  });

  it('one whose person was erased is not opened, and they get no new key by that', async () => {
    const other = await openCase(clinic, await clinic.addPatient());
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const { fileId } = (await upload(service, clinic, `${other.path}/files`, sent)).body as {
      fileId: string;
    };
    const file = await service.records.files.find(other.caseId, fileId);
    const keys = raw.db.collection('personKeys');
    await keys.deleteOne({ _id: other.patientId as never });
    await expect(service.records.files.read(file!, 'content')).rejects.toThrow('no key');
    expect(await keys.countDocuments({ _id: other.patientId as never })).toBe(0);
  });

  it('what was never sent is deleted after a day, and what was sent is not', async () => {
    const sent = { name: 'a.pdf', type: 'application/pdf', content: Buffer.from(smallPdf) };
    const [kept, unsent] = [
      await upload(service, clinic, to(), sent),
      await upload(service, clinic, to(), sent),
    ].map(({ body }) => (body as { fileId: string }).fileId);
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
