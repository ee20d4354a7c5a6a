import type { Logger } from 'pino';
import type { KeyRing } from '../platform/keys/key-ring';
import type { Records } from '../records';
import { SEEN_EVERY_MS } from '../records/keys-in-use';

/**
 * Has a process that runs on be seen to write with the newest of its keys, so that none of them is retired
 * under it. Answers with what stops it.
 */
export function stayWriter(
  records: Pick<Records, 'seeWriter'>,
  payloadKeys: KeyRing,
  log: Pick<Logger, 'warn'>,
): () => void {
  const tell = (): void =>
    void records
      .seeWriter(payloadKeys)
      .catch((error: unknown) =>
        log.warn({ err: error }, 'which keys this process writes with was not noted'),
      );
  const timer = setInterval(tell, SEEN_EVERY_MS);
  return () => clearInterval(timer);
}
