/**
 * What the two commands say. On a terminal a running step counts its seconds on one line; in a log it is a
 * line when it is done, and one before that when it takes long, so that nobody wonders whether anything
 * happens.
 */

const live = process.stdout.isTTY;
const longMs = 5_000;

/** The line that is being counted up on a terminal. */
let current = '';

/** @param {string} text */
export function say(text) {
  if (current !== '') process.stdout.write('\r\u001b[K');
  process.stdout.write(`${text}\n`);
  if (current !== '') process.stdout.write(current);
}

/**
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {(result: T) => boolean} [succeeded] for work that tells of its failure without throwing
 * @returns {Promise<T>}
 */
export async function step(label, work, succeeded = () => true) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const show = () => {
    current = `${label} … ${seconds()}`;
    process.stdout.write(`\r${current}`);
  };
  if (live) show();
  const ticking = live
    ? setInterval(show, 1_000)
    : setTimeout(() => {
        process.stdout.write(`${label} …\n`);
      }, longMs);
  let outcome = ': failed';
  try {
    const result = await work();
    if (succeeded(result)) outcome = '';
    return result;
  } finally {
    clearInterval(ticking);
    if (current !== '') process.stdout.write('\r\u001b[K');
    current = '';
    process.stdout.write(`${label} … ${seconds()}${outcome}\n`);
  }
}
