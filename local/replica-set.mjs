/**
 * Transactions need a replica set; one member is enough. mongod is made one here, without its shell.
 */

const notYetInitialized = 94;

/**
 * @param {string} uri of the server itself
 * @param {string} host as the replica set shall name it
 * @returns {Promise<boolean>} whether it takes writes
 */
export async function beReplicaSet(uri, host) {
  // Only here, because nothing is installed yet when the launcher starts.
  const { mongo } = await import('mongoose');
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db('admin');
    const { isWritablePrimary } = await admin.command({ hello: 1 });
    if (isWritablePrimary === true) return true;
    await configure(admin, host);
    // Elected in a moment: the next question will tell.
    return false;
  } finally {
    await client.close();
  }
}

/**
 * @param {import('mongoose').mongo.Db} admin
 * @param {string} host
 */
async function configure(admin, host) {
  const config = await currentConfig(admin);
  if (config === undefined) {
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
  } else if (config.members[0]?.host !== host) {
    // The port has moved since, and a member that is called otherwise counts itself out.
    const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] };
    await admin.command({ replSetReconfig: moved, force: true });
  }
}

/**
 * @param {import('mongoose').mongo.Db} admin
 * @returns {Promise<{ version: number, members: { host: string }[] } | undefined>}
 */
async function currentConfig(admin) {
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    return /** @type {{ version: number, members: { host: string }[] }} */ (config);
  } catch (error) {
    if (/** @type {{ code?: unknown }} */ (error).code === notYetInitialized) return undefined;
    throw error;
  }
}
