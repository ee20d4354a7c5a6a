import express, { Router } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { readAsset } from '../../api/pages/asset';
import { roomPage } from './page';
import type { StandInRoom } from './rooms';
import { roomStyle } from './style';

const name = z.string().max(200);
const joining = z.object({ token: z.string().max(8_000), name: name.optional() });
const keyed = z.object({ key: z.string().max(100) });
const naming = keyed.extend({ name });
const sending = keyed.extend({ picture: z.boolean(), sound: z.boolean() });
const signalling = keyed.extend({
  to: z.number().int(),
  signal: z.object({ type: z.enum(['offer', 'answer']), sdp: z.string().max(50_000) }),
});

export interface RoomRoutesDeps {
  room: StandInRoom;
  /** Whose pages may show a room in a frame. */
  embeddedBy: string[];
}

/** The stand-in's rooms at the same address form as Jitsi's: a page for each room's name. */
export function createRoomRoutes({ room, embeddedBy }: RoomRoutesDeps): Router {
  const router = Router();
  const scripts = ['call', 'made-up', 'room'].map((name) => ({
    name,
    text: readAsset(`local/room/assets/${name}.js`),
  }));
  router.use(
    helmet({
      strictTransportSecurity: false,
      // Another origin's page frames it.
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      crossOriginOpenerPolicy: false,
      frameguard: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'img-src': ['data:'],
          'connect-src': ["'self'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': embeddedBy,
        },
      },
    }),
  );
  router.use((_request, response, next) => {
    response.set('Permissions-Policy', 'camera=(self), microphone=(self)').set('Cache-Control', 'no-store');
    next();
  });

  for (const script of scripts)
    router.get(`/files/${script.name}.js`, (_request, response) => {
      response.type('js').send(script.text);
    });
  router.get('/files/room.css', (_request, response) => {
    response.type('css').send(roomStyle);
  });
  router.get('/:room', (request, response) => {
    response.send(roomPage(request.query.lang === 'en' ? 'en' : 'sv', request.baseUrl));
  });

  router.use(express.json({ limit: '100kb' }));
  router.post('/:room/join', async (request, response) => {
    const body = joining.safeParse(request.body);
    if (!body.success) response.status(400).json({ refused: 'no-token' });
    else response.json(await room.join(request.params.room, body.data.token, body.data.name));
  });
  router.post('/:room/leave', async (request, response) => {
    const body = keyed.safeParse(request.body);
    if (body.success) await room.leaveByKey(request.params.room, body.data.key);
    response.sendStatus(204);
  });
  router.post('/:room/end', async (request, response) => {
    const body = keyed.safeParse(request.body);
    if (body.success) await room.endByKey(request.params.room, body.data.key);
    response.sendStatus(204);
  });
  router.post('/:room/name', (request, response) => {
    const body = naming.safeParse(request.body);
    if (body.success) room.call(request.params.room, body.data.key, body.data.name);
    response.sendStatus(204);
  });
  router.post('/:room/sends', (request, response) => {
    const body = sending.safeParse(request.body);
    if (body.success) {
      const { key, picture, sound } = body.data;
      room.sends(request.params.room, key, { picture, sound });
    }
    response.sendStatus(204);
  });
  router.post('/:room/signal', (request, response) => {
    const body = signalling.safeParse(request.body);
    if (body.success) {
      const { key, to, signal } = body.data;
      room.signal(request.params.room, key, to, signal);
    }
    response.sendStatus(204);
  });
  router.get('/:room/events', (request, response) => {
    const key = typeof request.query.key === 'string' ? request.query.key : '';
    const send = (event: string, data: unknown): void => {
      response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    response.set('Content-Type', 'text/event-stream');
    const disconnect = room.connect(request.params.room, key, {
      shows: (everybody) => send('everybody', everybody),
      hears: (from, signal) => send('signal', { from, signal }),
      ends: (why) => {
        send('ended', { why });
        response.end();
      },
    });
    // Nobody with that key is in: on a 204 the browser stops trying.
    if (disconnect) request.on('close', disconnect);
    else response.sendStatus(204);
  });
  return router;
}
