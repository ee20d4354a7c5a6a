import { z } from 'zod';
import { parseJson } from './parse-json';
import { readLimited } from './read-limited';
import { sendFailure } from './send-failure';

/** What the provider says of our account, or why it could not be asked, as a short kebab word. */
export type Account =
  /** `balance` in ten-thousandths of the account's currency; null where it is not told. */
  { kind: 'answers'; balance: number | null } | { kind: 'away'; reason: string };

const MAX_ANSWER_BYTES = 16_384;

/** Who owns the account stands in the answer too, and is left there. */
const accountSchema = z.object({ balance: z.int().optional() });

/** Asks 46elks for our account (`GET /me`): that it answers, takes our login, and how much money is left. It costs nothing and sends nothing. */
export async function readAccount(at: {
  url: string;
  authorization: string;
  timeoutMs: number;
}): Promise<Account> {
  try {
    const response = await fetch(at.url, {
      headers: { authorization: at.authorization, connection: 'close' },
      redirect: 'manual',
      signal: AbortSignal.timeout(at.timeoutMs),
    });
    if (response.status !== 200) {
      response.body?.cancel().catch(() => undefined);
      return { kind: 'away', reason: `http-${response.status}` };
    }
    const body = await readLimited(response, MAX_ANSWER_BYTES);
    const account = accountSchema.safeParse(body === null ? null : parseJson(body));
    return account.success
      ? { kind: 'answers', balance: account.data.balance ?? null }
      : { kind: 'away', reason: 'answer-odd' };
  } catch (error) {
    return { kind: 'away', reason: sendFailure(error).reason };
  }
}
