import type { Bench } from '../bench';
import type { Pids } from '../cpu';
import { createHttpClient } from '../load/http-client';
import { AT_ONCE } from '../load/load';
import { startChild } from '../processes/child';
import type { FloorApiSettings } from '../processes/floor-api';
import { databaseUri, named } from '../settings';
import { openBareRig, type BareRig } from './bare-rig';

/** The honest floor behind HTTP. */
export interface FloorRig {
  worker: BareRig['worker'];
  pids: Pids;
  /** Books one whose timer ends at the instant, in milliseconds since 1970. */
  book(dueAt: number): Promise<void>;
  close(): Promise<void>;
}

export async function openFloorRig(bench: Bench, measure: string): Promise<FloorRig> {
  const { settings } = bench;
  const name = named(settings, measure);
  const bare = await openBareRig(bench, measure, { rows: true });
  const apiSettings: FloorApiSettings = {
    folder: settings.folder,
    temporalAddress: settings.temporalAddress,
    namespace: settings.namespace,
    databaseUri: databaseUri(settings, name),
    taskQueue: name,
  };
  const api = await startChild<{ url: string }>('floor-api', apiSettings);
  const http = createHttpClient(api.ready.url, AT_ONCE);
  let booked = 0;
  return {
    worker: bare.worker,
    pids: { ...bare.pids, api: [api.pid] },
    async book(dueAt) {
      const id = `${name}-booked-${(booked += 1)}`;
      const { status } = await http.call('POST', '/bookings', {}, { id, dueAt });
      if (status !== 201) throw new Error(`a booking of the floor was answered ${status}`);
    },
    async close() {
      http.close();
      await api.stop();
      await bare.close();
    },
  };
}
