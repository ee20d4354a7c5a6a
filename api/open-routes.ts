import express, { type RequestHandler } from 'express';
import type { CommandDeps } from '../use-cases/command';
import { docsPage, frontPage } from './docs';
import { COLOURS_PATH, LOGO_PATH, serveColours, serveLogo } from './frame/clinic-look';
import { serveStylesheet, STYLESHEET_PATH } from './frame/stylesheet';
import { deliveryReports, readForm } from './hooks/elks';
import { occupantReports, onlyJitsi, roomDestroyed } from './hooks/jitsi';
import { scriptFiles } from './patient/assets';
import { loginRoutes, type LoginDeps } from './patient/login/routes';
import { packedFile } from './packed';
import { deskScriptFiles } from './staff/assets';
import { deskLoginRoutes, type DeskLoginDeps } from './staff/login/routes';
import type { OpenRoute } from './route';
import {
  alive,
  docsScript,
  reachable,
  REACHABLE_BY_HOOKS,
  REACHABLE_BY_PATIENTS,
  ready,
} from './service-routes';

export interface OpenRouteDeps extends CommandDeps {
  /** The patients' way to the login. */
  login: LoginDeps;
  /** The staff's way to the desk; null where there is none. */
  desk: DeskLoginDeps | null;
  jitsiEventsSecret: string;
  /** Where `/` leads to; null for the service's own short page. */
  homeUrl: string | null;
  supportPhone: string;
  regionName: string | null;
  /** Makes the OpenAPI document. */
  document: () => unknown;
}

/** The table of routes for those who are no clinic: each says who may use it and how that is known. */
export function openRoutes(deps: OpenRouteDeps): OpenRoute[] {
  const { homeUrl } = deps;
  // One for all its routes: what is refused is told once, whichever it was for.
  const itIsJitsi = onlyJitsi(deps.jitsiEventsSecret, { ...deps, log: deps.login.log });
  const jitsiSays = (handle: RequestHandler): RequestHandler[] => [
    itIsJitsi,
    // The end of a room lists everybody who was ever in it, each reconnection by itself.
    express.json({ limit: '200kb' }),
    handle,
  ];
  const anyone = (path: string, operation: string, summary: string, handle: RequestHandler): OpenRoute => ({
    method: 'get',
    path,
    operation,
    summary,
    who: 'anyone',
    handle: [handle],
  });
  const jitsi = (path: string, operation: string, summary: string, handle: RequestHandler): OpenRoute => ({
    method: 'post',
    path,
    operation,
    summary,
    who: 'jitsi, by its shared secret',
    handle: jitsiSays(handle),
  });

  return [
    anyone('/', 'front-page', 'Where to go from here', (request, response, next) => {
      if (homeUrl) response.redirect(302, homeUrl);
      else void frontPage(deps)(request, response, next);
    }),
    { ...anyone('/healthz', 'alive', 'The process is alive', alive), unlimited: true },
    {
      ...anyone('/readyz', 'ready', 'The database answers; what else is away is told', ready(deps)),
      unlimited: true,
    },
    // Below the addresses of patients and of Jitsi, so that whatever lets these through lets the probes
    // through too.
    anyone(REACHABLE_BY_PATIENTS, 'reachable', 'Patients reach the service', reachable(deps)),
    anyone(REACHABLE_BY_HOOKS, 'hooks-reachable', 'Reports of Jitsi and 46elks reach it', reachable(deps)),
    anyone('/openapi.json', 'openapi', 'The OpenAPI document', documentOnce(deps.document)),
    anyone('/docs', 'docs', 'The documentation', docsPage),
    anyone('/docs/start.js', 'docs-script', 'Starts the documentation', docsScript),
    anyone(STYLESHEET_PATH, 'stylesheet', 'The stylesheet of all pages', serveStylesheet),
    anyone(LOGO_PATH, 'clinic-logo', 'A clinic’s logo', serveLogo(deps)),
    anyone(COLOURS_PATH, 'clinic-colours', 'A clinic’s colour', serveColours(deps)),
    ...scriptFiles().map(({ path, handle }) =>
      anyone(path, 'page-script', 'A script of patients’ pages', handle),
    ),
    ...deskScriptFiles.map(({ path, handle }) =>
      anyone(path, 'desk-script', 'A script of the desk’s pages', handle),
    ),
    ...loginRoutes(deps.login),
    ...(deps.desk ? deskLoginRoutes(deps.desk) : []),
    {
      method: 'post',
      path: '/hooks/46elks/{token}',
      operation: 'sms.delivery-report',
      summary: 'A delivery report',
      who: 'sms-provider, by the token in the address',
      handle: [readForm, deliveryReports(deps)],
    },
    jitsi(
      '/hooks/jitsi/events/occupant/joined',
      'jitsi.joined',
      'Somebody came in',
      occupantReports(deps, 'joined'),
    ),
    jitsi('/hooks/jitsi/events/occupant/left', 'jitsi.left', 'Somebody left', occupantReports(deps, 'left')),
    jitsi('/hooks/jitsi/events/room/created', 'jitsi.created', 'A room was opened', (_request, response) => {
      // Nobody is in it yet: nothing follows from it.
      response.sendStatus(204);
    }),
    jitsi('/hooks/jitsi/events/room/destroyed', 'jitsi.destroyed', 'A room was closed', roomDestroyed(deps)),
  ];
}

/** Made when it is first asked for, and kept: to make it takes a fifth of a second. */
export function documentOnce(make: () => unknown): RequestHandler {
  let made: RequestHandler | null = null;
  return (request, response, next) => {
    made ??= packedFile('json', JSON.stringify(make()));
    return made(request, response, next);
  };
}
