import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens on this machine alone. */
export interface Listening {
  url: string;
  /** Ends it at once, whoever is connected. */
  close(): void;
}

/** @param port - a free one, unless told otherwise */
export async function listen(server: Server, port = 0): Promise<Listening> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
