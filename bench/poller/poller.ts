import type { Connection } from 'mongoose';

/** A row that waits to be sent. */
interface Row {
  _id: string;
  state: 'due' | 'sent';
  dueAt: Date;
  sentAt: Date | null;
}

/**
 * Reminders the way most do it: a table of what is due, and once a minute whatever is due is sent and marked,
 * one after the other. It asks nobody whether the meeting still stands, and sends again what it has sent when
 * it dies before the mark.
 */
export interface Poller {
  add(order: { count: number; dueAt: number }): Promise<void>;
  poll(): Promise<void>;
}

export async function createPoller(connection: Connection, providerUrl: string): Promise<Poller> {
  const rows = connection.collection<Row>('reminders');
  await rows.createIndex({ state: 1, dueAt: 1 }, {}, {});

  async function send(id: string): Promise<void> {
    const response = await fetch(providerUrl, { method: 'POST', body: new URLSearchParams({ message: id }) });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
    await response.arrayBuffer();
  }

  return {
    async add({ count, dueAt }) {
      await rows.insertMany(
        Array.from({ length: count }, (_, number) => ({
          _id: `reminder-${number}`,
          state: 'due' as const,
          dueAt: new Date(dueAt),
          sentAt: null,
        })),
      );
    },
    async poll() {
      const due = rows.find({ state: 'due', dueAt: { $lte: new Date() } });
      for (const { _id } of await due.toArray()) {
        await send(_id);
        await rows.updateOne({ _id }, { $set: { state: 'sent', sentAt: new Date() } });
      }
    },
  };
}
