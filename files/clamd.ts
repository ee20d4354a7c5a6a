import { connect } from 'node:net';

/** Looks for malware in what is sent. */
export interface Scanner {
  /** @throws ScannerAway when there is no verdict: nothing is taken then */
  scan(content: Uint8Array): Promise<'clean' | 'malware'>;
}

/** The scanner gave no verdict; the same file may be sent again later. */
export class ScannerAway extends Error {
  constructor(why: string) {
    super(`the malware scanner gives no verdict: ${why}`);
    this.name = 'ScannerAway';
  }
}

/** What clamd takes at once; its StreamMaxLength is over the whole. */
const PART_BYTES = 64 * 1024;
/** Longer than any verdict. */
const MOST_ANSWER_BYTES = 4_096;

/** Asks a clamd by its INSTREAM command, over a connection for each file. */
export function createClamd({
  host,
  port,
  timeoutMs,
}: {
  host: string;
  port: number;
  timeoutMs: number;
}): Scanner {
  return {
    scan: (content) =>
      new Promise((resolve, reject) => {
        let answer = '';
        const socket = connect({ host, port });
        const fail = (why: string): void => {
          socket.destroy();
          reject(new ScannerAway(why));
        };
        const deadline = setTimeout(() => fail('time-out'), timeoutMs);
        socket.on('error', () => fail('no connection'));
        socket.on('data', (bytes: Buffer) => {
          answer += bytes.toString('latin1');
          if (answer.length > MOST_ANSWER_BYTES) fail('odd answer');
        });
        socket.on('close', () => {
          clearTimeout(deadline);
          const verdict = answer.replace(/\0.*$/s, '').trim();
          if (verdict === 'stream: OK') resolve('clean');
          else if (/^stream: .+ FOUND$/.test(verdict)) resolve('malware');
          else reject(new ScannerAway('odd answer'));
        });
        socket.on('connect', () => {
          socket.write('zINSTREAM\0');
          for (let from = 0; from < content.length; from += PART_BYTES) {
            const part = content.subarray(from, from + PART_BYTES);
            const length = Buffer.alloc(4);
            length.writeUInt32BE(part.length);
            socket.write(length);
            socket.write(part);
          }
          socket.write(Buffer.alloc(4));
        });
      }),
  };
}
