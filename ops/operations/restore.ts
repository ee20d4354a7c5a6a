import { parseArgs } from 'node:util';
import { compareAfterRestore } from '../../use-cases/restore/meetings';
import { restoreSettings } from '../../config';
import { createRecords } from '../../records';
import { connectRecords } from '../../records/connection';
import { systemClock } from '../../rules/clock';
import { isBelievedTime, toInstant } from '../../rules/instant';
import { pasted } from '../../rules/typed';
import { createClient } from '../../temporal/connect';
import { createTemporalGateway } from '../../temporal/gateway';
import { TASK_QUEUE } from '../../temporal/task-queues';

const usage = `node dist/ops/operations/restore.js COMMAND

  note --as-of INSTANT               before the worker is started: the older of the two backups is of this instant (2026-11-23T02:00:00Z).
                                     All notices wait from now on
  compare [--temporal-as-of INSTANT] with the worker running: brings meetings and their workflows together. With the instant of Temporal's
                                     backup where that is the older one
  release                            lets notices go, each looked for in the provider's history first where it may have gone already
  status                             what was noted

See docs/restores.md. Needs the settings of the worker's MONGODB_URI, FIELD_KEYS, HASH_KEYS, PAYLOAD_KEYS, ROOM_KEY and TEMPORAL_*.`;

const TEMPORAL_DEADLINE_MS = 20_000;

/** An operator's work after a restore. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'as-of': { type: 'string' }, 'temporal-as-of': { type: 'string' } },
  });
  const settings = restoreSettings();
  const records = createRecords(await connectRecords(settings.MONGODB_URI), {
    fieldKeys: settings.FIELD_KEYS,
    hashKeys: settings.HASH_KEYS,
  });
  await records.prepare(settings.PAYLOAD_KEYS);
  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS);
  const temporal = createTemporalGateway(client, { taskQueue: TASK_QUEUE, deadlineMs: TEMPORAL_DEADLINE_MS });
  const now = systemClock.now();
  try {
    switch (positionals[0]) {
      case 'note': {
        const dataAsOf = instantOf(values['as-of']);
        if (!dataAsOf || dataAsOf > now) throw new Error(usage);
        await records.restores.note({ dataAsOf: toInstant(dataAsOf), restoredAt: toInstant(now) });
        say('Noted. Notices wait until `release`.');
        break;
      }
      case 'compare': {
        const given = values['temporal-as-of'];
        const temporalAsOf = instantOf(given);
        if (given !== undefined && !temporalAsOf) throw new Error(usage);
        const deps = { records, temporal, clock: systemClock, roomKey: settings.ROOM_KEY };
        say(JSON.stringify(await compareAfterRestore(deps, { temporalAsOf }), undefined, 2));
        break;
      }
      case 'release':
        say(`${await records.restores.release(now)} released`);
        break;
      case 'status':
        for (const restore of await records.restores.all()) say(JSON.stringify(restore));
        break;
      case undefined:
      default:
        throw new Error(usage);
    }
  } finally {
    await Promise.allSettled([client.connection.close(), records.close()]);
  }
}

function instantOf(text: string | undefined): Date | null {
  const instant = new Date(pasted(text ?? ''));
  return isBelievedTime(instant) ? instant : null;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
