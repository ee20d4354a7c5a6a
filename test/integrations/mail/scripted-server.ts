import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What the server does at a point of the conversation: `hang`, `close`, `reset`, or a reply (whole or half)
 * in its words.
 */
export type Act = string | { halfReply: string };

/**
 * By point of the conversation; `content` is its first byte, `message` the dot that ends it. What is not
 * named goes well.
 */
export type Script = Partial<
  Record<
    | 'greeting'
    | 'EHLO'
    | 'HELO'
    | 'STARTTLS'
    | 'AUTH'
    | 'MAIL'
    | 'RCPT'
    | 'DATA'
    | 'content'
    | 'message'
    | 'QUIT',
    Act
  >
>;

export interface ScriptedServer {
  port: number;
  /** Every line that it was told, of all connections: commands, then content. */
  heard: string[];
  /** The connections that are open. */
  open: Set<Socket>;
  close(): void;
}

const goesWell: Record<keyof Script, string> = {
  greeting: '220 mail.example.org',
  EHLO: '250-mail.example.org\r\n250 AUTH PLAIN',
  HELO: '250 mail.example.org',
  STARTTLS: '220 go on',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  content: '',
  message: '250 queued',
  QUIT: '221 bye',
};

/** A mail server of bare TCP that goes wrong where its script says so. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const heard: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // The other side goes when it likes.
    socket.on('error', () => undefined);
    converse(socket, script, heard);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    open,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

function converse(socket: Socket, script: Script, heard: string[]): void {
  let unread = '';
  let readsContent = false;

  function act(point: keyof Script): void {
    const what = script[point] ?? goesWell[point];
    if (what === 'hang' || what === '') return;
    if (what === 'reset') socket.resetAndDestroy();
    else if (what === 'close') socket.destroy();
    else if (typeof what === 'object') socket.end(what.halfReply);
    else {
      socket.write(`${what}\r\n`);
      if (point === 'DATA') readsContent = what.startsWith('3');
      if (what.startsWith('421')) socket.end();
    }
  }

  function hear(line: string): void {
    // A dot that begins a line of the content was doubled on its way.
    heard.push(readsContent ? line.replace(/^\.\./, '.') : line);
    if (!readsContent) {
      act(line.split(' ')[0]!.toUpperCase() as keyof Script);
    } else if (line === '.') {
      readsContent = false;
      act('message');
    }
  }

  socket.setEncoding('utf8').on('data', (chunk: string) => {
    if (readsContent) act('content');
    const lines = (unread + chunk).split('\r\n');
    unread = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  act('greeting');
}
