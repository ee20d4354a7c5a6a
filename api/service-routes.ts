import path from 'node:path';
import express, { type RequestHandler } from 'express';
import { createHealth } from '../health/check';
import { apiChecks, databaseCheck } from '../health/checks';
import { REACHABLE } from '../health/probe';
import type { Records } from '../records';
import type { TemporalGateway } from '../temporal/gateway';

/** The process is alive. */
export const alive: RequestHandler = (_request, response) => {
  response.json({ status: 'alive' });
};

/** The process can do its work, or the part of it that needs no Temporal: the database answers. */
export function ready(deps: { records: Records; temporal: TemporalGateway }): RequestHandler {
  const health = createHealth(apiChecks(deps));
  return async (_request, response) => {
    const state = await health();
    response.status(state.status === 'not-ready' ? 503 : 200).json(state);
  };
}

/**
 * What the worker's probe asks for, by the way that patients and that reports come (health/probe.ts; R5.6).
 */
export const REACHABLE_BY_PATIENTS = `/login${REACHABLE}`;
export const REACHABLE_BY_HOOKS = `/hooks${REACHABLE}`;

/** The service can be reached, and has what its pages need: the database. */
export function reachable({ records }: { records: Pick<Records, 'ping'> }): RequestHandler {
  const health = createHealth([databaseCheck(records)]);
  return async (_request, response) => {
    const { status } = await health();
    response
      .set('Cache-Control', 'no-store')
      .status(status === 'ready' ? 200 : 503)
      .json({ status: status === 'ready' ? 'reachable' : 'not-reachable' });
  };
}

const folderOf = (packageName: string): string =>
  path.dirname(require.resolve(`${packageName}/package.json`));

/** Swagger UI's own files, from the package. */
export const docsFiles = express.static(folderOf('swagger-ui-dist'), { index: false });

/** Points Swagger UI at our document. */
export const docsScript: RequestHandler = (_request, response) => {
  response
    .type('text/javascript')
    .send(
      `window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`,
    );
};
