import { endInTime } from '../../platform/end-in-time';
import { runProcess } from './killed-process';

/** A process whose orderly end never comes. */
runProcess(async ({ graceMs }: { graceMs: number }) => {
  endInTime(graceMs, { warn: () => process.stderr.write('ends anyway\n') });
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1_000);
  process.stderr.write('waits\n');
  await new Promise(() => undefined);
});
