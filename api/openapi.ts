import { z } from 'zod';
import { problemAnswer } from './clinic/answers';
import { webhookEvents } from './clinic/event-schemas';
import { paramsSchema } from './clinic/mount';
import { staffRoles, type ClinicRoute } from './route';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document, made from the same schemas that check the input. */
export function openApiDocument(routes: ClinicRoute[], serverUrl: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const named: Json = {};
  const problemSchema = jsonSchema(problemAnswer, 'output', named);
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method] = operation(route, named);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'vardmote: the clinic’s API',
      version: '1',
      description:
        'Digital care meetings and message cases. Commands are stored before they are carried out: repeat one with the same ' +
        'Idempotency-Key and you get the first answer again. Times carry their offset. Unknown fields are refused. ' +
        'Problems are application/problem+json (RFC 9457) and name the field.',
    },
    servers: [{ url: serverUrl }],
    security: [{ clinicKey: [] }],
    paths,
    webhooks: webhooks(named),
    components: {
      securitySchemes: { clinicKey: { type: 'http', scheme: 'bearer', description: 'The clinic’s key' } },
      schemas: { ...named, Problem: problemSchema },
    },
  };
}

function operation(route: ClinicRoute, named: Json): Json {
  const isCommand = typeof route.handle === 'string';
  return {
    operationId: route.operation,
    summary: route.summary,
    description: `Roles: ${route.roles.join(', ')}.`,
    tags: [route.operation.split('.')[0]],
    parameters: [
      ...parameters(jsonSchema(paramsSchema(route.path), 'input', named), 'path'),
      ...(route.query ? parameters(jsonSchema(route.query, 'input', named), 'query') : []),
      header(
        'Acting-Staff',
        true,
        { type: 'string' },
        'The clinic’s reference to the member of staff who acts',
      ),
      header('Acting-Role', true, { enum: [...staffRoles] }, 'In which role'),
      header(
        'Acting-Reason',
        false,
        { type: 'string' },
        "Why; needed where the operations manager reads content. Text beyond ASCII as UTF-8, or as RFC 8187 writes it: UTF-8''fr%C3%A5ga",
      ),
      ...(isCommand
        ? [header('Idempotency-Key', route.method === 'post', { type: 'string' }, 'New for each command')]
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
        Object.entries(route.answers).map(([status, schema]) => [
          status,
          {
            description: 'Done',
            content: {
              [route.contentType ?? 'application/json']: { schema: jsonSchema(schema, 'output', named) },
            },
          },
        ]),
      ),
      503: problemResponse(
        isCommand
          ? 'Stored, and carried out as soon as it can be'
          : 'The database or the workflows do not answer',
      ),
      '4XX': problemResponse('Refused, with the reason and the fields that are wrong'),
    },
  };
}

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

/** What the clinic's own system receives: an operation for each type of event, signed as Standard Webhooks says. */
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

const problemResponse = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

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
 * What a schema takes (`input`) or gives (`output`), in JSON Schema 2020-12, which OpenAPI 3.1 speaks. Schemas with a name of
 * their own are moved to the document's components.
 */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', named: Json): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }));
  const { $schema, $defs, ...rest } = JSON.parse(
    text.replaceAll('#/$defs/', '#/components/schemas/'),
  ) as Json;
  Object.assign(named, $defs);
  return rest;
}
