import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import type { FaultAt } from './faults';

/** What comes of one SMS at the stand-in, while something is wrong with it. */
export interface Misbehaviour {
  /** Whether the SMS is taken, whatever the answer says. */
  accepts: boolean;
  /** @param answer what a proper answer would be, once the SMS is taken; null where it is not */
  answer: (response: Response, answer: object | null) => void;
}

/** How each fault of the answer looks on the wire (facts.md, "46elks"). */
export function misbehaviour(fault: FaultAt<'answer'>): Misbehaviour {
  switch (fault.fault) {
    case 'hang-before-accepting':
      return { accepts: false, answer: hang };
    case 'hang-after-accepting':
      return { accepts: true, answer: hang };
    case 'error-before-accepting':
      return { accepts: false, answer: (response) => sayPlainly(response, 500) };
    case 'error-after-accepting':
      return { accepts: true, answer: (response) => sayPlainly(response, 500) };
    case 'refusal':
      return { accepts: false, answer: (response) => sayPlainly(response, 403, 'Country not allowed') };
    case 'too-many':
      return { accepts: false, answer: (response) => sayPlainly(response, 429) };
    case 'cut-before-accepting':
      return { accepts: false, answer: cut };
    case 'cut-after-accepting':
      return { accepts: true, answer: cut };
    case 'cut-in-the-answer':
      return {
        accepts: true,
        answer: (response, answer) => cutAt(response, JSON.stringify(answer), fault.atByte),
      };
    case 'odd-body':
      return {
        accepts: true,
        answer: (response) => response.type('html').send('<!doctype html><title>Welcome</title>'),
      };
    case 'slow-answer':
      return {
        accepts: true,
        answer: (response, answer) => void setTimeout(() => response.json(answer), fault.delayMs).unref(),
      };
  }
}

/** The history, while something is wrong with it. */
export function misbehaveInHistory(fault: FaultAt<'history'>, response: Response): void {
  switch (fault.fault) {
    case 'history-error':
      sayPlainly(response, 500);
      return;
    case 'history-hang':
      hang();
      return;
  }
}

/** Who asked waits for as long as it likes. */
function hang(): void {
  // Nothing is said, and the connection stays.
}

function sayPlainly(response: Response, status: number, line = STATUS_CODES[status]): void {
  response.status(status).type('text/plain').send(line);
}

function cut(response: Response): void {
  response.socket?.destroy();
}

/** The answer as it would have gone over the wire, up to this byte. */
function cutAt({ socket }: Response, body: string, atByte: number): void {
  const head = [
    'HTTP/1.1 200 OK',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  const answer = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket?.write(answer.subarray(0, atByte), () => socket.destroy());
}
