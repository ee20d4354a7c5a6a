import { parseArgs } from 'node:util';
import { operatorSettings } from '../../config';
import { createRecords } from '../../records';
import { connectRecords } from '../../records/connection';
import { keySettings, type KeySetting } from '../../records/keys-in-use';
import { keyNeeds, rehashNumbers, retireKey, rewrapKeys, type Rotated } from '../rotate-keys';
import { createClient } from '../../temporal/connect';
import { createTemporalGateway } from '../../temporal/gateway';
import { TASK_QUEUE } from '../../temporal/task-queues';

const usage = `node dist/ops/operations/keys.js COMMAND

  status                 the keys in use, and how many things need each
  rewrap                 wraps every person's key, and seals webhooks' secrets, with the newest of FIELD_KEYS
  rehash                 makes the hashes that persons are found by anew with the newest of HASH_KEYS
  retire SETTING KEY-ID  forgets a key that nothing needs and nobody has written with for seven days, so that it can be taken out of SETTING

All may be stopped and run again, and run while the service runs. Needs MONGODB_URI, FIELD_KEYS, HASH_KEYS and PAYLOAD_KEYS, and for
retire PAYLOAD_KEYS also TEMPORAL_*.`;

const TEMPORAL_DEADLINE_MS = 20_000;

/** An operator's work on the keys: see docs/keys.md. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command, setting, keyId] = positionals;
  const settings = operatorSettings();
  const records = createRecords(await connectRecords(settings.MONGODB_URI), {
    fieldKeys: settings.FIELD_KEYS,
    hashKeys: settings.HASH_KEYS,
  });
  await records.prepare(settings.PAYLOAD_KEYS);
  try {
    switch (command) {
      case 'status':
        for (const { setting, keyId, lastWriterAt, needs } of await keyNeeds(records, new Date())) {
          const seen = `last seen to be written with at ${lastWriterAt.toISOString()}`;
          say(`${setting} ${keyId}: ${seen}; needed for ${needs ? JSON.stringify(needs) : 'workflows'}`);
        }
        break;
      case 'rewrap':
        tell(await rewrapKeys(records, sayProgress));
        break;
      case 'rehash':
        tell(await rehashNumbers(records, new Date(), sayProgress));
        break;
      case 'retire': {
        if (!isKeySetting(setting) || keyId === undefined) throw new Error(usage);
        const why = await retireKey(records, { setting, keyId }, openStartedBefore, new Date());
        if (why) throw new Error(why);
        say(`${keyId} can be taken out of ${setting}.`);
        break;
      }
      case undefined:
      default:
        throw new Error(usage);
    }
  } finally {
    await records.close();
  }

  async function openStartedBefore(instant: Date): Promise<number> {
    const client = createClient(settings.temporal, settings.PAYLOAD_KEYS);
    const gateway = createTemporalGateway(client, {
      taskQueue: TASK_QUEUE,
      deadlineMs: TEMPORAL_DEADLINE_MS,
    });
    try {
      return await gateway.openStartedBefore(instant);
    } finally {
      await client.connection.close();
    }
  }
}

const isKeySetting = (word: string | undefined): word is KeySetting =>
  keySettings.some((setting) => setting === word);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sayProgress = (changed: number): void => say(`${changed} so far`);

function tell({ changed, failed }: Rotated): void {
  say(`${changed} changed, ${failed.length} failed`);
  for (const id of failed) say(`failed: ${id}`);
  if (failed.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
