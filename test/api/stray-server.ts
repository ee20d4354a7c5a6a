import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { createShutdown } from '../../api/shutdown';
import { surviveStrayErrors } from '../../platform/stray-errors';

/**
 * A server as the API's is, in which things are thrown where nobody catches them. Says its port on standard
 * error, its log on standard output.
 */
const server = createServer((request, response) => {
  if (request.url === '/reject') void Promise.reject(new Error('a rejection'));
  if (request.url === '/throw')
    setTimeout(() => {
      throw new Error('an exception');
    });
  if (request.url === '/throw-twice')
    for (const name of ['one', 'other'])
      setTimeout(() => {
        throw new Error(name);
      });
  // What is under way takes longer than the throw.
  setTimeout(() => response.end('answered'), 300);
});
const shutDown = createShutdown(server, 5_000);
surviveStrayErrors(pino(pino.destination({ sync: true })), {
  rejections: 'go-on',
  endWell: () => void shutDown().then(() => process.exit(1)),
});
server.listen(0, '127.0.0.1', () => process.stderr.write(`${(server.address() as AddressInfo).port}\n`));
