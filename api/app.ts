import { posix } from 'node:path';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { CommandDeps } from '../use-cases/command';
import type { KeyRing } from '../platform/keys/key-ring';
import { randomId } from '../platform/keys/random-id';
import type { Scanner } from '../files/clamd';
import { errorSerializers } from '../platform/log';
import { inLogContext, keepLogContext, type LogContext } from '../platform/log-context';
import { httpDuration } from '../platform/metrics';
import { tellWhenAgain } from '../platform/retry-after';
import type { Clock } from '../rules/clock';
import type { JitsiSettings } from '../jitsi/room-token';
import { expressPath, mountClinicRoutes } from './clinic/mount';
import { clinicRoutes } from './clinic/routes';
import { withoutPorts } from '../platform/client-address';
import { startRequestSpan } from '../platform/tracing/spans';
import { holdBodies, tellProgram } from './held-bodies';
import { limit } from './limit';
import { byPath, wrongMethod } from './methods';
import { openApiDocument } from './openapi';
import { openRoutes } from './open-routes';
import { createCookies } from './frame/cookies';
import { browserLanguage, chosenLanguage } from './frame/language';
import { createKeptFromPages, type KeptFromPages } from './patient/frame/kept-from-page';
import { createLimits, limitSizes, type LimitSizes } from './patient/frame/limits';
import type { IdentityProvider } from './patient/login/identity-provider';
import {
  mountPatientRoutes,
  noSuchPage,
  patientErrors,
  send,
  tellOfForm,
  wrongMethodOfPage,
  type PatientDeps,
} from './patient/frame/mount';
import { tooManyPage } from './patient/frame/trouble';
import { patientRoutes } from './patient/routes';
import { createThreadStreams, type ThreadStreams } from './patient/thread/thread-streams';
import { mountDesk } from './staff/frame/mount';
import type { StaffProvider } from './staff/login/provider';
import { deskRoutes } from './staff/routes';
import { errorHandler, noSuchRoute, notAPath } from './problems';
import { noteReceipt } from './received';
import { docsFiles } from './service-routes';

/** What the API needs, handed in once. */
export interface ApiDeps extends CommandDeps {
  log: Logger;
  jitsi: JitsiSettings;
  jitsiEventsSecret: string;
  /** Webhooks may go to http and to addresses of our own network, as on one machine. */
  webhooksToPrivateAddresses: boolean;
  publicUrl: string;
  homeUrl: string | null;
  /** Shown on every page (R3.5). */
  supportPhone: string;
  /** The region's name on the band of every page; null where none is set. */
  regionName: string | null;
  /** Looks for malware in files; null where none is configured. */
  scanner: Scanner | null;
  /** The open streams of patients' pages, where somebody ends them at a shutdown. */
  streams?: ThreadStreams;
  /** Takes what else is to be ended at a shutdown, such as the streams of the desk. */
  onShutdown?: (end: () => void) => void;
  /** Who was kept from their pages, where somebody waits at a shutdown until that is written. */
  keptFromPages?: KeptFromPages;
  /** How many proxies in front of us add to X-Forwarded-For; 0 trusts nobody's word for an address. */
  trustedProxies: number;
  /** Tries with a wrong key, per address and minute, if not the usual number. */
  wrongKeysPerMinute?: number;
  /** Derive the links of participants. */
  linkKeys: KeyRing;
  /** How people log in. */
  identityProvider: IdentityProvider;
  /** How staff log in to the desk; null where there is no desk. */
  staffProvider: StaffProvider | null;
  /** How much one address may open and try, if not the usual. */
  limits?: Partial<LimitSizes>;
}

/**
 * Calls a minute from one address without any credential. It is enough for a mobile operator's address with a
 * page and its files for each of a thousand phones.
 */
const OPEN_CALLS_PER_MINUTE = 12_000;

/**
 * The API: the clinic's table of routes, the patients' table, and the table for all other callers. There is
 * nothing beside them.
 */
export function createApp(given: ApiDeps): Express {
  // Whatever logger is handed in: nothing that an error carries gets into it.
  const deps = { ...given, log: given.log.child({}, { serializers: errorSerializers }) };
  const app = express();
  const clinic = clinicRoutes(deps);
  const patients = patientDeps(deps);
  const login = { ...patients, temporal: deps.temporal, provider: deps.identityProvider };
  const desk = deps.staffProvider && { ...patients, provider: deps.staffProvider };
  const open = openRoutes({ ...deps, login, desk, document: () => openApiDocument(clinic, deps.publicUrl) });

  const serviceRoutes = open.filter((route) => route.unlimited);

  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxies);
  app.set('query parser', 'simple');
  app.use(withoutPorts);
  app.use(requestLog(deps.log));
  app.use(requestContext);
  app.use(securityHeaders());
  app.use(onlyPaths(patients));
  app.use(toldWhenAgain);
  // Before all limits: those who watch the process must hear of it, above all when there is much to do.
  for (const { path, handle } of serviceRoutes) app.get(path, ...handle);
  const kept = deps.keptFromPages ?? createKeptFromPages({ ...patients, temporal: deps.temporal });
  app.use(['/my', '/m', '/login', '/clinic/meetings'], kept.watch);
  // After that: whose form there is no room for is kept from their page, too.
  const tellPerson = tellOfForm(patients);
  app.use(
    holdBodies((request, response, why) =>
      (isForPrograms(request) ? tellProgram : tellPerson)(request, response, why),
    ),
  );

  app.use('/clinic', receivedFromClinic(deps.clock), express.json({ limit: '200kb' }));
  app.use(mountClinicRoutes(deps, clinic, deps.wrongKeysPerMinute));
  const streams = deps.streams ?? createThreadStreams(deps);
  app.use(mountPatientRoutes(patients, patientRoutes({ ...deps, streams })));
  app.use('/docs/files', onlyRead, docsFiles);
  const openCalls = limit(OPEN_CALLS_PER_MINUTE);
  for (const { path, routes } of byPath(open)) {
    for (const route of routes) {
      if (serviceRoutes.includes(route)) continue;
      // Jitsi and the provider show a secret, and come in crowds at a full hour.
      const before = route.who === 'anyone' ? [openCalls] : [];
      app[route.method](expressPath(path), ...before, ...route.handle);
    }
    app
      .route(expressPath(path))
      .all(isBelow(FOR_PROGRAMS, path) ? wrongMethod(routes) : wrongMethodOfPage(patients, routes));
  }

  // After the way to its login, which is open.
  if (desk) app.use(mountDesk(desk, deskRoutes(deps)));

  // Whatever is asked for beside these may have been typed by a patient.
  const noPage = noSuchPage(patients);
  app.use((request: express.Request, response: express.Response, next: express.NextFunction) =>
    (isForPrograms(request) ? noSuchRoute : noPage)(request, response, next),
  );
  const toProgram = errorHandler(deps.log);
  const toPerson = patientErrors(patients);
  const tellError: express.ErrorRequestHandler = (error, request, response, next) =>
    (isForPrograms(request) ? toProgram : toPerson)(error, request, response, next);
  app.use(tellError);
  return app;
}

/** Where programs alone call: what is wrong there is told as a problem, elsewhere on a page. */
const FOR_PROGRAMS = ['/clinic', '/hooks', '/healthz', '/readyz', '/openapi.json', '/docs', '/assets'];
const isBelow = (prefixes: string[], path: string): boolean =>
  prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
/** Whether a program asks, also by an address that is oddly written and leads nowhere. */
const isForPrograms = ({ originalUrl }: express.Request): boolean =>
  isBelow(FOR_PROGRAMS, plainPath(originalUrl));

/**
 * The path that an address was meant to be: without a host, doubled slashes, dot segments and what is written
 * as `%2f`. It tells who asks; nothing is found by it.
 */
function plainPath(target: string): string {
  const [path = ''] = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/);
  return posix.normalize(decoded(path).replaceAll('\\', '/')).toLowerCase();
}
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const onlyRead: express.RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next();
  else wrongMethod([{ method: 'get' }])(request, response);
};

/** What the patients' pages need of it. */
export function patientDeps(deps: ApiDeps): PatientDeps {
  const { records, clock, log, publicUrl, supportPhone, regionName } = deps;
  const cookies = createCookies(publicUrl);
  const tooMany = (request: express.Request, response: express.Response): void => {
    const language = chosenLanguage(cookies, request) ?? browserLanguage(request);
    const answer = { page: tooManyPage(language), status: 429 };
    send({ supportPhone, regionName }, request, response, answer, { language, guard: null, clinic: null });
  };
  const sizes = { ...limitSizes, ...deps.limits };
  const limits = createLimits(deps, sizes, tooMany, (request) => cookies.read(request, 'login'));
  return { records, clock, log, cookies, limits, publicUrl, supportPhone, regionName };
}

/**
 * A target with a host in it (`GET http://…`) is a proxy's way to ask another proxy: nobody's address here. One
 * that begins with two slashes reads as such; a person who has come by it hears what to do.
 */
function onlyPaths(patients: PatientDeps): express.RequestHandler {
  const noPage = noSuchPage(patients, 400, notAPath);
  return (request, response, next) => {
    if (/^\/(?!\/)/.test(request.url)) next();
    else (isForPrograms(request) ? notAPath : noPage)(request, response, next);
  };
}

/** Pages are looked at a little later than programs come again. */
const toldWhenAgain: express.RequestHandler = (request, response, next) => {
  if (isForPrograms(request)) tellWhenAgain(response);
  else tellWhenAgain(response, { 429: 60, 503: 5 });
  next();
};

/** Before its body is read: when it was received; and patients' data stays in no cache on its way. */
const receivedFromClinic =
  (clock: Clock): express.RequestHandler =>
  (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    noteReceipt(clock)(request, response, next);
  };

/**
 * All that is logged while a request is answered carries its id; it is counted, and traced where traces are
 * on.
 */
const requestContext: express.RequestHandler = (request, response, next) => {
  const { method } = request;
  const answered = httpDuration.startTimer();
  const span = startRequestSpan(method);
  response.once('close', () => {
    const route = routeOf(request) ?? 'none';
    answered({ method, route, status: response.statusCode });
    span.end(route, response.statusCode);
  });
  span.run(() =>
    inLogContext({ requestId: request.id as string }, () => {
      response.locals.logContext = keepLogContext();
      next();
    }),
  );
};

/**
 * One line per request: the route's pattern, never the address, which can hold the code of a link or a token
 * (R8.3).
 */
function requestLog(logger: Logger) {
  // Part of what is logged, and no bindings: those of pino would stand in the line beside what its context
  // tells already.
  const withWhatIsKnown = (request: express.Request, response: express.Response, logged: object): object => ({
    ...logged,
    ...(response.locals.logContext as (() => LogContext) | undefined)?.(),
    requestId: request.id,
    method: request.method,
    route: routeOf(request),
    status: response.statusCode,
    clinicId: response.locals.clinicId as string | undefined,
  });
  return pinoHttp<express.Request, express.Response>({
    logger,
    genReqId: () => randomId(),
    quietResLogger: true,
    serializers: {
      req: () => undefined,
      res: () => undefined,
      err: ({ type }: { type: string }) => ({ type }),
    },
    customSuccessObject: (request, response, logged: object) => withWhatIsKnown(request, response, logged),
    customErrorObject: (request, response, _error, logged: object) =>
      withWhatIsKnown(request, response, logged),
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'info' : 'debug';
    },
  });
}

/** The pattern of the route that took the request; Express gives it no type. */
const routeOf = (request: express.Request): string | null =>
  (request.route as { path: string } | undefined)?.path ?? null;

/** Why each header is as it is: docs/security.md, "Headers". */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Swagger UI sets styles of its own; it shows no patient's data.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
    // Set by the proxy that ends TLS, which alone knows whether there is any.
    strictTransportSecurity: false,
  });
}
