import Ajv2020 from 'ajv/dist/2020';
import express from 'express';
import { createServer } from 'node:http';
import { ownProblems, problemsOf } from '../../api/clinic/problems-of';
import { clinicRoutes } from '../../api/clinic/routes';
import { documentOnce } from '../../api/open-routes';
import { isPortable } from '../../api/portable-schema';
import { problemUrn } from '../../use-cases/command';
import { problemTypes } from '../../use-cases/problem-types';
import { listen } from '../../local/listen';
import { createClinic, type TestClinic } from '../support/clinic';
import { writeEvents } from '../support/events';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';
import {
  MINUTE,
  dayInStockholm,
  inMs,
  pathWith,
  rightBodies,
  rightFile,
  rightQueries,
  type Ids,
} from './helpers';

/** The document describes what there is, and the answers are what the document describes. */
let service: Service;
let clinic: TestClinic;
let document: Json;

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Json }> }>;
}

const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
  document = (await (await fetch(`${service.apiUrl}/openapi.json`)).json()) as Json;
});
afterAll(() => service.close());

const paths = () => document.paths as Record<string, Record<string, Operation>>;
const operations = () =>
  Object.entries(paths()).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** What a response is, where the document has it once for many. */
function resolved(
  response: Operation['responses'][string] | { $ref: string },
): Operation['responses'][string] {
  if (!('$ref' in response)) return response;
  const { responses } = document.components as { responses: Operation['responses'] };
  return responses[response.$ref.split('/').at(-1)!]!;
}

function* everything(value: unknown, at = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [name, each] of Object.entries(value)) yield* everything(each, `${at}/${name}`);
}

function isPattern(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return false;
  }
}

describe('the document', () => {
  it('is OpenAPI 3.1 with title, version, server and the security that is asked for', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: expect.any(String) },
      servers: [{ url: service.apiUrl }],
      components: { securitySchemes: { clinicKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ clinicKey: [] }],
    });
  });

  it('has every route of the table, and nothing beside', () => {
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(routes.map(({ operation }) => operation).sort());
  });

  it('names every parameter of each path once, required, and the headers that are needed', () => {
    for (const { path, method, parameters, operationId } of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
      );
      expect(inPath.every(({ required }) => required)).toBe(true);
      const headers = Object.fromEntries(
        parameters.flatMap((each) => (each.in === 'header' ? [[each.name, each.required]] : [])),
      );
      expect(headers).toMatchObject({ 'Acting-Staff': true, 'Acting-Role': true, 'Acting-Reason': false });
      const route = routes.find((each) => each.operation === operationId)!;
      expect(headers['Idempotency-Key']).toBe(
        typeof route.handle === 'string' ? method === 'post' : undefined,
      );
      expect(new Set(parameters.map((each) => `${each.in} ${each.name}`)).size).toBe(parameters.length);
    }
  });

  it('B13 is made once, kept with a tag, and sent to nobody who has it', async () => {
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${service.apiUrl}/openapi.json`, { headers });
    const [first, second] = [await ask(), await ask()];
    const tag = first.headers.get('etag')!;
    expect(tag).toMatch(/^W\/"[A-Za-z0-9_-]+"$/);
    expect([first.headers.get('content-type'), second.headers.get('etag')]).toEqual([
      'application/json; charset=utf-8',
      tag,
    ]);
    expect(await second.text()).toBe(await first.text());
    const known = await ask({ 'if-none-match': tag });
    expect([known.status, await known.text()]).toEqual([304, '']);
    let made = 0;
    const app = express().get(
      '/',
      documentOnce(() => ({ made: (made += 1) })),
    );
    const { url, close } = await listen(createServer(app));
    try {
      for (let count = 0; count < 3; count += 1) expect(await (await fetch(url)).json()).toEqual({ made: 1 });
    } finally {
      close();
    }
  });

  it('B13 describes a problem by itself: a wrong one does not pass', () => {
    const { Problem } = (document.components as { schemas: Record<string, Json> }).schemas;
    expect(JSON.stringify(Problem)).not.toContain('$ref');
    const validate = new Ajv2020({ strict: false }).compile(Problem!);
    const right = { type: 'urn:x', title: 'x', status: 400, detail: 'x', errors: [] };
    expect([right, { ...right, errors: 3 }, {}].map((each) => validate(each))).toEqual([true, false, false]);
  });

  it('D16 lists each type of problem of each operation, by status, and says when it comes', () => {
    const answered = new Set<string>();
    for (const { operationId, responses } of operations()) {
      const route = routes.find((each) => each.operation === operationId)!;
      const problems = problemsOf(route);
      const ofDocument = Object.keys(responses).filter((status) => Number(status) >= 400);
      expect(ofDocument.sort()).toEqual(Object.keys(problems).sort());
      for (const [status, types = []] of Object.entries(problems)) {
        const { description, content } = resolved(responses[status]!);
        const [, { properties }] = content['application/problem+json']!.schema.allOf as [
          Json,
          { properties: Json },
        ];
        expect(properties).toEqual({
          type: { enum: types.map(problemUrn) },
          status: { const: Number(status) },
        });
        for (const type of types) {
          expect(description).toContain(`\`${type}\`: ${problemTypes[type]}`);
          answered.add(type);
        }
      }
    }
    expect(
      Object.keys(ownProblems).filter((name) => !routes.some(({ operation }) => operation === name)),
    ).toEqual([]);
    // What no operation answers: other doors do, or an address or a method without any.
    const others = [
      'no-such-address',
      'not-a-path',
      'method-not-allowed',
      'posted-before',
      'not-offered',
      'no-ongoing-matter',
    ];
    expect(
      Object.keys(problemTypes)
        .filter((type) => !answered.has(type))
        .sort(),
    ).toEqual([...others, 'back-up-routine', 'nothing-to-resend'].sort());
  });

  it('B13 has patterns that other languages read, and instants of the years 1900 to 2200', () => {
    const instants: string[] = [];
    const unreadable: string[] = [];
    for (const [at, { pattern, format }] of everything(document)) {
      if (typeof pattern === 'string' && !isPortable(pattern)) unreadable.push(`${at}: ${pattern}`);
      if (format === 'date-time') instants.push(pattern as string);
    }
    expect(unreadable).toEqual([]);
    expect(instants.length).toBeGreaterThan(50);
    const fits = (text: string) => instants.every((pattern) => new RegExp(pattern).test(text));
    expect(
      ['1900-01-01T00:00:00Z', '2026-11-23T10:00:00+01:00', '2200-12-31T23:59:59.999Z'].map(fits),
    ).toEqual([true, true, true]);
    const fitsAny = (text: string) => instants.some((pattern) => new RegExp(pattern).test(text));
    const wrong = [
      '1899-12-31T23:59:59Z',
      '2201-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59-23:59',
    ];
    expect(wrong.map(fitsAny)).toEqual([false, false, false, false]);
    for (const pattern of ['a(?=b)', '(?<!a)b', '(?<name>a)', '\\p{L}', '\\u00e5', '(a)\\1', '(?i)a'])
      expect([pattern, isPortable(pattern)]).toEqual([pattern, false]);
  });

  it('D13 says what a file really is', () => {
    const typesOf = (path: string) => Object.keys(paths()[path]!.get!.responses['200']!.content);
    const kinds = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
    expect(typesOf('/clinic/cases/{caseId}/files/{fileId}')).toEqual(kinds);
    expect(typesOf('/clinic/meetings/{meetingId}/chat/files/{chatFileId}')).toEqual(kinds);
    expect(typesOf('/clinic/billing-file')).toEqual(['text/csv']);
  });

  it('has an answer and a problem for each operation, and a body for each that takes one', () => {
    for (const { operationId, responses, requestBody } of operations()) {
      const route = routes.find((each) => each.operation === operationId)!;
      for (const status of Object.keys(route.answers)) {
        for (const type of route.contentTypes ?? ['application/json'])
          expect(responses[status]?.content[type]?.schema).toBeDefined();
      }
      expect(Boolean(requestBody)).toBe(Boolean(route.body ?? route.upload));
      for (const [status, response] of Object.entries(responses)) {
        const { description } = resolved(response);
        expect(status).toMatch(/^([1-5]\d\d|[1-5]XX|default)$/);
        expect(description).not.toBe('');
      }
    }
  });

  it('has no reference that leads nowhere', () => {
    const resolve = (reference: string): unknown =>
      reference
        .slice(2)
        .split('/')
        .reduce<unknown>(
          (value, name) => (value as Json | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
          document,
        );
    const broken = [...everything(document)].flatMap(([at, { $ref: reference }]) =>
      typeof reference === 'string' && !(reference.startsWith('#/') && resolve(reference) !== undefined)
        ? [`${at}: ${reference}`]
        : [],
    );
    expect(broken).toEqual([]);
  });

  it('has schemas whose types, required fields and patterns make sense', () => {
    const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
    const wrong: string[] = [];
    for (const [at, { type, pattern, required, properties }] of everything(document)) {
      if (!/\/(schema|schemas)\//.test(`${at}/`) || /\/(properties|default|enum|\$defs|schemas)$/.test(at))
        continue;
      if (typeof type === 'string' && !types.includes(type)) wrong.push(`${at}: type ${type}`);
      if (typeof pattern === 'string' && !isPattern(pattern)) wrong.push(`${at}: pattern ${pattern}`);
      const named = Object.keys(properties ?? {});
      for (const name of Array.isArray(required) ? (required as string[]) : []) {
        if (!named.includes(name)) wrong.push(`${at}: ${name} is required and not described`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('describes what a body takes: no field without its type, and none that is unknown', () => {
    const loose: string[] = [];
    for (const { operationId, requestBody } of operations()) {
      const schema = requestBody?.content['application/json']?.schema;
      if (!schema) continue;
      for (const one of (schema.oneOf ?? [schema]) as Json[]) {
        expect([operationId, one.type, one.additionalProperties]).toEqual([operationId, 'object', false]);
        for (const [name, property] of Object.entries(one.properties as Record<string, Json>)) {
          const described = ['type', 'anyOf', 'oneOf', 'allOf', 'enum', 'const', '$ref'].some(
            (word) => word in property,
          );
          if (!described) loose.push(`${operationId} ${name}`);
        }
      }
    }
    expect(loose).toEqual([]);
  });
});

/** Somebody has come with the link of an invitation, and said so. */
async function claimedBy(meetingId: string, participantId: string): Promise<string> {
  const { claims, transaction } = service.records;
  const about = { clinicId: clinic.clinicId, meetingId, participantId };
  await claims.arrive(about, 'hash-of-a-login');
  const { claimId } = (await claims.own(participantId, 'hash-of-a-login'))!;
  const who = {
    identity: { kind: 'personal-number' as const, number: '199001012385' },
    name: 'Kim Testsson',
  };
  await transaction((session) => claims.ask(claimId, who, inMs(0), session));
  return claimId;
}

describe('the answers of a meeting’s life', () => {
  it('are what each route declares, field by field', async () => {
    const checked = new Set<string>();
    const send = async (
      operation: string,
      ids: Ids,
      options: { body?: object; query?: string; role?: string } = {},
    ) => {
      const route = routes.find((each) => each.operation === operation)!;
      const answer = await clinic.call(
        route.method.toUpperCase(),
        pathWith(route.path, ids) + (options.query ?? ''),
        {
          role: options.role ?? (route.roles.includes('clinician') ? 'clinician' : route.roles[0]!),
          reason: 'a test of answers',
          ...(route.upload ? rightFile() : { body: options.body ?? rightBodies[operation]?.(ids) }),
        },
      );
      const schema = route.answers[answer.status];
      expect([operation, answer.status, schema !== undefined, answer.body]).toEqual([
        operation,
        answer.status,
        true,
        answer.body,
      ]);
      // A field that the schema does not name falls away in parsing, and is seen here.
      expect([operation, schema!.parse(answer.body)]).toEqual([operation, answer.body]);
      checked.add(operation);
      return answer.body as Record<string, unknown>;
    };
    const none: Ids = {
      personId: '',
      relativeId: '',
      formId: '',
      meetingId: '',
      participantId: '',
      invoiceId: '',
      taskId: '',
      caseId: '',
      fileId: '',
      chatFileId: '',
      memberId: '',
    };

    await send('clinic.read-settings', none);
    await send('clinic.change-settings', none);
    await send('fees.read', none);
    await send('fees.import', none);
    const { formId: everyQuestion } = (await send('form.add', none)) as { formId: string };
    const formId = await clinic.addForm();
    const { personId } = (await send('person.add', none, {
      body: { name: 'Tolvan Testperson', personalNumber: '198112189876', mobile: '+46701740601' },
    })) as { personId: string };
    const people: Ids = { ...none, personId, relativeId: await clinic.addPatient(), formId };
    await send('form.list', none);
    await send('form.read', { ...none, formId: everyQuestion });
    await send('person.read', people);
    await send('person.search', people);
    await send('person.change', people);
    await send('person.replace-identity', people);
    await send('person.stop-guardian', people);
    await send('person.allow-guardian', people);
    await send('person.record-sms-consent', people);
    await send('person.read', people);

    const startAt = inMs(10 * MINUTE);
    const booked = (await send('meeting.book', people, {
      body: { ...rightBodies['meeting.book']!(people), startAt },
    })) as { meetingId: string; participants: { role: string; participantId: string }[] };
    const participantId = booked.participants.find(({ role }) => role === 'patient')!.participantId;
    const ids: Ids = { ...people, meetingId: booked.meetingId, participantId };

    await send('meeting.enter', ids);
    await send('person.record-care-history-consent', ids);
    await send('form.fill-in', ids);
    await send('form.read-answers', ids);
    await send('meeting.read', ids);
    await send('meeting.read-suitability', ids);
    await send('meeting.offer-times', ids);
    await send('meeting.read-link', ids);
    const interpreter = booked.participants.find(({ role }) => role === 'interpreter')!.participantId;
    const claimId = await claimedBy(ids.meetingId, interpreter);
    await send('meeting.read-claims', ids);
    await send(
      'meeting.decide-claim',
      { ...ids, participantId: interpreter },
      { body: { claimId, approved: true } },
    );
    await send('meeting.rebook', ids, { body: { by: 'patient', startAt: inMs(12 * MINUTE) } });
    await send('meeting.note-try', ids);
    await send('meeting.confirm-readiness', ids);
    await send('meeting.confirm-readiness', ids, {
      body: { moment: 'at-start', allPresentAreEntitled: true },
    });
    await send('meeting.read-costs', ids);
    await send('meeting.read-costs', ids, { query: '?at=2026-11-23T08:00:00Z' });
    await send('meeting.enter', ids);
    await waitUntil(
      async () => (await send('meeting.read-timeline', ids)).deliveries as { state: string }[],
      (sent) => sent.some(({ state }) => state === 'sent'),
    );
    await send('meeting.state-outcome', ids, { body: { outcome: 'completed' } });
    const [, fee] = await waitUntil(
      async () => (await send('meeting.read-invoices', ids)).items as { invoiceId: string }[],
      (items) => items.length === 2,
    );
    await send('meeting.register-visit', ids);
    await send('invoice.list', none, { query: '?cause=completed' });
    const invoice: Ids = { ...ids, invoiceId: fee!.invoiceId };
    await send('invoice.object', invoice);
    await send('invoice.approve', invoice);
    await send('invoice.answer', invoice);
    await send('invoice.credit', invoice);
    await send('invoice.answer', invoice, { body: { to: 'credit', accepted: false } });
    const tasks = (await send('task.list', ids)).items as { kind: string; taskId: string }[];
    const task: Ids = { ...ids, taskId: tasks.find(({ kind }) => kind === 'credit-refused')!.taskId };
    await send('task.assign', task);
    await send('task.finish', task);
    await send('meeting.read-tasks', ids);
    await send('task.list', ids, { query: '?state=done&assignedTo=clinician-1' });
    await send('billing.read-file', none, { query: rightQueries['billing.read-file']! });
    await send('meeting.correct-outcome', ids);
    await send('invoice.answer', invoice, { body: { to: 'credit', accepted: true } });
    await send('meeting.read', ids);
    await send('meeting.read-timeline', ids);
    await send('meeting.list', ids, { query: `?day=${dayInStockholm(startAt)}` });
    await send('meeting.list', ids, { query: '?day=2030-01-01&state=ended' });
    await send('person.read-audit', ids);

    const waived = await clinic.book({ patientId: personId, startAt: inMs(10 * MINUTE) });
    await send(
      'meeting.state-outcome',
      { ...ids, meetingId: waived.meetingId },
      { body: { outcome: 'completed' } },
    );
    const [wrongFee] = await waitUntil(
      async () =>
        (await send('meeting.read-invoices', { ...ids, meetingId: waived.meetingId })).items as {
          invoiceId: string;
        }[],
      (items) => items.length === 1,
    );
    await send('invoice.waive', { ...ids, invoiceId: wrongFee!.invoiceId });
    await send('invoice.replace', { ...ids, invoiceId: wrongFee!.invoiceId });

    const second = await clinic.book({ patientId: personId, startAt: inMs(20 * MINUTE) });
    const other = { ...ids, meetingId: second.meetingId };
    await send('meeting.cancel', other, { body: { by: 'patient' } });
    await send('meeting.read', other);
    await send('meeting.read-timeline', other);

    const opened = (await send('case.open', ids)) as { caseId: string };
    const inCase: Ids = { ...ids, caseId: opened.caseId };
    await send('case.list', none, { query: '?assignedTo=clinician-1' });
    await send('case.read', inCase);
    await send('case.assign', inCase);
    const { fileId } = (await send('case.add-file', inCase)) as { fileId: string };
    await send('case.write', inCase, { body: { text: null, fileIds: [fileId] } });
    await send('case.read-thread', inCase);
    await send('case.read-file', { ...inCase, fileId });
    await send('case.watch', none);
    await send('case.close', inCase);
    await send('case.document', inCase);
    const chat = await clinic.book({ patientId: personId, startAt: inMs(10 * MINUTE) });
    const inChat: Ids = { ...ids, meetingId: chat.meetingId };
    const { fileId: chatFileId } = (await send('meeting.add-file', inChat)) as { fileId: string };
    await send('meeting.write-chat', inChat, { body: { text: 'Se bilden', fileIds: [chatFileId] } });
    await send('meeting.read-chat', inChat);
    await send('meeting.read-file', { ...inChat, chatFileId });
    await send('meeting.take-over', inChat, {
      body: { from: 'clinician-1', to: 'clinician-2', reason: 'delayed' },
    });
    const { memberId } = (await send('staff.add', none)) as { memberId: string };
    await send('staff.change', { ...none, memberId });
    await send('staff.list', none);

    await send('webhook.read', none);
    await send('webhook.set', none);
    await send('webhook.rotate-secret', none);
    await send('webhook.read', none);
    await writeEvents(service.records, clinic.clinicId, ids.meetingId, [1, 2], new Date());
    await send('event.list', none);
    await send('event.replay', none);
    await send('event.list', none, { query: '?state=waiting&from=2026-01-01T00:00:00Z' });
    expect([...checked].sort()).toEqual(routes.map(({ operation }) => operation).sort());
  });
});
