import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { createMailer, type Mailer } from '../../../integrations/mail/mailer';
import type { SendResult } from '../../../rules/send-result';
import { waitUntil } from '../../support/wait-until';
import { startScriptedServer, type Act, type Script, type ScriptedServer } from './scripted-server';

/** How sure we are of each end (R2.7), against real connections to servers that do as each test says. */
const mail = {
  to: 'tolvan.okand@example.org',
  subject: 'Digitalt möte',
  text: 'Hej! Du har ett digitalt möte måndag 23 november kl. 10.00. Läs mer: https://mote.example/m/1abcdefghijklmnopqrstuv',
  messageKey: 'row-1',
};
const from = 'Digitala möten <svara-inte@example.com>';
const messageId = `${createHash('sha256').update('row-1').digest('hex')}@example.com`;
const accepted: SendResult = { kind: 'accepted', providerId: messageId, status: 'sent' };
const notSent = (reason: string): SendResult => ({ kind: 'not-sent', reason, retryable: true });
const refused = (reason: string): SendResult => ({ kind: 'not-sent', reason, retryable: false });
const uncertain = (reason: string): SendResult => ({ kind: 'uncertain', reason });

const HANGS_MS = 300;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function mailerOf(url: string, timeoutMs = 5_000): Mailer {
  const mailer = createMailer({ url, from, timeoutMs });
  closing.push(() => mailer.close());
  return mailer;
}

async function scripted(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  closing.push(() => server.close());
  return server;
}

async function sendThrough(url: string, timeoutMs?: number): Promise<SendResult> {
  const result = await mailerOf(url, timeoutMs).send(mail);
  // R8.3: results are logged and stand in histories.
  for (const secret of ['tolvan', 'example.org', 'digital', 'mote', 's3cret', 'relay'])
    expect(JSON.stringify(result)).not.toContain(secret);
  return result;
}

/** What comes of it, and what the server had heard. */
async function sendWhere(script: Script, options: { login?: boolean; tls?: boolean } = {}) {
  const server = await scripted(script);
  const hangs = Object.values(script).includes('hang');
  const result = await sendThrough(
    `smtp://${options.login ? 'relay:s3cret%3A@' : ''}127.0.0.1:${server.port}${options.tls ? '' : '?tls=off'}`,
    hangs ? HANGS_MS : undefined,
  );
  return { result, heard: server.heard };
}

const lines = ['250-mail.example.org', '250-PIPELINING', '250 AUTH PLAIN'].join('\r\n');
const servers: [string, Script][] = [
  ['that takes one command at a time', {}],
  ['that takes them together', { EHLO: lines }],
];

describe.each(servers)('a mail server %s', (_, own) => {
  it('R2.11 took it: sent, once', async () => {
    const { result, heard } = await sendWhere(own);
    expect(result).toEqual(accepted);
    expect(heard.filter((line) => line.startsWith('MAIL'))).toEqual(['MAIL FROM:<svara-inte@example.com>']);
    expect(heard.filter((line) => line.startsWith('RCPT'))).toEqual([`RCPT TO:<${mail.to}>`]);
    expect(heard.filter((line) => line === '.')).toHaveLength(1);
  });

  // What each step is answered with before the content goes out: surely not sent.
  it.each<[keyof Script, Act, SendResult]>([
    ['greeting', '421 not now', notSent('smtp-421')],
    ['greeting', '554 not you', notSent('smtp-554')],
    ['greeting', 'hello', notSent('answer-odd')],
    ['greeting', 'hang', notSent('time-out')],
    ['greeting', 'close', notSent('connection-closed')],
    ['greeting', 'reset', notSent('connection-closed')],
    ['EHLO', '421 not now', notSent('smtp-421')],
    ['EHLO', 'hang', notSent('time-out')],
    ['EHLO', 'reset', notSent('connection-closed')],
    ['MAIL', '421 not now', notSent('smtp-421')],
    ['MAIL', '451 not now', notSent('smtp-451')],
    ['MAIL', '550 not you', refused('smtp-550')],
    ['MAIL', '530 log in first', notSent('smtp-530')],
    ['MAIL', 'hang', notSent('time-out')],
    ['MAIL', 'close', notSent('connection-closed')],
    ['RCPT', `450 ${mail.to} is busy`, notSent('smtp-450')],
    ['RCPT', `550 no ${mail.to} here`, refused('smtp-550')],
    ['RCPT', '552 full', refused('smtp-552')],
    ['RCPT', { halfReply: '550 no' }, notSent('smtp-550')],
    ['RCPT', 'hang', notSent('time-out')],
    ['RCPT', 'reset', notSent('connection-closed')],
    ['DATA', '421 not now', notSent('smtp-421')],
    ['DATA', '451 not now', notSent('smtp-451')],
    ['DATA', '503 out of order', notSent('smtp-503')],
    ['DATA', '554 no', refused('smtp-554')],
    ['DATA', 'hang', notSent('time-out')],
    ['DATA', 'close', notSent('connection-closed')],
  ])('R2.7 surely did not: %s %s', async (point, act, expected) => {
    const { result, heard } = await sendWhere({ ...own, [point]: act });
    expect(result).toEqual(expected);
    expect(heard.join()).not.toContain('Auto-Submitted');
  });

  // What it says of the message itself.
  it.each<[Act, SendResult]>([
    ['421 not now', notSent('smtp-421')],
    ['452 full', notSent('smtp-452')],
    ['552 too large', refused('smtp-552')],
    [`554 not to ${mail.to}`, refused('smtp-554')],
  ])('R2.7 surely refused the message: %s', async (act, expected) => {
    const { result, heard } = await sendWhere({ ...own, message: act });
    expect(result).toEqual(expected);
    expect(heard.join()).toContain('Auto-Submitted');
  });

  // Once the content goes out and nothing certain is said of it.
  it.each<['content' | 'message', Act, string]>([
    ['content', 'reset', 'connection-closed'],
    ['content', 'close', 'connection-closed'],
    ['message', 'hang', 'time-out'],
    ['message', 'reset', 'connection-closed'],
    ['message', 'close', 'connection-closed'],
    ['message', { halfReply: '250 que' }, 'connection-closed'],
    ['message', { halfReply: '451 not' }, 'smtp-451'],
    ['message', '354 go on', 'smtp-354'],
    ['message', 'what?', 'answer-odd'],
  ])('R2.7 may have it: %s %s', async (point, act, reason) => {
    const { result } = await sendWhere({ ...own, [point]: act });
    expect(result).toEqual(uncertain(reason));
  });

  it('has it, however it takes leave', async () => {
    for (const act of ['hang', 'reset', '500 what?'])
      expect((await sendWhere({ ...own, QUIT: act })).result).toEqual(accepted);
  });
});

describe('a mail server that refuses every recipient and takes DATA all the same', () => {
  it('gets no content', async () => {
    const { result, heard } = await sendWhere({ EHLO: lines, RCPT: '550 no', DATA: '354 go on' });
    expect(result).toEqual(refused('smtp-550'));
    expect(heard.join()).not.toContain('Auto-Submitted');
  });
});

describe('a mail server that is not there', () => {
  it('surely did not take it: refused connection', async () => {
    const server = await scripted({});
    server.close();
    expect(await sendThrough(`smtp://127.0.0.1:${server.port}`)).toEqual(notSent('connection-refused'));
  });

  it('surely did not take it: no such name', async () => {
    expect(await sendThrough('smtp://nowhere.invalid')).toEqual(notSent('name-lookup-failed'));
  });
});

describe('the login', () => {
  it('is used where there is one', async () => {
    const { result, heard } = await sendWhere({}, { login: true });
    expect(result).toEqual(accepted);
    expect(heard).toContain(`AUTH PLAIN ${Buffer.from('\0relay\0s3cret:').toString('base64')}`);
  });

  it.each<[string, Script, string]>([
    ['refused', { AUTH: '535 wrong' }, 'login-refused'],
    ['not possible now', { AUTH: '454 later' }, 'login-refused'],
    ['not offered', { EHLO: '250 mail.example.org', AUTH: '502 what?' }, 'login-refused'],
    ['without an answer', { AUTH: 'hang' }, 'time-out'],
    ['cut off', { AUTH: 'reset' }, 'connection-closed'],
  ])('%s: surely not sent, a matter of set-up', async (_, script, reason) => {
    const { result, heard } = await sendWhere(script, { login: true });
    expect(result).toEqual(notSent(reason));
    expect(heard.join()).not.toContain('MAIL');
  });
});

describe('TLS', () => {
  const offered = { EHLO: '250-mail.example.org\r\n250 STARTTLS' };

  it.each<[string, Script, string]>([
    ['not offered', { STARTTLS: '502 what?' }, 'tls-failed'],
    ['not possible now', { ...offered, STARTTLS: '454 later' }, 'tls-failed'],
    ['without an answer', { ...offered, STARTTLS: 'hang' }, 'time-out'],
  ])('%s: nothing is said without it', async (_, script, reason) => {
    const { result, heard } = await sendWhere(script, { login: true, tls: true });
    expect(result).toEqual(notSent(reason));
    expect(heard.join()).not.toMatch(/AUTH|MAIL|RCPT|tolvan/);
  });

  /**
   * A real server with the self-signed certificate that smtp-server brings, and what it was told over TLS.
   */
  async function startTlsServer(secure: boolean) {
    const told: string[] = [];
    const smtp = new SMTPServer({
      secure,
      logger: false,
      onAuth: ({ username, password }, { secure: isSecure }, callback) => {
        told.push(`${isSecure ? 'TLS' : 'plain'} ${username ?? ''} ${password ?? ''}`);
        callback(null, { user: username });
      },
      onData: (stream, { secure: isSecure }, callback) => {
        told.push(`${isSecure ? 'TLS' : 'plain'} content`);
        stream.resume().on('end', () => callback(null, 'taken'));
      },
    });
    // A client that refuses the certificate goes.
    smtp.on('error', () => undefined);
    const server = smtp.listen(0, '127.0.0.1');
    closing.push(() => smtp.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { told, url: `${secure ? 'smtps' : 'smtp'}://relay:s3cret@127.0.0.1:${port}` };
  }

  it.each([false, true])(
    'of a server that nobody vouches for is refused (from the first byte: %s)',
    async (secure) => {
      const { told, url } = await startTlsServer(secure);
      expect(await sendThrough(url)).toEqual(notSent('certificate-refused'));
      expect(told).toEqual([]);
    },
  );

  it.each([false, true])('carries login and content (from the first byte: %s)', async (secure) => {
    const { told, url } = await startTlsServer(secure);
    const connect = tls.connect as (...args: [tls.ConnectionOptions, () => void]) => tls.TLSSocket;
    // As if somebody vouched for it.
    const trusting = jest
      .spyOn(tls, 'connect')
      .mockImplementation(((options: tls.ConnectionOptions, done: () => void) =>
        connect({ ...options, rejectUnauthorized: false }, done)) as typeof tls.connect);
    const result = await sendThrough(url);
    trusting.mockRestore();
    expect(result).toEqual(accepted);
    expect(told).toEqual(['TLS relay s3cret', 'TLS content']);
  });

  it('from the first byte is not spoken to a server without it', async () => {
    const server = await scripted({});
    expect(await sendThrough(`smtps://127.0.0.1:${server.port}`)).toEqual(notSent('tls-failed'));
    expect(server.heard.join()).not.toMatch(/EHLO|MAIL/);
  });
});

describe('what a mail server gets', () => {
  async function sent(own: Partial<typeof mail> = {}): Promise<Email & { raw: string }> {
    const server = await scripted({});
    await mailerOf(`smtp://127.0.0.1:${server.port}?tls=off`).send({ ...mail, ...own });
    const raw = server.heard
      .slice(server.heard.indexOf('DATA') + 1, server.heard.lastIndexOf('.'))
      .join('\r\n');
    return { ...(await PostalMime.parse(raw)), raw };
  }

  it('R2.3 is plain text in UTF-8 with nothing else, marked as made by a machine', async () => {
    const { raw, ...email } = await sent();
    expect(email).toMatchObject({
      from: { name: 'Digitala möten', address: 'svara-inte@example.com' },
      to: [{ name: '', address: mail.to }],
      subject: mail.subject,
      attachments: [],
    });
    expect(email.text?.trimEnd()).toBe(mail.text);
    expect(email.html).toBeUndefined();
    expect(Object.fromEntries(email.headers.map(({ key, value }) => [key, value]))).toEqual({
      from: expect.any(String) as string,
      to: mail.to,
      subject: expect.any(String) as string,
      'message-id': `<${messageId}>`,
      'auto-submitted': 'auto-generated',
      date: expect.any(String) as string,
      'mime-version': '1.0',
      'content-type': 'text/plain; charset=utf-8',
      'content-transfer-encoding': expect.stringMatching(/^(quoted-printable|base64)$/) as string,
    });
    // No byte that an old server could break.
    expect(raw).toMatch(/^[\r\n\x20-\x7e]*$/);
  });

  it('has the same Message-ID for the same notice, and another for another', async () => {
    const ids = [await sent(), await sent({ text: 'Hej igen!' }), await sent({ messageKey: 'row-2' })].map(
      (email) => email.messageId,
    );
    expect(ids[0]).toBe(`<${messageId}>`);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('keeps lines of a lone dot, and what looks like a header, inside the text', async () => {
    const text = 'Hej!\n.\nBcc: elva@example.org\n..\nQUIT';
    const email = await sent({ text });
    expect(email.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(text);
    expect(email.bcc).toBeUndefined();
  });

  it.each(['Digitalt\r\nBcc: elva@example.org', 'Digitalt\nBcc: elva@example.org\n\nHej', 'a\0b\r\n\r\nc'])(
    'has no header out of a subject: %j',
    async (subject) => {
      const email = await sent({ subject });
      expect(email.headers.map(({ key }) => key)).not.toContain('bcc');
      expect(email.text?.trimEnd()).toBe(mail.text);
    },
  );
});

describe('an address that is none, or more than one', () => {
  it.each([
    '',
    'tolvan',
    'tolvan@example.org, elva@example.org',
    'tolvan@example.org\r\nRCPT TO:<elva@example.org>',
    'tolvan@example.org> SIZE=1',
    'Elva <elva@example.org>',
    '"tolvan\r\nBcc: x"@example.org',
    'tolvan@example.org\r\nBcc: elva@example.org',
  ])('is never tried: %j', async (to) => {
    const server = await scripted({});
    const result = await mailerOf(`smtp://127.0.0.1:${server.port}?tls=off`).send({ ...mail, to });
    expect(result).toEqual(refused('address-odd'));
    expect(server.heard).toEqual([]);
  });
});

describe('time', () => {
  it('is limited over all steps together, however lively the server seems', async () => {
    const server = await scripted({ EHLO: '250-still\r\n250-there' });
    const [before, timeoutMs] = [Date.now(), 400];
    const chatter = setInterval(() => {
      for (const socket of server.open) socket.write('250-still there\r\n');
    }, 50);
    const result = await sendThrough(`smtp://127.0.0.1:${server.port}?tls=off`, timeoutMs);
    clearInterval(chatter);
    expect(result).toEqual(notSent('time-out'));
    expect(Date.now() - before).toBeLessThan(timeoutMs + 1_000);
  });

  it('once up, nothing goes out any more, though the server wakes up', async () => {
    const server = await scripted({ DATA: 'hang' });
    const result = await sendThrough(`smtp://127.0.0.1:${server.port}?tls=off`, HANGS_MS);
    expect(result).toEqual(notSent('time-out'));
    for (const socket of server.open) socket.write('354 go on\r\n');
    await waitUntil(
      () => server.open.size,
      (size) => size === 0,
    );
    expect(server.heard.at(-1)).toBe('DATA');
  });

  it.each<[Script, SendResult]>([
    [{ MAIL: 'hang' }, notSent('connection-closed')],
    [{ message: 'hang' }, uncertain('connection-closed')],
  ])('is over when the mailer is closed: %j', async (script, expected) => {
    const server = await scripted(script);
    const mailer = mailerOf(`smtp://127.0.0.1:${server.port}?tls=off`);
    const result = mailer.send(mail);
    const last = script.MAIL ? /^MAIL/ : /^\.$/;
    await waitUntil(
      () => server.heard.at(-1) ?? '',
      (line) => last.test(line),
    );
    mailer.close();
    expect(await result).toEqual(expected);
  });

  it('leaves no connection open', async () => {
    const server = await scripted({});
    await sendThrough(`smtp://127.0.0.1:${server.port}?tls=off`);
    await waitUntil(
      () => server.open.size,
      (size) => size === 0,
    );
    expect(server.heard.at(-1)).toBe('QUIT');
  });
});

describe('createMailer', () => {
  it.each([
    { url: 'http://mail.example.org' },
    { url: 'smtp://u:p@mail.example.org?pool=true' },
    { url: 'smtps://mail.example.org?tls=off' },
    { url: 'smtp://u@mail.example.org' },
    { url: 'smtp://u:%E5@mail.example.org' },
    { url: 'smtp://mail.example.org/path' },
    { url: 'smtp://' },
    { from: 'nobody' },
    { from: 'Möten <a@example.com>, <b@example.com>' },
    { from: 'Möten\r\nBcc: x <a@example.com>' },
  ])('stops at what is wrong, without saying it: %j', (wrong) => {
    const options = { url: 'smtp://mail.example.org', from, timeoutMs: 1_000, ...wrong };
    expect(() => createMailer(options)).toThrow('no mail server, or no sender');
  });
});
