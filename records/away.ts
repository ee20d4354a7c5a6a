const databaseAway = /^Mongo(ose)?(ServerSelection|Network|NetworkTimeout|NotConnected|Expired|PoolCleared)/;

/** The driver could not reach a server: the same may succeed a moment later. */
export const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Error && databaseAway.test(error.name);
