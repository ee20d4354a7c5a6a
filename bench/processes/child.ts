import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { say } from '../say';

/** What is asked of a process of the bench, and what it answers; each question has a number. */
export interface Question {
  number: number;
  what: string;
  argument: unknown;
}
export type Reply = { number: number; answer: unknown } | { number: number; error: string };

/** A process of the bench as who started it sees it. */
export interface Child<Ready> {
  pid: number;
  /** What it told of itself when it was ready. */
  ready: Ready;
  ask<T>(what: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts one of the files beside this one as a process, as the service's parts are processes too. Its output
 * goes to a log of its own; it ends with us.
 */
export async function startChild<Ready>(
  file: string,
  settings: { folder: string },
  options: { execArgv?: string[] } = {},
): Promise<Child<Ready>> {
  const log = path.join(settings.folder, `${file}.log`);
  const output = openSync(log, 'a');
  const child = fork(path.join(__dirname, file), [], {
    execArgv: options.execArgv ?? [],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let questions = 0;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  child.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.number);
    waiting.delete(reply.number);
    if ('error' in reply) asked?.reject(new Error(`${file}: ${reply.error}`));
    else asked?.resolve(reply.answer);
  });
  child.once('exit', (code) => {
    if (waiting.size > 0) say(readFileSync(log, 'utf8').slice(-4_000));
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${code ?? 'killed'})`));
    waiting.clear();
  });

  const ask = <T>(what: string, argument?: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const number = (questions += 1);
      waiting.set(number, { resolve: resolve as (answer: unknown) => void, reject });
      tell(child, { number, what, argument });
    });

  return {
    pid: child.pid ?? 0,
    ready: await ask<Ready>('start', settings),
    ask,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await ask('stop');
      child.disconnect();
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function tell(child: ChildProcess, question: Question): void {
  if (child.connected) child.send(question);
}
