import { Connection } from '@temporalio/client';
import { systemClock, type Clock } from '../../rules/clock';
import type { BenchSettings } from '../settings';

/** A process's clock. */
export interface ServerClock {
  clock: Clock;
  /** Sets it by the server where that skips time; else there is nothing to do. */
  read(): Promise<void>;
  close(): Promise<void>;
}

/** The system's clock, or that of a Temporal server that skips time. */
export async function openClock({
  skipsTime,
  temporalAddress,
}: Pick<BenchSettings, 'skipsTime' | 'temporalAddress'>): Promise<ServerClock> {
  if (!skipsTime) {
    return { clock: systemClock, read: () => Promise.resolve(), close: () => Promise.resolve() };
  }
  const connection = await Connection.connect({ address: temporalAddress });
  let skippedMs = 0;
  const read = async (): Promise<void> => {
    const { time } = await connection.testService!.getCurrentTime({});
    const serverMs = Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1_000_000;
    skippedMs = serverMs - Date.now();
  };
  await read();
  return {
    clock: { now: () => new Date(Date.now() + skippedMs) },
    read,
    close: () => connection.close(),
  };
}
