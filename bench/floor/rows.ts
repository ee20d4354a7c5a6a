import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';

/** What nobody can leave out who keeps the service's promises, each one durable write. */
export interface FloorRows {
  /** The command, so that a booking that was received survives a crash. */
  command(body: unknown): Promise<void>;
  /** Who did what. */
  audit(what: string): Promise<void>;
  /** An SMS is about to be handed over: after a crash it is known that it may have been. */
  claim(id: string): Promise<void>;
  /** What came of it. */
  note(id: string): Promise<void>;
}

export async function createFloorRows(connection: Connection): Promise<FloorRows> {
  const of = (name: string) => connection.collection<{ _id: string }>(name);
  const names = ['floor_commands', 'floor_audit', 'floor_sms'] as const;
  for (const name of names) await connection.createCollection(name);
  const [commands, audit, sms] = names.map(of) as [
    ReturnType<typeof of>,
    ReturnType<typeof of>,
    ReturnType<typeof of>,
  ];
  return {
    async command(body) {
      await commands.insertOne({ _id: randomUUID(), body, receivedAt: new Date() } as { _id: string });
    },
    async audit(what) {
      await audit.insertOne({ _id: randomUUID(), what, at: new Date() } as { _id: string });
    },
    async claim(id) {
      await sms.insertOne({ _id: id, state: 'handing-over', at: new Date() } as { _id: string });
    },
    async note(id) {
      await sms.updateOne({ _id: id }, { $set: { state: 'sent', sentAt: new Date() } });
    },
  };
}
