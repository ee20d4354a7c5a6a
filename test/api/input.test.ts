import { request as httpRequest } from 'node:http';
import type { CallAnswer, CallOptions } from '../support/clinic';
import { bookingOf, createClinic, type TestClinic } from '../support/clinic';
import { startService, type Service } from '../support/service';
import {
  DAY,
  expectProblem,
  inMs,
  openDatabase,
  populate,
  waitForNoWorkflow,
  type Ids,
  type RawDatabase,
} from './helpers';

/**
 * What clinics' systems send as people typed or pasted it: taken as it is meant, or refused by its name and
 * nothing changed.
 */
let service: Service;
let clinic: TestClinic;
let ids: Ids;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false });
  waitForNoWorkflow(service);
  clinic = await createClinic(service);
  ids = await populate(service, clinic);
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const manager: CallOptions = { role: 'operations-manager', reason: 'a test of input' };
const fieldsOf = (answer: CallAnswer): string[] =>
  expectProblem(answer, [400, 422]).map(({ field }) => field);
/** Refused with these fields, and nothing written. */
async function expectRefused(ask: () => Promise<CallAnswer>, ...fields: string[]): Promise<void> {
  const before = await raw.contents();
  const answer = await ask();
  expect(fieldsOf(answer)).toEqual(fields);
  expect(await raw.contents()).toEqual(before);
}
const addPerson = (person: object): Promise<CallAnswer> =>
  clinic.call('POST', '/clinic/people', { body: { name: 'Tolvan Testperson', ...person } });

/** As a client sends it that writes bytes by itself: header values as UTF-8, the address as it is. */
function rawCall(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.apiUrl);
    const asBytes = Object.entries(headers).map(([name, value]) => [
      name,
      Buffer.from(value).toString('latin1'),
    ]);
    const sent = httpRequest(
      { hostname, port, method, path, headers: Object.fromEntries(asBytes) as Record<string, string> },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
const headersOf = (more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${clinic.apiKey}`,
  'acting-staff': 'clinician-1',
  'acting-role': 'operations-manager',
  ...more,
});

describe('D2 numbers, addresses and dates as they were pasted', () => {
  it('are kept as what they are, and a name as it was written', async () => {
    const { status, body } = await addPerson({
      name: 'Åsa \u200fﬁ Ö',
      personalNumber: '\u202a19811218\u20119876\u202c ',
      mobile: '"\u202d+46 70 174 06 05\u202c"',
      email: ' <a&b@example.com>. ',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'Åsa \u200fﬁ Ö', mobile: '+46701740605', email: 'a&b@example.com' });
    const found = await clinic.call('POST', '/clinic/people/search', {
      body: { personalNumber: '١٩٨١١٢١٨ ٩٨٧٦' },
    });
    expect([found.status, found.body]).toEqual([200, expect.objectContaining({ name: 'Åsa \u200fﬁ Ö' })]);
  });

  it('co-ordination numbers with day or month 00 are taken, where the person is surely an adult', async () => {
    expect((await addPerson({ personalNumber: '191500722390' })).body).toMatchObject({
      birthDate: '1915-01-12',
    });
    const stated = await addPerson({ personalNumber: '198108602387', birthDate: '1981-08-20' });
    expect([stated.status, stated.body]).toEqual([201, expect.objectContaining({ birthDate: '1981-08-20' })]);
    expect((await addPerson({ personalNumber: '197010632391' })).body).toMatchObject({
      birthDate: '1970-10-03',
    });
    await expectRefused(
      () => addPerson({ personalNumber: '198108602387', birthDate: '1981-09-20' }),
      '/body/birthDate',
    );
  });

  it('and where it may be a child the birth date has to be told', async () => {
    // 2020-05, day unknown.
    await expectRefused(() => addPerson({ personalNumber: '202005602384' }), '/body/birthDate');
  });
});

describe('D5 what one cannot see', () => {
  it.each(['\u200b', '\u2800', '\u3164', '\u00a0\u00ad\ufeff'])(
    '%j is no name, no reason, no message and no title',
    async (nothing) => {
      await expectRefused(() => addPerson({ name: nothing, birthDate: '1980-05-17' }), '/body/name');
      await expectRefused(
        () => clinic.call('POST', `/clinic/cases/${ids.caseId}/messages`, { body: { text: nothing } }),
        '/body/text',
      );
      await expectRefused(
        () =>
          clinic.call('POST', '/clinic/forms', {
            body: {
              title: nothing,
              questions: [{ questionId: 'q', label: 'Hur?', required: true, type: 'date' }],
            },
          }),
        '/body/title',
      );
      const { status, text } = await rawCall(
        'GET',
        '/clinic/settings',
        headersOf({ 'acting-reason': nothing.repeat(3) }),
      );
      expect([status, text]).toEqual([400, expect.stringContaining('/headers/acting-reason')]);
    },
  );

  it('is no answer to a question that has to be answered', async () => {
    const path = `/clinic/meetings/${ids.meetingId}/forms/${ids.formId}/answers`;
    const { body } = await clinic.call('GET', `/clinic/forms/${ids.formId}`);
    const { questions } = body as { questions: { questionId: string; required: boolean }[] };
    const asked = questions.filter(({ required }) => required);
    expect(asked).not.toEqual([]);
    const answers = Object.fromEntries(asked.map(({ questionId }) => [questionId, '\u3164\u200b']));
    const answer = await clinic.call('PUT', path, { body: { answers, answeredBy: 'patient' } });
    expect(expectProblem(answer, 422).map(({ reason }) => reason)).toEqual(asked.map(() => 'answer-missing'));
  });
});

describe('D6, D14 times of no year that is believed', () => {
  it('are refused by name, judged in UTC', async () => {
    for (const receivedAt of [
      '0000-06-01T10:00:00Z',
      '1900-01-01T00:30:00+01:00',
      '9999-12-31T23:59:59-23:59',
    ])
      await expectRefused(
        () =>
          clinic.call('POST', `/clinic/meetings/${ids.meetingId}/tries`, {
            body: { participantId: ids.participantId, receivedAt },
          }),
        '/body/receivedAt',
      );
    for (const at of [
      '9999-12-31T23:59:59-23:59',
      '2200-12-31T23:59:59-01:00',
      '0026-01-01T00:00:00Z',
      '1900-01-01T00:00:00%2B00:01',
    ])
      await expectRefused(
        () => clinic.call('GET', `/clinic/meetings/${ids.meetingId}/costs?at=${at}`),
        '/query/at',
      );
    for (const day of ['0026-05-17', '9999-12-31', '1899-12-31'])
      await expectRefused(() => clinic.call('GET', `/clinic/meetings?day=${day}`), '/query/day');
    await expectRefused(() => addPerson({ birthDate: '1899-12-31' }), '/body/birthDate');
    const edge = await clinic.call('GET', `/clinic/meetings/${ids.meetingId}/costs?at=2200-12-31T23:59:59Z`);
    expect(edge.status).toBe(200);
  });
});

describe('D9 e-mail addresses', () => {
  it.each(["o'neil+x@example.co.uk", 'a&b@example.com'])('%s is taken', async (email) => {
    expect((await addPerson({ birthDate: '1980-05-17', email })).body).toMatchObject({ email });
  });

  it('with a header in them are refused', async () => {
    for (const email of ['a@example.se\r\nBcc: b@example.se', 'a@example.se\u2028Bcc', '"a"@example.se'])
      await expectRefused(() => addPerson({ birthDate: '1980-05-17', email }), '/body/email');
  });
});

describe('D10 headers and addresses as clients send them', () => {
  it.each([
    ['Brådskande fråga om läkemedel', 'Brådskande fråga om läkemedel'],
    ["UTF-8''Br%C3%A5dskande%20fr%C3%A5ga", 'Brådskande fråga'],
  ])('Acting-Reason: %s stands right in the audit log', async (sent, kept) => {
    const path = `/clinic/people/${ids.personId}/audit`;
    expect((await rawCall('GET', path, headersOf({ 'acting-reason': sent }))).status).toBe(200);
    expect((await raw.audit({ operation: 'person.read-audit', reason: kept })).length).toBe(1);
  });

  it('Acting-Reason in Latin-1 too, and none with a line break in it', async () => {
    const path = `/clinic/people/${ids.personId}/audit`;
    const latin1 = await clinic.call('GET', path, { ...manager, reason: 'Äldre klient, å' });
    expect(latin1.status).toBe(200);
    expect((await raw.audit({ reason: 'Äldre klient, å' })).length).toBe(1);
    const broken = await rawCall('GET', path, headersOf({ 'acting-reason': "UTF-8''ett%0Atv%C3%A5" }));
    expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('/headers/acting-reason')]);
  });

  it('bearer is written in any case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'bEaReR '])
      expect(
        (await rawCall('GET', '/clinic/settings', headersOf({ authorization: `${scheme} ${clinic.apiKey}` })))
          .status,
      ).toBe(200);
    expect(
      (await rawCall('GET', '/clinic/settings', headersOf({ authorization: `Basic ${clinic.apiKey}` })))
        .status,
    ).toBe(401);
  });

  it('a plus in a query that is not encoded is a plus', async () => {
    const path = `/clinic/meetings/${ids.meetingId}/costs`;
    const { status } = await rawCall('GET', `${path}?at=2027-06-01T10:00:00+01:00`, headersOf());
    expect(status).toBe(200);
    await expectRefused(() => clinic.call('GET', `${path}?at=2027-06-01T10:00:00%20x`), '/query/at');
    const events = await rawCall('GET', '/clinic/events?from=2026-06-01T10:00:00+02:00', headersOf());
    expect(events.status).toBe(200);
  });

  it('a command that takes no body takes {} and an empty JSON body, as the same command', async () => {
    const path = `/clinic/meetings/${ids.meetingId}/registration`;
    const json = { 'content-type': 'application/json', 'idempotency-key': 'the-same-registration' };
    const statuses: number[] = [];
    for (const [body, more] of [
      ['{}', json],
      ['', { ...json, 'content-length': '0' }],
      ['', { 'idempotency-key': json['idempotency-key'] }],
    ] as const)
      statuses.push((await rawCall('POST', path, headersOf(more), body)).status);
    // Never 400, and never "other content": no workflow runs here, so it is stored, refused or under way.
    for (const status of statuses) expect([200, 409, 503]).toContain(status);
    const wrong = await rawCall(
      'POST',
      path,
      headersOf({ ...json, 'idempotency-key': 'another-registration' }),
      '{"by":"x"}',
    );
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('/body/by')]);
  });
});

describe('D15 what goes out in plain', () => {
  const book = (more: object, options: CallOptions = {}): Promise<CallAnswer> =>
    clinic.call('POST', '/clinic/meetings', {
      ...options,
      body: { ...bookingOf({ patientId: ids.personId, startAt: inMs(20 * DAY) }), ...more },
    });

  it.each(['198112189876', '19811218-9876', 'visit-811218-9876', '191500722390', '19810829M071'])(
    '%s is no reference',
    async (reference) => {
      await expectRefused(() => book({ reference }), '/body/reference');
    },
  );

  it('the refusal says what to do, and that is taken', async () => {
    const { body } = await book({ reference: '198112189876' });
    expect(JSON.stringify(body)).toContain('set a letter among its digits');
    expect((await book({ reference: '19811218B9876' })).status).toBe(201);
  });

  it('no member of staff is named by a personal number, and none takes part twice', async () => {
    await expectRefused(
      () => book({ participants: [{ role: 'staff', staffId: '19811218-9876' }] }),
      '/body/participants/0/staffId',
    );
    const twenty = Array.from({ length: 20 }, () => ({ role: 'staff', staffId: 'clinician-1' }));
    await expectRefused(() => book({ participants: twenty }), '/body/participants');
    await expectRefused(
      () => clinic.call('GET', '/clinic/tasks?assignedTo=198112189876'),
      '/query/assignedTo',
    );
    expect((await clinic.call('GET', '/clinic/settings', { staffId: '198112189876' })).status).toBe(400);
  });

  it('no key of a clinic has the form of patients’ keys, or a personal number in it', async () => {
    for (const key of [`person/${ids.personId}/${'k'.repeat(22)}`, 'book-198112189876'])
      await expectRefused(() => book({}, { key }), '/headers/idempotency-key');
  });

  it('no webhook has a personal number in its address', async () => {
    await expectRefused(
      () =>
        clinic.call('PUT', '/clinic/webhook', {
          ...manager,
          body: { url: 'https://pas.example.se/198112189876' },
        }),
      '/body/url',
    );
  });
});

describe('C2 an address in capitals', () => {
  it('is the same address', async () => {
    const { status, body } = await clinic.call('PUT', '/clinic/webhook', {
      ...manager,
      body: { url: 'HTTPS://PAS.Example.SE:443/Hook' },
    });
    expect([status, body]).toEqual([200, expect.objectContaining({ url: 'https://pas.example.se/Hook' })]);
  });
});
