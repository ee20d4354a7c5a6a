import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { localSettings } from '../../config';
import { startProvider, type Provider } from '../../faults/provider';
import type { FaultRig } from '../../faults/run';
import { createRecords, type Records } from '../../records';
import { connectRecords } from '../../records/connection';
import { createClient } from '../../temporal/connect';
import { waitUntil } from '../support/wait-until';

export type Body = Record<string, unknown>;

/** The real processes with a provider in ours, and the clinic's way to them. */
export interface Running {
  rig: FaultRig & { shutDown(name: string): Promise<number | null>; stop(): Promise<void> };
  provider: Provider;
  records: Records;
  sentTo(mobile: string): string[];
  /** Repeats the command until it has an answer that is final. */
  command(method: string, url: string, body: object, key?: string): Promise<{ status: number; body: Body }>;
  client: Client;
  /** What an operator runs. */
  restored(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts servers and provider on what lies in a folder; `stand.startService` starts the service.
 *
 * @param codeFolder where the service was compiled to
 * @param providersFolder where the provider's own record is, which no restore changes
 * @param serviceSettings in place of the stand's own
 */
export async function startProcesses(
  state: string,
  codeFolder: string,
  providersFolder = state,
  serviceSettings: Record<string, string> = {},
): Promise<Running> {
  const { startFaultRig: startStand } = await import('../../faults/fault-rig.mjs');
  const [kind = '', ...database] = (process.env.VARDMOTE_DATABASE ?? '').split(':');
  const rig = await startStand({
    folder: state,
    codeFolder,
    workflowBundle: process.env.TEST_WORKFLOW_BUNDLE ?? '',
    temporal: process.env.VARDMOTE_TEMPORAL ?? '',
    database: { kind: kind as 'mongod' | 'secantusd', path: database.join(':') },
    timeoutSeconds: 3,
    leaseSeconds: 6,
    settings: serviceSettings,
  });
  const settings = localSettings(rig.env);
  // What the provider has sent cannot be restored: its record is one and the same all the time.
  const provider = await startProvider({
    folder: providersFolder,
    port: rig.providerPort,
    username: settings.ELKS_USERNAME,
    password: settings.ELKS_PASSWORD,
  });
  const records = createRecords(await connectRecords(settings.MONGODB_URI), {
    fieldKeys: settings.FIELD_KEYS,
    hashKeys: settings.HASH_KEYS,
  });

  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS);

  async function command(method: string, url: string, body: object, key = randomUUID()) {
    const send = async (): Promise<{ status: number; body: Body }> => {
      const response = await fetch(`${rig.apiUrl}${url}`, {
        method,
        headers: {
          authorization: `Bearer ${settings.DEMO_CLINIC_KEY}`,
          'acting-staff': 'clinician-1',
          'acting-role': 'operations-manager',
          'content-type': 'application/json',
          ...(method === 'GET' ? {} : { 'idempotency-key': key }),
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(10_000),
      });
      return { status: response.status, body: (await response.json()) as Body };
    };
    return waitUntil(
      () => send().catch((): { status: number; body: Body } => ({ status: 503, body: {} })),
      ({ status, body: answer }: { status: number; body: Body }) =>
        status < 500 && status !== 429 && !String(answer.type).endsWith(':command-under-way'),
      60_000,
    );
  }

  return {
    rig,
    provider,
    records,
    client,
    command,
    sentTo: (mobile) =>
      provider
        .messages()
        .filter(({ to }) => to === mobile)
        .map(({ message }) => message),
    async restored(...args) {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [path.join(codeFolder, 'ops', 'operations', 'restore.js'), ...args],
        { env: rig.env },
      );
      return stdout;
    },
    async stop() {
      await Promise.all([records.close(), client.connection.close()]);
      await rig.stop();
      provider.close();
    },
  };
}
