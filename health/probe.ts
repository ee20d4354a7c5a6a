import { probeTargets, type ProbeTarget } from '../rules/gaps';

/** Where each target is. */
export interface ProbeAddresses {
  /** Where patients reach the service. */
  publicUrl: string;
  /** Where Jitsi and 46elks reach it. */
  hooksUrl: string;
  /**
   * The OpenID provider that patients log in with; null where it is not probed: logins that were begun tell
   * all the same.
   */
  issuer: string | null;
}

/** What stands behind the public address and the hooks' for a probe to ask for. */
export const REACHABLE = '/reachable';

/** Longer than anybody waits before a page. */
const TIMEOUT_MS = 5_000;
const MOST_BYTES = 100_000;

/**
 * Asks each target as those do who need it, by its public address.
 * @returns those that answered, and by themselves: the page of a proxy that stands in front is no answer
 */
export function createProbe(
  { publicUrl, hooksUrl, issuer }: ProbeAddresses,
  timeoutMs = TIMEOUT_MS,
): () => Promise<ProbeTarget[]> {
  const isReachable = (body: Record<string, unknown>): boolean => body.status === 'reachable';
  const looks: Record<ProbeTarget, () => Promise<boolean>> = {
    service: () => says(`${publicUrl}/login${REACHABLE}`, timeoutMs, isReachable),
    reports: () => says(`${hooksUrl}/hooks${REACHABLE}`, timeoutMs, isReachable),
    login: async () =>
      issuer === null ||
      says(`${issuer}/.well-known/openid-configuration`, timeoutMs, (body) =>
        typeof body.issuer === 'string' ? body.issuer.replace(/\/+$/, '') === issuer : false,
      ),
  };
  return async () => {
    const answered = await Promise.all(probeTargets.map((target) => looks[target]().catch(() => false)));
    return probeTargets.filter((_, index) => answered[index]);
  };
}

/** Whether the address answers, in time and to its end, with JSON that is as it should be. */
async function says(
  url: string,
  timeoutMs: number,
  isRight: (body: Record<string, unknown>) => boolean,
): Promise<boolean> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', 'cache-control': 'no-cache' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200 || Number(response.headers.get('content-length') ?? 0) > MOST_BYTES) {
    await response.body?.cancel();
    return false;
  }
  const body: unknown = await response.json();
  return typeof body === 'object' && body !== null && isRight(body as Record<string, unknown>);
}
