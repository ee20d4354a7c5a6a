import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHeldBytes } from '../../files/held-bytes';
import { readPostedForm } from '../../files/posted-form';
import { readUpload } from '../../files/upload';

/**
 * Both readers of forms behind a real server, in a process of its own: what they throw in a callback ends it,
 * and the test sees that. Says its port on standard output.
 */
const held = createHeldBytes({ all: 2 ** 30, sender: 2 ** 28, requestsOfSender: 1_000 });

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hold = held.open('test')!;
  const read =
    request.url === '/upload'
      ? await readUpload(request, hold)
      : await readPostedForm(request, (csrf) => csrf === 'token', hold);
  hold.release();
  const told = 'refused' in read ? read : { read: 'fields' in read ? Object.keys(read.fields) : read.name };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
