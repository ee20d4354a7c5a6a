import { mongo } from 'mongoose';

const databaseAway = /^Mongo(ose)?(ServerSelection|Network|NetworkTimeout|NotConnected|Expired|PoolCleared)/;

/** The driver could not reach a server: the same may succeed a moment later. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error && (databaseAway.test(error.name) || isOfSeveral(error));

/** The driver tells of a write of several in words of its own, without what kept it from the server. */
const isOfSeveral = (error: Error): boolean =>
  error instanceof mongo.MongoBulkWriteError &&
  error.code === undefined &&
  [error.writeErrors].flat().length === 0 &&
  !error.result.getWriteConcernError();
