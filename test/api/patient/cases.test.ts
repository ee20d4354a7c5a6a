import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import sharp from 'sharp';
import { createThreadStreams } from '../../../api/patient/thread/thread-streams';
import { heldFiles } from '../../../use-cases/thread/keep-upload';
import { createShutdown } from '../../../api/shutdown';
import { randomId } from '../../../platform/keys/random-id';
import { defaultCaseRules } from '../../../rules/case';
import { MOST_FILE_BYTES } from '../../../rules/files';
import { DAY, HOUR, dayInStockholm, inMs, openDatabase, testClock, type RawDatabase } from '../helpers';
import { openCase, smallPdf, type TestCase } from '../../support/cases';
import { createClinic, testSettings, type TestClinic } from '../../support/clinic';
import { TemporalUnavailable } from '../../../temporal/gateway';
import { formIn, loggedIn, testPeople, visitor, type Shown, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/** Patients' pages of message cases and of meetings' chats, over HTTP as a browser without scripts posts (R6.6–R6.8, R4.4, R7.1, R7.2). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service, {
    name: 'Testmottagningen',
    // At any hour: a case ends when its last notice has gone, which else waits for the morning (R2.9).
    noticeRules: { ...testSettings.noticeRules, quietHours: null },
  });
  raw = await openDatabase(service);
  patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** A case, and the address of one's own page of it. */
async function own(of: Promise<TestCase>, role = 'patient'): Promise<TestCase & { my: string }> {
  const made = await of;
  const { participants } = await service.records.cases.get(made.caseId);
  const place = participants.find((each) => each.role === role)!;
  return { ...made, my: `/my/cases/${place.participantId}` };
}
const myCase = (body: object = {}) => own(openCase(clinic, patientId, body));

interface SentFile {
  name: string;
  type: string;
  content: Uint8Array | string;
}

/** Posts the form of a page with files, as browsers do: its hidden fields first. */
async function write(
  browser: Visitor,
  page: Shown,
  address: string,
  fields: Record<string, string | string[]>,
  files: SentFile[] = [],
): Promise<Shown> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...formIn(page, address), ...fields }))
    for (const each of [value].flat()) form.append(name, each);
  for (const { name, type, content } of files)
    form.append('file', new Blob([content as never], { type }), name);
  const response = await fetch(`${service.apiUrl}${address}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(browser), 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    body: form,
  });
  return {
    path: address,
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    location: response.headers.get('location'),
  };
}
const cookiesOf = (browser: Visitor): string =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const texts = async ({ caseId }: TestCase): Promise<(string | null)[]> =>
  (await service.records.messages.list(caseId, 0, 100)).map(({ text }) => text);

/** How much of threads is kept. */
async function kept(): Promise<(number | undefined)[]> {
  const { counts } = await raw.contents();
  return ['cases', 'threads', 'messages', 'files', 'contents.files', 'contents.chunks'].map(
    (name) => counts[name],
  );
}

const picture = async (name = 'Utslag.jpg'): Promise<SentFile> => ({
  name,
  type: 'image/jpeg',
  content: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#b07050' } })
    .jpeg()
    .toBuffer(),
});

describe('all of mine', () => {
  it('R6.2 tells where each case stands, by which day an answer comes, and what is new', async () => {
    const of = await myCase({ subject: 'Provsvar' });
    const browser = await loggedIn(service, testPeople.patient);
    const before = await browser.get('/my');
    expect(before.text).toContain('Nytt meddelande');
    expect(before.text).toContain('Provsvar');
    const page = await browser.get(of.my);
    expect(page.text).toContain('Hur går det?');
    // Written on a Friday afternoon: the second weekday after is Tuesday.
    clock.holdAt(new Date('2026-11-27T14:00:00Z'));
    const asOfThen = await loggedIn(service, testPeople.patient);
    const sent = await write(asOfThen, await asOfThen.get(of.my), of.my, { text: 'Det gör ont.' });
    expect([sent.status, sent.location]).toEqual([303, `${of.my}/sent`]);
    const shown = await asOfThen.get('/my');
    expect(shown.text).toContain('Mottagningen svarar senast tisdag 1 december.');
    expect(shown.text).not.toContain('Nytt meddelande');
    expect((await asOfThen.get(of.my)).text).toContain('Mottagningen svarar senast tisdag 1 december.');
    // One second before the midnight it is not late, then it is.
    clock.holdAt(new Date('2026-12-01T22:59:59Z'));
    const inTime = await loggedIn(service, testPeople.patient);
    expect((await inTime.get(of.my)).text).toContain('Mottagningen svarar senast tisdag 1 december.');
    clock.holdAt(new Date('2026-12-01T23:00:00Z'));
    expect((await inTime.get(of.my)).text).toContain('Svaret är försenat');
  });

  it('R6.7 lists a case that has ended, and R6.6 writes in it no more', async () => {
    const of = await myCase({ subject: 'Avslutat ärende' });
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    expect(page.text.indexOf('tel:112')).toBeLessThan(page.text.indexOf('Hur går det?'));
    await clinic.call('POST', `${of.path}/close`);
    const before = await kept();
    // The form was on the screen before it was closed: what was written is not lost.
    const late = await write(browser, page, of.my, { text: 'Skrivet för sent' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('Skrivet för sent');
    expect(late.text).toContain('1177.se');
    expect(late.text).not.toContain('name="text"');
    expect(await kept()).toEqual(before);
    await clinic.call('POST', `${of.path}/documentation`, {
      body: { contactOn: dayInStockholm(inMs(0)), picturesHandled: false },
    });
    await waitUntil(
      async () => (await service.records.cases.get(of.caseId)).course.state,
      (state) => state === 'ended',
    );
    expect((await browser.get('/my')).text).toContain('Avslutat ärende');
    expect((await browser.get(of.my)).text).toContain('Hur går det?');
  });

  it('shows the last of a long thread, and what was written before a link away', async () => {
    const of = await myCase();
    const { records } = service;
    for (let number = 2; number <= 60; number += 1) {
      const message = await records.messages.seal(
        {
          messageId: randomId(),
          thread: 'case',
          threadId: of.caseId,
          clinicId: clinic.clinicId,
          patientId,
          text: `Nummer ${number}.`,
          asksForMore: false,
          fileIds: [],
          receivedAt: inMs(0),
        },
        { kind: 'patient', personId: patientId },
      );
      await records.transaction((session) => records.messages.add(message, session));
    }
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    expect([page.text.includes('Nummer 60.'), page.text.includes('Nummer 10.')]).toEqual([true, false]);
    const [, earlier = ''] = /href="([^"]+\/before\/[\w-]{22})"/.exec(page.text) ?? [];
    const before = await browser.get(earlier);
    expect([before.text.includes('Hur går det?'), before.text.includes('Nummer 10.')]).toEqual([true, true]);
    expect([before.text.includes('Nummer 11.'), before.text.includes('<textarea')]).toEqual([false, false]);
    const other = await myCase();
    const [, messageId = ''] = /before\/([\w-]{22})/.exec(earlier) ?? [];
    expect((await browser.get(`${other.my}/before/${messageId}`)).status).toBe(404);
  });

  it('R8.2 what was seen and written stands in the audit log, under the patient whose it is', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    await write(browser, await browser.get(of.my), of.my, { text: 'Hej' });
    const rows = await raw.audit({ subjectId: of.caseId, actor: 'patient' });
    expect(rows.map(({ operation, personId, allowed }) => [operation, personId, allowed])).toEqual([
      ['my.case', patientId, true],
      ['my.write-in-case', patientId, true],
    ]);
  });
});

describe('writing', () => {
  it('the same form posted twice, and again after going back, is one message', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const file = await picture();
    const post = () => write(browser, page, of.my, { text: 'En gång.' }, [file]);
    const both = await Promise.all([post(), post()]);
    expect(both.map(({ location }) => location)).toEqual([`${of.my}/sent`, `${of.my}/sent`]);
    expect((await post()).location).toBe(`${of.my}/sent`);
    expect(await texts(of)).toEqual(['Hur går det?', 'En gång.']);
    // Something else from the same page is another message.
    await write(browser, page, of.my, { text: 'Något annat.' });
    expect(await texts(of)).toEqual(['Hur går det?', 'En gång.', 'Något annat.']);
    const all = await service.records.messages.list(of.caseId, 0, 10);
    expect(all.map(({ fileIds }) => fileIds.length)).toEqual([0, 1, 0]);
  });

  it.each([
    ['nothing', '', 'Skriv något'],
    ['only spaces', ' \n\t ', 'Skriv något'],
    ['too much', 'x'.repeat(100_000), 'Skriv kortare'],
    ['control characters', 'Hej\u0007 du', 'dolda tecken'],
  ])('refuses %s in words at the field, loses nothing and keeps nothing', async (_what, text, words) => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const before = await kept();
    const answer = await write(browser, page, of.my, { text });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).toContain(text.trim().replace('\u0007', ''));
    expect(await kept()).toEqual(before);
    expect(await texts(of)).toEqual(['Hur går det?']);
  });

  it('keeps a draft until it is sent, for this reader alone', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { csrf = '' } = formIn(page, of.my);
    const saved = await browser.post(`${of.my}/draft`, { csrf, text: 'Halvskrivet' });
    expect(saved.status).toBe(200);
    expect((await browser.get(of.my)).text).toContain('>Halvskrivet</textarea>');
    await write(browser, page, of.my, { text: 'Helskrivet' });
    expect((await browser.get(of.my)).text).not.toContain('Halvskrivet');
  });

  it('E7 what the page saved before it was sent, and comes after, is no draft; what is written next is one', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { csrf = '', formKey = '' } = formIn(page, of.my);
    await write(browser, page, of.my, { text: 'Skickat' });
    const next = await browser.get(of.my);
    const draftOf = (shown: Shown): string | undefined => /<textarea[^>]*>([^<]*)</.exec(shown.text)?.[1];
    // The beacon of the page that was hidden while it sent.
    const beacon = () => browser.post(`${of.my}/draft`, { csrf, formKey, text: 'Skickat' });
    expect((await beacon()).status).toBe(200);
    expect(draftOf(await browser.get(of.my))).toBe('');
    const nextForm = formIn(next, of.my);
    await browser.post(`${of.my}/draft`, { csrf, formKey: nextForm.formKey ?? '', text: 'Nästa' });
    await beacon();
    expect(draftOf(await browser.get(of.my))).toBe('Nästa');
    await write(browser, next, of.my, { text: 'Nästa' });
    await beacon();
    expect(draftOf(await browser.get(of.my))).toBe('');
    expect(await texts(of)).toEqual(['Hur går det?', 'Skickat', 'Nästa']);
  });

  it('is stored while Temporal is away, and told as received', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { patientWrites, caseRead } = service.temporal;
    Object.assign(service.temporal, {
      patientWrites: () => Promise.reject(new TemporalUnavailable(null)),
      caseRead: () => Promise.reject(new TemporalUnavailable(null)),
    });
    try {
      const answer = await write(browser, page, of.my, { text: 'Under avbrottet' });
      expect(answer.location).toBe(`${of.my}/received`);
      expect((await browser.get(`${of.my}/received`)).text).toContain('Du behöver inte skicka det igen');
    } finally {
      Object.assign(service.temporal, { patientWrites, caseRead });
    }
    await waitUntil(
      () => texts(of),
      (all) => all.includes('Under avbrottet'),
    );
  });

  it('takes no form of other sites, of another session, or without its token, and reads no file of it', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const before = await kept();
    const without = await write(browser, page, of.my, { csrf: '', text: 'x' }, [await picture()]);
    expect(without.status).toBe(403);
    const stranger = await loggedIn(service, testPeople.stranger);
    const strange = await write(stranger, page, of.my, { text: 'x' }, [await picture()]);
    expect(strange.status).toBe(404);
    const response = await fetch(`${service.apiUrl}${of.my}`, {
      method: 'POST',
      headers: { cookie: cookiesOf(browser), 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ ...formIn(page, of.my), text: 'x' }),
    });
    expect(response.status).toBe(403);
    expect(await kept()).toEqual(before);
  });
});

describe('files', () => {
  it('R6.7 a picture is added, shown small, sent with the message, and read as an attachment', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const added = await write(browser, page, of.my, { text: 'Så här ser det ut', do: 'attach' }, [
      await picture(),
    ]);
    expect(added.status).toBe(200);
    expect(added.text).toContain('>Så här ser det ut</textarea>');
    const [, fileId = ''] = /name="attached" value="([\w-]{22})"/.exec(added.text) ?? [];
    expect(await texts(of)).toEqual(['Hur går det?']);
    const preview = await fetchFile(browser, `${of.my}/files/${fileId}/preview`);
    expect(preview.headers.get('content-type')).toBe('image/jpeg');
    // Not sent yet: nobody else sees it.
    const sent = await write(browser, added, of.my, { text: 'Så här ser det ut', attached: fileId });
    expect(sent.location).toBe(`${of.my}/sent`);
    const read = await clinic.call('GET', `${of.path}/thread`);
    expect((read.body as { messages: { files: object[] }[] }).messages.at(-1)?.files).toMatchObject([
      { fileId, name: 'Utslag.jpg' },
    ]);
    const file = await fetchFile(browser, `${of.my}/files/${fileId}`);
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-disposition': expect.stringMatching(/^attachment; filename="?Utslag.jpg/),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-type': 'image/jpeg',
    });
    expect((await browser.get(of.my)).text).toContain(`${of.my}/files/${fileId}`);
    // Of one's own other case it is no file.
    const other = await myCase();
    expect((await browser.get(`${other.my}/files/${fileId}`)).status).toBe(404);
  });

  const fetchFile = (browser: Visitor, path: string) =>
    fetch(`${service.apiUrl}${path}`, { headers: { cookie: cookiesOf(browser) } });

  it('what staff have uploaded and not sent is not seen', async () => {
    const of = await myCase();
    const form = new FormData();
    form.append('file', new Blob([smallPdf], { type: 'application/pdf' }), 'remiss.pdf');
    const response = await fetch(`${service.apiUrl}${of.path}/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${clinic.apiKey}`,
        'acting-staff': 'clinician-1',
        'acting-role': 'clinician',
        'idempotency-key': 'the-key-of-this-file',
      },
      body: form,
    });
    const { fileId } = (await response.json()) as { fileId: string };
    const browser = await loggedIn(service, testPeople.patient);
    expect((await browser.get(`${of.my}/files/${fileId}`)).status).toBe(404);
    await clinic.call('POST', `${of.path}/messages`, { body: { fileIds: [fileId] } });
    expect((await browser.get(`${of.my}/files/${fileId}`)).status).toBe(200);
  });

  it.each<[string, SentFile, string]>([
    [
      'a web page',
      { name: 'a.html', type: 'text/html', content: '<script>1</script>' },
      'går inte att ta emot',
    ],
    [
      'a forged type',
      { name: 'a.jpg', type: 'image/jpeg', content: smallPdf },
      'något annat än namnet säger',
    ],
    ['nothing', { name: 'tom.pdf', type: 'application/pdf', content: '' }, 'är tom'],
    [
      'too much',
      { name: 'stor.pdf', type: 'application/pdf', content: smallPdf.padEnd(MOST_FILE_BYTES + 1) },
      'är för stor',
    ],
    ['a path', { name: '../../a.pdf', type: 'application/pdf', content: smallPdf }, 'snedstreck'],
    ['no picture', { name: 'a.png', type: 'image/png', content: '\x89PNG\r\n\x1a\n' }, 'går inte att'],
  ])('refuses %s in plain words, sends nothing and loses no text', async (_what, file, words) => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const before = await kept();
    const answer = await write(browser, await browser.get(of.my), of.my, { text: 'Min text' }, [file]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('>Min text</textarea>');
    expect(await kept()).toEqual(before);
  });

  it.each([
    [
      'a charset that nobody knows',
      415,
      'Content-Disposition: form-data; name="text"\r\nContent-Type: text/plain; charset=utf-99',
    ],
    ['a part without a name', 400, 'Content-Disposition: form-data'],
  ])('B1 %s is refused, and the service lives on', async (_what, status, headers) => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const { csrf = '' } = formIn(await browser.get(of.my), of.my);
    const part = (head: string, text: string): string => `--x\r\n${head}\r\n\r\n${text}\r\n`;
    const post = (type: string, body: string, accept = 'text/html') =>
      fetch(`${service.apiUrl}${of.my}`, {
        method: 'POST',
        headers: {
          cookie: cookiesOf(browser),
          'sec-fetch-site': 'same-origin',
          'content-type': type,
          accept,
        },
        body,
      });
    const form = `${part('Content-Disposition: form-data; name="csrf"', csrf)}${part(headers, 'x')}--x--\r\n`;
    const answer = await post('multipart/form-data; boundary=x', form);
    expect([answer.status, (await answer.text()).includes('kunde inte tas emot')]).toEqual([status, true]);
    const encoded = await post(
      'application/x-www-form-urlencoded; charset=utf-99',
      'text=a',
      'application/json',
    );
    expect([encoded.status, await encoded.json()]).toEqual([415, { refused: 'not-a-form' }]);
    expect((await browser.get(of.my)).status).toBe(200);
    expect(await texts(of)).toEqual(['Hur går det?']);
  });

  it('B3 one sends so many files and messages a day, is told so, and loses nothing', async () => {
    const few = await createClinic(service, {
      filesPerPersonPerDay: 2,
      megabytesPerPersonPerDay: 15,
      messagesPerPersonPerDay: 1,
    });
    const own7 = await few.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
    const of = await own(openCase(few, own7));
    const browser = await loggedIn(service, testPeople.relative);
    const page = await browser.get(of.my);
    const pdf = (name: string): SentFile => ({ name, type: 'application/pdf', content: smallPdf });
    const three = await write(
      browser,
      page,
      of.my,
      { text: 'Tre', do: 'attach' },
      ['1', '2', '3'].map((n) => pdf(`${n}.pdf`)),
    );
    expect([three.status, three.text.includes('så mycket som går på en dag')]).toEqual([422, true]);
    expect(three.text.match(/name="attached"/g)).toHaveLength(2);
    const first = () => write(browser, page, of.my, { text: 'Ett' });
    // The same again is the same message.
    expect([(await first()).location, (await first()).location]).toEqual([`${of.my}/sent`, `${of.my}/sent`]);
    const second = await write(browser, await browser.get(of.my), of.my, { text: 'Två' });
    expect([second.status, second.text.includes('så många meddelanden som går på en dag')]).toEqual([
      429,
      true,
    ]);
    expect(second.text).toContain('>Två</textarea>');
    expect(await texts(of)).toEqual(['Hur går det?', 'Ett']);
    clock.passMs(DAY);
    const tomorrow = await loggedIn(service, testPeople.relative);
    expect((await write(tomorrow, await tomorrow.get(of.my), of.my, { text: 'Två' })).location).toBe(
      `${of.my}/sent`,
    );
  });

  it('B3 of one person so many forms are read at once, and what they hold is let go of', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const { csrf = '' } = formIn(await browser.get(of.my), of.my);
    const { hostname, port } = new URL(service.apiUrl);
    const head = `--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n`;
    const statuses: number[] = [];
    const open = Array.from({ length: 20 }, () => {
      const sent = httpRequest({
        hostname,
        port,
        path: of.my,
        method: 'POST',
        headers: {
          cookie: cookiesOf(browser),
          'sec-fetch-site': 'same-origin',
          'content-type': 'multipart/form-data; boundary=x',
        },
      });
      sent.on('error', () => undefined);
      sent.on('response', (response) => {
        response.resume();
        statuses.push(response.statusCode ?? 0);
      });
      sent.write(head);
      sent.write(Buffer.alloc(14 * 1024 * 1024));
      return sent;
    });
    // Four are read, of which together 48 MB are held at most; the others are answered at once.
    await waitUntil(
      () => Promise.resolve(statuses.length),
      (count) => count >= 16,
    );
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(heldFiles.held()).toBeLessThanOrEqual(48 * 1024 * 1024);
    for (const sent of open) sent.destroy();
    await waitUntil(
      () => Promise.resolve(heldFiles.held()),
      (bytes) => bytes === 0,
    );
    const sent = await write(browser, await browser.get(of.my), of.my, { text: 'Efteråt' });
    expect(sent.location).toBe(`${of.my}/sent`);
  });

  it('refuses a picture with too many pixels, and keeps those that were right for the next try', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const huge = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    const answer = await write(browser, await browser.get(of.my), of.my, { text: 'Två' }, [
      await picture('rätt.jpg'),
      { name: 'stor.png', type: 'image/png', content: huge },
    ]);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('för många bildpunkter');
    const [, fileId = ''] = /name="attached" value="([\w-]{22})"/.exec(answer.text) ?? [];
    const sent = await write(browser, answer, of.my, { text: 'Två', attached: fileId });
    expect(sent.location).toBe(`${of.my}/sent`);
    const all = await service.records.messages.list(of.caseId, 0, 10);
    expect(all.map((each) => each.fileIds)).toEqual([[], [fileId]]);
  });

  it('refuses more files than a message has, and those that do not fit together', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const pdf = (name: string, bytes = 200): SentFile => ({
      name,
      type: 'application/pdf',
      content: `${smallPdf}% ${name}`.padEnd(bytes),
    });
    const many = Array.from({ length: 11 }, (_, index) => pdf(`${index}.pdf`));
    const tooMany = await write(browser, page, of.my, { text: 'x' }, many);
    expect([tooMany.status, tooMany.text.includes('för många filer')]).toEqual([422, true]);
    const large = [1, 2, 3].map((index) => pdf(`stor-${index}.pdf`, 12 * 1024 * 1024));
    const tooLarge = await write(browser, page, of.my, { text: 'x' }, large);
    expect([tooLarge.status, tooLarge.text.includes('tillsammans med de andra')]).toEqual([422, true]);
    expect(await texts(of)).toEqual(['Hur går det?']);
  });
});

describe('R7.1, R7.2 who may', () => {
  it('a guardian acts for a child of at most 12, and at midnight of the 13th birthday at no step any more', async () => {
    const now = new Date();
    const birthDate = `${now.getUTCFullYear() - 12}-${inMs(60 * DAY).slice(5, 10)}`;
    const child = await clinic.addPatient({ birthDate });
    const guardianId = await clinic.addPatient({
      personalNumber: testPeople.guardian,
      birthDate: undefined,
    });
    const made = openCase(clinic, child, { guardianIds: [guardianId] });
    const of = await own(made, 'guardian');
    const browser = await loggedIn(service, testPeople.guardian);
    const page = await browser.get(of.my);
    expect((await write(browser, page, of.my, { text: 'Från vårdnadshavaren' })).status).toBe(303);
    const turns13 = new Date(`${Number(birthDate.slice(0, 4)) + 13}-${birthDate.slice(5)}T00:00:00+01:00`);
    const offset = turns13.toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' }).endsWith('00:00:00')
      ? 0
      : HOUR;
    const midnight = new Date(turns13.getTime() - offset);

    clock.holdAt(new Date(midnight.getTime() - 1_000));
    const before = await loggedIn(service, testPeople.guardian);
    const lastPage = await before.get(of.my);
    expect(lastPage.status).toBe(200);
    clock.holdAt(midnight);
    const messages = await texts(of);
    for (const address of ['', '/sent', '/status', '/events', '/news']) {
      const shown = await before.get(`${of.my}${address}`);
      expect([address, shown.status]).toEqual([address, 403]);
      expect(shown.text).not.toContain('Hur går det?');
    }
    expect((await write(before, lastPage, of.my, { text: 'Efteråt' }, [await picture()])).status).toBe(403);
    expect((await before.get('/my')).text).not.toContain('Uppföljning');
    expect(await texts(of)).toEqual(messages);
  });

  it('another’s case and none at all get the same refusal, which tells nothing', async () => {
    const of = await myCase({ subject: 'Känsligt' });
    const stranger = await loggedIn(service, testPeople.stranger);
    const [others, none] = [await stranger.get(of.my), await stranger.get(`/my/cases/${'x'.repeat(22)}`)];
    const plain = ({ text }: Shown) => text.replaceAll(/value="[\w-]+"/g, '');
    expect([others.status, none.status]).toEqual([404, 404]);
    expect(plain(others)).toBe(plain(none));
    expect((await visitor(service.apiUrl).get(of.my)).status).toBe(401);
  });

  it('R6.6 opens a case of one’s own where the clinic allows it, once, and not otherwise', async () => {
    const browser = await loggedIn(service, testPeople.relative);
    const refused = await browser.get('/my/new-case');
    expect(refused.text).toContain('1177.se');
    expect(refused.text).not.toContain('<textarea');
    const allowing = await createClinic(service, {
      name: 'Öppna mottagningen',
      caseRules: { ...defaultCaseRules, patientsMayOpen: true },
    });
    const me = await allowing.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
    const other = await allowing.addPatient();
    const page = await browser.get('/my/new-case');
    expect(page.text.indexOf('tel:112')).toBeLessThan(page.text.indexOf('<textarea'));
    const before = await kept();
    const fields = { subject: 'En fråga', text: 'Kan jag få råd?' };
    for (const [opening, words] of [
      [`patient-${other}`, 'Välj vem'],
      [`guardian-${other}`, 'Välj vem'],
    ] as const) {
      const stolen = await browser.submit(page, '/my/new-case', { ...fields, opening });
      expect([stolen.status, stolen.text.includes(words)]).toEqual([422, true]);
    }
    const empty = await browser.submit(page, '/my/new-case', { subject: '', text: 'Kvar' });
    expect([empty.status, empty.text.includes('>Kvar</textarea>')]).toEqual([422, true]);
    expect(await kept()).toEqual(before);
    const first = await browser.submit(page, '/my/new-case', fields);
    const again = await browser.submit(page, '/my/new-case', fields);
    expect(first.location).toMatch(/^\/my\/cases\/[\w-]{22}\/sent$/);
    expect(again.location).toBe(first.location);
    const shown = await browser.get(first.location!);
    expect(shown.text).toContain('Kan jag få råd?');
    expect(shown.text).toContain('Ditt meddelande är skickat.');
    const { items } = (await allowing.call('GET', '/clinic/cases')).body as { items: object[] };
    expect(items).toMatchObject([{ patientId: me, openedBy: `patient/${me}`, state: 'waiting-for-reply' }]);
  });
});

it('R6.6, R7.1 a guardian opens a case for a child whose guardian the clinic knows them as now, and for no other', async () => {
  const allowing = await createClinic(service, {
    caseRules: { ...defaultCaseRules, patientsMayOpen: true },
  });
  const number = '191212121212';
  const guardianId = await allowing.addPatient({ personalNumber: number, birthDate: undefined });
  const bornYearsAgo = (years: number): string => inMs(-years * 365.25 * DAY - 30 * DAY).slice(0, 10);
  const [child, others] = [
    await allowing.addPatient({ birthDate: bornYearsAgo(8) }),
    await allowing.addPatient({ birthDate: bornYearsAgo(8) }),
  ];
  const named = await openCase(allowing, child, { guardianIds: [guardianId] });
  const browser = await loggedIn(service, number);
  const page = await browser.get('/my/new-case');
  const offered = [...page.text.matchAll(/name="opening" value="([^"]+)"/g)].map(([, value]) => value);
  expect(offered.sort()).toEqual([`guardian-${child}`, `patient-${guardianId}`].sort());
  const fields = { subject: 'Fråga', text: 'Om barnet' };
  const before = await kept();
  const stolen = await browser.submit(page, '/my/new-case', { ...fields, opening: `guardian-${others}` });
  expect(stolen.status).toBe(422);
  expect(await kept()).toEqual(before);
  const opened = await browser.submit(page, '/my/new-case', { ...fields, opening: `guardian-${child}` });
  expect(opened.status).toBe(303);
  expect((await browser.get(opened.location!)).text).toContain('Om barnet');
  const { items } = (await allowing.call('GET', '/clinic/cases')).body as { items: { openedBy: string }[] };
  expect(items.map(({ openedBy }) => openedBy)).toContain(`guardian/${guardianId}`);
  expect(items).toHaveLength(2);
  expect(named.patientId).toBe(child);
});

describe('news as it comes', () => {
  /** Listens to a stream until it has said so much, or has ended. */
  async function listen(browser: Visitor, of: { my: string }) {
    const stop = new AbortController();
    const response = await fetch(`${service.apiUrl}${of.my}/events`, {
      headers: { cookie: cookiesOf(browser), accept: 'text/event-stream' },
      signal: stop.signal,
    });
    let heard = '';
    const ended =
      response.status === 200
        ? (async () => {
            for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
              heard += Buffer.from(part).toString();
          })().catch(() => undefined)
        : Promise.resolve();
    return {
      status: response.status,
      headers: response.headers,
      heard: () => heard,
      keys: () => heard.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : [])),
      ended,
      stop: () => stop.abort(),
    };
  }

  it('says only that there is something new, and what it is stands on the page', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const [, key = ''] = /data-key="([\w-]+)"/.exec(page.text) ?? [];
    const stream = await listen(browser, of);
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('cache-control')).toContain('no-store');
    // First how it stands: nothing that came between page and stream is missed.
    await waitUntil(stream.keys, (keys) => keys.length === 1);
    expect(stream.keys()).toEqual([key]);
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Hemligt svar' } });
    await waitUntil(stream.keys, (keys) => keys.length === 2);
    expect(stream.heard()).not.toContain('Hemligt');
    const news = await browser.get(`${of.my}/news`);
    expect(news.text).toContain('Hemligt svar');
    expect(news.text).toContain(`data-key="${stream.keys()[1]}"`);
    stream.stop();
  });

  it('R6.8 news that comes by itself is not read before somebody says so', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const { csrf = '' } = formIn(await browser.get(of.my), of.my);
    const burst = async () => (await service.temporal.caseStatus(of.caseId)).burst;
    await waitUntil(burst, (now) => now!.over);
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Nytt' } });
    await browser.get(`${of.my}/news`);
    await browser.get(`${of.my}/status`);
    expect(await burst()).toMatchObject({ number: 2, over: false });
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Efter att sidan gjordes' } });
    await browser.post(`${of.my}/read`, { csrf, last: '2' });
    // The page has not shown that one, which is not read: Temporal answers when it has taken in what it was told before.
    expect((await burst())!.over).toBe(false);
    await browser.post(`${of.my}/read`, { csrf, last: '3' });
    await waitUntil(burst, (now) => now!.over);
  });

  it('a page that lies open does not keep a login alive, and its stream ends with it', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const stream = await listen(browser, of);
    await waitUntil(stream.keys, (keys) => keys.length === 1);
    clock.passMs(14 * 60_000);
    expect((await browser.get(`${of.my}/status`)).status).toBe(200);
    expect((await browser.get(`${of.my}/news`)).status).toBe(200);
    clock.passMs(2 * 60_000);
    expect((await browser.get(`${of.my}/status`, { accept: 'application/json' })).status).toBe(401);
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Efteråt' } });
    await stream.ended;
    expect(stream.keys()).toHaveLength(1);
  });

  it('ends when one logs out', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const stream = await listen(browser, of);
    await waitUntil(stream.keys, (keys) => keys.length === 1);
    await browser.submit(page, '/logout');
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Efteråt' } });
    await stream.ended;
    expect(stream.keys()).toHaveLength(1);
  });

  it('R7.2 a guardian’s ends at the midnight of the 13th birthday, untold of what comes after', async () => {
    const birthDate = `${new Date().getUTCFullYear() - 12}-${inMs(60 * DAY).slice(5, 10)}`;
    const child = await clinic.addPatient({ birthDate });
    const guardianId = await clinic.addPatient({ personalNumber: '191212121212', birthDate: undefined });
    const of = await own(openCase(clinic, child, { guardianIds: [guardianId] }), 'guardian');
    clock.passMs(60 * DAY - 26 * HOUR);
    const browser = await loggedIn(service, '191212121212');
    const stream = await listen(browser, of);
    await waitUntil(stream.keys, (keys) => keys.length === 1);
    // The login is kept alive on the way: the right ends, not the login.
    const { use, look } = service.records.sessions;
    const identity = (await use(browser.cookies.get('vardmote-session')!, clock.now()))!;
    Object.assign(service.records.sessions, { look: () => Promise.resolve(identity) });
    try {
      clock.passMs(50 * HOUR);
      await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Till barnet' } });
      await stream.ended;
      expect(stream.keys()).toHaveLength(1);
    } finally {
      Object.assign(service.records.sessions, { look });
    }
  });

  it('are so many for one person; one more is refused and can ask instead', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const streams = await Promise.all([1, 2, 3, 4].map(() => listen(browser, of)));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const fifth = await listen(browser, of);
    expect(fifth.status).toBe(429);
    expect((await browser.get(`${of.my}/status`)).status).toBe(200);
    for (const { stop } of streams) stop();
    // A place is free again once the server has noticed.
    const next = await waitUntil(
      () => listen(browser, of),
      ({ status }) => status === 200,
    );
    next.stop();
  });
});

it('a shutdown ends the streams and waits for none of them', async () => {
  const of = await myCase();
  const streams = createThreadStreams(service);
  const waiting = { caseId: of.caseId, loginHash: 'x', stillAllowed: () => Promise.resolve(true) };
  const server = createServer(
    express().get('/', (_request, response) => streams.open(waiting)?.sendTo(response)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const shutDown = createShutdown(server, 60_000, () => streams.endAll());
  const [inTime] = await Promise.all([shutDown(), response.text()]);
  expect(inTime).toBe(true);
  expect(streams.open(waiting)).toBeNull();
});

describe('R4.4 the chat of a meeting', () => {
  it('is written while the door is open, with files, and read by the patient afterwards', async () => {
    const guestId = await clinic.addPatient({ personalNumber: testPeople.stranger, birthDate: undefined });
    const meeting = await clinic.book({
      patientId,
      startAt: inMs(HOUR),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guest', personId: guestId },
      ],
    });
    const { participants } = await service.records.meetings.get(meeting.meetingId);
    const guestPlace = participants.find(({ role }) => role === 'guest')!.participantId;
    const [mine, guests] = [meeting.patientParticipantId, guestPlace].map((id) => `/my/meetings/${id}/chat`);
    const early = await loggedIn(service, testPeople.patient);
    expect((await early.get(mine!)).text).toContain('när dörren till mötet har öppnat');
    clock.passMs(50 * 60_000);
    const patient = await loggedIn(service, testPeople.patient);
    const guest = await loggedIn(service, testPeople.stranger);
    const page = await patient.get(mine!);
    const post = () => write(patient, page, mine!, { text: 'Hör ni mig?' });
    expect([(await post()).location, (await post()).location]).toEqual([`${mine}/sent`, `${mine}/sent`]);
    const withFile = await write(patient, await patient.get(mine!), mine!, { text: '' }, [await picture()]);
    expect(withFile.status).toBe(303);
    await clinic.call('POST', `${meeting.path}/chat`, { body: { text: 'Ja, tydligt.' } });
    const shown = await patient.get(mine!);
    for (const words of ['Hör ni mig?', 'Utslag.jpg', 'Ja, tydligt.', 'Mottagningen']) {
      expect(shown.text).toContain(words);
    }
    const [, fileId = ''] = /files\/([\w-]{22})"/.exec(shown.text) ?? [];

    // A guest only while in the meeting.
    const outside = await guest.get(guests!);
    expect(outside.text).toContain('medan du är inne i mötet');
    expect(outside.text).not.toContain('Hör ni mig?');
    expect((await guest.get(`${guests}/files/${fileId}`)).status).toBe(404);
    const room = await roomOf(service, meeting.meetingId);
    await room.joined(guestPlace, clock.now());
    const inside = await guest.get(guests!);
    expect(inside.text).toContain('Hör ni mig?');
    expect((await guest.get(`${guests}/files/${fileId}`)).status).toBe(200);
    await room.left(guestPlace, clock.now());
    const before = await kept();
    const late = await write(guest, inside, guests!, { text: 'Utanför' });
    expect(late.status).toBe(409);
    expect(late.text).not.toContain('Hör ni mig?');
    expect(await kept()).toEqual(before);

    clock.passMs(5 * HOUR);
    const afterwards = await loggedIn(service, testPeople.patient);
    const old = await afterwards.get(mine!);
    expect(old.text).toContain('Ja, tydligt.');
    expect(old.text).not.toContain('<textarea');
    expect((await afterwards.get(mine!.replace('/chat', ''))).text).toContain(`href="${mine}"`);
    const tooLate = await write(afterwards, { ...page, text: page.text }, mine!, {
      text: 'Efteråt',
      ...{ csrf: formIn(old, '/logout').csrf ?? '' },
    });
    expect(tooLate.status).toBe(409);
    expect(await service.records.messages.list(meeting.meetingId, 0, 10)).toHaveLength(3);
    const tasks = await service.records.tasks.ofMeeting(meeting.meetingId);
    expect(tasks.map(({ kind }) => kind)).not.toContain('reply-due');
  });
});
