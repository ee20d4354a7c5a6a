import express, { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import { decode } from '@temporalio/common/lib/encoding';
import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from '../platform/keys/key-ring';
import { unreadableStatus } from '../platform/parser-errors';
import type { Decode } from '../records/decodes';
import { createPayloadCodec, isEncrypted } from '../temporal/codec';

const { Payloads } = temporal.api.common.v1;

/** Who asks to have payloads decoded, or why they may not: a word for machines. */
export type Reader =
  | { who: string }
  /** `who` where the token holds and only the role is missing. */
  | { refused: 'login-required' | 'not-entitled' | 'login-unavailable'; who: string | null };

export interface DecodeDeps {
  payloadKeys: KeyRing;
  /** Of the Web UI, each exactly. */
  origins: string[];
  /** Says who asks, by the request's `Authorization`. */
  readerOf: (authorization: string | undefined) => Promise<Reader>;
  /** Keeps a note before anything is answered: what cannot be noted is not decoded. */
  note: (decode: Decode) => Promise<void>;
  now: () => Date;
}

const statuses = { 'login-required': 401, 'not-entitled': 403, 'login-unavailable': 503 } as const;

/**
 * Lets Temporal's Web UI read payloads (its "codec server"): decode only, for exactly that UI's origin, for
 * those who may, each decode and each refusal noted. Nothing that was decoded is logged, and no refusal
 * repeats anything of what was asked.
 */
export function createDecodeRoutes({ payloadKeys, origins, readerOf, note, now }: DecodeDeps): Router {
  const codec = createPayloadCodec(payloadKeys);
  const noteRefusal = (request: Request, refused: string, who: string | null): Promise<void> =>
    note({
      at: now(),
      who,
      namespace: namespaceOf(request.get('x-namespace')),
      workflowIds: [],
      payloads: 0,
      refused,
    });
  const router = Router();
  router.use(async (request, response, next) => {
    const origin = request.get('origin');
    if (!origin || !origins.includes(origin)) {
      await noteRefusal(request, 'wrong-origin', null);
      refuse(response, 403, 'wrong-origin');
      return;
    }
    response.set({
      'Access-Control-Allow-Origin': origin,
      // The last is the login's ID token, which the Web UI sends along and nobody here looks at.
      'Access-Control-Allow-Headers': 'authorization,content-type,x-namespace,authorization-extras',
      'Access-Control-Allow-Methods': 'POST',
      'Cache-Control': 'no-store',
      Vary: 'Origin',
    });
    if (request.method === 'OPTIONS') response.sendStatus(204);
    else next();
  });
  // Who may not read is told so before a byte of the body is looked at.
  router.post('/decode', async (request, response, next) => {
    const reader = await readerOf(request.get('authorization'));
    if (!('refused' in reader)) {
      response.locals.who = reader.who;
      next();
      return;
    }
    const { refused, who } = reader;
    await noteRefusal(request, refused, who);
    if (statuses[refused] === 401) response.set('WWW-Authenticate', 'Bearer');
    refuse(response, statuses[refused], refused);
  });
  router.post('/decode', express.json({ limit: '5mb' }), async (request, response) => {
    const { who } = response.locals as { who: string };
    const payloads = payloadsOf(request.body);
    const decoded = await decodeAll(codec, payloads);
    await note({
      at: now(),
      who,
      namespace: namespaceOf(request.get('x-namespace')),
      workflowIds: workflowIdsOf(payloads),
      payloads: payloads.length,
      refused: decoded ? null : 'not-ours',
    });
    if (decoded) response.json(Payloads.fromObject({ payloads: decoded }).toJSON());
    else refuse(response, 400, 'not-ours');
  });
  router.all('/decode', (_request, response) => {
    refuse(response.set('Allow', 'POST, OPTIONS'), 405, 'only-post');
  });
  // A body that is no JSON, or too much of it: Express's own answer would show and log pieces of it.
  const unreadable: ErrorRequestHandler = async (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { who = null } = response.locals as { who?: string };
    const isNoted =
      unreadableStatus(error) !== null &&
      (await noteRefusal(request, 'not-ours', who).then(
        () => true,
        () => false,
      ));
    if (isNoted) refuse(response, 400, 'not-ours');
    else refuse(response, 503, 'not-available');
  };
  router.use(unreadable);
  return router;
}

/** What was sent, as far as it is payloads. */
function payloadsOf(body: unknown): Payload[] {
  try {
    return Payloads.fromObject(body as Record<string, unknown>).payloads;
  } catch {
    return [{}];
  }
}

/** All of them decoded, or null where a single one is none of this service's. */
async function decodeAll(
  codec: ReturnType<typeof createPayloadCodec>,
  payloads: Payload[],
): Promise<Payload[] | null> {
  try {
    // The UI asks for all payloads of an event at once, those too that it could read by itself.
    return await Promise.all(
      payloads.map(async (payload) => {
        if (payload.metadata == null) throw new RangeError('not a payload');
        return isEncrypted(payload) ? (await codec.decode([payload]))[0]! : payload;
      }),
    );
  } catch {
    return null;
  }
}

/** Ids of ours, which are opaque; whatever else stands there is not kept. */
const OUR_WORKFLOW_ID = /^[A-Za-z0-9_-]{1,100}$/;

function workflowIdsOf(payloads: Payload[]): string[] {
  const ids = payloads.filter(isEncrypted).flatMap(({ metadata }) => {
    const id = metadata?.['workflow-id'];
    return id ? [decode(id)] : [];
  });
  return [...new Set(ids)].filter((id) => OUR_WORKFLOW_ID.test(id));
}

const namespaceOf = (header: string | undefined): string | null =>
  header !== undefined && /^[\w.-]{1,100}$/.test(header) ? header : null;

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error });
}
