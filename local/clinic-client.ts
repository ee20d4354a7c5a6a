import { randomSecret } from '../platform/keys/random-id';

/** What the API answered: its body, or the problem's own words. */
export type ApiAnswer<T> = { ok: true; body: T } | { ok: false; status: number; detail: string };

/** A clinic's system as the API meets it: it has nothing but HTTP and the clinic's key. */
export interface ClinicClient {
  get<T>(path: string): Promise<ApiAnswer<T>>;
  /** Without a body for what needs none. */
  send<T>(method: 'POST' | 'PUT', path: string, body?: unknown): Promise<ApiAnswer<T>>;
}

export function createClinicClient(apiUrl: string, apiKey: string, staffId: string): ClinicClient {
  const headers = { authorization: `Bearer ${apiKey}`, 'acting-staff': staffId, 'acting-role': 'clinician' };

  async function call<T>(path: string, init: RequestInit): Promise<ApiAnswer<T>> {
    try {
      const response = await fetch(`${apiUrl}${path}`, { ...init, signal: AbortSignal.timeout(15_000) });
      const body = (await response.json()) as T & {
        detail?: string;
        errors?: { field: string; message: string }[];
      };
      if (response.ok) return { ok: true, body };
      const fields = (body.errors ?? []).map(({ field, message }) => `${field} ${message}`).join('; ');
      return { ok: false, status: response.status, detail: [body.detail, fields].filter(Boolean).join(' ') };
    } catch {
      return { ok: false, status: 0, detail: 'The API does not answer. Is it being restarted?' };
    }
  }

  const commandHeaders = () => ({ ...headers, 'idempotency-key': randomSecret() });

  return {
    get: (path) => call(path, { headers }),
    send: (method, path, body) =>
      call(path, {
        method,
        ...(body === undefined
          ? { headers: commandHeaders() }
          : {
              // Said of no body it makes one, which a route that takes none refuses.
              headers: { ...commandHeaders(), 'content-type': 'application/json' },
              body: JSON.stringify(body),
            }),
      }),
  };
}
