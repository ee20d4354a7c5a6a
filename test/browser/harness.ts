import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { RequestHandler } from 'express';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { CALLBACK_PATH } from '../../api/patient/login/routes';
import { DESK_CALLBACK_PATH } from '../../api/staff/login/provider';
import { createLocalApp } from '../../local/app';
import {
  becomeDemoPatient,
  demo,
  demoSettings,
  makeDemoClinic,
  makeDemoWebhook,
} from '../../local/demo-clinic';
import { accountsOf, staffAccounts, testPeople } from '../../local/identity-provider/people';
import { createIdentityProvider, patientProfile, staffProfile } from '../../local/identity-provider/provider';
import { openReceiverStore } from '../../local/receiver/store';
import { withNoticeHours } from '../../rules/cancellation';
import type { Clock } from '../../rules/clock';
import { testKeys } from '../support/keys';
import { startService, type Service } from '../support/service';

/** What `npm start` shows, over the whole service, in a real browser. */
export interface Harness {
  service: Service;
  homeUrl: string;
  apiUrl: string;
  /** Opens the demo clinic's doors so long before the start, for the meetings booked from now on. */
  openDoors(minutesBefore: number): Promise<void>;
  /** A page of its own, with what it complained of and where it asked. */
  open(url: string, options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

export interface Visit {
  page: Page;
  /** Errors in its console, and of its scripts. */
  errors: string[];
  /** Origins that it asked anything of. */
  origins: Set<string>;
}

/** Browser tests are skipped, and counted so, where there is no Chromium. */
export const inBrowser = process.env.CHROMIUM ? describe : describe.skip;

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A camera and a microphone that are always there, and are allowed without a question.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

const clinicKey = 'key-of-the-demo-clinic-in-tests';

/** @param clock the service’s, for a test that lets time pass */
export async function startHarness(clock?: Clock): Promise<Harness> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const homeUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let identityProvider: RequestHandler | null = null;
  let staffProvider: RequestHandler | null = null;
  const service = await startService({
    ...(clock ? { clock } : {}),
    jitsiUrl: `${homeUrl}/room`,
    staffProvider: async (apiUrl) => {
      const issuer = `${homeUrl}/staff-identity`;
      staffProvider = await createIdentityProvider({
        issuer,
        clientId: 'vardmote-desk',
        clientSecret: testKeys.oidcClientSecret,
        redirectUri: `${apiUrl}${DESK_CALLBACK_PATH}`,
        accounts: staffAccounts,
        profile: staffProfile,
      });
      return issuer;
    },
    identityProvider: async (apiUrl) => {
      const issuer = `${homeUrl}/identity`;
      identityProvider = await createIdentityProvider({
        issuer,
        clientId: 'vardmote',
        clientSecret: testKeys.oidcClientSecret,
        redirectUri: `${apiUrl}${CALLBACK_PATH}`,
        accounts: accountsOf(testPeople),
        profile: patientProfile,
      });
      return issuer;
    },
  });
  await makeDemoClinic(service.records, clinicKey, new Date());
  await makeDemoWebhook(service.records, homeUrl, new Date());
  server.on(
    'request',
    createLocalApp({
      outbox: service.outbox,
      mailbox: service.mailbox,
      receiver: {
        store: openReceiverStore({
          file: path.join(process.env.TEST_FOLDER ?? '', `${service.taskQueue}-events.jsonl`),
        }),
        secrets: async () =>
          (await service.records.webhooks.endpoint(demo.clinicId, new Date()))?.secrets ?? [],
      },
      identityProvider: identityProvider!,
      staffProvider: staffProvider!,
      elks: { username: 'user', password: 'pass' },
      room: {
        appId: 'vardmote',
        appSecret: testKeys.jitsiAppSecret,
        xmppDomain: 'meet.jitsi',
        eventsSecret: testKeys.jitsiEventsSecret,
      },
      payloadKeys: testKeys.payloadKeys,
      noteDecode: () => Promise.resolve(),
      becomeDemoPatient: (personId) => becomeDemoPatient(service.records, personId, new Date()),
      apiUrl: service.apiUrl,
      homeUrl,
      temporalUiUrl: 'http://localhost:8233',
      namespace: 'test',
      clinicKey,
    }),
  );
  const browser: Browser = await chromium.launch({ executablePath: process.env.CHROMIUM!, args: flags });

  return {
    service,
    homeUrl,
    apiUrl: service.apiUrl,
    async openDoors(minutesBefore) {
      const settings = { ...withNoticeHours(demoSettings), doorOpensMinutesBefore: minutesBefore };
      const response = await fetch(`${service.apiUrl}/clinic/settings`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${clinicKey}`,
          'acting-staff': demo.staffId,
          'acting-role': 'operations-manager',
          'idempotency-key': randomUUID(),
          'content-type': 'application/json',
        },
        body: JSON.stringify(settings),
      });
      if (response.status !== 200) throw new Error(`the settings were not taken: ${response.status}`);
    },
    async open(url, options = {}) {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const visit: Visit = { page, errors: [], origins: new Set() };
      page.on('request', (request) => {
        if (!request.url().startsWith('data:')) visit.origins.add(new URL(request.url()).origin);
      });
      page.on('pageerror', (error) => visit.errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') visit.errors.push(message.text());
      });
      await page.goto(url);
      return visit;
    },
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await service.close();
    },
  };
}

/**
 * One stand for all tests of a file. What a test opened is closed after it, and must have complained of
 * nothing and asked nobody else, unless each test looks at that itself.
 * @param clock the service's, for a test that lets time pass
 */
export function standOfFile({
  clock,
  looksItself = false,
}: { clock?: Clock; looksItself?: boolean } = {}): Harness {
  let started: Harness;
  const visits: Visit[] = [];
  beforeAll(async () => {
    started = await startHarness(clock);
  });
  afterAll(() => started.close());
  afterEach(async () => {
    for (const { page, errors, origins } of visits.splice(0)) {
      if (!looksItself) {
        expect(errors).toEqual([]);
        expect([started.homeUrl, started.apiUrl]).toEqual(expect.arrayContaining([...origins]));
      }
      await page.context().close();
    }
  });
  return {
    get service() {
      return started.service;
    },
    get homeUrl() {
      return started.homeUrl;
    },
    get apiUrl() {
      return started.apiUrl;
    },
    openDoors: (minutesBefore) => started.openDoors(minutesBefore),
    async open(url, options) {
      const visit = await started.open(url, options);
      visits.push(visit);
      return visit;
    },
    close: () => started.close(),
  };
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe-core finds wrong on a page, by rule and element. The page's context must bypass its
 * Content-Security-Policy.
 */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  // Everything that axe knows, its experimental and best-practice rules too.
  const found = await page.evaluate<{ id: string; nodes: { target: string[]; failureSummary: string }[] }[]>(
    'axe.run(document).then((results) => results.violations)',
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  );
}

/** How much wider than the window a page is. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
