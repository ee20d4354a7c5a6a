import type { Stand } from '../stand';

/** More than this, and notices and doors are early or late, in seconds. */
const MOST_SECONDS_APART = 2;

interface Hello {
  setName?: string;
  isWritablePrimary?: boolean;
  localTime: Date;
  hosts?: string[];
}

const hello = async ({ database }: Stand): Promise<Hello> =>
  (await database.db!.admin().command({ hello: 1 })) as unknown as Hello;

/** It is a replica set, so that there are transactions. */
export async function databaseIsReplicaSet(stand: Stand): Promise<string> {
  const { setName, isWritablePrimary, hosts = [] } = await hello(stand);
  if (!setName) throw new Error('it is no replica set: hand-overs and commands need transactions');
  if (!isWritablePrimary) throw new Error('it has no primary that can be written to');
  const members =
    hosts.length === 1 ? 'one member, so that its loss is an outage' : `${hosts.length} members`;
  return `replica set ${setName}, ${members}`;
}

/** This host's clock and the database's say the same. */
export async function clockAgrees(stand: Stand): Promise<string> {
  const before = stand.clock.now().getTime();
  const { localTime } = await hello(stand);
  const after = stand.clock.now().getTime();
  const apart = Math.abs(localTime.getTime() - (before + after) / 2) / 1_000;
  if (apart > MOST_SECONDS_APART + (after - before) / 2_000)
    throw new Error(`this host and the database are ${apart.toFixed(1)} s apart; do both follow NTP?`);
  return `this host and the database are ${apart.toFixed(1)} s apart`;
}
