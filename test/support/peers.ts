import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A peer over raw TCP that behaves as no server should. */
export interface Peer {
  port: number;
  /** How many connections it has had. */
  connections: () => number;
  close: () => Promise<void>;
}

/** What such peers do with a connection. */
export const misbehaviours = {
  /** Agrees to a protocol that nobody asked for, and keeps the connection. */
  'switching protocols': (socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    ),
  'headers that never end': (socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = setInterval(() => socket.write('x: y\r\n'), 20);
      socket.on('close', () => clearInterval(more));
    }),
  'a body that never ends': (socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const more = setInterval(() => socket.write('1\r\nx\r\n'), 20);
      socket.on('close', () => clearInterval(more));
    }),
  'never reads': (socket) => void socket.pause(),
  drops: (socket) => socket.once('data', () => socket.destroy()),
  'goes on without end': (socket) =>
    socket.once('data', () => {
      const more = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
      socket.on('close', () => clearInterval(more));
    }),
} satisfies Record<string, (socket: Socket) => unknown>;
export type Misbehaviour = keyof typeof misbehaviours;

/** Starts one. `behave` is told each connection. */
export async function startPeer(behave: (socket: Socket) => unknown): Promise<Peer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    behave(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Listens, never accepts, and then stands still: what connects when its queue is full has its SYNs dropped.
 */
const DEAF = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
/** More than the queue holds. */
const FILLERS = 8;

/** A port whose accept queue is full: packets to it are dropped, as by a firewall that says nothing. */
export async function startBlackHole(): Promise<Peer> {
  const worker = new Worker(DEAF, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: FILLERS }, () => connect({ port, host: '127.0.0.1' }));
  for (const filler of fillers) filler.on('error', () => undefined);
  await fullQueue(port);
  return {
    port,
    connections: () => 0,
    async close() {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}

/** Waits until a connection does not come about any more. */
async function fullQueue(port: number): Promise<void> {
  for (;;) {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.on('error', () => undefined);
    const isOpen = await Promise.race([
      once(probe, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    if (!isOpen) {
      probe.destroy();
      return;
    }
  }
}
