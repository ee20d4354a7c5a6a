import { execFileSync } from 'node:child_process';
import { arch, cpus, platform, totalmem } from 'node:os';
import { Connection } from '@temporalio/client';
import type { Figures } from './figures';
import { rounded } from './numbers';
import type { BenchSettings } from './settings';

function commitNow(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** What the figures were measured on; nothing that tells whose machine it is. */
export async function machineOf(settings: BenchSettings): Promise<Figures['machine']> {
  const connection = await Connection.connect({ address: settings.temporalAddress });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  await connection.close();
  return {
    commit: commitNow(),
    cores: cpus().length,
    memoryGiB: rounded(totalmem() / 1024 ** 3, 1),
    node: process.versions.node,
    loadBefore: rounded(settings.loadBefore, 1),
    busyBefore: rounded(settings.busyBefore, 2),
    platform: `${platform()}-${arch()}`,
    database: settings.databaseKind,
    temporalServer: serverVersion,
    temporalKind: settings.temporalKind,
  };
}
