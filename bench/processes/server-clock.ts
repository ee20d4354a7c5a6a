import { systemClock, type Clock } from '../../rules/clock';
import type { BenchSettings } from '../settings';

/** A process's clock. */
export interface ServerClock {
  clock: Clock;
  /** Sets it by the server where that skips time; else there is nothing to do. */
  read(): Promise<void>;
}

/** The system's clock, or that of a Temporal server that skips time. */
export async function openClock({ clockUrl }: Pick<BenchSettings, 'clockUrl'>): Promise<ServerClock> {
  if (clockUrl === null) return { clock: systemClock, read: () => Promise.resolve() };
  let skippedMs = 0;
  const read = async (): Promise<void> => {
    const serverMs = Number(await (await fetch(clockUrl)).text());
    skippedMs = serverMs - Date.now();
  };
  await read();
  return { clock: { now: () => new Date(Date.now() + skippedMs) }, read };
}
