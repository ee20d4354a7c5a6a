import { isDiskFull } from './disk.mjs';

const leastNode = [20, 19];

/** The first thing both commands do. It uses only what old versions of Node know as well. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = leastNode;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new Problem(
    `Node ${leastNode.join('.')} or later is needed, and this is ${process.versions.node}.`,
    'Install a newer Node (24 is a good choice), then run the command again.',
  );
}

/** Something that whoever runs the command can mend: it is shown without a stack trace. */
export class Problem extends Error {
  /**
   * @param {string} what what is wrong or missing
   * @param {string} [mend] what would mend it
   */
  constructor(what, mend) {
    super(mend === undefined ? what : `${what}\n${mend}`);
  }
}

/**
 * What is shown of an error: a problem has said all there is to say; anything else is a fault of ours.
 * @param {unknown} error
 */
export function describeError(error) {
  if (error instanceof Problem) return error.message;
  if (isDiskFull(error)) return 'The disk is full: make room, then run the command again.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
