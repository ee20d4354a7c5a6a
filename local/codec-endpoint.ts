import express, { Router, type ErrorRequestHandler, type Response } from 'express';
import { temporal } from '@temporalio/proto';
import type { KeyRing } from '../keys/key-ring';
import { createPayloadCodec, isEncrypted } from '../temporal/codec';

const { Payloads } = temporal.api.common.v1;

/**
 * Lets the local Temporal Web UI read the payloads: decode only, for exactly that UI's origin, on loopback only, since the
 * local UI can pass no credentials. A deployed one stands behind a login instead. Nothing decoded is logged.
 */
export function createCodecEndpoint(payloadKeys: KeyRing, uiOrigins: string[]): Router {
  const codec = createPayloadCodec(payloadKeys);
  const router = Router();
  router.use((request, response, next) => {
    const origin = request.get('origin');
    if (!origin || !uiOrigins.includes(origin)) {
      response.sendStatus(403);
      return;
    }
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Headers': 'content-type,x-namespace',
      'Access-Control-Allow-Methods': 'POST',
      'Cache-Control': 'no-store',
      Vary: 'Origin',
    });
    if (request.method === 'OPTIONS') response.sendStatus(204);
    else next();
  });
  router.post('/decode', express.json({ limit: '5mb' }), async (request, response) => {
    try {
      const { payloads } = Payloads.fromObject(request.body as Record<string, unknown>);
      // The UI asks for all payloads of an event at once, those too that it could read by itself.
      const decoded = await Promise.all(
        payloads.map(async (payload) =>
          isEncrypted(payload) ? (await codec.decode([payload]))[0] : payload,
        ),
      );
      response.json(Payloads.fromObject({ payloads: decoded }).toJSON());
    } catch {
      refuse(response);
    }
  });
  // A body that is no JSON, or too much of it: Express's own answer would show and log pieces of it.
  const unreadable: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) next(error);
    else refuse(response);
  };
  router.use(unreadable);
  return router;
}

function refuse(response: Response): void {
  response.status(400).json({ error: 'not payloads of this service, or made with another key' });
}
