import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { DemoCases } from '../../local/home/demo-cases';
import type { DemoMeetings } from '../../local/home/demo-meetings';
import { createHome } from '../../local/home/routes';

/** What the home page says when things go wrong; the rest is tried in a browser. */
let server: Server;
let url: string;
let done: string[];

const nothingWorks: DemoMeetings = {
  book: () => Promise.resolve({ problem: 'The API <b>does not answer</b>.' }),
  bookForTolvan: () => Promise.resolve({ meetingId: 'tolvans' }),
  act: (meetingId, action) => {
    done.push(`${meetingId} ${action}`);
    return Promise.resolve('done');
  },
  read: () => Promise.resolve(null),
};

const noCaseWorks: DemoCases = {
  open: () => Promise.resolve({ caseId: 'opened' }),
  act: (caseId, action) => {
    done.push(`case ${caseId} ${action}`);
    return Promise.resolve('done');
  },
  read: () => Promise.resolve(null),
};

beforeEach(async () => {
  done = [];
  const home = createHome({
    demoMeetings: nothingWorks,
    demoCases: noCaseWorks,
    outbox: {
      accept: jest.fn(),
      setStatus: jest.fn(),
      messages: () => [],
      subscribe: jest.fn(),
      close: jest.fn(),
    },
    apiUrl: 'http://localhost:3000',
    temporalUiUrl: null,
    namespace: 'test',
    bookingCommand: 'curl',
  });
  server = createServer(express().use(home)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const textOf = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
const post = (path: string): Promise<Response> =>
  fetch(`${url}${path}`, { method: 'POST', redirect: 'manual' });

describe('the home page', () => {
  it('says once why no meeting could be booked', async () => {
    const response = await post('/demo');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
    expect(await textOf('/')).toContain('The API &lt;b>does not answer&lt;/b>.');
    expect(await textOf('/')).not.toContain('does not answer');
  });

  it('books one for the patient who can log in', async () => {
    const response = await post('/demo-to-log-in');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/?meeting=tolvans']);
  });

  it('says that a meeting cannot be shown', async () => {
    expect(await textOf('/?meeting=none')).toContain('cannot be shown');
    expect(await textOf('/')).not.toContain('cannot be shown');
  });

  it('does nothing that is not on its list, and leads nowhere else', async () => {
    const known = await post('/demo/m1/cancel');
    expect([known.status, known.headers.get('location')]).toEqual([303, '/?meeting=m1']);
    await post('/demo/m1/constructor');
    const odd = await post(`/demo/${encodeURIComponent('//evil.example?x=')}/cancel`);
    expect(odd.headers.get('location')).toBe(`/?meeting=${encodeURIComponent('//evil.example?x=')}`);
    expect(done).toEqual(['m1 cancel', '//evil.example?x= cancel']);
  });

  it('opens a message case, and does nothing in it that is not on its list', async () => {
    const response = await post('/demo-case');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/?case=opened']);
    expect(await textOf('/?case=opened')).toContain('cannot be shown');
    await post('/demo-case/opened/reply');
    await post('/demo-case/opened/constructor');
    expect(done).toEqual(['case opened reply']);
  });

  it('has no link to a Web UI that is not there', async () => {
    expect(await textOf('/')).not.toContain('Temporal Web UI');
  });
});
