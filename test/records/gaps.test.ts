import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProbe } from '../../health/probe';
import { probeTargets, type ProbeTarget } from '../../rules/gaps';
import { startProbes } from '../../worker/probes';
import { answersAlways, answeredUntil } from '../support/probes';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/** A1: where evidence of a patient can have been lost, found by what did not answer. */
let service: Service;
const servers: Server[] = [];
beforeAll(async () => {
  service = await startService({ workers: false });
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await service.close();
});
beforeEach(async () => {
  await service.database.collection('probes').deleteMany({});
  await service.database.collection('gaps').deleteMany({});
});

const at = (seconds: number): Date => new Date(Date.parse('2026-11-23T09:00:00.000Z') + seconds * 1000);
const instant = (seconds: number): string => at(seconds).toISOString();
const all = [...probeTargets];
const kinds = async (from: number, until: number, now: number): Promise<string[]> =>
  (await service.records.gaps.between(instant(from), instant(until), at(now))).map(({ kind }) => kind);

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('A1 gaps', () => {
  it('a minute between two answers is one, a second less is none, and it is kept once', async () => {
    const { gaps } = service.records;
    await gaps.answered(all, at(0));
    expect(await gaps.answered(all, at(59))).toEqual([]);
    const found = await Promise.allSettled([
      gaps.answered(['login'], at(119)),
      gaps.answered(['login'], at(119)),
    ]);
    expect(found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))).toEqual([
      { kind: 'login-away', from: instant(59), until: instant(119) },
    ]);
    expect(await service.database.collection('gaps').countDocuments()).toBe(1);
    // Older than what is known already: told late, it takes nothing back.
    expect(await gaps.answered(['login'], at(10))).toEqual([]);
    expect(await kinds(60, 110, 120)).toEqual(['login-away', 'service-away', 'reports-away']);
    expect(await kinds(120, 130, 118)).toEqual([]);
  });

  it('what lasts is one by itself, whoever ought to have asked: the process, or the database', async () => {
    await service.records.gaps.answered(all, at(0));
    expect(await kinds(-100, 100, 59)).toEqual(['service-away', 'reports-away', 'login-away']);
    await answeredUntil(service.database, instant(0));
    expect(await kinds(-100, 100, 59)).toEqual([]);
    expect(await kinds(-100, 100, 60)).toEqual(['service-away', 'reports-away', 'login-away']);
  });

  it('where nothing was ever probed nothing is known, but for times that were over long before', async () => {
    expect(await kinds(0, 100, 200)).toEqual(['service-away', 'reports-away', 'login-away']);
    await service.records.gaps.answered(all, at(3 * 24 * 3600));
    expect(await kinds(0, 100, 3 * 24 * 3600)).toEqual([]);
  });

  it('C9 a meeting’s own are its own, once a minute, and counted for the operator', async () => {
    const { gaps } = service.records;
    for (const second of [0, 1, 59, 60]) await gaps.reportsRefused('meeting-1', at(second));
    expect(await gaps.ofMeeting('meeting-1')).toHaveLength(2);
    expect(await gaps.ofMeeting('meeting-2')).toEqual([]);
    await answersAlways(service.database);
    expect(await kinds(-100, 100, 100)).toEqual([]);
    expect([await gaps.refusedSince(at(-1)), await gaps.refusedSince(at(60))]).toEqual([1, 0]);
  });
});

describe('A1 the probe', () => {
  const answeredBy = async (publicUrl: string, issuer: string | null = null): Promise<ProbeTarget[]> =>
    createProbe({ publicUrl, hooksUrl: publicUrl, issuer }, 500)();

  it('takes the service’s own answer, of a service that has its database', async () => {
    expect(await answeredBy(service.apiUrl)).toEqual(all);
  });

  it.each<[string, RequestListener]>([
    [
      'a proxy’s page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Välkommen'),
    ],
    ['another service', (_, response) => response.end('{"status":"alive"}')],
    ['502', (_, response) => response.writeHead(502).end('{"status":"reachable"}')],
    ['429', (_, response) => response.writeHead(429).end('{"status":"reachable"}')],
    ['a way elsewhere', (_, response) => response.writeHead(302, { location: '/' }).end()],
    ['no end', (_, response) => response.write('{"status":')],
    ['no beginning', () => undefined],
  ])('takes nothing else for an answer: %s', async (_, answer) => {
    const url = await serve(answer);
    expect(await answeredBy(url, url)).toEqual([]);
  });

  it('asks the login’s provider whether it is itself', async () => {
    const provider = (name: string | null) =>
      serve((request, response) => {
        const isAsked = request.url === '/x/.well-known/openid-configuration';
        response
          .writeHead(isAsked ? 200 : 404)
          .end(JSON.stringify({ issuer: name ?? `http://${request.headers.host}/x` }));
      });
    expect(await answeredBy(service.apiUrl, `${await provider(null)}/x`)).toEqual(all);
    expect(await answeredBy(service.apiUrl, `${await provider('https://other.example')}/x`)).not.toContain(
      'login',
    );
    expect(await answeredBy(service.apiUrl, 'http://127.0.0.1:9/x')).toEqual(['service', 'reports']);
  });

  it('tells of what is away and back, and keeps the gap between', async () => {
    let isAway = false;
    let now = at(0);
    const url = await serve((_, response) =>
      response.writeHead(isAway ? 502 : 200).end('{"status":"reachable"}'),
    );
    const lines: string[] = [];
    const log = {
      info: (_: object, line: string) => lines.push(line),
      warn: (_: object, line: string) => lines.push(line),
    };
    const probes = startProbes(
      {
        records: service.records,
        clock: { now: () => now },
        addresses: { publicUrl: url, hooksUrl: url, issuer: null },
      },
      log as never,
      10,
    );
    const last = async () => (await service.records.gaps.lastAnswers()).service;
    await waitUntil(last, (known) => known === instant(0));
    isAway = true;
    await waitUntil(
      () => probes.answers('service'),
      (answers) => !answers,
    );
    now = at(600);
    isAway = false;
    await waitUntil(last, (known) => known === instant(600));
    await probes.stop();
    expect(probes.answers('service')).toBe(true);
    expect(await service.database.collection('gaps').find().sort({ _id: 1 }).toArray()).toMatchObject([
      // Ten minutes have passed between two askings, whatever would have answered.
      { kind: 'login-away', from: instant(0), until: instant(600) },
      { kind: 'reports-away', from: instant(0), until: instant(600) },
      { kind: 'service-away', from: instant(0), until: instant(600) },
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'a probe has no answer: patients may not get through',
        'a probe has an answer again',
        'a gap has ended: over it no patient is a no-show',
      ]),
    );
  });
});
