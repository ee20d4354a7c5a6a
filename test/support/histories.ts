import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporal } from '@temporalio/proto';
import { version } from '../../package.json';
import type { Service } from './service';

const { History } = temporal.api.history.v1;

/** Where the histories of each release are kept, to be replayed for ever (design, decision 13). */
export const historiesFolder = path.join(__dirname, '..', 'histories');

/**
 * Keeps a workflow's history as one of this release: done with `KEEP_HISTORIES=1 npm test -- test/workflows`
 * before a release, and nothing otherwise. The payloads stay encrypted, with the tests' keys.
 */
export async function keepHistory(service: Service, name: string, workflowId: string): Promise<void> {
  if (!process.env.KEEP_HISTORIES) return;
  const history = await service.client.workflow.getHandle(workflowId).fetchHistory();
  mkdirSync(historiesFolder, { recursive: true });
  writeFileSync(path.join(historiesFolder, `v${version}-${name}.binpb`), History.encode(history).finish());
}

/** A kept history, as Temporal's protocol buffers have it. */
export const readHistory = (file: string): temporal.api.history.v1.History =>
  History.decode(readFileSync(path.join(historiesFolder, file)));

/** The workflow id under which it ran: its payloads say it, and open under no other. */
export function workflowIdOf({ events }: temporal.api.history.v1.History): string {
  const [input] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  return Buffer.from(input?.metadata?.['workflow-id'] ?? []).toString();
}
