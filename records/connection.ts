import mongoose, { type Connection } from 'mongoose';

/**
 * Connects to MongoDB. Filters take no operators from outside, and a schema names each value that passes. So
 * a client's input can never become a query of its own.
 * @param uri a replica set: hand-overs and commands need transactions
 */
export async function connectRecords(uri: string): Promise<Connection> {
  return mongoose
    .createConnection(uri, {
      autoIndex: false,
      autoCreate: false,
      serverSelectionTimeoutMS: 5_000,
      socketTimeoutMS: 30_000,
      writeConcern: { w: 'majority', journal: true },
    })
    .asPromise();
}
