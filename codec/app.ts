import express, { type Express } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { withoutPorts } from '../platform/client-address';
import { tellWhenAgain } from '../platform/retry-after';
import { createDecodeRoutes, type DecodeDeps } from './decode';

/** Calls of one address and minute; a page of the Web UI makes one for each event that it shows. */
const CALLS_PER_MINUTE = 1_200;
/** Refused ones of them: each is noted, and whoever may read nothing must not fill the database. */
const REFUSALS_PER_MINUTE = 300;

/** The codec server: `POST /decode`, whether it is alive, and nothing else. */
export function createCodecApp(deps: DecodeDeps & { trustedProxies: number }): Express {
  const app = express().disable('x-powered-by').set('trust proxy', deps.trustedProxies);
  app.use((_request, response, next) => {
    tellWhenAgain(response);
    next();
  });
  app.use(helmet({ strictTransportSecurity: false, crossOriginResourcePolicy: { policy: 'cross-origin' } }));
  app.use(withoutPorts);
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.all('/healthz', (_request, response) => {
    response.status(405).set('Allow', 'GET, HEAD').json({ status: 'only-read' });
  });
  app.use(rateLimit({ windowMs: 60_000, limit: CALLS_PER_MINUTE, legacyHeaders: false }));
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: REFUSALS_PER_MINUTE,
      skipSuccessfulRequests: true,
      legacyHeaders: false,
    }),
  );
  app.use(createDecodeRoutes(deps));
  return app;
}
