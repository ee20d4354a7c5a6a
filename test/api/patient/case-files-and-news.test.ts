import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import sharp from 'sharp';
import { createThreadStreams } from '../../../api/patient/thread/thread-streams';
import { heldFiles } from '../../../use-cases/thread/save-upload';
import { createShutdown } from '../../../api/shutdown';
import { MOST_FILE_BYTES } from '../../../rules/files';
import { openCase, smallPdf } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { formIn, loggedIn, testPeople, type Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, HOUR, inMs, testClock, type RawDatabase } from '../helpers';
import { picture, threadsKept, upload } from '../threads';
import {
  cookiesOf,
  own,
  ownCase,
  startForCases,
  texts,
  write,
  writeInVain,
  type SentFile,
} from './case-pages';

/**
 * Patients' pages of message cases: the files that are sent there, and what comes while a page lies open
 * (R6.7, R6.8, R7.2).
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;

beforeAll(async () => {
  ({ service, clinic, raw, patientId } = await startForCases(clock));
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const myCase = (body: object = {}) => ownCase(service, clinic, patientId, body);

describe('files', () => {
  it('R6.7 a picture is added, shown small, sent with the message, and read as an attachment', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const form = { text: 'Så här ser det ut', do: 'attach' };
    const added = await writeInVain(browser, page, of.my, form, [await picture()]);
    // Nothing is wrong with it.
    expect(added.text).not.toContain('class="problems"');
    expect(added.text).toContain('>Så här ser det ut</textarea>');
    const [, fileId = ''] = /name="attached" value="([\w-]{22})"/.exec(added.text) ?? [];
    expect(await texts(service, of)).toEqual(['Hur går det?']);
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
      'är av en sort som vi inte kan ta emot',
    ],
    ['a forged type', { name: 'a.jpg', type: 'image/jpeg', content: smallPdf }, 'inte det som namnet säger'],
    ['nothing', { name: 'tom.pdf', type: 'application/pdf', content: '' }, 'är tom'],
    [
      'too much',
      { name: 'stor.pdf', type: 'application/pdf', content: smallPdf.padEnd(MOST_FILE_BYTES + 1) },
      'är för stor',
    ],
    ['a path', { name: '../../a.pdf', type: 'application/pdf', content: smallPdf }, 'snedstreck'],
    ['no picture', { name: 'a.png', type: 'image/png', content: '\x89PNG\r\n\x1a\n' }, 'inte kan ta emot'],
  ])('refuses %s in plain words, sends nothing and loses no text', async (_what, file, words) => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const before = await threadsKept(raw);
    const page = await browser.get(of.my);
    const answer = await writeInVain(browser, page, of.my, { text: 'Min text' }, [file]);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('>Min text</textarea>');
    expect(await threadsKept(raw)).toEqual(before);
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
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });

  it('B3 one sends so many files and messages a day, is told so, and loses nothing', async () => {
    const few = await createClinic(service, {
      filesPerPersonPerDay: 2,
      megabytesPerPersonPerDay: 15,
      messagesPerPersonPerDay: 1,
    });
    const own7 = await few.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
    const of = await own(service, openCase(few, own7));
    const browser = await loggedIn(service, testPeople.relative);
    const page = await browser.get(of.my);
    const pdf = (name: string): SentFile => ({ name, type: 'application/pdf', content: smallPdf });
    const three = await writeInVain(
      browser,
      page,
      of.my,
      { text: 'Tre', do: 'attach' },
      ['1', '2', '3'].map((n) => pdf(`${n}.pdf`)),
    );
    expect(three.text).toContain('så mycket som går på en dag');
    expect(three.text.match(/name="attached"/g)).toHaveLength(2);
    const first = () => write(browser, page, of.my, { text: 'Ett' });
    // The same again is the same message.
    expect([(await first()).location, (await first()).location]).toEqual([`${of.my}/sent`, `${of.my}/sent`]);
    const second = await writeInVain(browser, await browser.get(of.my), of.my, { text: 'Två' });
    expect(second.text).toContain('så många meddelanden som går på en dag');
    expect(second.text).toContain('>Två</textarea>');
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Ett']);
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

  it('B2 one who sends many large pictures makes others wait for one of them, and no page waits', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const large = await sharp({ create: { width: 6_000, height: 4_000, channels: 3, background: '#c08060' } })
      .jpeg()
      .toBuffer();
    const page = await browser.get(of.my);
    let through = 0;
    const many = ['1', '2', '3', '4'].map(async (name) => {
      const file = { name: `${name}.jpg`, type: 'image/jpeg', content: large };
      const answer = await write(browser, page, of.my, { text: name, do: 'attach' }, [file]);
      through += 1;
      return answer.status;
    });
    // All four have come, and wait for their turn.
    await waitUntil(
      () => Promise.resolve(heldFiles.held()),
      (bytes) => bytes >= 4 * large.length,
    );
    const small = upload(service, clinic, `${of.path}/files`, await picture());
    const other = await loggedIn(service, testPeople.relative);
    const asked = performance.now();
    expect((await other.get('/my')).status).toBe(200);
    // Under a second by far on a machine of its own.
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(through).toBeLessThan(4);
    expect((await small).status).toBe(201);
    expect(through).toBeLessThan(4);
    expect(await Promise.all(many)).toEqual([303, 303, 303, 303]);
  }, 60_000);

  it('refuses a picture with too many pixels, and keeps those that were right for the next try', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const huge = await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    const answer = await writeInVain(browser, await browser.get(of.my), of.my, { text: 'Två' }, [
      await picture('rätt.jpg'),
      { name: 'stor.png', type: 'image/png', content: huge },
    ]);
    expect(answer.text).toContain('för många pixlar');
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
    const tooMany = await writeInVain(browser, page, of.my, { text: 'x' }, many);
    expect(tooMany.text).toContain('för många filer');
    const large = [1, 2, 3].map((index) => pdf(`stor-${index}.pdf`, 12 * 1024 * 1024));
    const tooLarge = await writeInVain(browser, page, of.my, { text: 'x' }, large);
    expect(tooLarge.text).toContain('tillsammans med de andra');
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });
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
    // The page has not shown that one, which is not read: Temporal answers when it has taken in what it was
    // told before.
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
    const of = await own(service, openCase(clinic, child, { guardianIds: [guardianId] }), 'guardian');
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
    expect(fifth.headers.get('retry-after')).toBe('60');
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
