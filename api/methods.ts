import type { Request, Response } from 'express';
import { problem } from '../use-cases/command';
import { sendAnswer } from './problems';

/** The rows of one path. */
export interface PathRoutes<Route> {
  path: string;
  routes: Route[];
}

/**
 * Routes by their path, in the order to mount them. `/people/search` comes before `/people/{personId}`, so
 * that a request for the first is not answered by the second.
 */
export function byPath<Route extends { path: string }>(routes: Route[]): PathRoutes<Route>[] {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return [...paths].map(([path, ofPath]) => ({ path, routes: ofPath })).sort(literalsFirst);
}

function literalsFirst(a: { path: string }, b: { path: string }): number {
  const [left, right] = [a.path.split('/'), b.path.split('/')];
  for (const [at, part] of left.entries()) {
    const other = right[at];
    if (other === undefined || part === other) continue;
    const [isParameter, isOtherParameter] = [part.startsWith('{'), other.startsWith('{')];
    if (isParameter !== isOtherParameter) return isParameter ? 1 : -1;
    return 0;
  }
  return 0;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * For a path that is there and a method that it has not: says in `Allow` which it has (RFC 9110). A question
 * for just that is answered.
 * @returns whether the request is answered by it; else the caller says 405 in its own way
 */
export function answersMethods(request: Request, response: Response, routes: { method: string }[]): boolean {
  const has = (method: string): boolean => routes.some((route) => route.method === method.toLowerCase());
  const allowed = METHODS.filter((method) => method === 'OPTIONS' || has(method === 'HEAD' ? 'GET' : method));
  response.set('Allow', allowed.join(', '));
  if (request.method !== 'OPTIONS') return false;
  response.status(204).end();
  return true;
}

/** The same, with a problem for the caller's program. */
export const wrongMethod =
  (routes: { method: string }[]) =>
  (request: Request, response: Response): void => {
    if (answersMethods(request, response, routes)) return;
    const allowed = response.get('Allow') ?? '';
    sendAnswer(
      response,
      problem(405, 'method-not-allowed', `This address has no ${request.method}. It has: ${allowed}.`),
    );
  };
