import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';

/** What nobody can leave out who keeps the service's promises, each one durable write. */
export interface FloorRows {
  /** The command, so that a booking that was received survives a crash. */
  command(body: unknown): Promise<void>;
  /** Who did what. */
  audit(what: string): Promise<void>;
  /** An SMS is about to be handed over: after a crash it is known that it may have been. */
  take(id: string): Promise<void>;
  /** What came of it. */
  note(id: string): Promise<void>;
}

interface Row {
  _id: string;
  at: Date;
  [field: string]: unknown;
}

export function createFloorRows(connection: Connection): FloorRows {
  const commands = connection.collection<Row>('floor_commands');
  const audit = connection.collection<Row>('floor_audit');
  const sms = connection.collection<Row>('floor_sms');
  return {
    async command(body) {
      await commands.insertOne({ _id: randomUUID(), at: new Date(), body });
    },
    async audit(what) {
      await audit.insertOne({ _id: randomUUID(), at: new Date(), what });
    },
    async take(id) {
      await sms.insertOne({ _id: id, at: new Date(), state: 'handing-over' });
    },
    async note(id) {
      await sms.updateOne({ _id: id }, { $set: { state: 'sent', sentAt: new Date() } });
    },
  };
}
