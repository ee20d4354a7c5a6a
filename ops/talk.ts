import { createInterface } from 'node:readline/promises';
import type { Talk } from './operation';

/**
 * Talks with the operator over this process's terminal. Where nobody can answer, and `--yes` was not said,
 * the answer is no.
 */
export function createTalk({ yes }: { yes: boolean }): Talk {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return {
    say,
    async agree(what) {
      say(what);
      if (yes) return true;
      if (!process.stdin.isTTY) {
        say('Nobody is there to agree: say --yes. Nothing was done.');
        return false;
      }
      const asking = createInterface({ input: process.stdin, output: process.stdout });
      const answer = await asking.question('Go on? (y/N) ');
      asking.close();
      const isAgreed = /^y(es)?$/i.test(answer.trim());
      if (!isAgreed) say('Nothing was done.');
      return isAgreed;
    },
  };
}
