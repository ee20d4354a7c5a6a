import { httpCall, type HttpResult } from '../../platform/calls/http-call';

/** How 46elks is reached, and how long one exchange may take. */
export interface ElksAt {
  url: string;
  authorization: string;
  timeoutMs: number;
}

/** Asks 46elks: a GET, or a POST of a form. */
export const elksCall = (
  { url, authorization, timeoutMs }: ElksAt,
  maxBodyBytes: number,
  form?: Record<string, string>,
): Promise<HttpResult> =>
  httpCall({
    url,
    method: form ? 'POST' : 'GET',
    headers: {
      authorization,
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } : {}),
    },
    ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    timeoutMs,
    maxBodyBytes,
  });
