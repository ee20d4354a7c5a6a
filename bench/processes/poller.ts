import { connectRecords } from '../../records/connection';
import { createPoller } from '../poller/poller';
import { untilInstant } from '../waiting';
import { serve } from './serve';

/** What the poller starts with. */
export interface PollerSettings {
  folder: string;
  databaseUri: string;
  providerUrl: string;
  everyMs: number;
}

/** The poller's process: it polls at every whole minute, or at every multiple of what it is told. */
serve(async ({ databaseUri, providerUrl, everyMs }: PollerSettings) => {
  const connection = await connectRecords(databaseUri);
  const { add, poll } = await createPoller(connection, providerUrl);
  let stopped = false;
  let polling = Promise.resolve();
  const loop = async (): Promise<void> => {
    for (;;) {
      await untilInstant((Math.floor(Date.now() / everyMs) + 1) * everyMs);
      if (stopped) return;
      polling = poll();
      await polling;
    }
  };
  void loop();
  return {
    ready: null,
    answers: {
      add,
      /** Whatever it has begun to send is marked. */
      quiet: () => polling,
      async stop() {
        stopped = true;
        // The last one sent is still to be marked.
        await polling;
        await connection.close();
      },
    },
  };
});
