import type { Connection, mongo } from 'mongoose';
import { logContext } from '../../platform/log-context';

/** What something asked of the database. */
export interface Cost {
  /**
   * Each command in its order: `find meetings`. Those of a transaction that began again are left out: how often the
   * workflow saves the same at the same time is chance.
   */
  commands: string[];
  /** Writes that had to be durable: a transaction that wrote is one, and each write outside of one. */
  commits: number;
}

/** Counts what the service asks its database. */
export interface Costs {
  /**
   * Of the requests that the API answers meanwhile, not of what goes on beside them. A delivery report of the
   * provider is a request too: a test that sends SMS lets them be lost (`report-lost`).
   */
  ofRequests(work: () => Promise<unknown>): Promise<Cost>;
  /** Of all that goes on meanwhile. */
  ofAll(work: () => Promise<unknown>): Promise<Cost>;
}

/** The driver's own, beside what is asked. */
const ofDriver = ['hello', 'ping', 'endSessions'];
const writing = ['insert', 'update', 'delete', 'findAndModify'];

/** @param connection opened with `watched` (shapes.ts) */
export function watchCosts(connection: Connection): Costs {
  const counting = new Set<(command: mongo.CommandStartedEvent, ofRequest: boolean) => void>();
  connection.getClient().on('commandStarted', (event: mongo.CommandStartedEvent) => {
    if (ofDriver.includes(event.commandName)) return;
    const ofRequest = logContext().requestId !== undefined;
    for (const count of counting) count(event, ofRequest);
  });

  async function counted(work: () => Promise<unknown>, requestsOnly: boolean): Promise<Cost> {
    const asked: { command: string; transaction: string | null }[] = [];
    let commits = 0;
    const count = ({ commandName, command }: mongo.CommandStartedEvent, ofRequest: boolean): void => {
      if (requestsOnly && !ofRequest) return;
      const { [commandName]: about, autocommit, lsid, txnNumber } = command as Record<string, unknown>;
      const transaction = autocommit === false ? JSON.stringify([lsid, txnNumber]) : null;
      asked.push({
        command: typeof about === 'string' ? `${commandName} ${about}` : commandName,
        transaction,
      });
      if (commandName === 'commitTransaction') commits += 1;
      if (writing.includes(commandName) && transaction === null) commits += 1;
    };
    counting.add(count);
    try {
      await work();
      const aborted = new Set(
        asked.filter(({ command }) => command === 'abortTransaction').map(({ transaction }) => transaction),
      );
      const kept = asked.filter(({ transaction }) => transaction === null || !aborted.has(transaction));
      return { commands: kept.map(({ command }) => command), commits };
    } finally {
      counting.delete(count);
    }
  }

  return {
    ofRequests: (work) => counted(work, true),
    ofAll: (work) => counted(work, false),
  };
}
