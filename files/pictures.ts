import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { MOST_FILE_BYTES, MOST_PICTURE_PIXELS, MOST_PICTURE_SIDE, type FileType } from '../rules/files';

/** A picture made anew from what was sent, and a small one of it. */
export interface RemadePicture {
  content: Buffer;
  preview: Buffer;
}

/** Why a picture is not kept. */
export type PictureRefusal = 'picture-too-large' | 'picture-unreadable';

/** No process for pictures could be started; the same picture may be sent again later. */
export class PicturesAway extends Error {
  constructor(why: string) {
    super(`no process makes pictures anew: ${why}`);
    this.name = 'PicturesAway';
  }
}

/** Makes pictures anew, each when its turn has come. */
export interface Pictures {
  /**
   * Only what one sees is left, upright and in sRGB, and nothing of where and with what it was taken. What
   * hides behind a picture is not copied.
   *
   * @returns why not: it has more pixels than a phone's camera makes, needs more memory than there is, or is
   * none
   * @throws PicturesAway
   */
  remake(
    content: Uint8Array,
    type: Exclude<FileType, 'application/pdf'>,
  ): Promise<RemadePicture | PictureRefusal>;
  /** The process id of the one that is at work or waits for work; null for none. */
  pid(): number | null;
  close(): void;
}

/** For tests. */
export interface PictureOptions {
  /** The file that the process runs. */
  script?: string;
  timeoutMs?: number;
  idleMs?: number;
}

/** A picture that takes longer is none that a camera made. */
const TIMEOUT_MS = 30_000;
/** A process that has had nothing to do for so long gives its memory back. */
const IDLE_MS = 60_000;
/**
 * What one picture may need, in bytes (ours): one of 48 megapixels, turned upright, in passes needs 290 MB.
 * The process itself takes 60 MB, and 100 MB are for what it reads, writes and does not give back at once.
 */
const MOST_BYTES_NEEDED = 320 * 1024 * 1024;
const MOST_PROCESS_BYTES = MOST_BYTES_NEEDED + 160 * 1024 * 1024;

const limits = {
  pixels: MOST_PICTURE_PIXELS,
  side: MOST_PICTURE_SIDE,
  bytes: MOST_BYTES_NEEDED,
  // Written anew it can be larger than it came, but not without end.
  contentBytes: 3 * MOST_FILE_BYTES,
};

/** What came of one try: the process answered, died of it or of something else, or took too long. */
type Tried = { made: RemadePicture | PictureRefusal } | 'died' | 'timed-out';

interface Job {
  id: number;
  settle: (tried: Tried) => void;
}

/**
 * One process of its own, started when there is something to do. It has a limit of memory, gives way to the
 * API's own work, and knows no secret: its environment is empty. When it dies, or is killed because it takes
 * too long, the next picture gets another one.
 */
export function createPictures({
  script = scriptFile(),
  timeoutMs = TIMEOUT_MS,
  idleMs = IDLE_MS,
}: PictureOptions = {}): Pictures {
  let child: ChildProcess | null = null;
  let job: Job | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let ids = 0;

  /** @throws PicturesAway */
  async function started(): Promise<ChildProcess> {
    if (child) return child;
    const made = spawn(
      '/bin/sh',
      // The shell sets the limit and becomes the process. It is on what is written to, which a system without
      // it ignores.
      [
        '-c',
        'ulimit -d "$1" 2>/dev/null; shift; exec "$@"',
        'sh',
        String(MOST_PROCESS_BYTES / 1024),
        process.execPath,
        '--max-old-space-size=128',
        '--v8-pool-size=1',
        script,
      ],
      {
        env: { MALLOC_ARENA_MAX: '2', UV_THREADPOOL_SIZE: '1' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        serialization: 'advanced',
      },
    );
    made.on('message', (answer: { id: number; made: RemadePicture | PictureRefusal }) => {
      if (job?.id === answer.id) job.settle({ made: answer.made });
    });
    const gone = (): void => {
      if (child !== made) return;
      child = null;
      job?.settle('died');
    };
    made.on('exit', gone);
    // A message that it does not take any more: it has died, or will.
    made.on('error', () => {
      made.kill('SIGKILL');
      gone();
    });
    child = made;
    await new Promise<void>((resolve, reject) => {
      made.once('spawn', resolve);
      made.once('error', (error) => reject(new PicturesAway(error.message)));
    });
    // It holds nobody's process up by being there.
    made.unref();
    made.channel?.unref();
    try {
      if (made.pid !== undefined) setPriority(made.pid, 10);
    } catch {
      // It has died already, which is told by its exit.
    }
    return made;
  }

  async function tryOnce(content: Uint8Array, type: FileType): Promise<Tried> {
    const by = await started();
    ids += 1;
    const id = ids;
    return new Promise<Tried>((resolve) => {
      const settle = (tried: Tried): void => {
        clearTimeout(deadline);
        job = null;
        resolve(tried);
      };
      const deadline = setTimeout(() => {
        child = null;
        by.kill('SIGKILL');
        settle('timed-out');
      }, timeoutMs);
      job = { id, settle };
      by.send({ id, content, type, limits });
    });
  }

  async function inTurn(content: Uint8Array, type: FileType): Promise<RemadePicture | PictureRefusal> {
    clearTimeout(idle);
    try {
      const first = await tryOnce(content, type);
      // It may have died of something else: the second time it is this picture.
      const tried = first === 'died' ? await tryOnce(content, type) : first;
      return typeof tried === 'object' ? tried.made : 'picture-unreadable';
    } finally {
      idle = setTimeout(close, idleMs).unref();
    }
  }

  function close(): void {
    clearTimeout(idle);
    const before = child;
    child = null;
    before?.kill('SIGKILL');
    job?.settle('died');
  }

  return {
    remake(content, type) {
      const next = last.then(() => inTurn(content, type));
      last = next.catch(() => undefined);
      return next;
    },
    pid: () => child?.pid ?? null,
    close,
  };
}

/**
 * The process's file stands in the checkout as it is written; compiled code lies in a folder below that
 * (`dist` and others).
 */
function scriptFile(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'files', 'picture-process.mjs');
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) throw new Error('files/picture-process.mjs is not there');
  }
}

/** The one of this process. */
export const pictures = createPictures();
