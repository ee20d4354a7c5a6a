import { MAX_DRIFT_MS, surelyAheadMs } from '../../health/clock';
import type { Connections } from '../connections';

interface Hello {
  setName?: string;
  isWritablePrimary?: boolean;
  hosts?: string[];
}

/** It is a replica set, so that there are transactions. */
export async function databaseIsReplicaSet({ database }: Connections): Promise<string> {
  const hello = (await database.db!.admin().command({ hello: 1 })) as Hello;
  const { setName, isWritablePrimary, hosts = [] } = hello;
  if (!setName) throw new Error('it is no replica set: hand-overs and commands need transactions');
  if (!isWritablePrimary) throw new Error('it has no primary that can be written to');
  const members =
    hosts.length === 1 ? 'one member, so that its loss is an outage' : `${hosts.length} members`;
  return `replica set ${setName}, ${members}`;
}

/** This host's clock and the database's say the same, as the processes' own health has it. */
export async function clockAgrees({ records, clock }: Connections): Promise<string> {
  const asked = clock.now();
  const serverTime = await records.serverTime();
  const aheadMs = surelyAheadMs(asked, serverTime, clock.now());
  const apart = `this host and the database are ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s apart`;
  if (Math.abs(aheadMs) > MAX_DRIFT_MS) throw new Error(`${apart}; do both follow NTP?`);
  return apart;
}
