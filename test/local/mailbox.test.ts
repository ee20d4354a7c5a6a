import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createMailboxPages } from '../../local/mailbox/page';
import {
  BUSY_ADDRESS,
  FAILING_ADDRESS,
  startSmtpServer,
  type SmtpStandIn,
} from '../../local/mailbox/smtp-server';
import { openMailboxStore, type MailboxStore } from '../../local/mailbox/store';
import { createMailer, type Mailer } from '../../integrations/mail/mailer';

/** The stand-in of the mail server, as our own mailer meets it, and its pages. */
const mail = {
  to: 'tolvan.okand@example.org',
  subject: 'Digitalt möte',
  text: 'Hej!\nDu har ett digitalt möte.',
  messageKey: 'row-1',
};
let folder: string;
let file: string;
let store: MailboxStore;
let smtp: SmtpStandIn;
let mailer: Mailer;
let pages: Server;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  file = join(folder, 'mailbox.jsonl');
  store = openMailboxStore({ file });
  let clock = Date.parse('2026-11-20T09:00Z');
  smtp = await startSmtpServer({ store, port: 0, now: () => new Date(clock++) });
  mailer = createMailer({
    url: `smtp://127.0.0.1:${smtp.port}?tls=off`,
    from: 'Digitala möten <no-reply@example.com>',
    timeoutMs: 5_000,
  });
  pages = createServer(express().use('/mail', createMailboxPages({ store }))).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/mail`;
});
afterEach(async () => {
  mailer.close();
  await smtp.close();
  pages.closeAllConnections();
  pages.close();
  store.close();
  rmSync(folder, { recursive: true });
});

describe('the stand-in of the mail server', () => {
  it('takes an e-mail of our mailer and keeps it, over a restart too', async () => {
    const result = await mailer.send(mail);
    const kept = store.messages();
    expect(result).toMatchObject({ kind: 'accepted', status: 'sent' });
    expect(kept).toEqual([
      {
        id: expect.stringMatching(/^m[0-9a-f]{32}$/) as string,
        from: 'Digitala möten <no-reply@example.com>',
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        messageId: result.kind === 'accepted' && `<${result.providerId}>`,
        createdAt: '2026-11-20T09:00:00.000Z',
      },
    ]);
    expect(openMailboxStore({ file }).messages()).toEqual(kept);
  });

  it.each([
    [FAILING_ADDRESS, 'smtp-550', false],
    [BUSY_ADDRESS, 'smtp-451', true],
  ])('refuses %s', async (to, reason, retryable) => {
    expect(await mailer.send({ ...mail, to })).toEqual({ kind: 'not-sent', reason, retryable });
    expect(store.messages()).toEqual([]);
  });
});

describe('the pages', () => {
  it('show each mailbox with its e-mails, escaped, with links and the Stockholm time', async () => {
    const text = '<script>alert("1")</script> Läs mer: https://mote.example/m/a?b=1&c=2. javascript:alert(1)';
    await mailer.send({ ...mail, text });
    await mailer.send({ ...mail, to: 'elva@example.org', messageKey: 'row-2' });
    const response = await fetch(url);
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('<strong>Digitalt möte</strong>');
    expect(page).toContain('<a href="https://mote.example/m/a?b=1&amp;c=2" rel="noreferrer">');
    expect(page).not.toContain('href="javascript');
    expect(page).toContain('Fri 20 Nov 10:00');
    // The mailbox with the newest e-mail first.
    expect(page.indexOf('>elva@example.org<')).toBeLessThan(page.indexOf(`>${mail.to}<`));
  });

  it('have no inline script or style, and serve their own', async () => {
    const page = await (await fetch(url)).text();
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const asset of ['outbox.css', 'outbox.js']) {
      expect(page).toContain(`"/mail/${asset}"`);
      expect((await fetch(`${url}/${asset}`)).status).toBe(200);
    }
  });

  it('give the e-mails as data, of one address where asked', async () => {
    await mailer.send(mail);
    await mailer.send({ ...mail, to: 'elva@example.org', messageKey: 'row-2' });
    const get = async (query: string) =>
      (await (await fetch(`${url}/messages.json${query}`)).json()) as object[];
    expect(await get('')).toHaveLength(2);
    expect(await get('?to=elva@example.org')).toEqual([
      expect.objectContaining({ to: 'elva@example.org', subject: mail.subject, text: mail.text }),
    ]);
  });

  it('tell a listening page that there is something new', async () => {
    const leave = new AbortController();
    const response = await fetch(`${url}/events`, { signal: leave.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('listening');
    await mailer.send(mail);
    expect((await reader.read()).value).toBe('data: changed\n\n');
    leave.abort();
    await expect(reader.read()).rejects.toThrow(/abort/i);
  });
});
