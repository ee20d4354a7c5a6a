import { Buffer } from 'node:buffer';
import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const tailLines = 25;
const tailBytes = 16_384;
const pollMs = 1_000;
const shownAtOnce = 5;

/**
 * A fresh log; the one of the run before is kept beside it, for it may tell why that run ended.
 * @param {string} file
 */
export function rotate(file) {
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

/** @param {string} file */
export function tail(file) {
  const size = sizeOf(file);
  return read(file, Math.max(0, size - tailBytes), size)
    .trimEnd()
    .split('\n')
    .slice(-tailLines)
    .join('\n');
}

/**
 * Passes on the warnings and errors that a child writes to its log. The file is read, not a pipe: children that write
 * to a file do not notice when the launcher is killed.
 * @param {string} file
 * @param {(warning: string) => void} show
 * @returns {() => void} ends it
 */
export function followWarnings(file, show) {
  let offset = sizeOf(file);
  let unfinished = '';
  const timer = setInterval(() => {
    const size = sizeOf(file);
    const lines = (unfinished + read(file, offset, size)).split('\n');
    offset = size;
    unfinished = lines.pop() ?? '';
    const warnings = lines.map(warningIn).filter((warning) => warning !== '');
    for (const warning of warnings.slice(0, shownAtOnce)) show(warning);
    const more = warnings.length - shownAtOnce;
    if (more > 0) show(`… and ${more} more, in ${file}`);
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Our own processes write JSON lines (pino: 40 is a warning), the servers text of their own.
 * @param {string} line
 */
function warningIn(line) {
  if (!line.startsWith('{')) return /\blevel=ERROR\b|\bERROR\b/.test(line) ? line : '';
  try {
    const entry = JSON.parse(line);
    if (!(Number(entry.level) >= 40)) return '';
    const why = entry.err?.message === undefined ? '' : `: ${entry.err.message}`;
    return `${entry.msg ?? ''}${why}`;
  } catch {
    return '';
  }
}

/** @param {string} file */
function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

/** @param {string} file @param {number} from @param {number} to */
function read(file, from, to) {
  if (to <= from) return '';
  const bytes = Buffer.alloc(to - from);
  const descriptor = openSync(file, 'r');
  try {
    const count = readSync(descriptor, bytes, 0, bytes.length, from);
    return bytes.toString('utf8', 0, count);
  } finally {
    closeSync(descriptor);
  }
}
