import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { Transform, type TransformCallback } from 'node:stream';
import type { Hold } from './held-bytes';

/**
 * Why a form was not read. `not-a-form`: another type, or a charset that nobody knows. `unreadable-form`:
 * broken, or cut off. `too-much-in-form`: more in its fields, or more of them, than any page of ours has.
 * `too-slow`: nothing came for too long. `too-much-held`: too much of this sender's, or of everybody's, is
 * held in memory already.
 */
export const formRefusals = [
  'not-a-form',
  'unreadable-form',
  'too-much-in-form',
  'too-slow',
  'too-much-held',
] as const;
export type FormRefusal = (typeof formRefusals)[number];

/** How a form may be, and whom its parts are given to. */
export interface FormReader {
  limits: Omit<busboy.Limits, 'fieldNameSize' | 'headerPairs'>;
  /** A field as text; its name is never empty. */
  field(name: string, value: string): void;
  file(
    name: string,
    info: Omit<busboy.FileInfo, 'filename'> & { filename: string | undefined },
  ): FileTaker | null;
  /** The form has ended, or will not be read on: called once. Files that have not ended never do. */
  end(refused: FormRefusal | null): void;
}

/** Takes the content of one file; `null` in its place lets it go by. */
export interface FileTaker {
  /** False where there is no room for it: the form is not read on. */
  data(part: Buffer): boolean;
  /** More has come than the limit. Nothing more is given. */
  tooLarge(): void;
  end(): void;
}

/**
 * The least that comes in this time, or the sender has gone (ours): 1 kB a second is less than any phone that
 * has contact.
 */
const WINDOW_MS = 60_000;
const LEAST_BYTES_IN_WINDOW = 60_000;
/**
 * Small parts are put together before they are read: who sends byte by byte would make a million pieces of
 * them.
 */
const GATHERED_BYTES = 16 * 1024;

/**
 * Reads a form (`multipart/form-data`, `application/x-www-form-urlencoded`). The parser runs in callbacks of
 * the connection, where nobody catches what it throws: whatever it throws is caught here and refuses the
 * form, and no more.
 *
 * @param windowMs for tests
 */
export function readForm(request: IncomingMessage, reader: FormReader, windowMs = WINDOW_MS): void {
  let isOver = false;
  const parser = parserOf(request, reader.limits);
  if (!parser) {
    request.resume();
    reader.end('not-a-form');
    return;
  }
  const gathering = new Gathering();

  let bytes = 0;
  request.on('data', (part: Buffer) => (bytes += part.length));
  const watch = setInterval(() => {
    if (bytes < LEAST_BYTES_IN_WINDOW) end('too-slow');
    bytes = 0;
  }, windowMs).unref();
  const end = (refused: FormRefusal | null): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    if (refused !== null) {
      request.unpipe(gathering);
      parser.destroy();
      // What still comes is thrown away.
      request.resume();
    }
    reader.end(refused);
  };

  catchThrown(parser, () => end('unreadable-form'));

  // Both can be undefined, whatever the types say: a part without a name, a text in a charset that nobody
  // knows.
  parser.on('field', (name: string | undefined, value: string | undefined, info) => {
    if (isOver) return;
    if (name === undefined || name === '') end('unreadable-form');
    else if (value === undefined) end('not-a-form');
    else if (info.valueTruncated || info.nameTruncated) end('too-much-in-form');
    else reader.field(name, value);
  });
  parser.on('file', (name: string | undefined, stream, info) => {
    // A form that ends in the middle of its file is an error of both: this one would end the process.
    stream.on('error', () => end('unreadable-form'));
    const taker = isOver ? null : reader.file(name ?? '', info);
    if (!taker) {
      stream.resume();
      return;
    }
    let isTooLarge = false;
    stream.on('data', (part: Buffer) => {
      if (!isOver && !isTooLarge && !taker.data(part)) end('too-much-held');
    });
    stream.on('limit', () => {
      isTooLarge = true;
      if (!isOver) taker.tooLarge();
    });
    stream.on('end', () => {
      if (!isOver) taker.end();
    });
  });
  parser.on('fieldsLimit', () => end('too-much-in-form'));
  parser.on('error', () => end('unreadable-form'));
  parser.on('close', () => end(null));
  request.on('aborted', () => end('unreadable-form'));
  request.on('error', () => end('unreadable-form'));
  request.pipe(gathering).pipe(parser);
}

/** A charset that forms come in; browsers send UTF-8. What is not named is that. */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;
const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii', 'iso-8859-1', 'latin1']);

/** Null for what is no form, or in a charset that nobody knows. */
function parserOf({ headers }: IncomingMessage, limits: busboy.Limits): busboy.Busboy | null {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !CHARSETS.has(charset.toLowerCase())) return null;
  try {
    return busboy({
      headers,
      // A path in a name is refused, not taken off silently.
      preservePath: true,
      defParamCharset: 'utf8',
      limits: { ...limits, fieldNameSize: 200, headerPairs: 20 },
    });
  } catch {
    return null;
  }
}

/** Lets the parser's own steps throw without anybody else noticing. */
function catchThrown(parser: busboy.Busboy, thrown: () => void): void {
  const [write, final] = [parser._write.bind(parser), parser._final.bind(parser)];
  parser._write = (part: Buffer, encoding, done) => {
    try {
      write(part, encoding, done);
    } catch {
      thrown();
    }
  };
  parser._final = (done) => {
    try {
      final(done);
    } catch {
      thrown();
    }
  };
}

class Gathering extends Transform {
  #small: Buffer[] = [];
  #bytes = 0;

  override _transform(part: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#small.push(part);
    this.#bytes += part.length;
    if (this.#bytes >= GATHERED_BYTES) this.#pass();
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#pass();
    done();
  }

  #pass(): void {
    if (this.#bytes > 0) this.push(Buffer.concat(this.#small));
    this.#small = [];
    this.#bytes = 0;
  }
}

/** Bytes as they come, in one piece that grows, and counted as held. */
export class Collected {
  #bytes = Buffer.alloc(0);
  #length = 0;

  constructor(private readonly hold: Hold) {}

  /** False where there is no room for more: nothing is added. */
  add(part: Buffer): boolean {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const size = Math.max(length, Math.ceil(1.5 * this.#bytes.length), 64 * 1024);
      if (!this.hold.add(size - this.#bytes.length)) return false;
      const larger = Buffer.allocUnsafe(size);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    part.copy(this.#bytes, this.#length);
    this.#length = length;
    return true;
  }

  /** What has come. */
  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Lets go of it. */
  clear(): void {
    this.hold.remove(this.#bytes.length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
  }
}
