import { z } from 'zod';
import { problemUrn } from '../use-cases/command';
import { problemTypes, type ProblemType } from '../use-cases/problem-types';
import { actingHeaders } from './access';
import { problemAnswer } from './clinic/answers';
import { webhookEvents } from './clinic/event-schemas';
import { idempotencyKey, paramsSchema } from './clinic/mount';
import { problemsOf } from './clinic/problems-of';
import { portable } from './portable-schema';
import type { ClinicRoute } from './route';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, made from the same schemas that check the input. */
export function openApiDocument(routes: ClinicRoute[], serverUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const named: Json = {};
  const responses = new SharedResponses();
  // Named by itself: it brings its own name to the document's components.
  jsonSchema(problemAnswer, 'output', named);
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method] = operation(route, named, responses);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'vardmote: the clinic’s API',
      version: '1',
      description:
        'Digital care meetings and message cases. Commands are stored before they are carried out: repeat one with the same ' +
        'Idempotency-Key and you get the first answer again. Times carry their offset. Unknown fields are refused. ' +
        'Problems are application/problem+json (RFC 9457) and name the field; each operation lists its own. ' +
        'A path answers 405 to a method that it does not have, and names those that it has in Allow.',
    },
    servers: [{ url: serverUrl }],
    security: [{ clinicKey: [] }],
    paths,
    webhooks: webhooks(named),
    components: {
      securitySchemes: { clinicKey: { type: 'http', scheme: 'bearer', description: 'The clinic’s key' } },
      schemas: named,
      responses: responses.components,
    },
  };
}

function operation(route: ClinicRoute, named: Json, shared: SharedResponses): Json {
  const isCommand = typeof route.handle === 'string';
  return {
    operationId: route.operation,
    summary: route.summary,
    description:
      `Roles: ${route.roles.join(', ')}.` +
      (route.forStatus
        ? ' Evidence and protected data are for clinicians of the patient, the operations manager with a reason, and system.'
        : ''),
    tags: [route.operation.split('.')[0]],
    parameters: [
      ...parameters(jsonSchema(paramsSchema(route.path), 'input', named), 'path'),
      ...(route.query ? parameters(jsonSchema(route.query, 'input', named), 'query') : []),
      ...actingParameters(named),
      ...(isCommand
        ? [
            header(
              'Idempotency-Key',
              route.method === 'post',
              jsonSchema(idempotencyKey, 'input', named),
              'New for each command',
            ),
          ]
        : []),
    ],
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(route.body, 'input', named) } },
          },
        }
      : {}),
    ...(route.upload ? { requestBody: fileRequest } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, schema]) => [status, doneResponse(route, schema, named)]),
      ),
      ...Object.fromEntries(
        Object.entries(problemsOf(route)).map(([status, types = []]) => [
          status,
          shared.referenceTo(Number(status), types),
        ]),
      ),
    },
  };
}

/** Who acts, in the headers that the same schema checks. */
function actingParameters(named: Json): Json[] {
  const { properties, required } = jsonSchema(actingHeaders, 'input', named);
  const schemas = properties as Record<keyof typeof actingHeaders.shape, Json>;
  const isRequired = (name: string): boolean => (required as string[]).includes(name);
  return [
    header(
      'Acting-Staff',
      isRequired('acting-staff'),
      schemas['acting-staff'],
      'The clinic’s reference to the member of staff who acts',
    ),
    header('Acting-Role', isRequired('acting-role'), schemas['acting-role'], 'In which role'),
    header(
      'Acting-Reason',
      isRequired('acting-reason'),
      schemas['acting-reason'],
      'Why; needed where the operations manager reads content',
    ),
  ];
}

function doneResponse({ contentTypes }: ClinicRoute, schema: z.ZodType, named: Json): Json {
  const described = { schema: jsonSchema(schema, 'output', named) };
  return {
    description: 'Done',
    headers: {
      'Cache-Control': headerOf('no-store: patients’ data stays in no cache on its way'),
      ...(contentTypes ? { 'Content-Disposition': headerOf('The file’s name; it is saved, not shown') } : {}),
    },
    content: Object.fromEntries((contentTypes ?? ['application/json']).map((type) => [type, described])),
  };
}

/** All problems of one status: in words when each comes, and as the values that `type` has. */
function problemResponse(status: number, types: readonly ProblemType[]): Json {
  return {
    description: types.map((type) => `- \`${type}\`: ${problemTypes[type]}`).join('\n'),
    ...(status in problemHeaders ? { headers: problemHeaders[status] } : {}),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            {
              type: 'object',
              properties: { type: { enum: types.map(problemUrn) }, status: { const: status } },
            },
          ],
        },
      },
    },
  };
}

/**
 * Operations that can be refused for the same reasons share what describes them: the document is less than
 * half as large so.
 */
class SharedResponses {
  readonly components: Record<string, Json> = {};
  private readonly names = new Map<string, string>();

  referenceTo(status: number, types: readonly ProblemType[]): Json {
    const key = `${status} ${types.join(' ')}`;
    let name = this.names.get(key);
    if (name === undefined) {
      name = `Problems${status}-${this.names.size + 1}`;
      this.names.set(key, name);
      this.components[name] = problemResponse(status, types);
    }
    return { $ref: `#/components/responses/${name}` };
  }
}

const headerOf = (description: string): Json => ({ required: true, description, schema: { type: 'string' } });

const problemHeaders: Record<number, Json> = {
  401: { 'WWW-Authenticate': headerOf('Bearer') },
  429: { 'Retry-After': headerOf('In seconds') },
  503: { 'Retry-After': headerOf('In seconds') },
};

/** A form with one file. */
const fileRequest: Json = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        additionalProperties: false,
        properties: {
          file: { type: 'string', format: 'binary', description: 'One picture or PDF, with its name' },
        },
      },
    },
  },
};

/**
 * What the clinic's own system receives: an operation for each type of event, signed as Standard Webhooks
 * says.
 */
function webhooks(named: Json): Json {
  const signed = [
    header('webhook-id', true, { type: 'string' }, 'The event’s id, the same each time that it is sent'),
    header('webhook-timestamp', true, { type: 'string' }, 'When it is sent, in seconds since 1970'),
    header(
      'webhook-signature',
      true,
      { type: 'string' },
      '`v1,` and the signature; two while a secret is rotated',
    ),
  ];
  return Object.fromEntries(
    webhookEvents.map(({ type, summary, body }) => [
      type,
      {
        post: {
          operationId: `webhook ${type}`,
          summary,
          description:
            'Answer 2xx when you have stored it; anything else, and no answer within 15 seconds, is tried again for 3 ' +
            'days. It can come more than once: know it by webhook-id. Check the signature against the body as it came. ' +
            'Let fields pass that you do not know.',
          tags: ['events'],
          security: [],
          parameters: signed,
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(body, 'input', named) } },
          },
          responses: { '2XX': { description: 'Stored' } },
        },
      },
    ]),
  );
}

const header = (name: string, required: boolean, schema: Json, description: string): Json => ({
  name,
  in: 'header',
  required,
  schema,
  description,
});

function parameters(schema: Json, place: 'path' | 'query'): Json[] {
  const required = new Set(schema.required as string[] | undefined);
  return Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([name, property]) => ({
    name,
    in: place,
    required: required.has(name),
    schema: property,
  }));
}

/**
 * What a schema takes (`input`) or gives (`output`), in JSON Schema 2020-12, which OpenAPI 3.1 speaks.
 * Schemas with a name of their own are moved to the document's components.
 */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', named: Json): Json {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline', override: portable });
  const { $schema, $defs, ...rest } = JSON.parse(
    JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/'),
  ) as Json;
  Object.assign(named, $defs);
  return rest;
}
