import { createServer } from 'node:http';
import path from 'node:path';
import express from 'express';
import { listen } from '../local/listen';
import { createElksRouter } from '../local/outbox/elks-server';
import { createFaultSwitch, type FaultSwitch } from '../local/outbox/fault-switch';
import { openOutboxStore } from '../local/outbox/store';
import type { ProviderMessage } from './checker/evidence';

/** More than a run can send: nothing of the record may be dropped. */
const CAPACITY = 1_000_000;

/** The provider's stand-in, in the one process that is never killed: its record is the truth. */
export interface Provider {
  faults: FaultSwitch;
  messages(): ProviderMessage[];
  close(): void;
}

export async function startProvider(options: {
  folder: string;
  port: number;
  username: string;
  password: string;
}): Promise<Provider> {
  const { folder, port, username, password } = options;
  const store = openOutboxStore({ file: path.join(folder, 'provider.jsonl'), capacity: CAPACITY });
  const faults = createFaultSwitch();
  const router = createElksRouter({ store, username, password, now: () => new Date(), faults });
  const listening = await listen(createServer(express().use('/a1', router)), port);
  return {
    faults,
    messages: () => store.messages(),
    close() {
      listening.close();
      store.close();
    },
  };
}
