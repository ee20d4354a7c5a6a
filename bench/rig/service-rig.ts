import { randomUUID } from 'node:crypto';
import { randomId, randomSecret } from '../../platform/keys/random-id';
import { FEE_CODE } from '../../local/made-up-clinic';
import type { ClinicSettings } from '../../records/clinics';
import type { Bench } from '../bench';
import type { Pids } from '../cpu';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../load/http-client';
import { AT_ONCE } from '../load/load';
import type { ApiSettings } from '../processes/api';
import { startChild, type Child } from '../processes/child';
import type { WorkerSettings } from '../processes/worker';
import { named } from '../settings';
import { openBackend, type Backend } from './backend';
import { clinicSettings, STAFF_ID, suitability } from './clinic-settings';

/**
 * The whole service for one measure, with a database and a task queue of its own: API and worker as
 * processes, and one clinic.
 */
export interface ServiceRig extends Backend {
  clinicId: string;
  /** The first of the workers; one, unless more are asked for. */
  worker: Child<null>;
  workers: Child<null>[];
  pids: Pids;
  http: HttpClient;
  /** Calls the API as the clinic's own system does. @throws Error for an answer that is none of success */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** What such a call shows of who makes it. */
  headers(): Record<string, string>;
  /** Meetings whose notice of the booking has been given. */
  settledMeetings(): Promise<number>;
}

/** What a measure has otherwise than most. */
export interface ServiceRigOptions {
  clinic?: Partial<ClinicSettings>;
  execArgv?: string[];
  /** How many worker processes. */
  workers?: number;
  /** The provider's limit; lifted where it is not said, for what is measured is ours. */
  smsPerMinute?: number;
}

const NO_LIMIT = 1_000_000;

export async function openServiceRig(
  { settings, bundles, provider }: Bench,
  measure: string,
  { clinic = {}, execArgv = [], workers: count = 1, smsPerMinute = NO_LIMIT }: ServiceRigOptions = {},
): Promise<ServiceRig> {
  const name = named(settings, measure);
  const backend = await openBackend(settings, name, { prepares: true });
  const clinicId = randomId();
  const apiKey = `vk_${randomSecret()}`;
  await backend.records.clinics.save({ clinicId, settings: { ...clinicSettings, ...clinic } }, apiKey);

  const apiSettings: ApiSettings = { ...settings, name };
  const api = await startChild<{ url: string }>('api', apiSettings);
  const workerSettings: WorkerSettings = {
    ...settings,
    name,
    bundle: bundles.service,
    providerUrl: provider.url,
    apiUrl: api.ready.url,
    smsPerMinute,
  };
  const workers = await Promise.all(
    Array.from({ length: count }, () => startChild<null>('worker', workerSettings, { execArgv })),
  );
  const http = createHttpClient(api.ready.url, AT_ONCE);
  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${apiKey}`,
    'acting-staff': STAFF_ID,
    'acting-role': 'clinician',
    'idempotency-key': randomUUID(),
  });

  return {
    ...backend,
    clinicId,
    worker: workers[0]!,
    workers,
    pids: { ...settings.pids, api: [api.pid], worker: workers.map(({ pid }) => pid) },
    http,
    headers,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      return successOf(`${method} ${path}`, await http.call(method, path, headers(), body)) as T;
    },
    settledMeetings: () =>
      backend.database
        .collection('ledger')
        .countDocuments({ kind: 'booking', state: { $nin: ['planned', 'handing-over'] } }),
    async close() {
      http.close();
      await api.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
      await backend.close();
    },
  };
}

function successOf(call: string, { status, body }: HttpAnswer): unknown {
  if (status >= 300) throw new Error(`${call}: ${status} ${body}`);
  return body === '' ? null : JSON.parse(body);
}

/** A booking of one patient with one member of staff, as the clinic's system sends it. */
export const bookingOf = (patientId: string, startAt: Date): Record<string, unknown> => ({
  startAt: startAt.toISOString(),
  durationMinutes: 30,
  patientId,
  participants: [{ role: 'staff', staffId: STAFF_ID }],
  agreed: true,
  toldOfFee: true,
  feeCode: FEE_CODE,
  suitability,
});
